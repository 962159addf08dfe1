import 'server-only';
import { BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { unpackGrid } from '../codec/blocks.ts';
import { unpackChunk, unpackExceptions } from '../codec/chunk.ts';
import { unpackVisits, type VisitHour } from '../codec/visits.ts';
import { GRID_COLUMNS, Grid } from '../grid.ts';
import { marksOf } from '../head/head.ts';
import { feedHour, resetTimes } from '../series-hour.ts';
import type { ScrapeMark } from '../store.ts';
import type { Connection } from './database.ts';
import { PERIOD_MS, recentKey, timeKey } from './keys.ts';
import type { Calls, PackedSeries } from './protocol.ts';

/** Unpacked day rows kept at hand: a screen asks for the same days at every tick. 18 KB each. */
const CACHED_DAYS = 256;

/** Answers reads from packed rows. Lives in the worker. */
export class PackedReader {
  readonly #db: Connection;
  readonly #days = new Map<number, Grid | null>();

  constructor(db: Connection) {
    this.#db = db;
  }

  /** A day row was written anew or removed. */
  forgetDay(key: number): void {
    this.#days.delete(key);
  }

  grids({ series, startMs, stepMs, length }: Calls['grids']['ask']): Float64Array {
    const size = length * GRID_COLUMNS.length;
    const memory = new Float64Array(size * series.length);
    const visits = new VisitCache(this.#db);
    series.forEach((one, i) => {
      const grid = new Grid(startMs, stepMs, length);
      if (stepMs % BLOCK_MS === 0) this.#addBlocks(grid, one);
      else this.#addSamples(grid, one, visits);
      memory.set(grid.columns, i * size);
    });
    return memory;
  }

  #addBlocks(grid: Grid, series: PackedSeries): void {
    const endMs = grid.startMs + grid.length * grid.stepMs;
    for (let day = Math.floor(grid.startMs / DAY_MS); day * DAY_MS < endMs; day++) {
      const blocks = this.#day(timeKey(day, series.id));
      if (blocks !== null) grid.addGrid(blocks);
      else if (grid.stepMs % HOUR_MS === 0) this.#addHourly(grid, series.id, day);
    }
    const lastHour = Math.min(series.packedHour, Math.floor((endMs - 1) / HOUR_MS) + series.reachHours);
    const rows = this.#db.rows<[Uint8Array]>(
      'SELECT data FROM recent WHERE key BETWEEN ? AND ? ORDER BY key',
      recentKey(series.id, Math.floor(grid.startMs / HOUR_MS)),
      recentKey(series.id, lastHour),
    );
    for (const [data] of rows) grid.addGrid(unpackGrid(data).grid);
  }

  #day(key: number): Grid | null {
    const known = this.#days.get(key);
    if (known !== undefined) {
      // Last in is last out: what is asked for again moves to the end.
      this.#days.delete(key);
      this.#days.set(key, known);
      return known;
    }
    const row = this.#db.row<[Uint8Array]>('SELECT data FROM block WHERE key = ?', key);
    const grid = row === undefined ? null : unpackGrid(row[0]).grid;
    // Absent days are cheap to look up, and many: only found ones are kept.
    if (grid !== null) this.#days.set(key, grid);
    const oldest = this.#days.size > CACHED_DAYS ? this.#days.keys().next().value : undefined;
    if (oldest !== undefined) this.#days.delete(oldest);
    return grid;
  }

  /** Where the blocks of a day have gone, its hourly sums remain; they say nothing finer than an hour. */
  #addHourly(grid: Grid, seriesId: number, day: number): void {
    const period = Math.floor((day * DAY_MS) / PERIOD_MS);
    const row = this.#db.row<[Uint8Array]>(
      'SELECT data FROM hourly WHERE key = ?',
      timeKey(period, seriesId),
    );
    if (row === undefined) return;
    const hours = unpackGrid(row[0]).grid;
    for (let hour = 0; hour < DAY_MS / HOUR_MS; hour++) {
      const atMs = day * DAY_MS + hour * HOUR_MS;
      const at = hours.indexOf(atMs);
      if (hours.has(at)) grid.addBucket(grid.indexOf(atMs), hours, at);
    }
  }

  #addSamples(grid: Grid, series: PackedSeries, visits: VisitCache): void {
    const endMs = grid.startMs + grid.length * grid.stepMs;
    const lastHour = Math.min(series.packedHour, Math.floor((endMs - 1) / HOUR_MS) + series.reachHours);
    for (let hour = Math.floor(grid.startMs / HOUR_MS); hour <= lastHour; hour++) {
      const data = this.#chunk(series.id, hour);
      const times = data === null ? null : visits.read(series.target, hour);
      if (data !== null && times !== null) feedHour(grid, unpackChunk(data, times));
    }
  }

  #chunk(seriesId: number, hour: number): Uint8Array | null {
    const row = this.#db.row<[Uint8Array]>('SELECT data FROM chunk WHERE key = ?', timeKey(hour, seriesId));
    return row?.[0] ?? null;
  }

  visits({ targets, startMs, endMs }: Calls['visits']['ask']): ScrapeMark[] {
    const visits = new VisitCache(this.#db);
    const marks: ScrapeMark[] = [];
    for (const { number, id, packedHour } of targets) {
      const lastHour = Math.min(packedHour, Math.floor((endMs - 1) / HOUR_MS));
      for (let hour = Math.floor(startMs / HOUR_MS); hour <= lastHour; hour++) {
        const found = visits.read(number, hour);
        if (found !== null) marks.push(...marksOf(id, found, { startMs, endMs }));
      }
    }
    return marks;
  }

  resets({ series, startMs, endMs }: Calls['resets']['ask']): Calls['resets']['answer']['resets'] {
    const visits = new VisitCache(this.#db);
    const resets: Calls['resets']['answer']['resets'] = [];
    for (const one of series) {
      const lastHour = Math.min(one.packedHour, Math.floor((endMs - 1) / HOUR_MS));
      for (let hour = Math.floor(startMs / HOUR_MS); hour <= lastHour; hour++) {
        const data = this.#chunk(one.id, hour);
        const times = data === null ? null : visits.read(one.target, hour);
        if (data === null || times === null) continue;
        for (const atMs of resetTimes({ visits: times, exceptions: unpackExceptions(data, times) })) {
          if (atMs >= startMs && atMs < endMs) resets.push({ seriesId: one.id, atMs });
        }
      }
    }
    return resets;
  }
}

/** Visits of a target's hours, read once a request: all of its series share them. */
class VisitCache {
  readonly #hours = new Map<number, VisitHour | null>();
  constructor(readonly db: Connection) {}

  read(target: number, hour: number): VisitHour | null {
    const key = timeKey(hour, target);
    const known = this.#hours.get(key);
    if (known !== undefined) return known;
    const row = this.db.row<[Uint8Array]>('SELECT data FROM visits WHERE key = ?', key);
    const visits = row === undefined ? null : unpackVisits(row[0]);
    this.#hours.set(key, visits);
    return visits;
  }
}
