import 'server-only';
import type { AlertBook, AlertEntry } from '@/lib/core/alerts/alert-book.ts';
import { toAlertViews } from '@/lib/core/alerts/alert-views.ts';
import { writeAlertsSentence } from '@/lib/core/alerts/alerts-sentence.ts';
import type { AlertDetail, AlertRow, AlertsView, RuleView } from '@/lib/core/alerts/alerts-view.ts';
import { toMaintenanceViews } from '@/lib/core/alerts/maintenance.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import { ALERT_RULES, type RunbookPlace } from '@/lib/core/alerts/rules/rule.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { type AlertView, countFiring, orderAlerts } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { sameRelease } from '../deploys/release-name.ts';
import type { Runtime } from '../runtime.ts';
import { readAlertChart } from './alert-chart.ts';
import { readMode } from './mode.ts';
import { readReceivers } from './receivers.ts';
import { chooseScope, readScopes, targetIdsOf, targetsOf } from './scope.ts';
import { readSources } from './sources.ts';
import { readSuspension } from './suspension.ts';
import { readWatchEndMs } from './watch-end.ts';

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
  const alerts = book === null ? null : rowsOf(runtime, scope, book, nowMs);
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
    sentence: writeAlertsSentence(alerts, nowMs, book?.maintenance ?? []),
    alerts,
    detail:
      book === null || entry === undefined ? null : await readDetail(runtime, scope, book, entry, nowMs),
    rules: ALERT_RULES.map((id) => ruleView(id, settings)),
    maintenance: toMaintenanceViews(book?.maintenance ?? [], nowMs),
    watchEndMs: readWatchEndMs(runtime, scope, nowMs),
    receivers: readReceivers(runtime),
    suspension: await readSuspension(runtime, scope, nowMs),
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

function ruleView(id: RuleView['id'], settings: AlertSettings): RuleView {
  const { group, words, reads } = RULES[id];
  return { id, group, words: words(settings), reads, isOff: settings.off.includes(id) };
}

function rowsOf(runtime: Runtime, scope: Scope, book: AlertBook, nowMs: number): AlertRow[] {
  return orderAlerts(toAlertViews(book, nowMs), nowMs).flatMap((view) => {
    const entry = book.entries[view.id];
    if (entry === undefined) return [];
    const { rule } = entry;
    const deploy = deployOfAlert(runtime, scope, entry);
    const row: AlertRow = {
      ...view,
      rule,
      group: RULES[rule].group,
      deployHref: deploy === null ? null : `/deploys/${encodeURIComponent(deploy.id)}`,
      deployAtMs: deploy?.startMs ?? null,
      spark: runtime.alerts?.spark(scope, entry.id, nowMs) ?? [],
    };
    return [row];
  });
}

/** The latest deploy of that name that began before the alert; the same name may come back after a while. */
export function deployOfAlert({ deploys }: Runtime, scope: Scope, { release, track }: AlertEntry) {
  if (release === null) return null;
  const atMs = track.fired?.atMs ?? track.sinceMs;
  const named = (deploys?.listNow(scope) ?? []).filter((row) => sameRelease(row.release, release));
  return named.findLast(({ startMs }) => startMs <= atMs) ?? named.at(-1) ?? null;
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
    runbook: rule.runbook(placeOf(runtime, scope, entry)),
    events: book.events
      .filter(({ id }) => id === entry.id)
      .slice(-MOST_EVENTS_SHOWN)
      .reverse(),
  };
}

function placeOf(runtime: Runtime, scope: Scope, { id, rule }: AlertEntry): RunbookPlace {
  const fly = targetsOf(runtime, scope, 'fly').find((target) => target.kind === 'fly');
  return { scope, subject: id.slice(rule.length + 1), flyApp: fly?.kind === 'fly' ? fly.flyApp : null };
}
