import { DAY_MS } from '@/lib/core/time/range.ts';
import { type LocalTime, localTime, type Zone, zoneOffsetMs } from '@/lib/core/units/zone.ts';

const asUtc = ({ year, month, day, hour, minute, second }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/**
 * The instant at which a wall of `zone` shows this time; the first of two when clocks are set back, null when no wall
 * shows it: a 31 April, or the hour that is skipped when clocks are set forward.
 */
export function findInstant(wall: LocalTime, zone: Zone): number | null {
  const guessMs = asUtc(wall);
  // No zone changes its offset twice within two days, so the offsets of the day before and after are all that can hold.
  const offsets = [zoneOffsetMs(guessMs - DAY_MS, zone), zoneOffsetMs(guessMs + DAY_MS, zone)];
  const candidates = offsets.map((offset) => guessMs - offset).sort((a, b) => a - b);
  return candidates.find((atMs) => isShown(wall, localTime(atMs, zone))) ?? null;
}

function isShown(wall: LocalTime, shown: LocalTime | null): boolean {
  return shown !== null && PARTS.every((part) => wall[part] === shown[part]);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-04-09 20:40` in a zone, as a person types it; with seconds where they are not zero. Empty for no instant. */
export function writeWall(atMs: number, zone: Zone): string {
  const wall = localTime(atMs, zone);
  if (wall === null) return '';
  const { year, month, day, hour, minute, second } = wall;
  const seconds = second === 0 ? '' : `:${two(second)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}${seconds}`;
}
