import 'server-only';
import type { HeartbeatView } from '@/lib/core/model/receiver.ts';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { HeartbeatTarget } from '../config/receivers.ts';
import { FetchError } from '../http/fetch-error.ts';
import type { ConnectOptions } from '../http/guarded-connect.ts';
import { safeFetch } from '../http/safe-fetch.ts';
import type { Poller } from '../poller/poller.ts';
import type { Store } from '../store/store.ts';

export interface HeartbeatDeps {
  store: Pick<Store, 'putState'>;
  poller: Pick<Poller, 'statuses'>;
  connect?: Partial<ConnectOptions>;
}

const KEY = 'notify/heartbeat';
const DEADLINE_MS = 10 * SECOND_MS;
const MAX_ANSWER_BYTES = 100_000;
/** A source is visited at least so often, or we are not watching. */
const LEAST_VISITS = 3;
const LEAST_QUIET_MS = 5 * MINUTE_MS;

/**
 * Tells an outside service that we watch, so that it can tell people when we fall silent. It is asked only while the engine
 * ticks, the store takes a write now, and some source was visited of late, well or badly. What a source answers is no
 * matter of it: that is what alerts are for.
 */
export class Heartbeat {
  #lastTryMs = Number.NEGATIVE_INFINITY;
  #lastOkMs: number | null = null;
  #lastError: string | null = null;
  #running: Promise<void> | null = null;
  readonly #abort = new AbortController();

  constructor(
    private readonly target: HeartbeatTarget,
    private readonly deps: HeartbeatDeps,
  ) {}

  /** At each tick of the engine; returns at once. */
  tick(nowMs: number): void {
    const isDue = nowMs - this.#lastTryMs >= this.target.everyMs || nowMs < this.#lastTryMs;
    if (!isDue || this.#running !== null || this.#abort.signal.aborted) return;
    this.#lastTryMs = nowMs;
    this.#running = this.#beat(nowMs).finally(() => {
      this.#running = null;
    });
  }

  view(): HeartbeatView {
    const { address, everyMs } = this.target;
    return { address, everyMs, lastOkMs: this.#lastOkMs, lastError: this.#lastError };
  }

  /** Resolves once none is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.settled();
  }

  async #beat(nowMs: number): Promise<void> {
    const why = await this.#silence(nowMs);
    const error = why === null ? await this.#ask() : `not sent: ${why}`;
    if (this.#abort.signal.aborted) return;
    this.#lastError = error;
    if (error === null) this.#lastOkMs = nowMs;
  }

  /** Why we must fall silent; null while we watch. */
  async #silence(nowMs: number): Promise<string | null> {
    const statuses = this.deps.poller.statuses(nowMs);
    const isWatching = statuses.some(
      ({ history: { lastScrapeAtMs, intervalMs } }) =>
        lastScrapeAtMs !== null &&
        nowMs - lastScrapeAtMs <= Math.max(LEAST_VISITS * intervalMs, LEAST_QUIET_MS),
    );
    if (!isWatching) return 'no source was visited of late';
    try {
      await this.deps.store.putState({ [KEY]: { atMs: nowMs } });
      return null;
    } catch {
      return 'the store takes no writes';
    }
  }

  /** Why it did not arrive; null when it did. */
  async #ask(): Promise<string | null> {
    const { url, address } = this.target;
    try {
      const { status } = await safeFetch(
        { trust: 'config', ...this.deps.connect },
        {
          url: url.reveal(),
          headers: { 'user-agent': 'afterwatch' },
          deadlineMs: DEADLINE_MS,
          maxBytes: MAX_ANSWER_BYTES,
          signal: this.#abort.signal,
        },
      );
      return status >= 200 && status < 300 ? null : `${address} answered ${status} where 2xx was expected`;
    } catch (error) {
      return error instanceof FetchError ? error.message : `${address} could not be reached`;
    }
  }
}
