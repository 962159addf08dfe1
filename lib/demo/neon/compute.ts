import type { EndpointState, OperationState } from './world.ts';

/** Who was the first to connect to a sleeping compute. */
export type Waker = 'app' | 'watcher';

export interface ComputeOptions {
  id: string;
  branchId: string;
  createdMs: number;
  /** 0 for the default of 300, -1 for never. */
  suspendTimeoutSeconds: number;
  minCu: number;
  maxCu: number;
  /** The next moment after `afterMs` at which the app uses the database; null when it never does again. */
  nextActivityMs(afterMs: number): number | null;
  /** What the API tells as `last_active` when it truly was `lastActiveMs`; left out: the truth. Null: it tells nothing. */
  report?(lastActiveMs: number, atMs: number): number | null;
  /** How long after its timeout a compute is really suspended; 0 when left out. */
  suspendLateMs?: number;
}

const START_TAKES_MS = 400;
const SUSPEND_TAKES_MS = 1_200;
const DEFAULT_TIMEOUT_SECONDS = 300;

/**
 * A compute that scales to zero, by the rules that Neon publishes: the first connection starts it, every connection and
 * statement of anybody restarts the clock, and when nothing happened for the timeout it is suspended. It lives forward
 * in time only.
 */
export class ScaleToZeroCompute {
  readonly wakeUps: Record<Waker, number> = { app: 0, watcher: 0 };
  readonly #options: ComputeOptions;
  readonly #operations: OperationState[] = [];
  #nowMs: number;
  #awakeSinceMs: number | null = null;
  #awakeMs = 0;
  #lastActiveMs: number | null = null;
  #startedMs: number | null = null;
  #suspendedMs: number | null = null;

  /** Asleep at first. */
  constructor(options: ComputeOptions) {
    this.#options = options;
    this.#nowMs = options.createdMs;
  }

  /** Lets the app's activity and the sleep timer happen up to `toMs`. */
  advance(toMs: number): void {
    for (;;) {
      const activityMs = this.#options.nextActivityMs(this.#nowMs);
      const sleepMs = this.#sleepsAtMs();
      const nextMs = Math.min(activityMs ?? Number.POSITIVE_INFINITY, sleepMs ?? Number.POSITIVE_INFINITY);
      if (nextMs > toMs) break;
      this.#nowMs = nextMs;
      if (sleepMs === nextMs) this.#suspend(nextMs);
      else this.#touch(nextMs, 'app');
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  /** A connection or a statement from outside: wakes it when it sleeps, and restarts its clock. */
  use(atMs: number, by: Waker): void {
    this.advance(atMs);
    this.#touch(Math.max(atMs, this.#nowMs), by);
  }

  isAwake(): boolean {
    return this.#awakeSinceMs !== null;
  }

  /** Time awake up to the present moment. */
  awakeMs(): number {
    return this.#awakeMs + (this.#awakeSinceMs === null ? 0 : this.#nowMs - this.#awakeSinceMs);
  }

  /** Start of the present Postgres process; null while it sleeps. */
  startedMs(): number | null {
    return this.isAwake() ? this.#startedMs : null;
  }

  /** What was logged so far, oldest first. */
  operations(atMs: number): OperationState[] {
    this.advance(atMs);
    return this.#operations.filter(({ createdMs }) => createdMs <= atMs);
  }

  /** As the API shows it. */
  endpoint(atMs: number): EndpointState {
    this.advance(atMs);
    const { id, branchId, createdMs, suspendTimeoutSeconds, minCu, maxCu, report } = this.#options;
    const lastActiveMs = this.#lastActiveMs;
    const told = lastActiveMs === null || report === undefined ? lastActiveMs : report(lastActiveMs, atMs);
    return {
      id,
      branchId,
      type: 'read_write',
      current: this.isAwake() ? 'active' : 'idle',
      pending: null,
      disabled: false,
      minCu,
      maxCu,
      suspendTimeoutSeconds,
      lastActiveMs: told,
      startedMs: this.#startedMs,
      suspendedMs: this.#suspendedMs,
      createdMs,
    };
  }

  #sleepsAtMs(): number | null {
    const { suspendTimeoutSeconds: seconds, suspendLateMs = 0 } = this.#options;
    if (this.#awakeSinceMs === null || this.#lastActiveMs === null || seconds < 0) return null;
    const timeoutMs = (seconds === 0 ? DEFAULT_TIMEOUT_SECONDS : seconds) * 1000;
    return this.#lastActiveMs + timeoutMs + suspendLateMs;
  }

  #touch(atMs: number, by: Waker): void {
    if (this.#awakeSinceMs === null) {
      this.wakeUps[by] += 1;
      this.#awakeSinceMs = atMs;
      this.#startedMs = atMs + START_TAKES_MS;
      this.#log('start_compute', atMs, START_TAKES_MS);
    }
    this.#lastActiveMs = Math.max(atMs, this.#lastActiveMs ?? atMs);
  }

  #suspend(atMs: number): void {
    this.#awakeMs += atMs - (this.#awakeSinceMs ?? atMs);
    this.#awakeSinceMs = null;
    this.#suspendedMs = atMs;
    this.#log('suspend_compute', atMs, SUSPEND_TAKES_MS);
  }

  #log(action: string, atMs: number, takesMs: number): void {
    const { id, branchId } = this.#options;
    const number = (this.#operations.length + 1).toString(16).padStart(12, '0');
    this.#operations.push({
      id: `5c0ffee0-0000-4000-8000-${number}`,
      action,
      status: 'finished',
      branchId,
      endpointId: id,
      createdMs: atMs,
      updatedMs: atMs + takesMs,
    });
  }
}
