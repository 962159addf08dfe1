import { type AlertBook, type AlertEntry, type AlertEvent, withEvents } from './alert-book.ts';
import { type Maintenance, notOver } from './maintenance.ts';
import { noteOf, withNotes } from './tell.ts';

// What people do to alerts. Each gives the book afterwards, or null when there is nothing open under that id.

/** Somebody has taken it up; whoever was told of it is told so. */
export function acknowledge(book: AlertBook, id: string, by: string | null, nowMs: number): AlertBook | null {
  const entry = openEntry(book, id);
  if (entry === null) return null;
  if (entry.acknowledged !== null) return book;
  const taken = { ...entry, acknowledged: { by, atMs: nowMs } };
  const notes = entry.toldMs === null ? [] : [noteOf(entry, 'acknowledged', nowMs, { by })];
  return withNotes(
    {
      ...book,
      entries: { ...book.entries, [id]: taken },
      events: withEvents(book.events, [eventBy(entry, 'acknowledged', by, nowMs, null)]),
    },
    notes,
  );
}

/** It is not to be told before `untilMs`; it is evaluated all the same. */
export function silence(
  book: AlertBook,
  id: string,
  untilMs: number,
  by: string | null,
  nowMs: number,
): AlertBook | null {
  const entry = openEntry(book, id);
  if (entry === null) return null;
  return {
    ...book,
    silences: { ...book.silences, [id]: untilMs },
    events: withEvents(book.events, [eventBy(entry, 'silenced', by, nowMs, untilMs)]),
  };
}

/** Ends a silence. */
export function wake(book: AlertBook, id: string, by: string | null, nowMs: number): AlertBook | null {
  const entry = openEntry(book, id);
  if (entry === null) return null;
  if (!Object.hasOwn(book.silences, id)) return book;
  const { [id]: _, ...silences } = book.silences;
  const events = withEvents(book.events, [eventBy(entry, 'woken', by, nowMs, null)]);
  return { ...book, silences, events };
}

/** The book with one window more. Whether it may be is asked before: `maintenanceFault`. */
export function planMaintenance(book: AlertBook, planned: Maintenance, nowMs: number): AlertBook {
  return { ...book, maintenance: [...notOver(book.maintenance, nowMs), planned] };
}

/** Ends a window, or calls it off. Null when none of that id runs or is to come. */
export function endMaintenance(book: AlertBook, id: string, nowMs: number): AlertBook | null {
  const planned = notOver(book.maintenance, nowMs);
  const rest = planned.filter(({ id: known }) => known !== id);
  return rest.length === planned.length ? null : { ...book, maintenance: rest };
}

function openEntry(book: AlertBook, id: string): AlertEntry | null {
  const entry = Object.hasOwn(book.entries, id) ? book.entries[id] : undefined;
  return entry === undefined || entry.track.state === 'resolved' ? null : entry;
}

function eventBy(
  { id, title }: AlertEntry,
  what: AlertEvent['what'],
  by: string | null,
  atMs: number,
  untilMs: number | null,
): AlertEvent {
  return { atMs, id, title, what, by, untilMs };
}
