/** Factors by which people mistake a unit, a window or a price: an hour for three, a day for 3 h, a cent for a dime. */
const UNIT_FACTORS = [3, 7, 8, 10, 12, 24, 30, 60, 100, 365, 1_000, 1_024, 1_440, 3_600, 86_400];
const NEAR_FACTOR = 1.2;
/** Below this a stated level and a measured one differ as months do. */
const OFF_FACTOR = 2.5;

/**
 * How the level before a deploy fits what was measured. `unit`: off by a factor that is a mistaken unit, so that the level
 * after it is off too, and only the ratio of the two can be meant. `part`: it was far less than all that the metric counts.
 */
export function fitOf(stated: number | null, usual: number | null): 'fits' | 'unit' | 'part' {
  if (stated === null || usual === null || stated <= 0 || usual <= 0) return 'fits';
  const off = Math.max(stated / usual, usual / stated);
  if (off < OFF_FACTOR) return 'fits';
  if (UNIT_FACTORS.some((factor) => Math.max(off / factor, factor / off) <= NEAR_FACTOR)) return 'unit';
  return stated < usual ? 'part' : 'fits';
}
