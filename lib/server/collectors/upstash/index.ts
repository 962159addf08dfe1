import 'server-only';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { UpstashTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp, type SafeHttp } from '@/lib/server/http/safe-fetch.ts';
import {
  answerDeadlineMs,
  type CollectContext,
  type Collector,
  type CountAct,
  type HistorySession,
  type Pace,
  type ScrapeError,
} from '../collector.ts';
import { UsageBook } from '../usage-book.ts';
import { chooseDatabase, isDatabaseId, noSuchDatabase } from './choose.ts';
import { fetchFailure, isForAll, isTooLarge, UpstashRefusal } from './errors.ts';
import { historyOf } from './history.ts';
import { parseDatabase, parseStats, StatsMemory } from './parse.ts';
import { type Asking, PERIODS, periodIndex, type StatsPeriod, type Told, UpstashApi } from './read.ts';
import type { Database, Stats } from './schema.ts';

const INTERVAL_SECONDS = 60;
const TIMEOUT_SECONDS = 10;
/** Limits and plan change seldom: they are read this often, and the last reading stands in between. */
const DETAILS_EVERY_MS = 10 * MINUTE_MS;
/** A reading that could not be renewed is believed this long. */
const DETAILS_KEPT_MS = 30 * MINUTE_MS;
/** Commands that were told up to so long ago are known: points come late, and one answer may fail. */
const USAGE_BELIEVED_MS = 30 * MINUTE_MS;
/** Where the statistics are refused by status, they are asked for this often. */
const REFUSED_SECONDS = 3_600;
/** The first wait after a refusal that names none, and the longest. */
const PAUSE_MS = MINUTE_MS;
const PAUSE_MAX_MS = 15 * MINUTE_MS;
/** Points come late: a period must reach this much further back than the last point that we have. */
const REACH_SHARE = 0.8;

/** Reads one database of Upstash by the Developer API: at most two GETs a visit, no command to the database. */
export const upstash = {
  kind: 'upstash',
  /** `usage`: where it is noted that the commands of this database are told; left out where nobody asks. */
  open: (
    target: UpstashTarget,
    { count, usage = new UsageBook() }: { count: CountAct; usage?: UsageBook },
  ): HistorySession => new UpstashSession(target, count, usage),
} satisfies Collector<UpstashTarget>;

interface Known {
  database: Database;
  readAtMs: number;
}

/** How the reading of the database went; `error` is one that the statistics can do without. */
interface Details {
  id: string;
  fresh: boolean;
  error: ScrapeError | null;
}

class UpstashSession implements HistorySession {
  readonly #http: SafeHttp;
  readonly #api: UpstashApi;
  #memory = new StatsMemory();
  /** The database that the config means; null until it was found. */
  #id: string | null;
  #known: Known | null = null;
  #detailsDueMs = Number.NEGATIVE_INFINITY;
  #statsRefused = false;
  /** Index of the longest period that is asked for: less after an answer that was too large. */
  #longest = PERIODS.length - 1;
  /** Visits in a row that were refused for being busy, without a wait named. */
  #busyVisits = 0;

  constructor(
    private readonly target: UpstashTarget,
    count: CountAct,
    private readonly usage: UsageBook,
  ) {
    this.#http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    this.#api = new UpstashApi(target, this.#http, count);
    this.#id = target.database !== null && isDatabaseId(target.database) ? target.database : null;
  }

  pace(): Pace {
    const wanted = this.target.intervalSeconds ?? INTERVAL_SECONDS;
    const normalSeconds = this.#statsRefused ? Math.max(wanted, REFUSED_SECONDS) : wanted;
    return {
      normalSeconds,
      denseSeconds: this.#statsRefused ? normalSeconds : Math.min(wanted, INTERVAL_SECONDS),
      fixedBeat: false,
      timeoutSeconds: this.#timeoutSeconds(),
    };
  }

