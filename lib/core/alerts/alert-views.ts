import type { AlertAction, AlertView } from '../model/alert.ts';
import { MINUTE_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import type { AlertBook, AlertEntry } from './alert-book.ts';
import { maintenanceOf } from './maintenance.ts';
import { RULES } from './rules/index.ts';
import type { AlertTrack } from './step-alert.ts';

/** Until when an alert is not told, and why. */
interface Quiet {
  /** End of its own silence; null without one. */
  silenceMs: number | null;
  /** The window that it is in; null for none. */
  maintenance: { endMs: number; reason: string } | null;
}

/** What is shown of the alerts of a scope at `nowMs`, in no order. */
export function toAlertViews(book: AlertBook, nowMs: number): AlertView[] {
  return Object.values(book.entries).map((entry) =>
    toAlertView(entry, {
      silenceMs: silenceOf(book, entry.id, nowMs),
      maintenance: maintenanceOf(book.maintenance, entry.rule, nowMs),
    }),
  );
}

function silenceOf({ silences }: AlertBook, id: string, nowMs: number): number | null {
  const endMs = Object.hasOwn(silences, id) ? silences[id] : undefined;
  return endMs !== undefined && endMs > nowMs ? endMs : null;
}

function toAlertView(entry: AlertEntry, quiet: Quiet): AlertView {
  const { id, rule, title, detail, kind, source, release, means, acknowledged, inhibitedBy, track } = entry;
  const { silenceMs, maintenance } = quiet;
  const isSilenced = silenceMs !== null || maintenance !== null;
  return {
    id,
    title,
    detail: withSilence(detail, track),
    state: track.state,
    kind,
    severity: RULES[rule].severity,
    sinceMs: track.sinceMs,
    source,
    release,
    means,
    acknowledged,
    silencedUntilMs: isSilenced ? Math.max(silenceMs ?? 0, maintenance?.endMs ?? 0) : null,
    silencedBy: maintenance === null ? null : `maintenance: ${maintenance.reason}`,
    inhibitedBy,
    actions: actionsOf(entry, quiet),
  };
}

/** Says since when nothing is known, once that is longer than a look or two. */
function withSilence(detail: string | null, { seen, atMs, state }: AlertTrack): string | null {
  if (state === 'resolved' || seen === null || atMs === null || atMs - seen.atMs <= MINUTE_MS) return detail;
  const said = `Nothing newer than ${formatClock(seen.atMs)} is known.`;
  return detail === null ? said : `${detail} ${said}`;
}

function actionsOf({ track, inhibitedBy, acknowledged }: AlertEntry, quiet: Quiet): AlertAction[] {
  if (track.state === 'resolved' || inhibitedBy !== null) return [];
  if (quiet.silenceMs !== null) return ['wake'];
  const take: AlertAction[] = acknowledged === null ? ['acknowledge'] : [];
  // A silence beside a window that keeps it quiet already would only last longer unseen.
  return quiet.maintenance === null ? [...take, 'silence'] : take;
}
