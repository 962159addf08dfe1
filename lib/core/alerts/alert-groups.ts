import { type AlertView, orderAlerts } from '../model/alert.ts';
import type { AlertRow } from './alerts-view.ts';

/** Parts of the Alerts page. */
export const ALERTS_TABS = ['open', 'resolved', 'maintenance', 'rules'] as const;
export type AlertsTab = (typeof ALERTS_TABS)[number];

/** Alerts that belong together: tied to one deploy, or to none and about the same part. */
export interface AlertGroupRows {
  key: string;
  /** `v1206`, `Sources`. */
  title: string;
  /** Null where they are tied to no deploy. `href` and `atMs` are null where that is not known of it. */
  deploy: { href: string | null; atMs: number | null } | null;
  rows: readonly AlertRow[];
}

/** What a tab lists. */
export interface AlertListing {
  groups: readonly AlertGroupRows[];
  /** Resolved within a day, newest first. */
  resolved: readonly AlertRow[];
  /** How many more were resolved than are listed. */
  unlisted: number;
}

/** So many that are over stand under those that are open. */
const RESOLVED_SHOWN = 5;

/** True while it may need a person, or soon. */
export function isOpen({ state }: Pick<AlertView, 'state'>): boolean {
  return state !== 'resolved' && state !== 'inactive';
}

/** What a tab lists of all alerts. The chosen one is always in the list where it exists; the last two tabs list none. */
export function listAlerts(
  alerts: readonly AlertRow[],
  tab: AlertsTab,
  selectedId: string | null,
  nowMs: number,
): AlertListing {
  const over = alerts.filter(({ state }) => state === 'resolved').sort((a, b) => b.sinceMs - a.sinceMs);
  switch (tab) {
    case 'open': {
      const resolved = over.filter(({ id }, i) => i < RESOLVED_SHOWN || id === selectedId);
      const open = orderAlerts(alerts.filter(isOpen), nowMs) as AlertRow[];
      return { groups: groupAlerts(open), resolved, unlisted: over.length - resolved.length };
    }
    case 'resolved':
      return { groups: [], resolved: over, unlisted: 0 };
    case 'maintenance':
    case 'rules':
      return { groups: [], resolved: [], unlisted: 0 };
    default:
      return tab satisfies never;
  }
}

/** The alerts of a listing from the top to the bottom: the order that keys move in. */
export function inOrder({ groups, resolved }: AlertListing): readonly AlertRow[] {
  return [...groups.flatMap(({ rows }) => rows), ...resolved];
}

/** By deploy where an alert is tied to one, else by what it is about; the group of the most urgent alert first. */
function groupAlerts(ordered: readonly AlertRow[]): AlertGroupRows[] {
  const groups = new Map<string, { first: AlertRow; rows: AlertRow[] }>();
  for (const row of ordered) {
    const key = row.release === null ? `about ${row.group}` : `deploy ${row.release}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: row, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups].map(([key, { first, rows }]) => ({
    key,
    title: first.release ?? first.group,
    deploy: first.release === null ? null : { href: first.deployHref, atMs: first.deployAtMs },
    rows,
  }));
}
