import 'server-only';
import { alignDown, BLOCK_MS, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { packGrid, unpackGrid } from '../codec/blocks.ts';
import { packChunk } from '../codec/chunk.ts';
import { readScrapeRow } from '../codec/scrape-row.ts';
import { unsealText } from '../codec/sealed.ts';
import { packVisits } from '../codec/visits.ts';
import { Grid } from '../grid.ts';
import type { HourRows } from '../head/hour-rows.ts';
import { Registry, type SavedSeries } from '../head/registry.ts';
import { hourOf, NEW_TARGET, reachMs, TargetHead } from '../head/target-head.ts';
import { feedHour, type SeriesHour } from '../series-hour.ts';
import { recentKey, splitRecentKey, timeKey } from './keys.ts';
import { type KeyedRow, type PackedDb, readSeriesName, text } from './packed-db.ts';

/** Gives other messages their turn between two slices of long work. */
export type Pause = () => Promise<void>;

const ROWS_A_SLICE = 500;
const SERIES_A_SLICE = 48;
const SAMPLES_A_SLICE = 4000;
const BLOCKS_A_DAY = DAY_MS / BLOCK_MS;

interface WaitingTarget {
  number: number;
  id: string;
  rows: Uint8Array[];
}

/** Rows to be written, by table. */
type PackedRows = Record<'visits' | 'chunk' | 'recent', KeyedRow[]>;

/**
 * Packs all rows of hours up to and with `hour`, target by target: each target's chunks, blocks and new state become
 * durable in one transaction, after which its rows are void; they are deleted at the end. The rows go through the same
 * `TargetHead.ingest` as on arrival. Gives the number of rows packed.
 */
export async function packHours(db: PackedDb, hour: number, pause: Pause): Promise<number> {
  const waiting = await collectRows(db, hour, pause);
  let count = 0;
  for (const target of waiting.values()) {
    await packTarget(db, target, pause);
    count += target.rows.length;
  }
  await deleteRows(db, hour, pause);
  return count;
}

async function collectRows(db: PackedDb, hour: number, pause: Pause): Promise<Map<number, WaitingTarget>> {
  const packedHours = new Map<number, { id: string; packedHour: number }>();
  for (const [number, id, packed] of db.rows<[number, Uint8Array, number | null]>(
    'SELECT id, name, packed_hour FROM target',
  )) {
    packedHours.set(number, { id: unsealText(id), packedHour: packed ?? Number.NEGATIVE_INFINITY });
  }
  const waiting = new Map<number, WaitingTarget>();
  for (let seq = 0; ; ) {
    const rows = db.rows<[number, number, number, Uint8Array]>(
      'SELECT seq, target, at_ms, data FROM scrape WHERE seq > ? AND at_ms < ? ORDER BY seq LIMIT ?',
      seq,
      (hour + 1) * HOUR_MS,
      ROWS_A_SLICE,
    );
    for (const [rowSeq, number, atMs, data] of rows) {
      seq = rowSeq;
      const known = packedHours.get(number);
      if (known === undefined || hourOf(atMs) <= known.packedHour) continue;
      const target = waiting.get(number) ?? { number, id: known.id, rows: [] };
      target.rows.push(data);
      waiting.set(number, target);
    }
    if (rows.length < ROWS_A_SLICE) return waiting;
    await pause();
  }
}

async function packTarget(db: PackedDb, target: WaitingTarget, pause: Pause): Promise<void> {
  const registry = loadSeries(db, target);
  const saved = db.row<[Uint8Array | null]>('SELECT saved FROM target WHERE id = ?', target.number)?.[0];
  const head = new TargetHead(
    target.id,
    registry,
    saved == null ? NEW_TARGET : JSON.parse(unsealText(saved)),
  );
  let sliced = 0;
  for (const data of target.rows) {
    sliced += head.ingest(readScrapeRow(data)).taken;
    if (sliced < SAMPLES_A_SLICE) continue;
    sliced = 0;
    await pause();
  }
  const packed: PackedRows = { visits: [], chunk: [], recent: [] };
  for (const rows of head.hours) await packHour(packed, rows, head, target.number, pause);
  const touched = new Set(head.hours.flatMap((rows) => [...rows.seriesIds()]));
  db.transaction(() => {
    for (const table of ['visits', 'chunk', 'recent'] as const) db.put(table, packed[table]);
    db.saveSeries(
      [...touched].flatMap((id) => {
        const series = registry.byId(id);
        if (series === undefined || series.lastAtMs === null) return [];
        const state: SavedSeries = { last: [series.lastAtMs, series.lastValue], counter: series.state };
        return [[id, text(JSON.stringify(state))] as const];
      }),
    );
    const packedHour = head.lastVisitMs === null ? null : hourOf(head.lastVisitMs);
    const state = text(JSON.stringify(head.save()));
    db.run('UPDATE target SET saved = ?, packed_hour = ? WHERE id = ?', state, packedHour, target.number);
  });
  await pause();
}

/** Packs every series of one hour, a few at a time. */
async function packHour(
  into: PackedRows,
  rows: HourRows,
  head: TargetHead,
  number: number,
  pause: Pause,
): Promise<void> {
  into.visits.push([timeKey(rows.hour, number), packVisits(rows)]);
  let sliced = 0;
  for (const id of rows.seriesIds()) {
    const series = head.registry.byId(id);
    const hour = series === undefined ? null : rows.readSeries(id, series.counter);
    if (hour === null) continue;
    into.chunk.push([timeKey(rows.hour, id), packChunk(hour)]);
    const blocks = packGrid(blocksOf(hour, rows.hour, head.maxIntervalMs), hour.counter);
    if (blocks !== null) into.recent.push([recentKey(id, rows.hour), blocks]);
    sliced += 1;
    if (sliced % SERIES_A_SLICE === 0) await pause();
  }
}

/** Blocks that the samples of one hour add to, with those before the hour that its first increments reach. */
export function blocksOf(hour: SeriesHour, hourNumber: number, maxIntervalMs: number): Grid {
  const endMs = (hourNumber + 1) * HOUR_MS;
  const firstMs = hourNumber * HOUR_MS - reachMs(maxIntervalMs);
  const startMs = alignDown(firstMs, BLOCK_MS);
  const grid = new Grid(startMs, BLOCK_MS, (endMs - startMs) / BLOCK_MS);
  feedHour(grid, hour);
  return grid;
}

function loadSeries(db: PackedDb, target: WaitingTarget): Registry {
  const registry = new Registry();
  const rows = db.rows<[number, Uint8Array, number, Uint8Array | null]>(
    'SELECT id, name, counter, saved FROM series WHERE target = ?',
    target.number,
  );
  for (const [id, name, counter, saved] of rows) {
    const state = saved === null ? { last: null, counter: null } : JSON.parse(unsealText(saved));
    registry.restore({ id, targetId: target.id, ...readSeriesName(name) }, counter === 1, state);
  }
  return registry;
}

/** Every row of these hours is packed now, so whole stretches go. */
async function deleteRows(db: PackedDb, hour: number, pause: Pause): Promise<void> {
  const [first, last] = db.row<[number | null, number | null]>('SELECT min(seq), max(seq) FROM scrape') ?? [];
  if (first == null || last == null) return;
  for (let seq = first; seq <= last; seq += ROWS_A_SLICE) {
    db.run(
      'DELETE FROM scrape WHERE seq >= ? AND seq < ? AND at_ms < ?',
      seq,
      seq + ROWS_A_SLICE,
      (hour + 1) * HOUR_MS,
    );
    await pause();
  }
}

/** Moves recent blocks of hours up to and with `hour` into the rows of their days, some series a transaction. */
export async function foldDays(
  db: PackedDb,
  hour: number,
  pause: Pause,
  changed: (key: number) => void,
): Promise<void> {
  for (let afterKey = -1; ; ) {
    const rows = db.rows<[number, Uint8Array]>(
      'SELECT key, data FROM recent WHERE key > ? ORDER BY key LIMIT ?',
      afterKey,
      ROWS_A_SLICE / 2,
    );
    const lastKey = rows.at(-1)?.[0];
    if (lastKey === undefined) return;
    // The last series of a slice may be cut in two: its other hours are added in the next transaction.
    const due = rows.filter(([key]) => splitRecentKey(key).hour <= hour);
    if (due.length > 0) db.transaction(() => foldRows(db, due, changed));
    afterKey = lastKey;
    await pause();
  }
}

function foldRows(db: PackedDb, rows: readonly KeyedRow[], changed: (key: number) => void): void {
  const unpacked = rows.map(([key, data]) => ({ ...splitRecentKey(key), ...unpackGrid(data) }));
  const days = loadDays(
    db,
    unpacked.flatMap(({ seriesId, grid }) =>
      filledAt(grid).map((atMs) => ({ key: timeKey(Math.floor(atMs / DAY_MS), seriesId), atMs })),
    ),
  );
  const counters = new Map<number, boolean>();
  for (const { seriesId, grid, counter } of unpacked) {
    for (let i = 0; i < grid.length; i++) {
      if (grid.isEmpty(i)) continue;
      const atMs = grid.startMs + i * BLOCK_MS;
      const key = timeKey(Math.floor(atMs / DAY_MS), seriesId);
      const day = days.get(key);
      day?.addBucket(day.indexOf(atMs), grid, i);
      counters.set(key, counter);
    }
  }
  db.deleteKeys(
    'recent',
    rows.map(([key]) => key),
  );
  putDays(db, days, (key) => counters.get(key) ?? false, changed);
}

/** Beginnings of the blocks that hold something. */
export function filledAt(grid: Grid): number[] {
  const found: number[] = [];
  for (let i = 0; i < grid.length; i++) if (!grid.isEmpty(i)) found.push(grid.startMs + i * BLOCK_MS);
  return found;
}

/** Blocks of the days that hold these times, by key, as they are kept; empty ones where there is no row. */
export function loadDays(db: PackedDb, wanted: readonly { key: number; atMs: number }[]): Map<number, Grid> {
  const times = new Map(wanted.map(({ key, atMs }) => [key, atMs]));
  const rows = db.byKeys('block', [...times.keys()]);
  return new Map(
    [...times].map(([key, atMs]) => {
      const data = rows.get(key);
      const grid =
        data === undefined
          ? new Grid(alignDown(atMs, DAY_MS), BLOCK_MS, BLOCKS_A_DAY)
          : unpackGrid(data).grid;
      return [key, grid] as const;
    }),
  );
}

/** Writes days back, and says which rows are new. */
export function putDays(
  db: PackedDb,
  days: ReadonlyMap<number, Grid>,
  counterOf: (key: number) => boolean,
  changed: (key: number) => void,
): void {
  const packed = [...days].flatMap(([key, grid]): KeyedRow[] => {
    const data = packGrid(grid, counterOf(key));
    return data === null ? [] : [[key, data]];
  });
  db.put('block', packed);
  for (const key of days.keys()) changed(key);
}
