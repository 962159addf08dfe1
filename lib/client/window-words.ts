import type { NamedRange } from '@/lib/core/time/named-range.ts';
import { type Comparison, comparisonOffsetMs, type PageWindow } from '@/lib/core/time/page-window.ts';
import { DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { formatClock, formatDate } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';

/** Below it seconds are told: two minutes of a zoom would else both read `20:40`. */
const SECONDS_BELOW_MS = 10 * MINUTE_MS;

/** How a preset reads on a button, and aloud. */
export const RANGE_WORDS: Record<NamedRange, { short: string; long: string }> = {
  '5m': { short: 'Last 5 m', long: 'Last 5 minutes' },
  '15m': { short: 'Last 15 m', long: 'Last 15 minutes' },
  '1h': { short: 'Last 1 h', long: 'Last hour' },
  '3h': { short: 'Last 3 h', long: 'Last 3 hours' },
  '6h': { short: 'Last 6 h', long: 'Last 6 hours' },
  '24h': { short: 'Last 24 h', long: 'Last 24 hours' },
  '7d': { short: 'Last 7 d', long: 'Last 7 days' },
};

/**
 * A span of time as short as it stays exact: `16:00–20:40Z` on the day of `nowMs`, `9 Apr 16:00–20:40Z` on another,
 * `9 Apr 16:00 – 10 Apr 02:00Z` over midnight. Without the Z in any other zone than UTC.
 */
export function rangeText({ startMs, endMs }: TimeRange, zone: Zone, nowMs: number): string {
  const [startDay, endDay] = [formatDate(startMs, zone), formatDate(endMs, zone)];
  const isShort = endMs - startMs < SECONDS_BELOW_MS;
  const precision = isShort && (startMs % MINUTE_MS !== 0 || endMs % MINUTE_MS !== 0) ? 'seconds' : 'minutes';
  const from = formatClock(startMs, precision, zone).replace(/Z$/, '');
  const to = formatClock(endMs, precision, zone);
  if (startDay !== endDay) return `${startDay} ${from} – ${endDay} ${to}`;
  return endDay === formatDate(nowMs, zone) && nowMs - endMs < DAY_MS
    ? `${from}–${to}`
    : `${startDay} ${from}–${to}`;
}

/** The same where there is little room: a span over midnight tells only its days. */
export function shortRangeText({ startMs, endMs }: TimeRange, zone: Zone, nowMs: number): string {
  const [startDay, endDay] = [formatDate(startMs, zone), formatDate(endMs, zone)];
  return startDay === endDay ? rangeText({ startMs, endMs }, zone, nowMs) : `${startDay} – ${endDay}`;
}

/** A window as the header's button says it. */
export function windowText(window: PageWindow, zone: Zone, nowMs: number): string {
  return window.kind === 'live' ? RANGE_WORDS[window.name].short : rangeText(window, zone, nowMs);
}

/** What a comparison is called: as a choice, and on the button. */
export const COMPARISON_WORDS: Record<Comparison, { long: string; short: string }> = {
  before: { long: 'The time right before', short: 'vs right before' },
  day: { long: 'A day before', short: 'vs a day before' },
  week: { long: 'A week before', short: 'vs a week before' },
};

/** When the second window was. */
export function comparisonText(comparison: Comparison, range: TimeRange, zone: Zone, nowMs: number): string {
  const offsetMs = comparisonOffsetMs(comparison, range);
  return rangeText({ startMs: range.startMs - offsetMs, endMs: range.endMs - offsetMs }, zone, nowMs);
}

/** A zone as a word beside a clock: `UTC`, or the city of the viewer's zone. */
export function zoneText(zone: Zone, isLocal: boolean): string {
  if (!isLocal) return 'UTC';
  const city = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
  // A viewer who lives by UTC should still see that the switch is on.
  return city === 'UTC' || city === '' ? 'Local' : city;
}
