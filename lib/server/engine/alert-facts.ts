import 'server-only';
import type { AlertFacts, ModeFact, ResponsesFact, SourceFact } from '@/lib/core/alerts/facts.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { alignUp, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Store } from '../store/store.ts';
import type { ModeStep } from './modes.ts';

/** What tells the mode of a scope. */
export type ModeReader = Pick<ModeStep, 'current' | 'history'>;

interface FactsQuestion {
  store: Pick<Store, 'readBuckets'>;
  modes: ModeReader;
  scope: Scope;
  /** Of the targets of the scope. */
  statuses: readonly TargetStatus[];
  nowMs: number;
}

/** Responses are counted over so long. */
const RESPONSES_MS = 5 * MINUTE_MS;
const RESPONSES_STEP_MS = 15_000;

/** All that the alert rules of one scope are judged by now. */
export async function readAlertFacts(question: FactsQuestion): Promise<AlertFacts> {
  return {
    nowMs: question.nowMs,
    mode: readModeFact(question),
    sources: question.statuses.map(toSourceFact),
    responses: await readResponses(question),
  };
}

function readModeFact({ modes, scope, nowMs }: FactsQuestion): ModeFact | null {
  const now = modes.current(scope);
  if (now === null) return null;
  const machines = [...now.machines];
  return {
    // The last known mode is no evidence of what holds now.
    mode: now.unknownSinceMs === null ? now.mode : 'unknown',
    sinceMs: now.sinceMs ?? seenSinceMs(modes, scope, now.mode, nowMs),
    evidence: now.evidence,
    machines: machines.map(([name, { mode, unknownSinceMs }]) => ({
      name,
      mode: unknownSinceMs === null ? mode : ('unknown' as const),
    })),
    askedInVain: now.askedInVain,
    isPartial: machines.some(([, { unknownSinceMs }]) => unknownSinceMs !== null),
  };
}

/** A mode that held at our first look has lasted at least since then. */
function seenSinceMs(modes: ModeReader, scope: Scope, mode: ModeFact['mode'], nowMs: number): number | null {
  let sinceMs: number | null = null;
  for (const change of [...modes.history(scope, { startMs: 0, endMs: nowMs })].reverse()) {
    if (change.mode !== mode) break;
    sinceMs = change.atMs;
  }
  return sinceMs;
}

function toSourceFact({ id, target, state, history, lastError }: TargetStatus): SourceFact {
  const { failures, lastErrorKind } = history;
  return {
    id,
    kind: target.kind,
    name: target.name,
    state,
    failures,
    errorKind: failures > 0 ? lastErrorKind : null,
    error: failures > 0 ? (lastError?.text ?? null) : null,
  };
}

/**
 * Machines that count by exact status, also those whose first 429 is still to come; where only classes such as `4xx`
 * are counted, a 429 can't be told from a 404. Null when none of the others has been read in these minutes.
 */
async function readResponses({ store, statuses, nowMs }: FactsQuestion): Promise<ResponsesFact | null> {
  const machines = statuses.filter(({ target }) => target.kind === 'app');
  if (machines.length === 0) return null;
  const endMs = alignUp(nowMs, RESPONSES_STEP_MS);
  const found = await store.readBuckets(
    { metric: 'http_responses_total', targetIds: machines.map(({ id }) => id) },
    { startMs: endMs - RESPONSES_MS, endMs },
    RESPONSES_STEP_MS,
  );
  const exact = new Set(
    found
      .filter(({ series }) => /^\d{3}$/.test(series.labels.status ?? ''))
      .map(({ series }) => series.targetId),
  );
  const sums = new Map<string, { all: number; limited: number }>();
  for (const { series, buckets } of found) {
    const known = buckets.filter((bucket) => bucket !== null);
    if (known.length === 0 || !exact.has(series.targetId)) continue;
    const sum = sums.get(series.targetId) ?? { all: 0, limited: 0 };
    const increase = known.reduce((total, bucket) => total + bucket.increase, 0);
    sum.all += increase;
    if (series.labels.status === '429') sum.limited += increase;
    sums.set(series.targetId, sum);
  }
  if (sums.size === 0) return null;
  const counted = machines.flatMap(({ id, target }) => {
    const sum = sums.get(id);
    return sum === undefined ? [] : [{ name: target.name, ...sum }];
  });
  return {
    limited: counted.reduce((total, { limited }) => total + limited, 0),
    all: counted.reduce((total, { all }) => total + all, 0),
    machines: counted
      .filter(({ limited }) => limited > 0)
      .map(({ name, limited }) => ({ name, limited }))
      .sort((a, b) => b.limited - a.limited),
    isPartial: machines.some(({ id, state }) => exact.has(id) && state !== 'ok' && state !== 'asleep'),
  };
}
