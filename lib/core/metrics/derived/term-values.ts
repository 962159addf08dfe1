import type { Labels } from '../../model/sample.ts';
import { familyFlow, matchesLabels } from '../../series/family-sum.ts';
import { type Bucket, bucketRate } from '../blocks.ts';
import type { DerivedEntry, Term } from './entry.ts';
import { type EvaluationGrid, groupFor, metricEntry, type Process } from './processes.ts';

/** A value a bucket; null where it is not known. */
export type Values = readonly (number | null)[];

/** A term over all processes; null when none of them has it. */
export function termValues(
  entry: DerivedEntry,
  term: Term,
  processes: readonly Process[],
  group: Labels,
  grid: EvaluationGrid,
): Values | null {
  const columns = processes.flatMap((who) => {
    const one = processValues(entry, term, who, group, grid);
    return one === null ? [] : [one];
  });
  if (columns.length === 0) return null;
  return together(columns, grid.starts.length, term.combine);
}

function processValues(
  entry: DerivedEntry,
  term: Term,
  who: Process,
  group: Labels,
  grid: EvaluationGrid,
): Values | null {
  const { length } = grid.starts;
  const { kind, absentIsZero } = metricEntry(term.metric);
  const family = who.series.filter(({ metric }) => metric === term.metric);
  if (family.length === 0) return null;
  const { onlyWith } = term;
  if (onlyWith !== null && !family.some(({ labels }) => onlyWith(labels)))
    return new Array<null>(length).fill(null);
  const wanted = { ...groupFor(entry, term.metric, group), ...term.where };
  const matching = family.filter(({ labels }) => matchesLabels(labels, wanted));
  if (matching.length === 0 && !absentIsZero) return null;
  if (kind === 'counter') {
    return familyFlow(family, wanted, absentIsZero, length).map((bucket) =>
      bucket === null ? null : bucketRate(bucket, grid.stepMs),
    );
  }
  return Array.from({ length }, (_, i) => {
    const known = matching.flatMap(({ buckets }) => levelOf(buckets[i] ?? null) ?? []);
    return known.length === 0
      ? null
      : known.reduce((a, b) => (term.combine === 'max' ? Math.max(a, b) : a + b));
  });
}

/**
 * Several processes as one: null from the first value of each on where it is not known, since a sum without one of its
 * machines would look like a drop.
 */
function together(columns: readonly Values[], length: number, combine: Term['combine']): Values {
  const begun = columns.map((column) => column.findIndex((value) => value !== null));
  return Array.from({ length }, (_, i) => {
    let all: number | null = null;
    for (const [k, column] of columns.entries()) {
      const first = begun[k] ?? -1;
      if (first === -1 || i < first) continue;
      const value = column[i] ?? null;
      if (value === null) return null;
      all = all === null ? value : combine === 'max' ? Math.max(all, value) : all + value;
    }
    return all;
  });
}

function levelOf(bucket: Bucket | null): number | null {
  return bucket === null ? null : (bucket.mean ?? bucket.last);
}
