import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import type { AlertView } from '@/lib/core/model/alert.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

/** A time as it is said now: `20:34Z`, and with its date where it is a day or more away. */
export function timeText(atMs: number, nowMs: number, zone: Zone): string {
  return (Math.abs(atMs - nowMs) < DAY_MS ? formatClock : formatStamp)(atMs, 'minutes', zone);
}

/** What holds an alert back: `silenced until 22:10Z, maintenance: cache is moved`; null where nothing does. */
export function heldText(alert: AlertView, nowMs: number, zone: Zone): string | null {
  const { silencedUntilMs, silencedBy, inhibitedBy } = alert;
  if (inhibitedBy !== null) return `inhibited: ${inhibitedBy}`;
  if (silencedUntilMs === null || silencedUntilMs <= nowMs) return null;
  const by = silencedBy === null ? '' : `, ${silencedBy}`;
  return `silenced until ${timeText(silencedUntilMs, nowMs, zone)}${by}`;
}

/** Who has taken it up: `acknowledged by Ana at 20:34Z`; null while nobody has. */
export function acknowledgedText({ acknowledged }: AlertView, nowMs: number, zone: Zone): string | null {
  if (acknowledged === null) return null;
  const by = acknowledged.by === null ? '' : ` by ${acknowledged.by}`;
  return `acknowledged${by} at ${timeText(acknowledged.atMs, nowMs, zone)}`;
}

const EVENT_WORDS: Record<AlertEvent['what'], string> = {
  firing: 'Fired',
  recovering: 'Began to clear',
  resolved: 'Resolved',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  woken: 'Woken',
  retired: 'No longer watched',
};

/** What happened to an alert: `Silenced until 21:34Z by somebody with the password`. */
export function eventText({ what, by, untilMs, atMs }: AlertEvent, zone: Zone): string {
  const until = untilMs === null ? '' : ` until ${timeText(untilMs, atMs, zone)}`;
  return `${EVENT_WORDS[what]}${until}${by === null ? '' : ` by ${by}`}`;
}
