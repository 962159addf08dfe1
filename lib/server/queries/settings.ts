import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { SOURCE_KINDS, type SourceKind, type TargetId } from '@/lib/core/model/target.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import type { BackfillView, SettingsView, SourceSettingView } from '@/lib/core/sources/settings-view.ts';
import { scrubText } from '../log/scrub.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { shapeOf } from '../sources/source-shape.ts';
import { readReceivers } from './receivers.ts';
import { fixFor } from './sources.ts';

/** Sources are set up here, not watched. */
const REFRESH_MS = 15_000;
/** A bar that moves. */
const REFRESH_BUSY_MS = 2_000;
const MOST_FACTS = 24;
const MOST_FACT_CHARS = 120;

/** Everything on the sources part of the settings page. From memory: nothing is contacted and nothing read from disk. */
export function readSettings(runtime: Runtime): SettingsView {
  const nowMs = runtime.clock.wallMs();
  const statuses = runtime.poller.statuses(nowMs);
  const lit = litBy(runtime, statuses);
  const sources = statuses.map((status) => viewOf(runtime, status, lit, nowMs));
  const demo = runtime.config.mode === 'demo';
  const present = new Set<SourceKind>(demo ? [] : sources.map(({ kind }) => kind));
  const isBusy = sources.some(({ backfill }) => backfill?.kind === 'running');
  return {
    asOfMs: nowMs,
    demo,
    sources,
    missing: SOURCE_KINDS.filter((kind) => !present.has(kind)),
    receivers: readReceivers(runtime),
    heartbeat: runtime.notify?.heartbeat() ?? null,
    data: dataOf(runtime),
    refreshMs: isBusy ? REFRESH_BUSY_MS : REFRESH_MS,
  };
}

function dataOf({ store, role }: Runtime): SettingsView['data'] {
  const { engine, bytesOnDisk, series, lastError } = store.stats();
  const fault = lastError === null ? null : scrubText(lastError);
  return { engine, bytes: bytesOnDisk, series, role: role ?? 'alone', fault };
}

function viewOf(
  runtime: Runtime,
  status: TargetStatus,
  lit: (id: TargetId, metric: MetricName) => boolean,
  nowMs: number,
): SourceSettingView {
  const { id, target, state, history, lastError, notices, facts } = status;
  const failed = history.failures > 0 && history.lastErrorKind !== null && lastError !== null;
  return {
    id,
    scope: { app: target.app, environment: target.environment },
    kind: target.kind,
    name: target.name,
    address: target.address,
    state,
    ageMs: history.lastOkAtMs === null ? null : Math.max(0, nowMs - history.lastOkAtMs),
    error:
      failed && history.lastErrorKind !== null
        ? { kind: history.lastErrorKind, message: scrubText(lastError.text) }
        : null,
    fix: failed && history.lastErrorKind !== null ? fixFor(target.kind, history.lastErrorKind) : null,
    notices: notices.map(({ code, text }) => ({ code, text: scrubText(text) })),
    shape: shapeOf(status),
    costToday: runtime.ledger.today(id),
    costADay: status.costADay,
    budget: status.budget,
    facts: factsOf(facts),
    lit: SOURCE_SPECS[target.kind].lights.map(({ metrics }) => metrics.some((metric) => lit(id, metric))),
    backfill: backfillOf(runtime, id),
  };
}

/** Those about the source itself; lists of machines and secrets have pages of their own. */
function factsOf(facts: TargetStatus['facts']): SourceSettingView['facts'] {
  return Object.entries(facts)
    .filter(([what]) => /^[a-zA-Z]+$/.test(what))
    .slice(0, MOST_FACTS)
    .map(([what, value]) => [wordsOf(what), scrubText(value).slice(0, MOST_FACT_CHARS)]);
}

/** `commandLimit` as `command limit`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function backfillOf({ poller }: Runtime, id: TargetId): BackfillView | null {
  const status = poller.backfill(id);
  switch (status?.kind) {
    case undefined:
      return null;
    case 'done':
      return { kind: 'done', atMs: status.atMs, series: status.series, fromMs: status.fromMs };
    case 'failed':
      return { ...status, text: scrubText(status.text) };
    case 'waiting':
    case 'running':
      return status;
    default:
      return status satisfies never;
  }
}

/** Which source has ever brought which metric: one look for each metric, however many sources there are. */
function litBy(
  { store }: Runtime,
  statuses: readonly TargetStatus[],
): (id: TargetId, metric: MetricName) => boolean {
  const kinds = new Set(statuses.map(({ target }) => target.kind));
  const metrics = new Set(
    [...kinds].flatMap((kind) => SOURCE_SPECS[kind].lights.flatMap((one) => one.metrics)),
  );
  const seen = new Map<MetricName, ReadonlySet<TargetId>>();
  for (const metric of metrics)
    seen.set(metric, new Set(store.findSeries({ metric }).map(({ targetId }) => targetId)));
  return (id, metric) => seen.get(metric)?.has(id) ?? false;
}
