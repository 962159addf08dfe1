import 'server-only';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { iso, type Message, messageOf } from './message.ts';
import type { OutboxEntry } from './outbox-rows.ts';

/** What has waited for longer is late: nobody wants to read it one by one. */
const LATE_MS = 5 * MINUTE_MS;
/** So many late messages still go one by one. */
const MOST_SINGLE = 5;
/** About 150 KB as JSON. */
const MOST_ITEMS = 500;

/** What of a line goes as one message now; null while all of it goes one by one and nothing was lost. Oldest first. */
export function digestOf(
  entries: readonly OutboxEntry[],
  lost: number,
  nowMs: number,
): readonly OutboxEntry[] | null {
  const single = entries.filter(({ type }) => type !== 'digest');
  const late = single.filter(({ createdMs }) => nowMs - createdMs > LATE_MS);
  if (late.length <= MOST_SINGLE && lost === 0) return null;
  // With its late part goes all of an incident: what came after must not overtake it.
  const incidents = new Set(late.map(({ incident }) => incident));
  return single.filter(({ incident }) => incidents.has(incident)).slice(0, MOST_ITEMS);
}

/** One message in place of many, and of `lost` older ones that nobody took in time. Its id is made of theirs. */
export function digestMessage(
  covers: readonly OutboxEntry[],
  lost: { count: number; lastMs: number | null },
  nowMs: number,
): Message {
  const name = `digest of ${covers.map(({ id }) => id).join(' ')} and ${lost.count} until ${lost.lastMs}`;
  const items = covers.map(({ id, type, atMs, about, severity, incident }) => ({
    ...{ id, type, about, severity, incident },
    at: iso(atMs),
  }));
  return messageOf(
    name,
    { type: 'digest', timestamp: iso(nowMs), data: { items, lost: lost.count } },
    { about: `${covers.length + lost.count} messages as one`, incident: name.slice(0, 60) },
  );
}
