import 'server-only';
import { type AlertBook, type AlertEntry, toAlertViews } from '@/lib/core/alerts/alert-book.ts';
import { writeAlertsSentence } from '@/lib/core/alerts/alerts-sentence.ts';
import type { AlertDetail, AlertRow, AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { type AlertView, countFiring, orderAlerts } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Runtime } from '../runtime.ts';
import { readAlertChart } from './alert-chart.ts';
import { readMode } from './mode.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';

export interface AlertsInput {
  app?: string;
  environment?: string;
  /** Id of the alert whose detail is wanted; null for the first one. */
  selected: string | null;
}

/** Rules are evaluated every 15 s; asking more often brings nothing new, a little less often is late. */
const REFRESH_MS = 10_000;
const MOST_EVENTS_SHOWN = 50;

/** Everything that the Alerts page shows of one scope. */
export async function readAlerts(runtime: Runtime, input: AlertsInput): Promise<AlertsView> {
  const nowMs = runtime.clock.wallMs();
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, input);
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const book = runtime.alerts?.current(scope) ?? null;
  const alerts = book === null ? null : rowsOf(book, nowMs);
  const chosen =
    alerts?.find(({ id }) => id === input.selected)?.id ??
    (input.selected === null ? alerts?.[0]?.id : undefined);
  const entry = chosen === undefined ? undefined : book?.entries[chosen];
  const settings = runtime.alerts?.settings ?? DEFAULT_ALERT_SETTINGS;
  return {
    asOfMs: nowMs,
    scope,
    scopes,
    demo: runtime.config.mode === 'demo',
    mode: await readMode(runtime, statuses, nowMs),
    sources: readSources(runtime, statuses, nowMs),
    sentence: writeAlertsSentence(alerts, nowMs),
    alerts,
    detail:
      book === null || entry === undefined ? null : await readDetail(runtime, scope, book, entry, nowMs),
    rules: ALERT_RULES.map((id) => {
      const { group, words, reads } = RULES[id];
      return { id, group, words: words(settings), reads };
    }),
    refreshMs: REFRESH_MS,
  };
}

/** What is open in a scope, in the order in which people should look; null where no rule has been evaluated yet. */
export function readOpenAlerts(runtime: Runtime, scope: Scope, nowMs: number): readonly AlertView[] | null {
  const book = runtime.alerts?.current(scope) ?? null;
  if (book === null) return null;
  return orderAlerts(
    toAlertViews(book, nowMs).filter(({ state }) => state !== 'resolved'),
    nowMs,
  );
}

/** What fires in any scope and is not held back: what makes `afterwatch status` end with 1. */
export function readFiring(runtime: Runtime, nowMs: number): (AlertView & { scope: Scope })[] {
  return readScopes(runtime).flatMap((scope) =>
    (readOpenAlerts(runtime, scope, nowMs) ?? [])
      .filter((alert) => countFiring([alert], nowMs) > 0)
      .map((alert) => ({ ...alert, scope })),
  );
}

function rowsOf(book: AlertBook, nowMs: number): AlertRow[] {
  return orderAlerts(toAlertViews(book, nowMs), nowMs).flatMap((view) => {
    const entry = book.entries[view.id];
    return entry === undefined ? [] : [{ ...view, group: RULES[entry.rule].group }];
  });
}

async function readDetail(
  runtime: Runtime,
  scope: Scope,
  book: AlertBook,
  entry: AlertEntry,
  nowMs: number,
): Promise<AlertDetail> {
  const rule = RULES[entry.rule];
  return {
    id: entry.id,
    firedAtMs: entry.track.fired?.atMs ?? null,
    words: rule.words(runtime.alerts?.settings ?? DEFAULT_ALERT_SETTINGS),
    reads: rule.reads,
    chart: await readAlertChart(runtime, scope, entry, nowMs),
    events: book.events
      .filter(({ id }) => id === entry.id)
      .slice(-MOST_EVENTS_SHOWN)
      .reverse(),
  };
}
