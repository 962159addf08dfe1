import 'server-only';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { retryWaitMs } from './backoff.ts';
import type { Delivery } from './channels/channel.ts';

type Failure = Extract<Delivery, { ok: false }>;

/** So many refusals (401, 403, 404, 429) in so long, and nothing is sent for as long again: services ban who goes on. */
const MOST_INVALID = 100;
const INVALID_MS = 10 * MINUTE_MS;

/** When one receiver may be asked again. In memory: the next process asks once and knows. */
export class RetryGate {
  /** Failed tries in a row that were the receiver's fault. */
  #failures: number;
  #retryMs = 0;
  #holdMs = 0;
  #invalid: number[] = [];
  #lastError: string | null;

  /** `lastError`: why a process before could not deliver; null where it could. */
  constructor(lastError: string | null) {
    this.#lastError = lastError;
    // Whether it is back is not known before it took something.
    this.#failures = lastError === null ? 0 : 1;
  }

  /** Why the last try failed; null when it did not. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Whether it took the last message that it was sent, or refused only that one. */
  get isUp(): boolean {
    return this.#failures === 0;
  }

  /** Whether what waits may be tried now. */
  isOpen(nowMs: number): boolean {
    return this.#failures === 0 || nowMs >= this.#retryMs;
  }

  /** Whether nothing at all may be sent now, not even what is new. */
  isHeld(nowMs: number): boolean {
    return nowMs < this.#holdMs;
  }

  /** When what waits may be tried again. */
  get retryMs(): number {
    return this.#retryMs;
  }

  /** No try before this. */
  get holdMs(): number {
    return this.#holdMs;
  }

  took(): void {
    this.#failures = 0;
    this.#retryMs = 0;
    this.#lastError = null;
  }

  /** A message failed for the `attempts`th time; gives how long that message has to wait. */
  failed(failure: Failure, attempts: number, nowMs: number, chance: number): number {
    const { error, blame, retryAfterMs } = failure;
    this.#lastError = error;
    this.#noteInvalid(failure, nowMs);
    const isReceivers = blame === 'receiver';
    const waitMs = retryWaitMs(isReceivers ? this.#failures + 1 : attempts, { chance, retryAfterMs });
    if (blame === 'message') this.#failures = 0;
    // It wants no messages, so it is not up; the next one is asked about all the same.
    if (blame === 'gone') this.#failures = 1;
    // Something new that was tried in between does not put off the others.
    if (isReceivers && this.isOpen(nowMs)) {
      this.#failures += 1;
      this.#retryMs = nowMs + waitMs;
    }
    if (retryAfterMs !== null) this.#holdMs = Math.max(this.#holdMs, nowMs + waitMs);
    return waitMs;
  }

  #noteInvalid({ isInvalid, error }: Failure, nowMs: number): void {
    this.#invalid = this.#invalid.filter((atMs) => atMs > nowMs - INVALID_MS);
    if (isInvalid) this.#invalid.push(nowMs);
    if (this.#invalid.length < MOST_INVALID) return;
    this.#holdMs = Math.max(this.#holdMs, nowMs + INVALID_MS);
    this.#lastError = `${error}; nothing is sent for 10 min after ${MOST_INVALID} such answers`;
    this.#invalid = [];
  }
}
