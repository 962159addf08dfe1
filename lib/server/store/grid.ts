import 'server-only';
import { BLOCK_PARTS, type Bucket, shareByTime } from '@/lib/core/metrics/blocks.ts';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import { BLOCK_MS } from '@/lib/core/time/range.ts';

/** The columns of a grid in the order that packed rows and answers of the worker use. */
export const GRID_COLUMNS = [
  'n',
  'sum',
  'min',
  'max',
  'last',
  'increase',
  'gapIncrease',
  'coveredMs',
] as const;
/** Columns that are NaN while nothing was fed. */
const NULLABLE = new Set<string>(['min', 'max', 'last']);

/** Digits kept of a block's sum of fractions: the mean stays good to 1e-10, the packed sum small. */
const SUM_DIGITS = 11;

/**
 * Buckets of one series as columns, `length` of them from `startMs` on, each `stepMs` wide. A grid of 5-minute blocks
 * means the same as `Block`. Whatever is fed beyond either end is left out.
 */
export class Grid {
  /** All columns one after another, in the order of GRID_COLUMNS. */
  readonly columns: Float64Array;
  readonly n: Float64Array;
  readonly sum: Float64Array;
  /** Of sample values (gauge) or of rates per second (counter). NaN: none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
  readonly increase: Float64Array;
  readonly gapIncrease: Float64Array;
  readonly coveredMs: Float64Array;

  /** `memory` holds the columns one after another; new and empty when left out. */
  constructor(
    readonly startMs: number,
    readonly stepMs: number,
    readonly length: number,
    memory?: Float64Array,
  ) {
    this.columns = memory ?? new Float64Array(length * GRID_COLUMNS.length);
    const column = (index: number) => this.columns.subarray(index * length, (index + 1) * length);
    this.n = column(0);
    this.sum = column(1);
    this.min = column(2);
    this.max = column(3);
    this.last = column(4);
    this.increase = column(5);
    this.gapIncrease = column(6);
    this.coveredMs = column(7);
    if (memory === undefined)
      for (const name of NULLABLE) this[name as 'min' | 'max' | 'last'].fill(Number.NaN);
  }

  /** Forgets all that was fed. */
  clear(): this {
    this.columns.fill(0);
    for (const name of NULLABLE) this[name as 'min' | 'max' | 'last'].fill(Number.NaN);
    return this;
  }

  /** Bucket that holds `atMs`; may lie outside. */
  indexOf(atMs: number): number {
    return Math.floor((atMs - this.startMs) / this.stepMs);
  }

  has(index: number): boolean {
    return index >= 0 && index < this.length;
  }

  /** True when nothing was fed to the bucket. */
  isEmpty(index: number): boolean {
    return (
      (this.n[index] ?? 0) === 0 && (this.coveredMs[index] ?? 0) === 0 && (this.gapIncrease[index] ?? 0) === 0
    );
  }

  /** A gauge sample covers the scheduled interval before it, as far as one bucket holds. */
  addGauge(atMs: number, value: number, intervalMs: number): void {
    const index = this.indexOf(atMs);
    if (!this.has(index)) return;
    plus(this.n, index, 1);
    plus(this.sum, index, value);
    this.last[index] = value;
    const covered = (this.coveredMs[index] ?? 0) + intervalMs;
    this.coveredMs[index] = Math.min(this.stepMs, covered);
    this.#widen(index, value, value);
  }

  /** Notes a counter's own value; what it added comes by `addIncrement`. */
  addCounter(atMs: number, value: number): void {
    const index = this.indexOf(atMs);
    if (!this.has(index)) return;
    plus(this.n, index, 1);
    this.last[index] = value;
  }

  addIncrement(increment: Pick<Increment, 'fromMs' | 'toMs' | 'increase' | 'gap'>): void {
    const { fromMs, toMs, increase } = increment;
    // A sample that stands exactly on an edge closes the bucket before it.
    const lastIndex = this.indexOf(toMs - 1);
    const spanMs = toMs - fromMs;
    if (increment.gap || spanMs <= 0) {
      if (this.has(lastIndex)) plus(this.gapIncrease, lastIndex, increase);
      return;
    }
    const rate = (increase * 1000) / spanMs;
    if (this.indexOf(fromMs) === lastIndex) {
      this.addShare(lastIndex, increase, spanMs, rate);
      return;
    }
    const parts = this.stepMs === BLOCK_MS ? BLOCK_PARTS : null;
    this.#rate = rate;
    shareByTime(increment, this.stepMs, parts, this.#takeShare);
  }

  /** Of the increment that is shared out: a function for each of them would be one for every visit. */
  #rate = 0;
  readonly #takeShare = (startMs: number, share: number, insideMs: number): void => {
    this.addShare(this.indexOf(startMs), share, insideMs, this.#rate);
  };

  /** Adds events and the time that they cover to one bucket. */
  addShare(index: number, share: number, insideMs: number, rate: number): void {
    if (!this.has(index)) return;
    plus(this.increase, index, share);
    plus(this.coveredMs, index, insideMs);
    this.#widen(index, rate, rate);
  }

  #widen(index: number, low: number, high: number): void {
    // Comparisons with NaN are false, so the first value always enters.
    if (!((this.min[index] ?? Number.NaN) <= low)) this.min[index] = low;
    if (!((this.max[index] ?? Number.NaN) >= high)) this.max[index] = high;
  }

