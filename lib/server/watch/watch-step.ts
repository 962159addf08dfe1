import 'server-only';
import { setImmediate } from 'node:timers/promises';
import { METRIC_OPTIONS } from '@/lib/core/deploys/measurable.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import type { StateChange, WatchRecord } from '@/lib/core/model/verdict.ts';
import { alignDown, BLOCK_MS, DAY_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { followUpsOf } from '@/lib/core/watch/deploy-state.ts';
import type { EngineStep } from '../engine/engine.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import {
  changesBetween,
  confirmedClaims,
  lookAt,
  readWatchNumbers,
  timesOf,
  type WatchNumbers,
} from './evaluate.ts';
import type { WatchBook } from './watch-book.ts';

/** A block is judged once its last numbers are surely stored: so long after its end, or after a slow source’s next visit. */
const LATE_MS = 90 * SECOND_MS;
const LATER_THAN_VISIT_MS = 30 * SECOND_MS;
/** A source that is asked less often than this is not waited for. */
const MOST_LATE_MS = 15 * MINUTE_MS;
/** A provider’s memory is waited for at most so long after the start; one that nobody could begin to read not so long. */
const MEMORY_READ_MS = 15 * MINUTE_MS;
const MEMORY_BEGUN_MS = MINUTE_MS;
/** Looks that were missed are made up for at most this long in one tick, so that alerts and pages go on. */
const BUDGET_MS = 4 * SECOND_MS;
/** Looks that are written at once while they are made up for. */
const BATCH_LOOKS = 24;

export interface WatchStepDeps {
  runtime: Runtime;
  watches: WatchBook;
  /** Milliseconds that never go back; for the budget only. */
  monoMs: () => number;
}

/**
 * Opens a watch for every deploy with a confirmed claim, looks at each open one once a block, writes what changed, and
 * closes it at its end. Looks that were missed, while nobody ran or since a deploy that is told late, are made one after
 * the other, each from what was known then: a replay gives what would have been given live.
 */
export class WatchStep implements EngineStep {
  readonly name = 'watches';

  constructor(private readonly deps: WatchStepDeps) {}

  async run(nowMs: number): Promise<void> {
    const { runtime, watches, monoMs } = this.deps;
    if (isReadingHistory(runtime, nowMs)) return;
    const untilMonoMs = monoMs() + BUDGET_MS;
    for (const scope of readScopes(runtime)) await this.#open(scope, nowMs);
    // The newest one is what people look at.
    const open = watches.openNow().toReversed();
    const faults: unknown[] = [];
    for (const { deployId } of open) {
      // One watch that cannot be looked at keeps no other from it.
      await this.#advance(deployId, nowMs, untilMonoMs).catch((error: unknown) => faults.push(error));
    }
    if (faults.length > 0) throw faults[0];
  }

