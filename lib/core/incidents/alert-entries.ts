import { type AlertEvent, MOST_EVENTS } from '../alerts/alert-book.ts';
import type { AlertState } from '../model/alert.ts';
import { alignDown, HOUR_MS, type TimeRange } from '../time/range.ts';
import { formatStamp } from '../units/clock.ts';
import type { FoundEntry } from './add-entries.ts';
import { isIn } from './incident-facts.ts';

/** An alert is told so often in one hour of the clock; then once that it keeps coming and going, and no more of it. */
const MOST_AN_HOUR = 3;

/** What alerts did, and what people did to them. An alert that flaps stays a few lines an hour. */
export function alertEntries(
  events: readonly AlertEvent[],
  details: Readonly<Record<string, string>>,
  range: TimeRange,
): FoundEntry[] {
  const firings = new Map<string, number>();
  return wholeHours(events).flatMap((event): FoundEntry[] => {
    const { id, atMs, what } = event;
    const hour = `${id}\n${alignDown(atMs, HOUR_MS)}`;
    if (what === 'firing') firings.set(hour, (firings.get(hour) ?? 0) + 1);
    const times = firings.get(hour) ?? 0;
    const words = wordsOf(event);
    if (words === null || !isIn(atMs, range)) return [];
    const isByHand = what === 'acknowledged' || what === 'silenced' || what === 'woken';
    if (times > MOST_AN_HOUR && !isByHand) {
      const isFirstTooMany = what === 'firing' && times === MOST_AN_HOUR + 1;
      return isFirstTooMany ? [flapping(event)] : [];
    }
    const detail = what === 'firing' ? (details[`${id}:${atMs}`] ?? null) : null;
    return [
      {
        id: `alert:${id}:${what}:${atMs}`,
        atMs,
        fact: { kind: 'alert', alertId: id, state: words.state },
        title: words.title,
        detail,
        by: event.by,
      },
    ];
  });
}

/** Of a book that is full the oldest hour may be a part: how often an alert fired in it is not known any more. */
function wholeHours(events: readonly AlertEvent[]): readonly AlertEvent[] {
  const [first] = events;
  if (first === undefined || events.length < MOST_EVENTS) return events;
  const fromMs = alignDown(first.atMs, HOUR_MS) + HOUR_MS;
  return events.filter(({ atMs }) => atMs >= fromMs);
}

function flapping({ id, atMs, title }: AlertEvent): FoundEntry {
  return {
    id: `alert:${id}:flapping:${alignDown(atMs, HOUR_MS)}`,
    atMs,
    fact: { kind: 'alert', alertId: id, state: 'firing' },
    title: `Keeps coming and going: ${title}`,
    detail: `fired ${MOST_AN_HOUR + 1} times within the hour; the rest of this hour is left out here`,
    by: null,
  };
}

/** Null for what is not worth a line. */
function wordsOf({ what, title, untilMs }: AlertEvent): { state: AlertState; title: string } | null {
  switch (what) {
    case 'firing':
      return { state: 'firing', title };
    case 'resolved':
      return { state: 'resolved', title: `Over: ${title}` };
    case 'acknowledged':
      return { state: 'firing', title: `Taken up: ${title}` };
    case 'silenced':
      return {
        state: 'firing',
        title: `Silenced${untilMs === null ? '' : ` until ${formatStamp(untilMs)}`}: ${title}`,
      };
    case 'woken':
      return { state: 'firing', title: `Not silenced any more: ${title}` };
    case 'retired':
      return { state: 'inactive', title: `Not watched any more: ${title}` };
    case 'recovering':
      return null;
    default:
      return what satisfies never;
  }
}