  /** Adds one bucket of `from`, which must be fed in order of time: the last value wins. */
  addBucket(index: number, from: Grid, at: number): void {
    if (!this.has(index) || from.isEmpty(at)) return;
    plus(this.n, index, from.n[at] ?? 0);
    plus(this.sum, index, from.sum[at] ?? 0);
    plus(this.increase, index, from.increase[at] ?? 0);
    plus(this.gapIncrease, index, from.gapIncrease[at] ?? 0);
    plus(this.coveredMs, index, from.coveredMs[at] ?? 0);
    const last = from.last[at] ?? Number.NaN;
    if (!Number.isNaN(last)) this.last[index] = last;
    const low = from.min[at] ?? Number.NaN;
    const high = from.max[at] ?? Number.NaN;
    if (!Number.isNaN(low) && !Number.isNaN(high)) this.#widen(index, low, high);
  }

  /** Puts one bucket of `from` in the place of ours, unless ours covers more of its time. */
  replaceBucket(index: number, from: Grid, at: number): void {
    if (!this.has(index) || (this.coveredMs[index] ?? 0) > (from.coveredMs[at] ?? 0)) return;
    for (const name of GRID_COLUMNS) this[name][index] = from[name][at] ?? 0;
  }

  /** Adds all of a grid whose buckets are as wide or finer and lie wholly inside ours. */
  addGrid(from: Grid): void {
    for (let at = 0; at < from.length; at++)
      this.addBucket(this.indexOf(from.startMs + at * from.stepMs), from, at);
  }

  /**
   * Brings blocks to the precision that is stored, so that an answer is the same before and after packing: a counter's
   * lowest and highest rate to 3 digits outward, a gauge's sum to 11 digits. Doing it twice changes nothing.
   */
  settle(counter: boolean): this {
    for (let i = 0; i < this.length; i++) {
      if (counter) {
        this.min[i] = roundRate(this.min[i] ?? Number.NaN, Math.floor);
        this.max[i] = roundRate(this.max[i] ?? Number.NaN, Math.ceil);
      } else {
        const sum = this.sum[i] ?? 0;
        if (!Number.isInteger(sum)) this.sum[i] = Number(sum.toPrecision(SUM_DIGITS));
      }
    }
    return this;
  }

  /** As answered by the store: null where nothing was fed. */
  toBuckets(counter: boolean): (Bucket | null)[] {
    // Baselines of days are asked for long before there are days: what is empty must cost next to nothing.
    const buckets = new Array<Bucket | null>(this.length).fill(null);
    for (let i = 0; i < this.length; i++) {
      if (this.isEmpty(i)) continue;
      const n = this.n[i] ?? 0;
      buckets[i] = {
        startMs: this.startMs + i * this.stepMs,
        increase: this.increase[i] ?? 0,
        coveredMs: this.coveredMs[i] ?? 0,
        gapIncrease: this.gapIncrease[i] ?? 0,
        mean: counter || n === 0 ? null : (this.sum[i] ?? 0) / n,
        min: orNull(this.min[i]),
        max: orNull(this.max[i]),
        last: orNull(this.last[i]),
      };
    }
    return buckets;
  }
}

/** A rate with 3 significant digits; the digits become one whole number in the packed row. */
function roundRate(rate: number, toward: (value: number) => number): number {
  if (!(rate > 0) || !Number.isFinite(rate)) return rate;
  const decimals = 2 - Math.floor(Math.log10(rate));
  // What is already rounded must stay, whichever way it leans.
  const near = Number(rate.toPrecision(3));
  if (Math.abs(near - rate) <= rate * 1e-12) return near;
  const scaled = decimals >= 0 ? rate * 10 ** decimals : rate / 10 ** -decimals;
  const whole = toward(scaled);
  return Number((decimals >= 0 ? whole / 10 ** decimals : whole * 10 ** -decimals).toPrecision(3));
}

function plus(column: Float64Array, index: number, amount: number): void {
  column[index] = (column[index] ?? 0) + amount;
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
