import 'server-only';
import type { Increment } from '@/lib/core/metrics/increments.ts';
import type { VisitError, VisitHour } from '../codec/visits.ts';
import type { SeriesHour } from '../series-hour.ts';

/** Visits whose values lie together: few enough that a new series costs little, many enough to save objects. */
const VISITS_A_SHEET = 16;
const FIRST_VISITS = 32;
const NO_EXCEPTIONS: ReadonlyMap<number, Increment | null> = new Map();

interface Visit {
  atMs: number;
  intervalMs: number;
  durationMs: number;
  ok: boolean;
  error: VisitError | null;
}

/** Values of some visits, one row a visit, one column a series; NaN where a visit did not hold the series. */
interface Sheet {
  firstVisit: number;
  columns: number;
  values: Float64Array;
}

/**
 * One hour of one target in memory: times once, values 8 bytes each. What `VisitHour` and `SeriesHour` say is read
 * from here while the hour is not packed.
 */
export class HourRows implements VisitHour {
  length = 0;
  #samples = 0;
  atMs = new Float64Array(FIRST_VISITS);
  intervalMs = new Float64Array(FIRST_VISITS);
  durationMs = new Float64Array(FIRST_VISITS);
  ok = new Float64Array(FIRST_VISITS);
  readonly errors = new Map<number, VisitError>();
  readonly #sheets: Sheet[] = [];
  /** Column of a series by its number. */
  readonly #columns = new Map<number, number>();
  readonly #refAtMs: number[] = [];
  readonly #refValue: number[] = [];
  readonly #exceptions = new Map<number, Map<number, Increment | null>>();

  constructor(readonly hour: number) {}

  /** Adds a visit; the values that follow, about `samples` of them, belong to it. */
  addVisit(visit: Visit, samples: number): void {
    const index = this.length;
    this.#samples = samples;
    if (index === this.atMs.length) this.#grow();
    this.atMs[index] = visit.atMs;
    this.intervalMs[index] = visit.intervalMs;
    this.durationMs[index] = visit.durationMs;
    this.ok[index] = visit.ok ? 1 : 0;
    if (visit.error !== null) this.errors.set(index, visit.error);
    this.length += 1;
  }

  #grow(): void {
    const larger = (column: Float64Array) => {
      const next = new Float64Array(column.length * 2);
      next.set(column);
      return next;
    };
    this.atMs = larger(this.atMs);
    this.intervalMs = larger(this.intervalMs);
    this.durationMs = larger(this.durationMs);
    this.ok = larger(this.ok);
  }

  /** Column of a series; the first time it notes the sample before this hour (null when there was none). */
  columnOf(seriesId: number, lastAtMs: number | null, lastValue: number): number {
    const known = this.#columns.get(seriesId);
    if (known !== undefined) return known;
    const column = this.#columns.size;
    this.#columns.set(seriesId, column);
    this.#refAtMs[column] = lastAtMs ?? Number.NaN;
    this.#refValue[column] = lastValue;
    return column;
  }

  /** Writes one value of the newest visit. */
  put(column: number, value: number): void {
    const sheet = this.#sheetFor(column);
    sheet.values[(this.length - 1 - sheet.firstVisit) * sheet.columns + column] = value;
  }

  putException(column: number, increment: Increment | null): void {
    const known = this.#exceptions.get(column);
    if (known === undefined) this.#exceptions.set(column, new Map([[this.length - 1, increment]]));
    else known.set(this.length - 1, increment);
  }

  #sheetFor(column: number): Sheet {
    const visit = this.length - 1;
    const last = this.#sheets.at(-1);
    const inLast = last !== undefined && visit < last.firstVisit + VISITS_A_SHEET;
    if (inLast && column < last.columns) return last;
    if (!inLast || last === undefined) return this.#openSheet(visit, this.#columns.size);
    // A new series in mid-sheet: the sheet ends before this visit, what this visit wrote already moves along.
    const kept = visit - last.firstVisit;
    const row = last.values.slice(kept * last.columns, (kept + 1) * last.columns);
    last.values = last.values.slice(0, kept * last.columns);
    if (kept === 0) this.#sheets.pop();
    // Some room to spare: a visit that brings one new series often brings several.
    const sheet = this.#openSheet(visit, Math.max(column + 1, Math.ceil(this.#columns.size * 1.1)));
    sheet.values.set(row);
    return sheet;
  }

  #openSheet(firstVisit: number, columns: number): Sheet {
    const width = Math.max(columns, this.#samples);
    const values = new Float64Array(width * VISITS_A_SHEET).fill(Number.NaN);
    const sheet = { firstVisit, columns: width, values };
    this.#sheets.push(sheet);
    return sheet;
  }

  /** Numbers of the series that this hour holds. */
  seriesIds(): IterableIterator<number> {
    return this.#columns.keys();
  }

  /**
   * The hour of one series; null when it holds none of it. A copy of its values, so it may be kept; in `scratch`, where
   * that is long enough, it is good until the next read.
   */
  readSeries(seriesId: number, counter: boolean, scratch?: Float64Array): SeriesHour | null {
    const column = this.#columns.get(seriesId);
    if (column === undefined) return null;
    const into = scratch !== undefined && scratch.length >= this.length ? scratch : null;
    const values = (into ?? new Float64Array(this.length)).fill(Number.NaN, 0, this.length);
    for (const sheet of this.#sheets) {
      if (column >= sheet.columns) continue;
      const end = Math.min(this.length - sheet.firstVisit, sheet.values.length / sheet.columns);
      for (let row = 0; row < end; row++) {
        values[sheet.firstVisit + row] = sheet.values[row * sheet.columns + column] ?? Number.NaN;
      }
    }
    return {
      counter,
      refAtMs: this.#refAtMs[column] ?? Number.NaN,
      refValue: this.#refValue[column] ?? Number.NaN,
      visits: this,
      values,
      exceptions: this.#exceptions.get(column) ?? NO_EXCEPTIONS,
    };
  }

  /** Restarts noted for one series, without copying its values. */
  exceptionsOf(seriesId: number): ReadonlyMap<number, Increment | null> {
    const column = this.#columns.get(seriesId);
    return (column === undefined ? undefined : this.#exceptions.get(column)) ?? NO_EXCEPTIONS;
  }
}
