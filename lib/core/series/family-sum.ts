import type { Bucket } from '../metrics/blocks.ts';
import { type Labels, processOf } from '../model/sample.ts';

/** Series of one metric on one target, all on the same grid. */
export interface FamilySeries {
  labels: Labels;
  buckets: readonly (Bucket | null)[];
}

/** Events and cover of some series of a family, a bucket at a time; null where nothing is known. */
export type Flow = readonly ({ increase: number; gapIncrease: number; coveredMs: number } | null)[];

/** True when `labels` holds everything that `wanted` asks. */
export function matchesLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Events and cover of one series, a column each; bucket by bucket. */
export interface FlowColumns {
  readonly length: number;
  readonly increase: ArrayLike<number>;
  readonly gapIncrease: ArrayLike<number>;
  readonly coveredMs: ArrayLike<number>;
  /** True when nothing is known of the bucket. */
  isEmpty(index: number): boolean;
}

/** Numbers of a bucket in `FamilySum.columns`: increase, gap increase, covered ms. */
export const FLOW_WIDTH = 3;

/** The series of one process. `coveredMs` is NaN where nothing is known. */
interface ProcessSum {
  increase: Float64Array;
  gapIncrease: Float64Array;
  coveredMs: Float64Array;
}

/**
 * The flow of the series of one target that match `wanted`, added up one after another. With `absentIsZero` the whole
 * family covers: while other series of the family were counted, a missing one is a measured 0. Without, only matching
 * series cover. Where the target tells of many processes each covers for itself alone, and is asked for from its first to
 * its last known bucket.
 */
export class FamilySum {
  readonly #processes = new Map<string, ProcessSum>();

  constructor(
    private readonly wanted: Labels,
    private readonly absentIsZero: boolean,
    readonly length: number,
  ) {}

  /** Adds a series whose first bucket is bucket `first` of the flow. */
  add(labels: Labels, columns: FlowColumns, first = 0): void {
    let from = 0;
    while (from < columns.length && columns.isEmpty(from)) from += 1;
    // Days before anything was watched are asked for as well: what is empty takes no room.
    if (from === columns.length) return;
    const isMatch = matchesLabels(labels, this.wanted);
    if (!isMatch && !this.absentIsZero) return;
    const { increase, gapIncrease, coveredMs } = this.#processFor(processOf(labels));
    for (let i = from; i < columns.length; i++) {
      if (columns.isEmpty(i)) continue;
      const at = first + i;
      const covered = columns.coveredMs[i] ?? 0;
      // False as well while nothing is known: NaN is not greater than anything.
      if (!((coveredMs[at] ?? 0) >= covered)) coveredMs[at] = covered;
      if (!isMatch) continue;
      increase[at] = (increase[at] ?? 0) + (columns.increase[i] ?? 0);
      gapIncrease[at] = (gapIncrease[at] ?? 0) + (columns.gapIncrease[i] ?? 0);
    }
  }

  #processFor(name: string): ProcessSum {
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const { length } = this;
    const made: ProcessSum = {
      increase: new Float64Array(length),
      gapIncrease: new Float64Array(length),
      coveredMs: new Float64Array(length).fill(Number.NaN),
    };
    this.#processes.set(name, made);
    return made;
  }

  /** `FLOW_WIDTH` numbers a bucket, one bucket after another; NaN where nothing is known. Null where all of it is unknown. */
  columns(): Float64Array | null {
    if (this.#processes.size === 0) return null;
    const columns = new Float64Array(this.length * FLOW_WIDTH).fill(Number.NaN);
    const put = (at: number, increase: number, gapIncrease: number, coveredMs: number): void => {
      columns[at * FLOW_WIDTH] = increase;
      columns[at * FLOW_WIDTH + 1] = gapIncrease;
      columns[at * FLOW_WIDTH + 2] = coveredMs;
    };
    const all = [...this.#processes.values()];
    const [only] = all;
    if (only !== undefined && all.length === 1) {
      for (let i = 0; i < this.length; i++) {
        if (isKnown(only, i)) put(i, only.increase[i] ?? 0, only.gapIncrease[i] ?? 0, only.coveredMs[i] ?? 0);
      }
    } else addWhilePresent(all, this.length, put);
    return columns;
  }

  flow(): Flow {
    return flowOf(this.columns(), this.length);
  }
}

/** What `FamilySum` makes of series in buckets, which are the series of one target. */
export function familyFlow(
  family: readonly FamilySeries[],
  wanted: Labels,
  absentIsZero: boolean,
  bucketCount: number,
): Flow {
  const sum = new FamilySum(wanted, absentIsZero, bucketCount);
  for (const { labels, buckets } of family) sum.add(labels, columnsOf(buckets, bucketCount));
  return sum.flow();
}

function columnsOf(buckets: FamilySeries['buckets'], length: number): FlowColumns {
  const column = (read: (bucket: Bucket) => number): Float64Array =>
    Float64Array.from({ length }, (_, i) => {
      const bucket = buckets[i] ?? null;
      return bucket === null ? 0 : read(bucket);
    });
  return {
    length,
    increase: column(({ increase }) => increase),
    gapIncrease: column(({ gapIncrease }) => gapIncrease),
    coveredMs: column(({ coveredMs }) => coveredMs),
    isEmpty: (i) => (buckets[i] ?? null) === null,
  };
}

/** Columns as a flow of `length` buckets; all of it is unknown without columns. */
export function flowOf(columns: Float64Array | null, length: number): Flow {
  if (columns === null) return new Array<null>(length).fill(null);
  return Array.from({ length }, (_, i) => {
    const increase = columns[i * FLOW_WIDTH] ?? Number.NaN;
    if (Number.isNaN(increase)) return null;
    return {
      increase,
      gapIncrease: columns[i * FLOW_WIDTH + 1] ?? 0,
      coveredMs: columns[i * FLOW_WIDTH + 2] ?? 0,
    };
  });
}

function isKnown({ coveredMs }: ProcessSum, i: number): boolean {
  return !Number.isNaN(coveredMs[i] ?? Number.NaN);
}

/** The sum of processes that come and go: unknown where one is unknown between its first and its last known bucket. */
function addWhilePresent(
  all: readonly ProcessSum[],
  length: number,
  put: (at: number, increase: number, gapIncrease: number, coveredMs: number) => void,
): void {
  const present = all.map((one) => {
    let first = 0;
    let last = length - 1;
    while (first < length && !isKnown(one, first)) first += 1;
    while (last > first && !isKnown(one, last)) last -= 1;
    return { one, first, last };
  });
  for (let i = 0; i < length; i++) {
    const here = present.filter(({ first, last }) => i >= first && i <= last);
    if (here.length === 0 || here.some(({ one }) => !isKnown(one, i))) continue;
    let increase = 0;
    let gapIncrease = 0;
    let coveredMs = Number.POSITIVE_INFINITY;
    for (const { one } of here) {
      increase += one.increase[i] ?? 0;
      gapIncrease += one.gapIncrease[i] ?? 0;
      coveredMs = Math.min(coveredMs, one.coveredMs[i] ?? 0);
    }
    put(i, increase, gapIncrease, coveredMs);
  }
}
