import 'server-only';
import { unsealText } from '../codec/sealed.ts';
import { type PackedDb, readSeriesName } from './packed-db.ts';
import type { Calls, SeriesRow, Slice, TargetRow } from './protocol.ts';

const ROWS_A_READ = 500;

/** Targets that came after `afterNumber`, with what is known of each at the end of its packed hours. */
export function loadTargets(db: PackedDb, afterNumber = 0): TargetRow[] {
  return db
    .rows<[number, Uint8Array, number | null, Uint8Array | null]>(
      'SELECT id, name, packed_hour, saved FROM target WHERE id > ? ORDER BY id',
      afterNumber,
    )
    .map(([number, name, packedHour, saved]) => ({
      number,
      id: unsealText(name),
      packedHour,
      saved: saved === null ? null : unsealText(saved),
    }));
}

/** Series that came after `afterId`, oldest first. */
export function loadSeries(db: PackedDb, afterId = 0): SeriesRow[] {
  return db
    .rows<[number, number, Uint8Array, number, Uint8Array | null]>(
      'SELECT id, target, name, counter, saved FROM series WHERE id > ? ORDER BY id',
      afterId,
    )
    .map(([id, target, name, counter, saved]) => ({
      id,
      target,
      ...readSeriesName(name),
      counter: counter === 1,
      saved: saved === null ? null : unsealText(saved),
    }));
}

/** Some durable rows after `afterSeq`, oldest first. */
export function readRows(db: PackedDb, afterSeq: number): Calls['replay']['answer'] {
  const found = db.rows<[number, number, number, Uint8Array]>(
    'SELECT seq, target, at_ms, data FROM scrape WHERE seq > ? ORDER BY seq LIMIT ?',
    afterSeq,
    ROWS_A_READ,
  );
  const bytes = new Uint8Array(found.reduce((sum, [, , , data]) => sum + data.length, 0));
  const rows: Slice[] = [];
  let offset = 0;
  for (const [, target, atMs, data] of found) {
    bytes.set(data, offset);
    rows.push({ target, atMs, offset, length: data.length });
    offset += data.length;
  }
  const readSeq = found.at(-1)?.[0] ?? afterSeq;
  const isWhole = readSeq - afterSeq === found.length;
  return { rows, bytes, readSeq, isEnd: found.length < ROWS_A_READ, isWhole };
}
