import 'server-only';

/**
 * Upstash writes times as Go prints them: `2025-08-31 15:12:52.799480932 +0000 UTC`, with as many digits of a second
 * as there are (none on the full second), sometimes with a monotonic reading (`m=+0.1`) behind. RFC 3339 is read too.
 */
const SHAPE =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? ?(?:Z|([+-])(\d{2}):?(\d{2}))(?: [A-Z][A-Za-z0-9+-]{0,9}| [+-]\d{2,4})?(?: m=[+-][\d.]{1,24})?$/;
const MAX_CHARS = 80;

/** Such a time as Unix ms, cut to the millisecond; null for anything else, a day that no calendar has among it. */
export function parseUpstashTime(text: string): number | null {
  if (text.length > MAX_CHARS) return null;
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const part = (group: number) => Number(match[group] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 14 || part(10) > 59) return null;
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const back = new Date(local);
  // Date.UTC takes a year under 100 for one of the 1900s, and 31 April for 1 May.
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) {
    return null;
  }
  const offsetMs = (part(9) * 60 + part(10)) * 60_000;
  return match[8] === '-' ? local + offsetMs : local - offsetMs;
}