  async collect(context: CollectContext): Promise<CollectResult> {
    try {
      const result = await this.#visit(context);
      this.#busyVisits = 0;
      return result;
    } catch (error) {
      throw this.#withPause(error);
    } finally {
      this.#noteUsage(context.nowMs);
    }
  }

  async history({
    signal,
    nowMs,
    range,
    onProgress,
  }: CollectContext & { range: TimeRange; onProgress: (share: number) => void }): Promise<
    readonly HistorySeries[]
  > {
    if (range.endMs <= range.startMs) return [];
    const asking = this.#asker(signal);
    const id = this.#id ?? (await this.#find(nowMs, asking)).database_id;
    onProgress(0.2);
    for (let at = periodIndex(nowMs - range.startMs); ; at -= 1) {
      const period = PERIODS[at] ?? '1h';
      try {
        const told = await this.#api.readStats(id, period, asking());
        onProgress(0.9);
        const serverMs = told.serverMs ?? nowMs;
        const series = historyOf({ stats: told.data, serverMs, skewMs: serverMs - nowMs, period }, range);
        onProgress(1);
        return series;
      } catch (error) {
        // A week may be too much of an answer; less of it is better than none.
        if (!isTooLarge(error) || at <= 0) throw error;
      }
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #visit({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    const asking = this.#asker(signal);
    const details = await this.#readDetails(nowMs, asking);
    const stats = await this.#readStats(nowMs, asking, details);
    const about = this.#about(nowMs);
    const use = stats.told === null ? null : this.#parse(stats.told, nowMs, stats.period);
    return {
      samples: [...(about?.samples ?? []), ...(use?.samples ?? [])],
      start: null,
      facts: { ...about?.facts, ...use?.facts, requestsADay: this.#requestsADay() },
      notices: [
        ...(about?.notices ?? []),
        ...(use?.notices ?? []),
        ...unreadNotice('details_unread', 'plan and limits', details.error),
        ...unreadNotice('stats_refused', 'usage and series', stats.error),
      ],
    };
  }

  /** Tells the Redis source of this database whether its commands are known from here. */
  #noteUsage(nowMs: number): void {
    const endpoint = this.#known?.database.endpoint ?? null;
    if (endpoint === null) return;
    const untilMs = this.#memory.commands.untilMs;
    this.usage.note(endpoint, untilMs !== null && nowMs - untilMs <= USAGE_BELIEVED_MS);
  }

  /** A refusal for being busy that names no wait gets one that doubles, since Upstash publishes no rate. */
  #withPause(error: unknown): unknown {
    const busy = error instanceof UpstashRefusal && (error.status === 429 || error.status === 503);
    if (!busy || error.retryAfterMs !== null) return error;
    const waitMs = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** this.#busyVisits);
    this.#busyVisits += 1;
    return new UpstashRefusal(error.status, error.kind, error.message, waitMs);
  }

  /** Reads the database where that is due. A fault that the statistics may do without is handed back, not thrown. */
  async #readDetails(nowMs: number, asking: Asker): Promise<Details> {
    const id = this.#id;
    if (id === null) {
      const { database_id } = await this.#find(nowMs, asking);
      return { id: database_id, fresh: true, error: null };
    }
    if (nowMs < this.#detailsDueMs) return { id, fresh: false, error: null };
    this.#detailsDueMs = nowMs + DETAILS_EVERY_MS;
    try {
      // Half of the time, so that a slow answer leaves some for the statistics.
      this.#known = { database: (await this.#api.readDatabase(id, asking(0.5))).data, readAtMs: nowMs };
      return { id, fresh: true, error: null };
    } catch (cause) {
      const error = fetchFailure(cause, this.target, 'the database');
      if (error instanceof UpstashRefusal && error.status === 404) throw await this.#missing(asking);
      if (isForAll(error)) throw error;
      this.#detailsDueMs = nowMs + Math.max(DETAILS_EVERY_MS, error.retryAfterMs ?? 0);
      return { id, fresh: false, error };
    }
  }

