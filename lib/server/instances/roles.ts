import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { publishLeaderDoor } from '../http/leader-door.ts';
import type { Log } from '../log/index.ts';
import type { FollowingRuntime } from '../open-following.ts';
import type { Runtime } from '../runtime.ts';
import type { Leader, Lease, LeaseBoard, Self } from '../store/postgres/lease.ts';

/** How often an instance looks who leads. */
const LOOK_MS = 2 * SECOND_MS;
/** At a start the one who leads may still be making the tables. */
const START_WITHIN_MS = 60 * SECOND_MS;

export interface RoleDeps {
  board: Pick<LeaseBoard, 'take' | 'leader' | 'close'>;
  self: Self;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Opens the runtime of the one who leads; it lets the lease go when it is stopped, or cannot be opened. */
  lead: (lease: Lease) => Promise<Runtime>;
  follow: () => Promise<FollowingRuntime>;
  /** Puts a runtime in place for everybody who asks for it; null while there is none. */
  show: (runtime: Runtime | null) => void;
}

type Role = { leads: true; runtime: Runtime; lease: Lease } | { leads: false; runtime: Runtime };

/**
 * What this instance does where several share a store: it leads while it holds the lease and follows otherwise, and goes
 * from one to the other by itself. One change at a time.
 */
export class Roles {
  #role: Role | null = null;
  #leader: Leader | null = null;
  #timer: NodeJS.Timeout | null = null;
  #changing: Promise<void> = Promise.resolve();
  #isStopped = false;
  #fault: string | null = null;

  constructor(private readonly deps: RoleDeps) {}

  /** Leads or follows once resolved. Rejects with a text for a person when neither can be done. */
  async start(): Promise<Runtime> {
    publishLeaderDoor({
      leader: () => this.#elsewhere(),
      ownSecret: () => (this.#role?.leads === true ? this.#role.lease.secret : null),
    });
    const untilMs = performance.now() + START_WITHIN_MS;
    for (;;) {
      try {
        await this.#inTurn(() => this.#look());
        if (this.#role !== null) break;
      } catch (error) {
        if (performance.now() > untilMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, SECOND_MS));
    }
    this.#timer = setInterval(
      () =>
        void this.#inTurn(() => this.#look()).then(
          () => this.#tell(null),
          (error: unknown) => this.#tell(error),
        ),
      LOOK_MS,
    );
    this.#timer.unref();
    return this.#role.runtime;
  }

  /** Begins anew as what it is now: what is stored was replaced. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      const role = this.#role;
      // Another one has taken over meanwhile, and reads what is stored now.
      if (role !== null && !role.leads) return;
      await this.#leave();
      await this.#look();
    });
  }

  /** Lets the next one lead at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#changing;
    publishLeaderDoor(null);
    try {
      await this.#leave();
    } finally {
      await this.deps.board.close();
    }
  }

  /** Who leads, where it is another instance that is alive. */
  #elsewhere(): { address: string; secret: string } | null {
    const leader = this.#leader;
    return this.#role?.leads === true || leader === null || !leader.isLive ? null : leader;
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    const { board, self } = this.deps;
    const leader = await board.leader();
    this.#leader = leader;
    if (this.#role?.leads === true) {
      if (leader === null || leader.token === this.#role.lease.token) return;
      // Another one has taken over while this one slept: nothing that it writes is taken any more.
      this.#role.lease.lose();
      await this.#leave();
    }
    if (leader === null || !leader.isLive) {
      const lease = await board.take(self);
      if (lease !== null) return this.#lead(lease);
      this.#leader = await board.leader();
    }
    if (this.#role === null) await this.#follow();
  }

  async #lead(lease: Lease): Promise<void> {
    const { deps } = this;
    const before = this.#role;
    const runtime = await deps.lead(lease);
    this.#role = { leads: true, runtime, lease };
    deps.show(runtime);
    await before?.runtime.stop();
    deps.log.info({ term: lease.token }, 'this instance leads');
  }

  async #follow(): Promise<void> {
    const runtime = await this.deps.follow();
    this.#role = { leads: false, runtime };
    this.deps.show(runtime);
    this.deps.log.info({ leader: this.#leader?.holder ?? null }, 'this instance follows');
  }

  /** Ends what it was. What can't be written any more is lost with it, and told. */
  async #leave(): Promise<void> {
    const role = this.#role;
    this.#role = null;
    this.deps.show(null);
    try {
      await role?.runtime.stop();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'not everything of the role that ended could be closed');
    }
  }

  /** A fault is told when it begins, and when it is over. */
  #tell(error: unknown): void {
    const fault = error === null ? null : error instanceof Error ? error.message : String(error);
    if (fault !== null && this.#fault === null) this.deps.log.warn({ err: error }, 'who leads can’t be told');
    if (fault === null && this.#fault !== null) this.deps.log.info({}, 'who leads can be told again');
    this.#fault = fault;
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const running = this.#changing.then(run);
    this.#changing = running.catch(() => undefined);
    return running;
  }
}