  async #open(scope: Scope, nowMs: number): Promise<void> {
    const { runtime, watches } = this.deps;
    const rows = runtime.deploys?.listNow(scope) ?? [];
    const known = watches.linesNow(scope);
    // Of what was earlier nothing fine enough is kept.
    const oldestMs = nowMs - runtime.config.retention.blocksDays * DAY_MS;
    for (const { id, claims, startMs } of rows) {
      if (claims.confirmed === 0 || startMs > nowMs || startMs < oldestMs || known.has(id)) continue;
      const deploy = await runtime.deploys?.get(id);
      if (deploy == null) continue;
      await watches.update(id, (written) =>
        written === null ? { record: newRecord(deploy, nowMs), changes: [] } : null,
      );
    }
  }

  async #advance(deployId: string, nowMs: number, untilMonoMs: number): Promise<void> {
    const { runtime, watches, monoMs } = this.deps;
    const deploy = (await runtime.deploys?.get(deployId)) ?? null;
    if (deploy === null) return;
    const { lastMs } = timesOf(deploy);
    const dueMs = Math.min(lastMs, alignDown(nowMs - this.#lateMs(deploy, nowMs), BLOCK_MS));
    let record = await watches.get(deployId);
    let numbers: WatchNumbers | null = null;
    while (record !== null && record.closedMs === null && monoMs() < untilMonoMs) {
      const fromMs = judgedOf(record, deploy);
      if (fromMs >= dueMs && !(fromMs >= lastMs)) return;
      numbers ??= await readWatchNumbers(runtime, deploy, dueMs);
      record = await this.#lookOn(record, deploy, numbers, { fromMs, dueMs, untilMonoMs });
    }
  }

  /** Makes the next looks and writes them down in one go. */
  async #lookOn(
    record: WatchRecord,
    deploy: Deploy,
    numbers: WatchNumbers,
    { fromMs, dueMs, untilMonoMs }: { fromMs: number; dueMs: number; untilMonoMs: number },
  ): Promise<WatchRecord | null> {
    const { runtime, watches, monoMs } = this.deps;
    const { times } = numbers;
    const changes: StateChange[] = [];
    let seen: WatchRecord = { ...record, ...timesIn(times) };
    // What was seen after another T₀ was not seen after this one.
    if (record.originMs !== times.originMs)
      seen.checks = record.checks.filter(({ signed }) => signed !== null);
    let atMs = fromMs;
    // One look at least, however long reading took.
    const goesOn = (looks: number) => looks === 0 || (looks < BATCH_LOOKS && monoMs() < untilMonoMs);
    for (let looks = 0; atMs < dueMs && goesOn(looks); looks++) {
      atMs += BLOCK_MS;
      const look = await lookAt(runtime, deploy, numbers, atMs, seen.checks);
      const own = changesBetween(seen, look, atMs);
      changes.push(...own);
      const isWhole = own.some(({ claimId }) => claimId === null);
      seen = { ...seen, ...look, judgedMs: atMs, sinceMs: isWhole ? atMs : seen.sinceMs };
      await setImmediate();
    }
    const isOver = atMs >= times.lastMs;
    return watches.update(record.deployId, (known) => {
      if (known === null || known.closedMs !== null) return null;
      const next = {
        ...known,
        ...pickMachine(seen),
        release: deploy.release,
        closedMs: isOver ? times.endMs : null,
        // People sign while looks are made; what they signed is in `known` alone.
        checks: seen.checks.map((check) => keepSigned(check, known)),
        followUps: followUpsOf(deploy.document, known.followUps),
      };
      return { record: next, changes };
    });
  }

  /** How long after the end of a block its numbers are stored: the slowest source of the claims decides. */
  #lateMs(deploy: Deploy, nowMs: number): number {
    const { runtime } = this.deps;
    const kinds = new Set(
      confirmedClaims(deploy).flatMap(({ metric }) => METRIC_OPTIONS.get(metric ?? '')?.sources ?? []),
    );
    const slowest = runtime.config.targets
      .filter(
        ({ app, environment, kind }) =>
          app === deploy.app && environment === deploy.environment && kinds.has(kind),
      )
      .flatMap((target) => runtime.poller.status(targetId(target), nowMs)?.history.intervalMs ?? []);
    return Math.min(MOST_LATE_MS, Math.max(LATE_MS, ...slowest.map((ms) => ms + LATER_THAN_VISIT_MS)));
  }
}

/** A provider’s memory may be what a baseline stands on: while it is read after the start, verdicts wait. */
function isReadingHistory({ config, poller, startedAtMs }: Runtime, nowMs: number): boolean {
  const upMs = nowMs - startedAtMs;
  return config.targets.some((target) => {
    const status = poller.backfill(targetId(target));
    return (
      (status?.kind === 'running' && upMs < MEMORY_READ_MS) ||
      (status?.kind === 'waiting' && upMs < MEMORY_BEGUN_MS)
    );
  });
}

/** Where a watch goes on: at its last look, or at T₀ where that was moved since. */
function judgedOf(record: WatchRecord, deploy: Deploy): number {
  return record.originMs === deploy.startMs ? record.judgedMs : timesOf(deploy).midMs;
}

function timesIn({ originMs, settledMs, endMs }: WatchNumbers['times']) {
  return { originMs, settledMs, endMs };
}

/** What the machine found; what people did is left out. */
function pickMachine(seen: WatchRecord) {
  const { originMs, settledMs, endMs, judgedMs, state, provisional, reason, sinceMs, claims } = seen;
  const { notChecked, interruption } = seen;
  return {
    ...{ originMs, settledMs, endMs, judgedMs, state, provisional, reason, sinceMs, claims },
    ...{ notChecked, interruption },
  };
}

function keepSigned(check: WatchRecord['checks'][number], known: WatchRecord): WatchRecord['checks'][number] {
  const kept = known.checks.find(({ id }) => id === check.id);
  if (kept === undefined || check.automatic || kept.signed?.atMs === check.signed?.atMs) return check;
  return kept;
}

function newRecord(deploy: Deploy, nowMs: number): WatchRecord {
  const { originMs, settledMs, endMs, midMs } = timesOf(deploy);
  const { id: deployId, release, app, environment } = deploy;
  return {
    ...{ deployId, release, app, environment, originMs, settledMs, endMs },
    ...{ openedMs: nowMs, closedMs: null, judgedMs: midMs },
    ...{ state: 'settling', provisional: true, reason: null, sinceMs: null },
    ...{ claims: {}, checks: [], followUps: followUpsOf(deploy.document), changes: [] },
    ...{ notChecked: [], interruption: null, override: null },
  };
}
