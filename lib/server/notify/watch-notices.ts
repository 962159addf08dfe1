import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { reviewOf } from '@/lib/core/watch/end-of-watch.ts';
import type { Config } from '../config/types.ts';
import type { DeployBook } from '../deploys/deploy-book.ts';
import { changeMessages, followUpMessage, reviewMessage } from './messages.ts';
import type { Outbox } from './outbox.ts';
import { pageUrl } from './page-url.ts';
import type { WatchSource } from './watch-source.ts';

export interface WatchNoticesDeps {
  config: Pick<Config, 'publicUrl' | 'bind'>;
  watches: Pick<WatchSource, 'get' | 'linesNow' | 'reminded'>;
  deploys: Pick<DeployBook, 'get'>;
}

/** What was decided so long ago, of a watch that nobody had been told of, is no news. */
const NEWS_MS = DAY_MS;
/** A step that is due for longer was forgotten for good, or the receiver was set up later. */
const STILL_DUE_MS = 7 * DAY_MS;
/** So many watches back, next steps are looked for. */
const MOST_LOOKED_AT = 200;

/** What of a watch may fall due. */
interface Dues {
  reviewMs: number | null;
  followUpMs: readonly number[];
}

/** Puts in line what watches of deploys bring: what was decided, and what is due. Finds again what a crash left out. */
export class WatchNotices {
  /** Lines of watches as they were when their records were last read. */
  readonly #lines = new Map<string, string>();
  readonly #dues = new Map<string, Dues>();

  constructor(private readonly deps: WatchNoticesDeps) {}

  /** Looks through the watches of a scope for what is not in line yet. */
  async look(outbox: Outbox, scope: Scope, nowMs: number): Promise<void> {
    const { watches } = this.deps;
    // An id begins with the time of its deploy.
    const latest = [...watches.linesNow(scope)].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-MOST_LOOKED_AT);
    for (const [deployId, line] of latest) {
      const text = JSON.stringify(line);
      if (this.#lines.get(deployId) === text) continue;
      const record = await watches.get(deployId);
      if (record !== null) await this.take(outbox, record, nowMs);
      this.#lines.set(deployId, text);
    }
  }

  /** Puts in line what is new in a watch, and notes what will be due. */
  async take(outbox: Outbox, record: WatchRecord, nowMs: number): Promise<void> {
    const { deployId, changes, closedMs, followUps } = record;
    // A watch is written with every look; most of them change nothing that is told.
    if (this.#dues.has(deployId) && (outbox.takenOf(deployId) ?? -1) >= changes.length) return;
    const deploy = await this.deps.deploys.get(deployId);
    if (deploy === null) return;
    await outbox.take(deployId, changes.length, nowMs, (from) => {
      if (from === null && closedMs !== null && closedMs < nowMs - NEWS_MS) return [];
      return changeMessages(deploy, record, from ?? 0, (id) => pageUrl(this.deps.config, id));
    });
    // Whether one is done by then is asked when it is due.
    const followUpMs = followUps.flatMap(({ dueMs }) => dueMs ?? []);
    this.#dues.set(deployId, { reviewMs: reviewOf(deploy), followUpMs });
  }

  /** A taking that failed: the next look reads that watch again. */
  forget(deployId: string): void {
    this.#lines.delete(deployId);
  }

  /** Puts in line what is due by now. */
  async remind(outbox: Outbox, nowMs: number): Promise<void> {
    for (const [deployId, dues] of this.#dues) await this.#remindOf(outbox, deployId, dues, nowMs);
  }

  async #remindOf(
    outbox: Outbox,
    deployId: string,
    { reviewMs, followUpMs }: Dues,
    nowMs: number,
  ): Promise<void> {
    const isDue = (atMs: number) => atMs <= nowMs && atMs > nowMs - STILL_DUE_MS;
    if (![...followUpMs, ...(reviewMs === null ? [] : [reviewMs])].some(isDue)) return;
    const { watches, deploys, config } = this.deps;
    const [record, deploy] = await Promise.all([watches.get(deployId), deploys.get(deployId)]);
    if (record === null || deploy === null) return;
    const urlOf = (id: string) => pageUrl(config, id);
    if (reviewMs !== null && isDue(reviewMs)) {
      const message = reviewMessage(deploy, reviewMs, record, urlOf);
      await outbox.remind(`${deployId} review ${reviewMs}`, message, nowMs);
    }
    for (const followUp of record.followUps) {
      const { id, dueMs, done, remindedMs } = followUp;
      if (dueMs === null || done !== null || remindedMs !== null || !isDue(dueMs)) continue;
      const message = followUpMessage(deploy, { ...followUp, dueMs }, urlOf);
      await outbox.remind(`${deployId} ${id} ${dueMs}`, message, nowMs);
      await watches.reminded(deployId, id, nowMs);
    }
    this.#dues.set(deployId, {
      reviewMs: reviewMs !== null && reviewMs > nowMs ? reviewMs : null,
      followUpMs: followUpMs.filter((atMs) => atMs > nowMs),
    });
  }
}
