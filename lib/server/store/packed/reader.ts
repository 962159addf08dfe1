import 'server-only';
import { BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { unpackGrid } from '../codec/blocks.ts';
import { unpackChunk, unpackExceptions } from '../codec/chunk.ts';
import { unpackVisits, type VisitHour } from '../codec/visits.ts';
import { GRID_COLUMNS, Grid } from '../grid.ts';
import { marksOf } from '../head/head.ts';
import { feedHour, resetTimes } from '../series-hour.ts';
import type { ScrapeMark } from '../store.ts';
import { PERIOD_MS, recentKey, timeKey } from './keys.ts';
import type { PackedDb } from './packed-db.ts';
import type { Calls, PackedSeries } from './protocol.ts';

/** Unpacked day rows kept at hand: a screen asks for the same days at every tick. 18 KB each. */
const CACHED_DAYS = 256;
/** Hours whose samples are unpacked together: more would fill the memory, fewer cost more trips to the database. */
const HOURS_A_SLICE = 24;

type Span = Pick<Calls['grids']['ask'], 'startMs' | 'stepMs' | 'length'>;

/** Answers reads from packed rows, with few trips to the database a request. Lives in the worker. */
export class PackedReader {
  readonly #db: PackedDb;
  readonly #days = new Map<number, Grid>();

  constructor(db: PackedDb) {
    this.#db = db;
  }

  /** A day row was written anew or removed. */
  forgetDay(key: number): void {
    this.#days.delete(key);
  }

  grids({ series, ...span }: Calls['grids']['ask']): Float64Array {
    const size = span.length * GRID_COLUMNS.length;
    const memory = new Float64Array(size * series.length);
    const grids = series.map((_, i) => {
      const own = memory.subarray(i * size, (i + 1) * size);
      return new Grid(span.startMs, span.stepMs, span.length, own).clear();
    });
    if (span.stepMs % BLOCK_MS === 0) this.#addBlocks(grids, series, span);
    else this.#addSamples(grids, series, span);
    return memory;
  }

  #addBlocks(grids: readonly Grid[], series: readonly PackedSeries[], span: Span): void {
    const endMs = endOf(span);
    const days: number[] = [];
    for (let day = Math.floor(span.startMs / DAY_MS); day * DAY_MS < endMs; day++) days.push(day);
    const blocks = this.#readDays(series.flatMap(({ id }) => days.map((day) => timeKey(day, id))));
    const hourly =
      span.stepMs % HOUR_MS === 0
        ? this.#readHourly(
            series.flatMap(({ id }) =>
              days
                .filter((day) => !blocks.has(timeKey(day, id)))
                .map((day) => timeKey(Math.floor((day * DAY_MS) / PERIOD_MS), id)),
            ),
          )
        : new Map<number, Grid>();
    const firstHour = Math.floor(span.startMs / HOUR_MS);
    const recent = this.#db.byRanges(
      'recent',
      series.map((one) => [recentKey(one.id, firstHour), recentKey(one.id, lastHourOf(one, endMs))]),
    );
    series.forEach(({ id }, i) => {
      const grid = grids[i];
      if (grid === undefined) return;
      for (const day of days) {
        const known = blocks.get(timeKey(day, id));
        if (known !== undefined) grid.addGrid(known);
        else addHours(grid, hourly.get(timeKey(Math.floor((day * DAY_MS) / PERIOD_MS), id)), day);
      }
      for (const [, data] of recent[i] ?? []) grid.addGrid(unpackGrid(data).grid);
    });
  }

  #readDays(keys: readonly number[]): ReadonlyMap<number, Grid> {
    const found = new Map<number, Grid>();
    for (const key of keys) {
      const known = this.#days.get(key);
      if (known === undefined) continue;
      // Last in is last out: what is asked for again moves to the end.
      this.#days.delete(key);
      this.#days.set(key, known);
      found.set(key, known);
    }
    // Absent days are cheap to look up, and many: only found ones are kept.
    const missing = keys.filter((key) => !found.has(key));
    for (const [key, data] of this.#db.byKeys('block', missing)) {
      const { grid } = unpackGrid(data);
      found.set(key, grid);
      this.#days.set(key, grid);
    }
    for (const key of this.#days.keys()) {
      if (this.#days.size <= CACHED_DAYS) break;
      this.#days.delete(key);
    }
    return found;
  }

  #readHourly(keys: readonly number[]): ReadonlyMap<number, Grid> {
    const rows = this.#db.byKeys('hourly', [...new Set(keys)]);
    return new Map([...rows].map(([key, data]) => [key, unpackGrid(data).grid]));
  }

  #addSamples(grids: readonly Grid[], series: readonly PackedSeries[], span: Span): void {
    const endMs = endOf(span);
    const firstHour = Math.floor(span.startMs / HOUR_MS);
    const lastHour = Math.max(firstHour - 1, ...series.map((one) => lastHourOf(one, endMs)));
    this.#eachHour(series, firstHour, lastHour, endMs, (i, data, times) => {
      const grid = grids[i];
      if (grid !== undefined) feedHour(grid, unpackChunk(data, times));
    });
  }

  /** Gives the packed hours of each series from `firstHour` on, oldest first. */
  #eachHour(
    series: readonly PackedSeries[],
    firstHour: number,
    lastHour: number,
    endMs: number | null,
    take: (place: number, data: Uint8Array, times: VisitHour) => void,
  ): void {
    for (let from = firstHour; from <= lastHour; from += HOURS_A_SLICE) {
      const places: { place: number; one: PackedSeries; hour: number }[] = [];
      series.forEach((one, place) => {
        const last = Math.min(lastHour, endMs === null ? one.packedHour : lastHourOf(one, endMs));
        for (let hour = from; hour <= last && hour < from + HOURS_A_SLICE; hour++)
          places.push({ place, one, hour });
      });
      const chunks = this.#db.byKeys(
        'chunk',
        places.map(({ one, hour }) => timeKey(hour, one.id)),
      );
      const held = places.filter(({ one, hour }) => chunks.has(timeKey(hour, one.id)));
      const visits = this.#readVisits(held.map(({ one, hour }) => timeKey(hour, one.target)));
      for (const { place, one, hour } of held) {
        const data = chunks.get(timeKey(hour, one.id));
        const times = visits.get(timeKey(hour, one.target));
        if (data !== undefined && times !== undefined) take(place, data, times);
      }
    }
  }

  #readVisits(keys: readonly number[]): ReadonlyMap<number, VisitHour> {
    const rows = this.#db.byKeys('visits', [...new Set(keys)]);
    return new Map([...rows].map(([key, data]) => [key, unpackVisits(data)]));
  }

  visits({ targets, startMs, endMs }: Calls['visits']['ask']): ScrapeMark[] {
    const firstHour = Math.floor(startMs / HOUR_MS);
    const hoursOf = (packedHour: number): number[] => {
      const lastHour = Math.min(packedHour, Math.floor((endMs - 1) / HOUR_MS));
      return Array.from({ length: Math.max(0, lastHour - firstHour + 1) }, (_, i) => firstHour + i);
    };
    const marks: ScrapeMark[] = [];
    for (const { number, id, packedHour } of targets) {
      const keys = hoursOf(packedHour).map((hour) => timeKey(hour, number));
      const rows = this.#readVisits(keys);
      for (const key of keys) {
        const found = rows.get(key);
        if (found !== undefined) marks.push(...marksOf(id, found, { startMs, endMs }));
      }
    }
    return marks;
  }

  resets({ series, startMs, endMs }: Calls['resets']['ask']): Calls['resets']['answer']['resets'] {
    const firstHour = Math.floor(startMs / HOUR_MS);
    const lastHour = Math.floor((endMs - 1) / HOUR_MS);
    const resets: Calls['resets']['answer']['resets'] = [];
    this.#eachHour(series, firstHour, lastHour, null, (place, data, times) => {
      const seriesId = series[place]?.id;
      if (seriesId === undefined) return;
      for (const atMs of resetTimes({ visits: times, exceptions: unpackExceptions(data, times) })) {
        if (atMs >= startMs && atMs < endMs) resets.push({ seriesId, atMs });
      }
    });
    return resets;
  }
}

function endOf({ startMs, stepMs, length }: Span): number {
  return startMs + length * stepMs;
}

/** The last packed hour whose samples may add to what ends at `endMs`. */
function lastHourOf({ packedHour, reachHours }: PackedSeries, endMs: number): number {
  return Math.min(packedHour, Math.floor((endMs - 1) / HOUR_MS) + reachHours);
}

/** Where the blocks of a day have gone, its hourly sums remain; they say nothing finer than an hour. */
function addHours(grid: Grid, hours: Grid | undefined, day: number): void {
  if (hours === undefined) return;
  for (let hour = 0; hour < DAY_MS / HOUR_MS; hour++) {
    const atMs = day * DAY_MS + hour * HOUR_MS;
    const at = hours.indexOf(atMs);
    if (hours.has(at)) grid.addBucket(grid.indexOf(atMs), hours, at);
  }
}
