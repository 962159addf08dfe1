import type { AlertAction, AlertKind, AlertState, AlertView } from '../model/alert.ts';
import { MINUTE_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import type { AlertFacts } from './facts.ts';
import { RULES } from './rules/index.ts';
import { ALERT_RULES, type AlertFinding, type AlertRuleId } from './rules/rule.ts';
import type { AlertSettings } from './settings.ts';
import { type AlertTrack, newTrack, stepAlert } from './step-alert.ts';

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
  track: AlertTrack;
  acknowledged: { by: string | null; atMs: number } | null;
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
}

export const EMPTY_ALERTS: AlertBook = { entries: {}, silences: {}, events: [] };

export const MOST_EVENTS = 1_000;
/** After a longer pause than this between two looks nothing is known of the time between them. */
const LONGEST_PAUSE_MS = MINUTE_MS;

export function alertId(rule: AlertRuleId, subject: string): string {
  return subject === '' ? rule : `${rule}:${subject}`;
}

/** One evaluation of every rule. The same instant again, or an earlier one, changes nothing but words. */
export function stepAlerts(book: AlertBook, facts: AlertFacts, settings: AlertSettings): AlertBook {
  const { nowMs } = facts;
  const entries: Record<string, AlertEntry> = {};
  const watched = new Set<string>();
  const events: AlertEvent[] = [];
  for (const rule of ALERT_RULES) {
    for (const finding of RULES[rule].find(facts, settings)) {
      const id = alertId(rule, finding.subject);
      watched.add(id);
      const known = Object.hasOwn(book.entries, id) ? (book.entries[id] ?? null) : null;
      const next = stepEntry({ id, rule }, known, finding, nowMs);
      if (next.track.state !== 'inactive') entries[id] = next;
      const what = eventOf(known?.track.state ?? 'inactive', next.track.state);
      if (what !== null) events.push({ atMs: nowMs, id, title: next.title, what, by: null, untilMs: null });
    }
  }
  // What is no longer watched, such as a source taken out of the config, leaves the list and is remembered.
  for (const { id, title, track } of Object.values(book.entries)) {
    const isOpen = track.state === 'firing' || track.state === 'recovering';
    if (!isOpen || watched.has(id)) continue;
    events.push({ atMs: nowMs, id, title, what: 'retired', by: null, untilMs: null });
  }
  const silences = Object.fromEntries(Object.entries(book.silences).filter(([, endMs]) => endMs > nowMs));
  return { entries, silences, events: keep(book.events, events) };
}

function stepEntry(
  name: Pick<AlertEntry, 'id' | 'rule'>,
  known: AlertEntry | null,
  finding: AlertFinding,
  nowMs: number,
): AlertEntry {
  const { value, levels, kind, title, detail, source, inhibitedBy } = finding;
  const track = stepAlert(
    known === null ? newTrack(nowMs) : rested(known.track, nowMs),
    value,
    levels,
    nowMs,
  );
  const isSeen = value !== null && value >= levels.clear;
  const words =
    known === null || (isSeen && track.state !== 'resolved')
      ? { kind, title, detail, source }
      : { kind: known.kind, title: known.title, detail: known.detail, source: known.source };
  const isNew = known?.track.state === 'resolved' && track.state === 'pending';
  return {
    ...name,
    ...words,
    inhibitedBy,
    track,
    acknowledged: isNew ? null : (known?.acknowledged ?? null),
  };
}

/** Time in which we did not look is time in which nothing was known: no hold and no clearing runs through it. */
function rested(track: AlertTrack, nowMs: number): AlertTrack {
  if (track.atMs === null || nowMs - track.atMs <= LONGEST_PAUSE_MS) return track;
  return { ...track, atMs: nowMs - 1, hits: 0, hitSinceMs: null };
}

function eventOf(before: AlertState, after: AlertState): AlertEvent['what'] | null {
  if (before === after || after === 'inactive' || after === 'pending') return null;
  return after;
}

function keep(events: readonly AlertEvent[], added: readonly AlertEvent[]): readonly AlertEvent[] {
  return added.length === 0 ? events : [...events, ...added].slice(-MOST_EVENTS);
}

/** Somebody has taken it up. Null when there is nothing open under that id. */
export function acknowledge(book: AlertBook, id: string, by: string | null, nowMs: number): AlertBook | null {
  const entry = openEntry(book, id);
  if (entry === null) return null;
  if (entry.acknowledged !== null) return book;
  return {
    ...book,
    entries: { ...book.entries, [id]: { ...entry, acknowledged: { by, atMs: nowMs } } },
    events: keep(book.events, [eventBy(entry, 'acknowledged', by, nowMs, null)]),
  };
}

/** It is not to be told before `untilMs`; it is evaluated all the same. Null when there is nothing open under that id. */
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
    events: keep(book.events, [eventBy(entry, 'silenced', by, nowMs, untilMs)]),
  };
}

/** Ends a silence. Null when there is nothing open under that id. */
export function wake(book: AlertBook, id: string, by: string | null, nowMs: number): AlertBook | null {
  const entry = openEntry(book, id);
  if (entry === null) return null;
  if (!Object.hasOwn(book.silences, id)) return book;
  const { [id]: _, ...silences } = book.silences;
  return { ...book, silences, events: keep(book.events, [eventBy(entry, 'woken', by, nowMs, null)]) };
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

/** What is shown of the alerts of a scope at `nowMs`, in no order. */
export function toAlertViews(book: AlertBook, nowMs: number): AlertView[] {
  return Object.values(book.entries).map((entry) => toAlertView(entry, silenceOf(book, entry.id, nowMs)));
}

function silenceOf({ silences }: AlertBook, id: string, nowMs: number): number | null {
  const endMs = Object.hasOwn(silences, id) ? silences[id] : undefined;
  return endMs !== undefined && endMs > nowMs ? endMs : null;
}

function toAlertView(entry: AlertEntry, silencedUntilMs: number | null): AlertView {
  const { id, title, detail, kind, source, acknowledged, inhibitedBy, track } = entry;
  return {
    id,
    title,
    detail: withSilence(detail, track),
    state: track.state,
    kind,
    sinceMs: track.sinceMs,
    source,
    release: null,
    acknowledged,
    silencedUntilMs,
    inhibitedBy,
    actions: actionsOf(entry, silencedUntilMs),
  };
}

/** Says since when nothing is known, once that is longer than a look or two. */
function withSilence(detail: string | null, { seen, atMs, state }: AlertTrack): string | null {
  if (state === 'resolved' || seen === null || atMs === null || atMs - seen.atMs <= MINUTE_MS) return detail;
  const said = `Nothing newer than ${formatClock(seen.atMs)} is known.`;
  return detail === null ? said : `${detail} ${said}`;
}

function actionsOf(
  { track, inhibitedBy, acknowledged }: AlertEntry,
  silencedUntilMs: number | null,
): AlertAction[] {
  if (track.state === 'resolved' || inhibitedBy !== null) return [];
  if (silencedUntilMs !== null) return ['wake'];
  return acknowledged === null ? ['acknowledge', 'silence'] : ['silence'];
}
