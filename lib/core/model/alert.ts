import { HOUR_MS } from '../time/range.ts';

/** Closed set. Missing data never resolve an alert. */
export const ALERT_STATES = ['inactive', 'pending', 'firing', 'recovering', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What it is about: a rule that holds, a series that has gone quiet, or a source that answers with an error. */
export const ALERT_KINDS = ['rule', 'no_data', 'source_error'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** How soon a person is needed: now, today, or whenever there is time. */
export const ALERT_SEVERITIES = ['critical', 'warning', 'info'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** One step of what to do about an alert. */
export interface RunbookStep {
  text: string;
  /** A command to copy, complete; null where there is nothing to type. */
  command: string | null;
}

/** What a person may do to it. */
export const ALERT_ACTIONS = ['acknowledge', 'silence', 'wake'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** For how long it may be silenced. */
export const SILENCE_SPANS = ['hour', 'four_hours', 'watch_end'] as const;
export type SilenceSpan = (typeof SILENCE_SPANS)[number];

export interface AlertView {
  id: string;
  /** What is the case: `Mixed modes: Redis is active on one machine, suspended on the other`. */
  title: string;
  /** What that means, one sentence; null when the title says it all. */
  detail: string | null;
  state: AlertState;
  kind: AlertKind;
  severity: AlertSeverity;
  /** Since when it is in this state. */
  sinceMs: number;
  /** Where it was seen, in words: `harbor · ams`; null when it is about everything. */
  source: string | null;
  /** The deploy that it is grouped under: `v1206`; null when it is tied to none. */
  release: string | null;
  /** What it means for the team, in pairs. */
  means: readonly { what: string; text: string }[];
  /** Who has taken it up; `by` is null where people are not told apart. */
  acknowledged: { by: string | null; atMs: number } | null;
  /** Null when nobody silenced it. */
  silencedUntilMs: number | null;
  /** Why it is silenced, where that is not a silence of its own: `maintenance: cache is moved`; null otherwise. */
  silencedBy: string | null;
  /** Why it is held back by another fact, in words: `Redis suspended on purpose until 18:00Z`; null when it is not. */
  inhibitedBy: string | null;
  /** What this reader may do now. */
  actions: readonly AlertAction[];
}

/** What is shown of an alert in one word: its state, unless something stronger is to be said. */
export const ALERT_STANDINGS = [...ALERT_STATES, 'no_data', 'source_error', 'silenced', 'inhibited'] as const;
export type AlertStanding = (typeof ALERT_STANDINGS)[number];

/** Silence and inhibition stand before the kind, the kind before `firing`; what is over is over. */
export function alertStanding(alert: AlertView, nowMs: number): AlertStanding {
  if (alert.state === 'inactive' || alert.state === 'resolved') return alert.state;
  if (alert.inhibitedBy !== null) return 'inhibited';
  if (alert.silencedUntilMs !== null && alert.silencedUntilMs > nowMs) return 'silenced';
  return alert.kind === 'rule' || alert.state === 'recovering' ? alert.state : alert.kind;
}

/** First what needs a person: the lower, the sooner. */
const URGENCY: Record<AlertStanding, number> = {
  firing: 0,
  source_error: 1,
  no_data: 2,
  pending: 3,
  recovering: 4,
  silenced: 5,
  inhibited: 6,
  resolved: 7,
  inactive: 8,
};

/**
 * Alerts in the order in which people should look: unacknowledged before acknowledged, then the most severe, then the
 * longest standing.
 */
export function orderAlerts(alerts: readonly AlertView[], nowMs: number): readonly AlertView[] {
  const rank = (alert: AlertView) => URGENCY[alertStanding(alert, nowMs)];
  return [...alerts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
      ALERT_SEVERITIES.indexOf(a.severity) - ALERT_SEVERITIES.indexOf(b.severity) ||
      a.sinceMs - b.sinceMs ||
      (a.id < b.id ? -1 : 1),
  );
}

/** How many fire and are not held back: the number in the header. */
export function countFiring(alerts: readonly AlertView[], nowMs: number): number {
  return alerts.filter((alert) => {
    const standing = alertStanding(alert, nowMs);
    return alert.state === 'firing' && standing !== 'silenced' && standing !== 'inhibited';
  }).length;
}

/** When a silence begun at `nowMs` ends; null for the end of a watch that is not running. */
export function silenceEndMs(span: SilenceSpan, nowMs: number, watchEndMs: number | null): number | null {
  switch (span) {
    case 'hour':
      return nowMs + HOUR_MS;
    case 'four_hours':
      return nowMs + 4 * HOUR_MS;
    case 'watch_end':
      return watchEndMs !== null && watchEndMs > nowMs ? watchEndMs : null;
    default:
      return span satisfies never;
  }
}
