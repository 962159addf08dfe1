import 'server-only';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { type Labels, labelsKey, type Sample, type StartMarker } from '@/lib/core/model/sample.ts';
import { cleanText } from '../app/clean-text.ts';
import type { PromSeries } from '../promql/answer.ts';
import { byProcess, nameProcesses, processOf } from './processes.ts';
import {
  type ExporterRule,
  POSTGRES_RESET,
  POSTGRES_RULES,
  POSTGRES_START,
  REDIS_INFO,
  REDIS_RULES,
  REDIS_START,
  TRANSACTION_RULES,
} from './schema.ts';

const MAX_LABEL_CHARS = 64;
/** redis_exporter works the start out from the uptime at each scrape: it wanders by a second or two. */
const SAME_START_MS = 5_000;

/** What one series of theirs adds to one series of ours. */
export interface Contribution {
  metric: string;
  labels: Labels;
  combine: 'sum' | 'max';
  quality?: 'inferred';
  zeroIsAbsent: boolean;
}

/** Which of our series a series of an exporter belongs to; none when it is not one that we read. */
export type Reader = (labels: Labels) => readonly Contribution[];

/** Databases that no app uses. */
const NOT_WATCHED = /^template[01]$/;

/** Reads series by their rules, with the name of their process as label `instance`. */
function ruleReader(rules: readonly ExporterRule[], names: ReadonlyMap<string, string>): Reader {
  const byName = new Map<string, ExporterRule[]>();
  for (const rule of rules) byName.set(rule.from, [...(byName.get(rule.from) ?? []), rule]);
  return (theirs) => {
    // Postgres counts what belongs to no database under an empty name.
    const { datname } = theirs;
    if (datname !== undefined && (datname === '' || NOT_WATCHED.test(datname))) return [];
    return (byName.get(theirs.__name__ ?? '') ?? []).map((rule): Contribution => {
      const own: Record<string, string> = {};
      for (const [ours, name] of Object.entries(rule.labels)) {
        const text = cleanText(theirs[name] ?? '', MAX_LABEL_CHARS);
        if (text !== '') own[ours] = ours === 'cmd' ? text.toLowerCase() : text;
      }
      const labels = { ...own, ...rule.fixed, instance: names.get(processOf(theirs)) ?? 'unnamed' };
      return {
        metric: rule.metric,
        labels,
        combine: rule.combine ?? 'sum',
        zeroIsAbsent: rule.zeroIsAbsent ?? false,
        ...(rule.quality !== undefined && { quality: rule.quality }),
      };
    });
  };
}

/** Reader of the group `redis`. */
export function redisReader(series: readonly PromSeries[]): Reader {
  const present = new Set(series.map(({ labels }) => labels.__name__));
  const hasNewName = present.has('redis_max_clients');
  const rules = REDIS_RULES.filter(({ from }) => !(hasNewName && from === 'redis_config_maxclients'));
  return ruleReader(rules, nameProcesses(byProcess(series), []));
}

/** Reader of the group `postgres`; with `countsQueries` transactions stand for queries, else statements do. */
export function postgresReader(series: readonly PromSeries[], countsQueries: boolean): Reader {
  const names = nameProcesses(byProcess(series), []);
  return ruleReader(countsQueries ? [...POSTGRES_RULES, ...TRANSACTION_RULES] : POSTGRES_RULES, names);
}

/** Gives the start marker of the process, or of the database, that a series counts in; null where none is told. */
export type FindStart = (labels: Labels) => StartMarker | null;

/** Remembers starts that wander, so that one process keeps one marker. Lives as long as its session. */
export class StartMemory {
  readonly #starts = new Map<string, number>();

  /** The start under which this process was first seen, while it wanders by seconds only. */
  steady(process: string, startMs: number): number {
    const known = this.#starts.get(process);
    if (known !== undefined && Math.abs(known - startMs) <= SAME_START_MS) return known;
    this.#starts.set(process, startMs);
    return startMs;
  }
}

/** By `run_id`, which changes at each start; else by the start itself. */
export function redisStarts(series: readonly PromSeries[], memory: StartMemory): FindStart {
  const runs = new Map<string, string>();
  const starts = new Map<string, number>();
  for (const { labels, points } of series) {
    const process = processOf(labels);
    const value = points.at(-1)?.value;
    if (labels.__name__ === REDIS_INFO && labels.run_id) runs.set(process, cleanText(labels.run_id, 40));
    if (labels.__name__ === REDIS_START && value !== undefined && value > 0) {
      starts.set(process, memory.steady(process, Math.round(value * 1_000)));
    }
  }
  return (labels) => {
    const process = processOf(labels);
    const atMs = starts.get(process) ?? null;
    const marker = runs.get(process) ?? (atMs === null ? null : `start:${atMs}`);
    return marker === null ? null : { marker, atMs };
  };
}

/**
 * When the counters of a database began. They outlive a clean restart of the server, so its start is no marker for
 * them; what a crash loses shows as a fall.
 */
export function postgresStarts(series: readonly PromSeries[]): FindStart {
  const resets = new Map<string, number>();
  const key = (labels: Labels) => `${processOf(labels)} ${labels.server ?? ''} ${labels.datname ?? ''}`;
  for (const { labels, points } of series) {
    const value = points.at(-1)?.value;
    if (labels.__name__ === POSTGRES_RESET && value !== undefined && value > 0) {
      resets.set(key(labels), Math.round(value * 1_000));
    }
  }
  return (labels) => {
    const atMs = resets.get(key(labels)) ?? null;
    return { marker: `since ${atMs ?? 'ever'}`, atMs };
  };
}

/** Seconds since each Postgres server started, as samples; `serverMs` is the engine's clock. */
export function postgresUptime(series: readonly PromSeries[], serverMs: number): Sample[] {
  const names = nameProcesses(byProcess(series), []);
  return series.flatMap(({ labels, points }): Sample[] => {
    const startedSeconds = points.at(-1)?.value;
    if (labels.__name__ !== POSTGRES_START || startedSeconds === undefined || startedSeconds <= 0) return [];
    const value = serverMs / 1_000 - startedSeconds;
    const instance = names.get(processOf(labels)) ?? 'unnamed';
    return value < 0 ? [] : [{ metric: 'db_uptime_seconds', labels: { instance }, value }];
  });
}

/** The newest value of each series as samples, added up where several make one of ours. */
export function readSeries(series: readonly PromSeries[], read: Reader, findStart: FindStart): Sample[] {
  const found = new Map<string, Sample>();
  const refused = new Set<string>();
  for (const { labels, points } of series) {
    const value = points.at(-1)?.value;
    for (const to of read(labels)) {
      const key = `${to.metric}{${labelsKey(to.labels)}}`;
      const isCounter = findMetric(to.metric)?.kind === 'counter';
      if (value === undefined || (isCounter && value < 0)) {
        // A sum without one of its members is a wrong number.
        if (isCounter) refused.add(key);
        continue;
      }
      if (to.zeroIsAbsent && value === 0) continue;
      const known = found.get(key);
      if (known !== undefined) {
        known.value = to.combine === 'max' ? Math.max(known.value, value) : known.value + value;
        continue;
      }
      const start = isCounter ? findStart(labels) : null;
      found.set(key, {
        metric: to.metric,
        labels: to.labels,
        value,
        ...(start !== null && { start }),
        ...(to.quality !== undefined && { quality: to.quality }),
      });
    }
  }
  return [...found].flatMap(([key, sample]) => (refused.has(key) ? [] : [sample]));
}
