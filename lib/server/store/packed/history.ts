import 'server-only';
import { BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { GRID_COLUMNS, Grid } from '../grid.ts';
import { timeKey } from './keys.ts';
import type { PackedDb } from './packed-db.ts';
import { filledAt, loadDays, type Pause, putDays } from './packer.ts';
import type { Calls } from './protocol.ts';

/**
 * Writes backfilled blocks, one series a transaction. A block replaces the one that was there unless it covers less of
 * its time: the first and the last block of a reading are often cut.
 */
export async function writeHistory(
  db: PackedDb,
  { grids, memory }: Calls['history']['ask'],
  pause: Pause,
  changed: (key: number) => void,
): Promise<void> {
  let offset = 0;
  for (const { id, counter, startMs, length } of grids) {
    const size = length * GRID_COLUMNS.length;
    const grid = new Grid(startMs, BLOCK_MS, length, memory.subarray(offset, offset + size));
    offset += size;
    db.transaction(() => writeDays(db, id, counter, grid, changed));
    await pause();
  }
}

function writeDays(
  db: PackedDb,
  id: number,
  counter: boolean,
  grid: Grid,
  changed: (key: number) => void,
): void {
  const keyOf = (atMs: number) => timeKey(Math.floor(atMs / DAY_MS), id);
  const days = loadDays(
    db,
    filledAt(grid).map((atMs) => ({ key: keyOf(atMs), atMs })),
  );
  for (let index = 0; index < grid.length; index++) {
    if (grid.isEmpty(index)) continue;
    const atMs = grid.startMs + index * BLOCK_MS;
    const day = days.get(keyOf(atMs));
    day?.replaceBucket(day.indexOf(atMs), grid, index);
  }
  putDays(db, days, () => counter, changed);
}
