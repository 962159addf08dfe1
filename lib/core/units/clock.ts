import { MINUS, NO_DATA } from './decimal.ts';
import { localTime, readsAsUtc, type Zone } from './zone.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

type Precision = 'minutes' | 'seconds';

const two = (value: number) => String(value).padStart(2, '0');

/** Time of day: `20:34Z` or `20:34:05Z` in UTC, without the Z in any other zone. Null: `–`. */
export function formatClock(
  atMs: number | null,
  precision: Precision = 'minutes',
  zone: Zone = 'UTC',
): string {
  const local = atMs === null ? null : localTime(atMs, zone);
  if (local === null) return NO_DATA;
  const text = [local.hour, local.minute, ...(precision === 'seconds' ? [local.second] : [])]
    .map(two)
    .join(':');
  return readsAsUtc(zone) ? `${text}Z` : text;
}

/** Date without the year: `9 Apr`. Null: `–`. */
export function formatDate(atMs: number | null, zone: Zone = 'UTC'): string {
  const local = atMs === null ? null : localTime(atMs, zone);
  return local === null ? NO_DATA : `${local.day} ${MONTHS[local.month - 1] ?? ''}`;
}

/** Date and time of day: `9 Apr 20:34Z`; without the Z in any other zone than UTC. Null: `–`. */
export function formatStamp(
  atMs: number | null,
  precision: Precision = 'minutes',
  zone: Zone = 'UTC',
): string {
  const date = formatDate(atMs, zone);
  return date === NO_DATA ? date : `${date} ${formatClock(atMs, precision, zone)}`;
}

/** With its year, for what is filed and read much later: `9 Apr 2026 20:34Z`. Null: `–`. */
export function formatFullStamp(atMs: number | null, zone: Zone = 'UTC'): string {
  const local = atMs === null ? null : localTime(atMs, zone);
  if (local === null) return NO_DATA;
  return `${formatDate(atMs, zone)} ${local.year} ${formatClock(atMs, 'minutes', zone)}`;
}

/** Time since (or until) the deploy that is followed, to the minute: `T+02:40`, `T−02:07`. Null: `–`. */
export function formatSinceOrigin(atMs: number | null, originMs: number | null): string {
  if (atMs === null || originMs === null || !Number.isFinite(atMs - originMs)) return NO_DATA;
  const minutes = Math.trunc((atMs - originMs) / 60_000);
  const size = Math.abs(minutes);
  return `T${minutes < 0 ? MINUS : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
