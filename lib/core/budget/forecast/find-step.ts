/** At least twice or half of what is usual at these hours. */
const LEAST_OFF = Math.log(2);
/** And so many times as far off as nine of ten hours of the week before were. */
const TIMES_USUAL = 1.5;
/** Fewer hours may be a burst; older steps have become what is usual. */
const LEAST_HOURS = 2;
const MOST_DAYS = 7;
const DAY = 24;

/**
 * For how many hours use has been at another level than in the days before, without a break and all in one direction:
 * a step that nobody told of. Null where there is none, or too little to tell.
 */
export function findStep(hours: readonly (number | null)[]): number | null {
  for (let days = MOST_DAYS; days >= 1; days -= 1) {
    const shortest = Math.max(LEAST_HOURS, (days - 1) * DAY + 1);
    const asked = { first: days + 1, most: days * DAY };
    const off = runOf(hours, { ...asked, least: LEAST_OFF });
    if (off < shortest) continue;
    const usual = usualOff(hours.slice(0, hours.length - off));
    if (usual === null) continue;
    const run = runOf(hours, { ...asked, least: Math.max(LEAST_OFF, TIMES_USUAL * usual) });
    if (run >= shortest) return run;
  }
  return null;
}

/** A deploy is a step of the level once use is off by this, and by more than nine of ten hours are anyway. */
const LEAST_OFF_TOLD = Math.log(1.2);

/** Whether use has been at another level for `since` hours, as a deploy then may have made it. */
export function isStep(hours: readonly (number | null)[], since: number): boolean {
  const first = 1 + Math.ceil(since / DAY);
  const offs: number[] = [];
  for (let at = hours.length - Math.min(since, DAY); at < hours.length; at += 1) {
    const off = offAt(hours, at, first);
    if (off !== null) offs.push(off);
  }
  const usual = usualOff(hours.slice(0, hours.length - since));
  if (offs.length === 0 || usual === null) return offs.length === 0;
  const mean = offs.reduce((sum, off) => sum + off, 0) / offs.length;
  return Math.abs(mean) >= Math.max(LEAST_OFF_TOLD, usual);
}

/** Hours at the end that are off by at least `least` of the days that lie `first` days back and more. */
function runOf(
  hours: readonly (number | null)[],
  { first, most, least }: { first: number; most: number; least: number },
): number {
  let run = 0;
  let sign = 0;
  for (let at = hours.length - 1; at >= 0 && run < most; at -= 1) {
    const off = offAt(hours, at, first);
    if (off === null || Math.abs(off) < least || (sign !== 0 && Math.sign(off) !== sign)) break;
    sign = Math.sign(off);
    run += 1;
  }
  return run;
}

/** How far an hour is off the same hour of the days before it, as a logarithm. */
function offAt(hours: readonly (number | null)[], at: number, first: number): number | null {
  const value = hours[at] ?? null;
  if (value === null) return null;
  let sum = 0;
  let known = 0;
  for (let back = first; back < first + MOST_DAYS; back += 1) {
    const before = hours[at - back * DAY] ?? null;
    if (before === null) continue;
    sum += before;
    known += 1;
  }
  const mean = sum / known;
  if (known === 0 || !(mean > 0)) return null;
  // What is next to nothing is far off, and not infinitely far.
  return Math.log(Math.max(value, mean / 1_000) / mean);
}

/** How far off nine of ten hours of the last week in here were; null without a day of them. */
function usualOff(hours: readonly (number | null)[]): number | null {
  const offs: number[] = [];
  for (let at = hours.length - 1; at >= Math.max(DAY, hours.length - MOST_DAYS * DAY); at -= 1) {
    const off = offAt(hours, at, 1);
    if (off !== null) offs.push(Math.abs(off));
  }
  if (offs.length < DAY) return null;
  offs.sort((a, b) => a - b);
  return offs[Math.floor(0.9 * offs.length)] ?? null;
}
