import 'server-only';
import type { Scope, TargetId } from '@/lib/core/model/target.ts';
import type { Reach } from '@/lib/core/reconcile/shared-window.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import type { ScrapeMark } from '../store/store.ts';
import { ownerOfSeries } from './groups.ts';
import { targetIdsOf } from './scope.ts';

/** Until when a side tells what it counted, and how late it tells. */
export interface Teller {
  reach: Reach;
  /** Its last good visit in the asked time; null without one. */
  lastOkMs: number | null;
  lagMs: number;
  lagJitterMs: number;
}

/** The machines that count their own Redis commands, and those that do not. */
export interface Fleet {
  /** `2 machines`. */
  name: string;
  /** Null while none answers. */
  teller: Teller | null;
  /** Why there is no number, when there is no teller. */
  missing: string;
  targetIds: readonly TargetId[];
  /** Names of machines that count and answer at the end of the asked time. */
  present: readonly string[];
  /** Those that counted before and answer no more. */
  silent: readonly string[];
  silentIds: readonly TargetId[];
  /** Those that answer and never counted. */
  uncounted: readonly string[];
  /** When a machine came, went or came back. */
  changes: readonly number[];
  /** Commands that machines count by name; empty when they count all in one. */
  commands: ReadonlySet<string>;
}

/** Without an answer for more visits than this, after a failed one, a machine is not there. */
const FAILED_VISITS = 1.5;
/** The same while no visit has failed: it is late. */
const LATE_VISITS = 2.5;
/** Visits further apart than this leave time uncovered. */
const GAP_VISITS = 3;

/** Who of the machines counts and answers at the end of `asked`, and when that changed. */
export async function readFleet(
  runtime: Runtime,
  scope: Scope,
  targetIds: readonly TargetId[],
  asked: TimeRange,
): Promise<Fleet> {
  const series = runtime.store.findSeries({ metric: 'app_redis_commands_total', targetIds });
  const machinesOf = new Map<TargetId, Set<string>>();
  for (const one of series) {
    const names = machinesOf.get(one.targetId) ?? new Set<string>();
    machinesOf.set(one.targetId, names.add(ownerOfSeries(one)));
  }
  const appIds = targetIdsOf(runtime, scope, 'app');
  const visits = groupVisits(await runtime.store.readScrapes([...new Set([...targetIds, ...appIds])], asked));
  const present: string[] = [];
  const silent: string[] = [];
  const silentIds: TargetId[] = [];
  const changes: number[] = [];
  const reaches: Reach[] = [];
  const answering: string[] = [];
  for (const [id, marks] of visits) {
    const seen = lookAt(marks, asked);
    const names = machinesOf.get(id);
    if (names === undefined) {
      if (seen.isPresent && appIds.includes(id)) answering.push(id.slice(id.lastIndexOf('/') + 1));
      continue;
    }
    changes.push(...seen.changes);
    if (seen.isPresent) {
      present.push(...names);
      reaches.push({ fromMs: asked.startMs, untilMs: seen.lastOkMs ?? asked.startMs, spanMs: seen.spanMs });
    } else if (seen.lastOkMs !== null) {
      silent.push(...names);
      silentIds.push(id);
    }
  }
  const labels = series.map((one) => one.labels.cmd);
  return {
    name: machinesText(present.length),
    teller: tellerOf(reaches),
    missing:
      series.length === 0
        ? 'No machine counts its Redis commands: export app_redis_commands_total, as docs/instrument-your-app.md says.'
        : 'No machine that counts its Redis commands answers.',
    targetIds,
    present,
    silent,
    silentIds,
    // An engine in front of the machines counts for all of them.
    uncounted: series.length > 0 && targetIds.some((id) => appIds.includes(id)) ? answering : [],
    changes,
    commands: labels.includes(undefined)
      ? new Set()
      : new Set(labels.flatMap((cmd) => (cmd === undefined ? [] : [cmd]))),
  };
}

/** `1 machine`, `2 machines`. */
export function machinesText(count: number): string {
  return count === 1 ? '1 machine' : `${count} machines`;
}

/** One teller of all machines: it reaches as far as each of them does. */
function tellerOf(reaches: readonly Reach[]): Teller | null {
  if (reaches.length === 0) return null;
  const reach = {
    fromMs: Math.max(...reaches.map(({ fromMs }) => fromMs)),
    untilMs: Math.min(...reaches.map(({ untilMs }) => untilMs)),
    spanMs: Math.max(...reaches.map(({ spanMs }) => spanMs)),
  };
  return { reach, lastOkMs: reach.untilMs, lagMs: 0, lagJitterMs: 0 };
}

/** Visits by target, oldest first. */
export function groupVisits(marks: readonly ScrapeMark[]): Map<TargetId, ScrapeMark[]> {
  const byTarget = new Map<TargetId, ScrapeMark[]>();
  for (const mark of marks) {
    const list = byTarget.get(mark.targetId);
    if (list === undefined) byTarget.set(mark.targetId, [mark]);
    else list.push(mark);
  }
  return byTarget;
}

/** What the visits of one machine say of it. */
function lookAt(marks: readonly ScrapeMark[], { startMs, endMs }: TimeRange) {
  const good = marks.filter(({ ok }) => ok);
  const last = good.at(-1);
  const spanMs = last?.intervalMs ?? marks.at(-1)?.intervalMs ?? 0;
  const silentMs = last === undefined ? Number.POSITIVE_INFINITY : endMs - last.atMs;
  const hasFailed = marks.at(-1)?.ok === false;
  const isPresent = silentMs <= (hasFailed ? FAILED_VISITS : LATE_VISITS) * spanMs;
  const changes: number[] = [];
  for (const [i, { atMs, intervalMs }] of good.entries()) {
    const beforeMs = good[i - 1]?.atMs ?? startMs;
    if (atMs - beforeMs > GAP_VISITS * intervalMs) changes.push(atMs);
  }
  if (!isPresent && last !== undefined) changes.push(last.atMs + spanMs);
  return { isPresent, lastOkMs: last?.atMs ?? null, spanMs, changes };
}
