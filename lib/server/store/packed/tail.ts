import 'server-only';
import { unsealText } from '../codec/sealed.ts';
import { loadSeries, loadTargets, readRows } from './load.ts';
import type { PackedDb } from './packed-db.ts';
import type { Calls, PackedSeries } from './protocol.ts';
import { PackedReader } from './reader.ts';

/** What the one who leads has done since, all of it as of one moment. */
export function readTail(db: PackedDb, after: Calls['tail']['ask']): Calls['tail']['answer'] {
  return db.snapshot(() => {
    const state = db.rows<[Uint8Array, number]>(
      'SELECT key, changed FROM state WHERE changed > ? ORDER BY changed',
      after.changed,
    );
    return {
      token: db.row<[number]>('SELECT token FROM lease WHERE name = ?', 'leader')?.[0] ?? 0,
      targets: loadTargets(db, after.target),
      series: loadSeries(db, after.series),
      ...readRows(db, after.seq),
      packed: db.rows<[number, number]>('SELECT id, packed_hour FROM target WHERE packed_hour IS NOT NULL'),
      keys: state.map(([key]) => unsealText(key)),
      changed: state.at(-1)?.[1] ?? after.changed,
    };
  });
}

/** The hours that the asker takes for packed are no longer those that are: it has to read the tail, and ask again. */
export class MovedError extends Error {
  override readonly name = 'MovedError';
  readonly code = 'MOVED';
}

/**
 * Grids for one that follows. Another process packs and folds meanwhile, so that everything is read as of one moment,
 * at which the packed hours must be those that the asker has left out of its own part. Throws `MovedError`.
 */
export function readGridsBeside(db: PackedDb, ask: Calls['grids']['ask']): Float64Array {
  return db.snapshot(() => {
    checkHours(db, ask.series);
    // What a reader keeps of days would grow old.
    return new PackedReader(db).grids(ask);
  });
}

function checkHours(db: PackedDb, series: readonly PackedSeries[]): void {
  const packed = new Map(db.rows<[number, number | null]>('SELECT id, packed_hour FROM target'));
  for (const { target, packedHour } of series) {
    // Backfilled series belong to no target's hours.
    if (target !== 0 && packed.get(target) !== packedHour)
      throw new MovedError('hours were packed meanwhile');
  }
}
