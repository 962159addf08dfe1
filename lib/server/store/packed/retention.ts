import 'server-only';
import { alignDown, HOUR_MS } from '@/lib/core/time/range.ts';
import { packGrid, unpackGrid } from '../codec/blocks.ts';
import { Grid } from '../grid.ts';
import { firstKeyOf, PERIOD_MS, recentKey, splitTimeKey, timeKey } from './keys.ts';
import type { KeyedRow, PackedDb } from './packed-db.ts';
import type { Pause } from './packer.ts';
import type { Calls } from './protocol.ts';

const ROWS_A_SLICE = 200;
const HOURS_A_PERIOD = PERIOD_MS / HOUR_MS;

/** Most that one run deletes, oldest first: a clock that jumps years ahead for a moment costs little. */
const MOST_A_RUN = { chunk: 24, visits: 24, block: 1, hourly: 1 } as const;

/** Deletes what retention says, whole hours, days and periods at a time; blocks leave their hourly sums behind. */
export async function expire(
  db: PackedDb,
  cutoffs: Calls['expire']['ask'],
  pause: Pause,
  changed: (key: number) => void,
): Promise<void> {
  for (const table of ['chunk', 'visits'] as const) {
    await deleteBefore(db, table, cutoffs.samplesHour, pause);
  }
  await foldHourly(db, cutoffs.blocksDay, pause, changed);
  await deleteBefore(db, 'hourly', cutoffs.hourlyPeriod, pause);
  await deleteSeries(db, cutoffs.seriesIds, pause);
}

/** One time after another, so that each deletion is one short stretch of the file. */
async function deleteBefore(
  db: PackedDb,
  table: 'chunk' | 'visits' | 'hourly',
  time: number,
  pause: Pause,
): Promise<void> {
  for (let run = 0; run < MOST_A_RUN[table]; run++) {
    const oldest = db.row<[number | null]>(`SELECT min(key) FROM ${table}`)?.[0];
    if (oldest == null || oldest >= firstKeyOf(time)) return;
    db.run(`DELETE FROM ${table} WHERE key < ?`, firstKeyOf(splitTimeKey(oldest).time + 1));
    await pause();
  }
}

async function foldHourly(
  db: PackedDb,
  day: number,
  pause: Pause,
  changed: (key: number) => void,
): Promise<void> {
  const oldest = db.row<[number | null]>('SELECT min(key) FROM block')?.[0];
  if (oldest == null) return;
  const endDay = Math.min(day, splitTimeKey(oldest).time + MOST_A_RUN.block);
  for (;;) {
    const rows = db.rows<[number, Uint8Array]>(
      'SELECT key, data FROM block WHERE key < ? ORDER BY key LIMIT ?',
      firstKeyOf(endDay),
      ROWS_A_SLICE,
    );
    if (rows.length === 0) return;
    db.transaction(() => foldSomeDays(db, rows));
    for (const [key] of rows) changed(key);
    await pause();
  }
}

function foldSomeDays(db: PackedDb, rows: readonly KeyedRow[]): void {
  const days = rows.map(([key, data]) => {
    const { grid, counter } = unpackGrid(data);
    return { grid, counter, key: timeKey(Math.floor(grid.startMs / PERIOD_MS), splitTimeKey(key).id) };
  });
  const kept = db.byKeys('hourly', [...new Set(days.map(({ key }) => key))]);
  const periods = new Map<number, { hours: Grid; counter: boolean }>();
  for (const { grid, counter, key } of days) {
    const data = kept.get(key);
    const known = periods.get(key)?.hours ?? (data === undefined ? null : unpackGrid(data).grid);
    const hours = known ?? new Grid(alignDown(grid.startMs, PERIOD_MS), HOUR_MS, HOURS_A_PERIOD);
    hours.addGrid(grid);
    periods.set(key, { hours, counter });
  }
  const packed = [...periods].flatMap(([key, { hours, counter }]): KeyedRow[] => {
    const data = packGrid(hours, counter);
    return data === null ? [] : [[key, data]];
  });
  db.put('hourly', packed);
  db.deleteKeys(
    'block',
    rows.map(([key]) => key),
  );
}

/** Series that have been silent for longer than anything is kept. */
async function deleteSeries(db: PackedDb, ids: readonly number[], pause: Pause): Promise<void> {
  for (const id of ids) {
    db.transaction(() => {
      db.run('DELETE FROM recent WHERE key BETWEEN ? AND ?', recentKey(id, 0), recentKey(id + 1, 0) - 1);
      db.run('DELETE FROM series WHERE id = ?', id);
    });
    await pause();
  }
}
