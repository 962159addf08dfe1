import 'server-only';
import { BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { packGrid } from '../codec/blocks.ts';
import { GRID_COLUMNS, Grid } from '../grid.ts';
import { blob, type Connection } from './database.ts';
import { timeKey } from './keys.ts';
import { loadDay, type Pause } from './packer.ts';
import type { Calls } from './protocol.ts';

/**
 * Writes backfilled blocks, one series a transaction. A block replaces the one that was there unless it covers less of
 * its time: the first and the last block of a reading are often cut.
 */
export async function writeHistory(
  db: Connection,
  { grids, memory }: Calls['history']['ask'],
  pause: Pause,
  changed: (key: number) => void,
): Promise<void> {
  let offset = 0;
  for (const { id, counter, startMs, length } of grids) {
    const size = length * GRID_COLUMNS.length;
    const grid = new Grid(startMs, BLOCK_MS, length, memory.subarray(offset, offset + size));
    offset += size;
    db.transaction(() => {
      for (const key of writeDays(db, id, counter, grid)) changed(key);
    });
    await pause();
  }
}

/** Keys of the day rows that were written. */
function writeDays(db: Connection, id: number, counter: boolean, grid: Grid): number[] {
  const days = new Map<number, Grid>();
  for (let index = 0; index < grid.length; index++) {
    if (grid.isEmpty(index)) continue;
    const atMs = grid.startMs + index * BLOCK_MS;
    const key = timeKey(Math.floor(atMs / DAY_MS), id);
    const day = days.get(key) ?? loadDay(db, key, atMs);
    days.set(key, day);
    day.replaceBucket(day.indexOf(atMs), grid, index);
  }
  for (const [key, day] of days) {
    const data = packGrid(day, counter);
    if (data !== null) db.run('INSERT OR REPLACE INTO block (key, data) VALUES (?, ?)', key, blob(data));
  }
  return [...days.keys()];
}
