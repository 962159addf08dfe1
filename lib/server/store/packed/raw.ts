import 'server-only';
import { unpackChunk } from '../codec/chunk.ts';
import { unpackVisits } from '../codec/visits.ts';
import { joinHours } from '../sample-run.ts';
import type { SeriesHour } from '../series-hour.ts';
import { splitTimeKey, timeKey } from './keys.ts';
import type { PackedDb } from './packed-db.ts';
import type { Calls } from './protocol.ts';

/** Hours that are unpacked for one answer: few enough that neither thread is held up for 10 ms. */
const HOURS_A_SLICE = 12;

/** The first hour of which samples are kept; null while none is packed. */
export function oldestHour(db: PackedDb): number | null {
  const key = db.row<[number | null]>('SELECT min(key) FROM chunk')?.[0] ?? null;
  return key === null ? null : splitTimeKey(key).time;
}

/**
 * The next packed samples of one series at or after `fromHour`, some hours of them, and the hour to go on with; null
 * columns when there are none up to and with `toHour`.
 */
export function readRaw(db: PackedDb, ask: Calls['raw']['ask']): Calls['raw']['answer'] {
  const { series, target, startMs, endMs, toHour } = ask;
  let fromHour = ask.fromHour;
  while (fromHour <= toHour) {
    const lastHour = Math.min(toHour, fromHour + HOURS_A_SLICE - 1);
    const hours = readHours(db, series, target, fromHour, lastHour);
    fromHour = lastHour + 1;
    const columns = joinHours(hours, { startMs, endMs });
    if (columns !== null) return { columns, nextHour: fromHour };
  }
  return { columns: null, nextHour: fromHour };
}

function readHours(db: PackedDb, series: number, target: number, from: number, to: number): SeriesHour[] {
  const hours = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const chunks = db.byKeys(
    'chunk',
    hours.map((hour) => timeKey(hour, series)),
  );
  if (chunks.size === 0) return [];
  const held = hours.filter((hour) => chunks.has(timeKey(hour, series)));
  const visits = db.byKeys(
    'visits',
    held.map((hour) => timeKey(hour, target)),
  );
  return held.flatMap((hour) => {
    const data = chunks.get(timeKey(hour, series));
    const times = visits.get(timeKey(hour, target));
    return data === undefined || times === undefined ? [] : [unpackChunk(data, unpackVisits(times))];
  });
}
