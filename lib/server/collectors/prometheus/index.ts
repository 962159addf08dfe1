import 'server-only';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import type { PrometheusTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp, type SafeHttp } from '@/lib/server/http/safe-fetch.ts';
import {
  answerDeadlineMs,
  type CollectContext,
  type Collector,
  type CountAct,
  type HistorySeries,
  type HistorySession,
  type Pace,
  ScrapeError,
} from '../collector.ts';
import type { PromClient, PromOptions } from '../promql/client.ts';
import { HistoryBuilder, type HistoryReading, historyGrid, historyPieces } from '../promql/history.ts';
import { fromReader, groupReading, MOST_STATEMENTS } from './history.ts';
import { PrometheusMemory, parseReading } from './parse.ts';
import { queryFault, queryReader } from './queries.ts';
import {
  matchersOf,
  nameTarget,
  openClient,
  type Part,
  type Reading,
  readAll,
  readNames,
  type ScopedTarget,
} from './read.ts';
import { GROUPS, groupQuery, namesOf } from './schema.ts';
import { statementPart } from './statements.ts';

const INTERVAL_SECONDS = 60;
const DENSE_SECONDS = 30;
const TIMEOUT_SECONDS = 10;
/** A deploy can bring new metrics, and the first event of a counter its name: they are found this soon. */
const NAMES_EVERY_MS = 600_000;
const HISTORY_REQUEST_MS = 30_000;
const ENDED_SERIES = 40;

/** Reads any engine that answers PromQL: presets of the common exporters, and queries of the config. */
export const prometheus = {
  kind: 'prometheus',
  open: (target: PrometheusTarget, { count }: { count: CountAct }): HistorySession =>
    new PrometheusSession(target, count),
} as const satisfies Collector<PrometheusTarget>;

class PrometheusSession implements HistorySession {
  readonly #http: SafeHttp;
  readonly #client: PromClient;
  readonly #target: ScopedTarget;
  #memory = new PrometheusMemory();
  #names: { known: ReadonlySet<string> | null; atMs: number } | null = null;

  constructor(target: PrometheusTarget, count: CountAct) {
    this.#target = target;
    this.#http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    this.#client = openClient(target, this.#http, count);
  }

  /** Not more often than the engine has something new. */
  pace(): Pace {
    const { intervalSeconds, timeoutSeconds } = this.#target;
    const newEverySeconds = Math.ceil(this.#memory.freshness.scrapeIntervalMs / 1_000);
    const normalSeconds = intervalSeconds ?? INTERVAL_SECONDS;
    const denseSeconds = Math.min(normalSeconds, Math.max(DENSE_SECONDS, newEverySeconds));
    return {
      normalSeconds,
      denseSeconds,
      fixedBeat: false,
      timeoutSeconds: timeoutSeconds ?? TIMEOUT_SECONDS,
    };
  }

  async collect({ signal, nowMs }: CollectContext): Promise<CollectResult> {
    const pace = this.pace();
    const options = { signal, deadlineMs: answerDeadlineMs(pace.timeoutSeconds) };
    const names = await this.#readNames(nowMs, options);
    const reading = await readAll(this.#client, this.#target, names, options);
    refuseFailed(reading, this.#target);
    return parseReading(reading, { nowMs, intervalMs: pace.normalSeconds * 1_000, memory: this.#memory });
  }

  async history({
    signal,
    nowMs,
    range,
    onProgress,
  }: Parameters<HistorySession['history']>[0]): Promise<readonly HistorySeries[]> {
    const options = { signal, deadlineMs: HISTORY_REQUEST_MS };
    const grid = historyGrid(range, this.#memory.freshness.scrapeIntervalMs);
    if (grid === null) return [];
    const jobs = await this.#historyJobs(nowMs, options);
    const series: HistorySeries[] = [];
    for (const [i, { query, seriesCount, readingOf }] of jobs.entries()) {
      const pieces = historyPieces(grid, seriesCount);
      const builder = new HistoryBuilder(grid);
      for (const [k, piece] of pieces.entries()) {
        const answer = await this.#client.queryRange(query, piece, options);
        // A part of a sum is a wrong number.
        if (answer.partial === null) await builder.add(answer, readingOf(answer));
        onProgress((i + (k + 1) / pieces.length) / jobs.length);
      }
      series.push(...builder.finish());
    }
    onProgress(1);
    return series;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #readNames(nowMs: number, options: PromOptions): Promise<ReadonlySet<string> | null> {
    if (this.#names === null || nowMs - this.#names.atMs >= NAMES_EVERY_MS) {
      const known = await readNames(this.#client, matchersOf(this.#target), options);
      this.#names = { known, atMs: nowMs };
    }
    return this.#names.known;
  }

  /** What to ask for, sized by what there is now. */
  async #historyJobs(nowMs: number, options: PromOptions) {
    const names = await this.#readNames(nowMs, options);
    const reading = await readAll(this.#client, this.#target, names, options);
    refuseFailed(reading, this.#target);
    const taken = new Set(this.#target.queries.map(({ metric }) => metric));
    const calls = seriesOf(reading.groups.get('statements')).filter(
      ({ labels }) => statementPart(labels.__name__) === 'calls',
    );
    const byStatements = calls.length > 0 && calls.length <= MOST_STATEMENTS;
    const jobs: {
      query: string;
      seriesCount: number;
      readingOf: (answer: Parameters<HistoryBuilder['add']>[0]) => HistoryReading;
    }[] = [];
    for (const group of GROUPS) {
      const part = reading.groups.get(group);
      if (part === undefined || (group === 'statements' && !byStatements)) continue;
      const present = namesOf(group, names).filter(
        (name) => group !== 'statements' || statementPart(name) === 'calls',
      );
      jobs.push({
        query: groupQuery(group, present, matchersOf(this.#target)),
        seriesCount: sizeOf(part),
        readingOf: (answer) => groupReading(group, answer, taken, calls.length === 0),
      });
    }
    for (const { query, part } of reading.queries) {
      if ('error' in part || queryFault(query, part.answer) !== null) continue;
      const rules = fromReader(queryReader(query), new Set(), query.scale);
      jobs.push({
        query: query.query,
        seriesCount: sizeOf(part),
        readingOf: () => ({ rules, startAt: () => null }),
      });
    }
    return jobs;
  }
}

/** Series that a range may bring: those of now, and some that have ended. */
function sizeOf(part: Part): number {
  return 2 * seriesOf(part).length + ENDED_SERIES;
}

function seriesOf(part: Part | undefined) {
  return part === undefined || 'error' in part ? [] : part.answer.series;
}

/** Throws when not one part could be read: what a person has to mend first. */
function refuseFailed({ scrapes, groups, queries }: Reading, target: PrometheusTarget): void {
  const parts = [
    ...groups.values(),
    ...queries.map(({ part }) => part),
    ...(scrapes === null ? [] : [scrapes]),
  ];
  const errors = parts.flatMap((part) => ('error' in part ? [part.error] : []));
  if (parts.length === 0 || errors.length < parts.length) return;
  const worst = ['auth', 'grant', 'limit'].map((kind) => errors.find((error) => error.kind === kind));
  throw (
    worst.find((error) => error !== undefined) ??
    errors[0] ??
    new ScrapeError('internal', `${nameTarget(target)}: nothing was asked; please report this`)
  );
}