  async #readStats(
    nowMs: number,
    asking: Asker,
    { id, fresh }: Details,
  ): Promise<{ told: Told<Stats> | null; period: StatsPeriod; error: ScrapeError | null }> {
    const period = this.#period(nowMs);
    try {
      const told = await this.#api.readStats(id, period, asking());
      this.#statsRefused = false;
      this.#longest = PERIODS.length - 1;
      return { told, period, error: null };
    } catch (cause) {
      const error = fetchFailure(cause, this.target, 'its statistics');
      if (isTooLarge(error)) this.#longest = Math.max(0, PERIODS.indexOf(period) - 1);
      if (error instanceof UpstashRefusal && error.status === 404) this.#forget();
      // Only where the database itself was read in this visit, and only for a refusal that will stay.
      const partial =
        fresh && error instanceof UpstashRefusal && (error.status === 403 || error.status === 404);
      if (!partial) throw error;
      this.#statsRefused = true;
      this.#detailsDueMs = Number.NEGATIVE_INFINITY;
      return { told: null, period, error };
    }
  }

  /** Finds the database in the list of the account; the list tells its details too. */
  async #find(nowMs: number, asking: Asker): Promise<Database> {
    const { data } = await this.#api.listDatabases(asking(0.5));
    const database = chooseDatabase(data, this.target);
    this.#id = database.database_id;
    this.#known = { database, readAtMs: nowMs };
    this.#detailsDueMs = nowMs + DETAILS_EVERY_MS;
    return database;
  }

  /** The database is gone, or never was: says which ones there are. */
  async #missing(asking: Asker): Promise<ScrapeError> {
    this.#forget();
    const { data } = await this.#api.listDatabases(asking());
    return noSuchDatabase(data, this.target);
  }

  /** One of the same name may be made anew: it is looked for again, and its counts begin anew. */
  #forget(): void {
    const given = this.target.database;
    if (given === null || !isDatabaseId(given)) this.#id = null;
    this.#detailsDueMs = Number.NEGATIVE_INFINITY;
    this.#memory = new StatsMemory();
  }

  #parse(told: Told<Stats>, nowMs: number, period: StatsPeriod): CollectResult {
    const serverMs = told.serverMs ?? nowMs;
    return parseStats({ stats: told.data, serverMs, skewMs: serverMs - nowMs, period }, this.#memory);
  }

  /** The last reading of plan and limits while it may be believed. */
  #about(nowMs: number): CollectResult | null {
    const known = this.#known;
    return known === null || nowMs - known.readAtMs > DETAILS_KEPT_MS ? null : parseDatabase(known.database);
  }

  /** The shortest period that reaches back to the last point that we have. */
  #period(nowMs: number): StatsPeriod {
    const untilMs = this.#memory.commands.untilMs;
    const wanted = untilMs === null ? 0 : periodIndex((nowMs - untilMs) / REACH_SHARE);
    return PERIODS[Math.min(wanted, this.#longest)] ?? '1h';
  }

  #asker(signal: AbortSignal): Asker {
    const endMs = performance.now() + answerDeadlineMs(this.#timeoutSeconds());
    return (share = 1) => ({ signal, deadlineMs: Math.max(1, (endMs - performance.now()) * share) });
  }

  #requestsADay(): string {
    const { normalSeconds } = this.pace();
    const visits = 86_400 / normalSeconds;
    const details = Math.min(visits, (24 * HOUR_MS) / DETAILS_EVERY_MS);
    return Math.round(visits + details).toLocaleString('en-US');
  }

  #timeoutSeconds(): number {
    return this.target.timeoutSeconds ?? TIMEOUT_SECONDS;
  }
}

/** What is left of the visit’s time, or a share of it. */
type Asker = (share?: number) => Asking;

function unreadNotice(code: string, what: string, error: ScrapeError | null): readonly Notice[] {
  return error === null ? [] : [{ code, text: `${what} are missing: ${error.message}` }];
}
