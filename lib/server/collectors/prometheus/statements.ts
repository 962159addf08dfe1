import 'server-only';
import { type CounterState, stepCounter } from '@/lib/core/metrics/increments.ts';
import { type Labels, labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { familyOf } from '../postgres/family.ts';
import type { PromSeries } from '../promql/answer.ts';
import { byProcess, nameProcesses, processOf } from './processes.ts';
import { STATEMENT_NAMES } from './schema.ts';

/** More statements than this are not followed: their exporter lists all of them, without a limit. */
const MAX_STATEMENTS = 2_000;
const TOP_FAMILIES = 20;
const MAX_FAMILIES = 60;

type Part = 'calls' | 'seconds' | 'rows';
const METRICS: Readonly<Record<Part, string>> = {
  calls: 'db_statements_total',
  seconds: 'db_statement_seconds_total',
  rows: 'db_statement_rows_total',
};

/** The part of a statement's series; null for others, such as its text. */
export function statementPart(name: string | undefined): Part | null {
  const parts = ['calls', 'seconds', 'rows'] as const;
  return parts.find((part) => STATEMENT_NAMES[part].some((one) => one === name)) ?? null;
}

/**
 * Counts statements by what each of them adds. The exporter lists the busiest ones only, so their sum falls and jumps
 * as they come and go: a counter of our own begins at the session's first visit and adds what was listed at two visits
 * in a row. What ran in between and was not listed is not in it, so it is inferred, and low.
 */
export class StatementCounter {
  readonly #states = new Map<string, CounterState>();
  readonly #totals = new Map<string, Sample>();
  readonly #families = new Set<string>();
  #sinceMs: number | null = null;
  #lastMs: number | null = null;

  /** Null when the engine lists no statements, or too many; `notices` then say which. */
  step(
    series: readonly PromSeries[],
    nowMs: number,
    intervalMs: number,
  ): { samples: Sample[]; countsQueries: boolean; notices: Notice[] } {
    const calls = series.filter(({ labels }) => statementPart(labels.__name__) === 'calls');
    if (calls.length === 0) return { samples: [], countsQueries: false, notices: [] };
    if (calls.length > MAX_STATEMENTS) {
      const text = `${calls.length} statements are listed, more than the ${MAX_STATEMENTS} that are followed, so queries are inferred from transactions; limit the exporter’s statements.`;
      return { samples: [], countsQueries: false, notices: [{ code: 'too_many_statements', text }] };
    }
    // Not one of them has a number just now: nothing was seen, which is not nothing asked.
    if (calls.every(({ points }) => points.length === 0))
      return { samples: [], countsQueries: true, notices: [] };
    const firstVisit = this.#lastMs === null;
    this.#takeUpFamilies(calls, series);
    const texts = textsOf(series);
    const instances = nameProcesses(byProcess(series), []);
    for (const { labels, points } of series) {
      const part = statementPart(labels.__name__);
      const value = points.at(-1)?.value;
      if (part === null || value === undefined || value < 0) continue;
      const added = this.#added(labels, value, nowMs, intervalMs);
      const instance = instances.get(processOf(labels)) ?? 'unnamed';
      if (part === 'calls') this.#add('db_queries_total', { instance }, added);
      const family = familyName(labels, texts);
      if (this.#families.has(family)) this.#add(METRICS[part], { family, instance }, added);
    }
    // Begins just after the visit before, so that what this visit added lies inside the count.
    if (this.#lastMs !== null) this.#sinceMs ??= this.#lastMs + 1;
    this.#lastMs = nowMs;
    const start = this.#sinceMs === null ? null : { marker: `counted ${this.#sinceMs}`, atMs: this.#sinceMs };
    // Copies: the totals go on counting while their reader keeps what it got.
    const samples = firstVisit
      ? []
      : [...this.#totals.values()].map((sample) => ({ ...sample, ...(start && { start }) }));
    return { samples, countsQueries: true, notices: [] };
  }

  #added(labels: Labels, value: number, atMs: number, intervalMs: number): number {
    const key = labelsKey(labels);
    const { state, increment } = stepCounter(this.#states.get(key) ?? null, {
      atMs,
      value,
      intervalMs,
      start: null,
      previousVisitMs: null,
      absentThen: false,
    });
    this.#states.set(key, state);
    // After a gap its shape in time is unknown, and it would look like a burst.
    return increment === null || increment.gap ? 0 : increment.increase;
  }

  #add(metric: string, labels: Labels, added: number): void {
    const key = `${metric}{${labelsKey(labels)}}`;
    const known = this.#totals.get(key);
    if (known !== undefined) known.value += added;
    else this.#totals.set(key, { metric, labels, value: added, quality: 'inferred' });
  }

  #takeUpFamilies(calls: readonly PromSeries[], series: readonly PromSeries[]): void {
    const texts = textsOf(series);
    const sums = new Map<string, number>();
    for (const { labels, points } of calls) {
      const family = familyName(labels, texts);
      sums.set(family, (sums.get(family) ?? 0) + (points.at(-1)?.value ?? 0));
    }
    const busiest = [...sums].sort((a, b) => b[1] - a[1]).slice(0, TOP_FAMILIES);
    for (const [family] of busiest) if (this.#families.size < MAX_FAMILIES) this.#families.add(family);
  }
}

/** Newer exporters can give the text of a statement by its id. */
function textsOf(series: readonly PromSeries[]): ReadonlyMap<string, string> {
  const [name] = STATEMENT_NAMES.text;
  return new Map(
    series.flatMap(({ labels: { __name__, queryid, query } }) =>
      __name__ === name && queryid !== undefined && query !== undefined ? [[queryid, query] as const] : [],
    ),
  );
}

/** The statement without anything that could be a literal; its id where no text is told. */
function familyName({ query, queryid }: Labels, texts: ReadonlyMap<string, string>): string {
  const text = query ?? texts.get(queryid ?? '');
  const family = text === undefined || text === '' ? null : familyOf(text);
  return family ?? `statement ${(queryid ?? 'unnamed').slice(0, 24)}`;
}
