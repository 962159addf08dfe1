import 'server-only';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import type { Labels, StartMarker } from '@/lib/core/model/sample.ts';
import type { Refused } from '../app/read-samples.ts';
import { readSamples } from '../app/read-samples.ts';
import type { PromAnswer, PromSeries } from '../promql/answer.ts';
import type { HistoryReading, HistoryRule } from '../promql/history.ts';
import { type Contribution, postgresReader, type Reader, redisReader, StartMemory } from './exporters.ts';
import { findMachines, toExposition } from './machines.ts';
import { processOf } from './processes.ts';
import { type GroupName, POSTGRES_RESET, REDIS_START } from './schema.ts';
import { statementPart } from './statements.ts';

/** More statements than this are too many points for a history. */
export const MOST_STATEMENTS = 300;

const START_NAMES: ReadonlySet<string> = new Set([
  REDIS_START,
  POSTGRES_RESET,
  'process_start_time_seconds',
  'app_process_start_time_seconds',
]);

/** How to read one group's history; `taken` are metrics that queries of the config give. */
export function groupReading(
  group: GroupName,
  answer: PromAnswer,
  taken: ReadonlySet<string>,
  countsQueries: boolean,
): HistoryReading {
  const starts = new StartTimes(answer.series);
  const startAt: HistoryReading['startAt'] = (labels, atMs) => starts.at(labels, atMs);
  switch (group) {
    case 'redis':
      return { rules: fromReader(redisReader(answer.series), taken), startAt };
    case 'postgres':
      return { rules: fromReader(postgresReader(answer.series, countsQueries), taken), startAt };
    case 'statements':
      return { rules: statementRules(taken), startAt: () => null };
    case 'machines':
      return { rules: machineRules(answer.series, taken), startAt };
    default:
      return group satisfies never;
  }
}

/** Rules of a reader; a metric that the catalogue does not know has none. */
export function fromReader(read: Reader, taken: ReadonlySet<string>, scale = 1): HistoryReading['rules'] {
  return (labels) =>
    read(labels).flatMap((to): HistoryRule[] => {
      const rule = taken.has(to.metric) ? null : ruleOf(to, processOf(labels), scale);
      return rule === null ? [] : [rule];
    });
}

function ruleOf(
  { metric, labels, combine, quality }: Pick<Contribution, 'metric' | 'labels' | 'combine' | 'quality'>,
  process: string,
  scale: number,
): HistoryRule | null {
  const entry = findMetric(metric);
  if (entry === null) return null;
  const { kind, absentIsZero } = entry;
  return { metric, labels, combine, kind, absentIsZero, process, scale, quality: quality ?? 'measured' };
}

function statementRules(taken: ReadonlySet<string>): HistoryReading['rules'] {
  return fromReader(
    (labels) =>
      statementPart(labels.__name__) === 'calls'
        ? [
            {
              metric: 'db_queries_total',
              labels: { instance: labels.instance ?? 'unnamed' },
              combine: 'sum',
              quality: 'inferred',
              zeroIsAbsent: false,
            },
          ]
        : [],
    taken,
  );
}

/** Each series is put on a page of its own: what the app collector makes of it is where it goes. */
function machineRules(series: readonly PromSeries[], taken: ReadonlySet<string>): HistoryReading['rules'] {
  const machines = new Map(findMachines(series, taken).machines.map((one) => [one.process, one]));
  const known = new Map<Labels, readonly HistoryRule[]>();
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before;
    const process = processOf(labels);
    const machine = machines.get(process);
    const page = toExposition([{ labels, points: [{ atMs: 0, value: 1 }] }]);
    const refused: Refused = { badValue: 0, future: 0, mixedBuckets: [], tooManyLabels: [] };
    const rules = (page === null ? [] : (machine?.bindings ?? [])).flatMap((binding) =>
      page === null
        ? []
        : readSamples(page, binding, 0, refused).flatMap(({ metric, labels: own, value }): HistoryRule[] => {
            const all = { ...own, machine: machine?.name ?? process };
            const rule = ruleOf({ metric, labels: all, combine: 'sum' }, process, value);
            return rule === null ? [] : [rule];
          }),
    );
    known.set(labels, rules);
    return rules;
  };
}

/** When processes began, as their start series told it over time. */
class StartTimes {
  readonly #times = new Map<string, Map<number, number>>();

  constructor(series: readonly PromSeries[]) {
    const memory = new StartMemory();
    for (const { labels, points } of series) {
      if (!START_NAMES.has(labels.__name__ ?? '')) continue;
      const key = keyOf(labels);
      const times = this.#times.get(key) ?? new Map<number, number>();
      this.#times.set(key, times);
      for (const { atMs, value } of points) {
        if (value > 0) times.set(atMs, memory.steady(key, Math.round(value * 1_000)));
      }
    }
  }

  at(labels: Labels, atMs: number): StartMarker | null {
    const startMs = this.#times.get(keyOf(labels))?.get(atMs) ?? null;
    return startMs === null ? null : { marker: `start:${startMs}`, atMs: startMs };
  }
}

/** Statistics of Postgres begin for each database; anything else begins with its process. */
function keyOf(labels: Labels): string {
  const database = labels.datname === undefined ? '' : ` ${labels.server ?? ''} ${labels.datname}`;
  return `${processOf(labels)}${database}`;
}
