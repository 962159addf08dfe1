/** Where clock times are read: UTC, or an IANA zone of the viewer such as `Europe/Berlin`. */
export type Zone = 'UTC' | (string & {});

/** A wall clock at one instant. */
export interface LocalTime {
  year: number;
  /** 1–12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Largest instant that a `Date` can hold. */
const MAX_MS = 8.64e15;

// Making a formatter costs far more than using it. Null stands for a name that nobody knows.
const formatters = new Map<string, Intl.DateTimeFormat | null>();
/** More names than there are zones: from here on they come from somebody who makes them up. */
const MAX_FORMATTERS = 700;

function formatterOf(zone: Zone): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null;
  try {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    made = null;
  }
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(zone, made);
  return made;
}

/** True for `UTC` and for names of the time zone database that this machine knows. */
export function isZone(text: string): boolean {
  return text === 'UTC' || (text !== '' && formatterOf(text) !== null);
}

/** True when times of this zone are written as UTC, with a Z: also for a name that nobody knows. */
export function readsAsUtc(zone: Zone): boolean {
  return !isZone(zone) || zone === 'UTC';
}

/** The wall clock of `zone` at an instant (Unix ms); UTC for an unknown zone, null for what is no instant. */
export function localTime(atMs: number, zone: Zone): LocalTime | null {
  if (!(Math.abs(atMs) <= MAX_MS)) return null;
  const formatter = zone === 'UTC' ? null : formatterOf(zone);
  if (formatter === null) {
    const date = new Date(atMs);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    };
  }
  const parts: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(atMs)) parts[type] = value;
  const year = Number(parts.year);
  return {
    year: parts.era === 'BC' ? 1 - year : year,
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
  };
}

/** How far the wall clock of `zone` is ahead of UTC at an instant, ms; 0 for an unknown zone or no instant. */
export function zoneOffsetMs(atMs: number, zone: Zone): number {
  if (readsAsUtc(zone)) return 0;
  const local = localTime(atMs, zone);
  if (local === null) return 0;
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  date.setUTCHours(local.hour, local.minute, local.second, 0);
  return date.getTime() - Math.floor(atMs / 1_000) * 1_000;
}
