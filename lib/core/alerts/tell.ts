import type { AlertBook, AlertEntry } from './alert-book.ts';
import { maintenanceOf } from './maintenance.ts';
import type { AlertNotice, AlertNoticeKind } from './notice.ts';
import { RULES } from './rules/index.ts';

/** Older notices have been told, or nobody was there to be told. */
export const MOST_NOTICES = 1_000;

/** Whether nobody is to be told that this alert fires: it is silenced, in maintenance, or another fact explains it. */
export function isHeldBack(
  { silences, maintenance }: Pick<AlertBook, 'silences' | 'maintenance'>,
  { id, rule, inhibitedBy }: AlertEntry,
  nowMs: number,
): boolean {
  const silencedMs = Object.hasOwn(silences, id) ? (silences[id] ?? 0) : 0;
  return inhibitedBy !== null || silencedMs > nowMs || maintenanceOf(maintenance, rule, nowMs) !== null;
}

/** A notice before it has its number. */
export type Note = Omit<AlertNotice, 'n'>;

export function noteOf(
  entry: AlertEntry,
  what: AlertNoticeKind,
  atMs: number,
  over: Partial<Pick<Note, 'detail' | 'by'>> = {},
): Note {
  const { id, rule, kind, title, detail, source, release, means, track } = entry;
  return {
    ...{ atMs, what, alertId: id, firedAtMs: entry.toldMs ?? track.fired?.atMs ?? atMs },
    ...{ rule, kind, severity: RULES[rule].severity, title, detail, source, release, means, by: null },
    ...over,
  };
}

/**
 * What is to be told of an alert as it stands, and the alert as it stands once that is told. That a told firing is over
 * is told also while it is held back: whoever was called may stop.
 */
export function tell(
  entry: AlertEntry,
  heldBack: boolean,
  nowMs: number,
): { entry: AlertEntry; notes: Note[] } {
  const { track, toldMs } = entry;
  if (track.state === 'firing' && track.fired !== null && toldMs !== track.fired.atMs && !heldBack) {
    const told = { ...entry, toldMs: track.fired.atMs };
    return { entry: told, notes: [noteOf(told, 'firing', nowMs)] };
  }
  if (track.state === 'resolved' && toldMs !== null)
    return { entry: { ...entry, toldMs: null }, notes: [noteOf(entry, 'resolved', nowMs)] };
  return { entry, notes: [] };
}

/** The book with these at the end of its notices. */
export function withNotes<T extends Pick<AlertBook, 'notices' | 'noticed'>>(
  book: T,
  notes: readonly Note[],
): T {
  if (notes.length === 0) return book;
  const numbered = notes.map((note, i) => ({ n: book.noticed + i + 1, ...note }));
  return {
    ...book,
    noticed: book.noticed + notes.length,
    notices: [...book.notices, ...numbered].slice(-MOST_NOTICES),
  };
}
