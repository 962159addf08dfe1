import type { AlertKind, AlertState } from '../model/alert.ts';
import type { AlertFacts } from './facts.ts';
import { type ListedPart, type Look, lookAround } from './look.ts';
import { type Maintenance, notOver } from './maintenance.ts';
import type { AlertNotice } from './notice.ts';
import type { AlertFinding, AlertRuleId } from './rules/rule.ts';
import type { AlertSettings } from './settings.ts';
import type { AlertTrack } from './step-alert.ts';
import { absentEntry, stepEntry, unknownEntry } from './step-entry.ts';
import { isHeldBack, type Note, noteOf, tell, withNotes } from './tell.ts';

/** One alert that is not inactive: its track, and the words of the last time it was seen. */
export interface AlertEntry {
  /** Rule, and after a colon its subject. */
  id: string;
  rule: AlertRuleId;
  kind: AlertKind;
  title: string;
  detail: string | null;
  source: string | null;
  inhibitedBy: string | null;
  means: AlertFinding['means'];
  /** The deploy that it comes from; null when it is tied to none. */
  release: string | null;
  track: AlertTrack;
  acknowledged: { by: string | null; atMs: number } | null;
  /** When the firing began of which others were told; null while nobody has been. */
  toldMs: number | null;
  /** Since when its rule speaks of it no more; null while it does, or can’t tell. */
  absentMs: number | null;
}

/** What happened to an alert: states from `firing` on, and what people did. */
export const ALERT_EVENTS = [
  'firing',
  'recovering',
  'resolved',
  'acknowledged',
  'silenced',
  'woken',
  'retired',
] as const;
export interface AlertEvent {
  atMs: number;
  id: string;
  title: string;
  what: (typeof ALERT_EVENTS)[number];
  /** Who did it; null for what the rule did by itself, and where people are not told apart. */
  by: string | null;
  /** End of a silence; null for everything else. */
  untilMs: number | null;
}

/** Everything that is remembered about the alerts of one scope. */
export interface AlertBook {
  entries: Readonly<Record<string, AlertEntry>>;
  /** Ends of silences by alert id: they outlive an alert that comes and goes. */
  silences: Readonly<Record<string, number>>;
  /** Oldest first. */
  events: readonly AlertEvent[];
  /** Planned times in which alerts are not told. */
  maintenance: readonly Maintenance[];
  /** What others are to be told, oldest first. */
  notices: readonly AlertNotice[];
  /** How many notices there ever were: the number of the last one. */
  noticed: number;
}

export const EMPTY_ALERTS: AlertBook = {
  ...{ entries: {}, silences: {}, events: [], maintenance: [] },
  ...{ notices: [], noticed: 0 },
};

export const MOST_EVENTS = 1_000;

/** One evaluation of every rule. The same instant again, or an earlier one, changes nothing but words. */
export function stepAlerts(
  book: AlertBook,
  facts: AlertFacts,
  settings: AlertSettings,
  unread?: ReadonlySet<ListedPart>,
): AlertBook {
  return stepLook(book, lookAround(facts, settings, unread), facts, settings);
}

/** The same for a look that was taken before. */
export function stepLook(
  book: AlertBook,
  { seen, blind }: Look,
  facts: AlertFacts,
  settings: Pick<AlertSettings, 'off'>,
): AlertBook {
  const { nowMs } = facts;
  const maintenance = notOver(book.maintenance, nowMs);
  const silences = Object.fromEntries(Object.entries(book.silences).filter(([, endMs]) => endMs > nowMs));
  const entries: Record<string, AlertEntry> = {};
  const events: AlertEvent[] = [];
  const notes: Note[] = [];
  const keep = (known: AlertEntry | null, stepped: AlertEntry): void => {
    const isHeld = isHeldBack({ silences, maintenance }, stepped, nowMs);
    const next = tell(stepped, isHeld, nowMs);
    notes.push(...next.notes);
    if (stepped.track.state !== 'inactive') entries[stepped.id] = next.entry;
    const what = eventOf(known?.track.state ?? 'inactive', stepped.track.state);
    if (what !== null) events.push(eventAt(stepped, what, nowMs));
  };
  const present = new Set<string>();
  for (const one of seen) {
    present.add(one.id);
    const known = Object.hasOwn(book.entries, one.id) ? (book.entries[one.id] ?? null) : null;
    keep(known, stepEntry(known, one, facts));
  }
  for (const known of Object.values(book.entries)) {
    if (present.has(known.id)) continue;
    const waiting = blind.has(known.rule) ? unknownEntry(known, nowMs) : absentEntry(known, settings, nowMs);
    if (waiting !== null) keep(known, waiting);
    else if (isOpen(known.track)) {
      events.push(eventAt(known, 'retired', nowMs));
      if (known.toldMs !== null) notes.push(noteOf(known, 'resolved', nowMs, { detail: LEFT }));
    }
  }
  const next = { entries, silences, maintenance, events: withEvents(book.events, events) };
  return { ...next, ...withNotes({ notices: book.notices, noticed: book.noticed }, notes) };
}

const LEFT = 'It is no longer watched: whether it still holds is not known.';

function isOpen({ state }: AlertTrack): boolean {
  return state === 'firing' || state === 'recovering';
}

function eventOf(before: AlertState, after: AlertState): AlertEvent['what'] | null {
  if (before === after || after === 'inactive' || after === 'pending') return null;
  return after;
}

function eventAt({ id, title }: AlertEntry, what: AlertEvent['what'], atMs: number): AlertEvent {
  return { atMs, id, title, what, by: null, untilMs: null };
}

/** The newest of them with these at the end. */
export function withEvents(
  events: readonly AlertEvent[],
  added: readonly AlertEvent[],
): readonly AlertEvent[] {
  return added.length === 0 ? events : [...events, ...added].slice(-MOST_EVENTS);
}
