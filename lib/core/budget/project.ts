import { DAY_MS } from '../time/range.ts';
import { type Acts, scaleActs } from './acts.ts';

/** What a whole day costs when every visit costs as much as the latest ones did; null before a visit was measured. */
export function projectDay(perVisit: Acts | null, everyMs: number): Acts | null {
  return perVisit === null || everyMs <= 0 ? null : scaleActs(perVisit, DAY_MS / everyMs);
}
