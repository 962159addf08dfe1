import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import { alignDown, alignUp, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { BucketSeries } from '../../store/store.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels, STEP_MS, tellersOf } from './fleet-levels.ts';
import { RESTARTS_MS } from './fleet-restarts.ts';
import { readSums, stretchBefore } from './fleet-sums.ts';
import { readVisited, type Visited } from './fleet-visits.ts';

/** What Fly says of one machine. */
export interface FlyWord {
  /** Its id at Fly. */
  machine: string;
  release: string | null;
  /** True while its checks pass; null where there are none, or they do not. */
  healthy: true | null;
  /** What has been wrong by Fly's word for some minutes; null where nothing is. */
  failing: string | null;
  /** Stopped or suspended now. */
  parked: boolean;
  /** The same for some minutes: not one that ended and begins again. */
  isLeft: boolean;
  /** Ends of its process in ten minutes that nobody asked for. */
  exits: number;
}

/** Fly is visited seldom: what it says must have held for so long, else a machine that is back for a while looks bad. */
const HELD_MS = 3 * MINUTE_MS;
/** Ends of a process that nobody asked for. */
const UNASKED = ['oom', 'crash', 'unknown'];
const FAULTS = [
  ['fly_machine_up', 'Fly does not call it started'],
  ['fly_machine_health_ok', 'a check of Fly is critical'],
] as const satisfies readonly (readonly [MetricName, string])[];

/** Machines by what Fly tells of them; empty without a Fly source, or while that does not answer. */
export async function readFlyWords(question: FactQuestion): Promise<(atMs: number) => readonly FlyWord[]> {
  if (tellersOf(question, 'fly_machine_info', ['fly']).length === 0) return () => [];
  const [visited, infos, parked, healths, exits, left, ...held] = await Promise.all([
    readVisited(question),
    readLevels(question, 'fly_machine_info', ['fly']),
    readLevels(question, 'fly_machine_parked', ['fly']),
    readLevels(question, 'fly_machine_health_ok', ['fly']),
    readSums(question, { metric: 'fly_machine_exits_total', kinds: ['fly'], leadMs: RESTARTS_MS }),
    readHeld(question, 'fly_machine_parked', 1),
    ...FAULTS.map(([metric]) => readHeld(question, metric, 0)),
  ]);
  return (atMs) => {
    const sources = new Map(visited(atMs).map((one) => [one.id, one]));
    const isNow = (level: Level): boolean => isFresh(level, sources.get(level.targetId));
    const parkedNow = byMachine(parked(atMs).filter(isNow));
    const healthNow = byMachine(healths(atMs).filter(isNow));
    const ended = exits(stretchBefore(atMs, RESTARTS_MS, question), atMs).filter(({ labels }) =>
      UNASKED.includes(labels.reason ?? ''),
    );
    return [...byMachine(infos(atMs).filter(isNow)).values()].map(({ targetId, labels }): FlyWord => {
      const machine = labels.machine ?? '';
      const isParked = (parkedNow.get(machine)?.value ?? 0) > 0;
      const fault = FAULTS.find((_, i) => held[i]?.(machine, atMs, sources.get(targetId)) === true);
      const health = healthNow.get(machine);
      const own = ended.filter((one) => one.labels.machine === machine);
      return {
        machine,
        release: labels.release ?? null,
        // A single bad word may be older than what the machine says itself: that is left to `failing`.
        healthy: health !== undefined && health.value > 0 ? true : null,
        failing: isParked ? null : (fault?.[1] ?? null),
        parked: isParked,
        isLeft: isParked && left(machine, atMs, sources.get(targetId)),
        exits: own.reduce((sum, { increase }) => sum + increase, 0),
      };
    });
  };
}

/** The newest word of each machine: a new release is a new series. */
function byMachine(levels: readonly Level[]): ReadonlyMap<string, Level> {
  const newest = new Map<string, Level>();
  for (const level of levels) {
    const machine = level.labels.machine ?? '';
    const known = newest.get(machine);
    if (known === undefined || level.atMs > known.atMs) newest.set(machine, level);
  }
  return newest;
}

/** True where a gauge of a machine had this value at every visit of the last minutes, and there were two of them at least. */
async function readHeld(
  question: FactQuestion,
  metric: MetricName,
  wanted: number,
): Promise<(machine: string, atMs: number, source: Visited | undefined) => boolean> {
  const targetIds = tellersOf(question, metric, ['fly']);
  if (targetIds.length === 0) return () => false;
  const fromMs = alignDown(question.times.startMs - HELD_MS, STEP_MS);
  const range = { startMs: fromMs, endMs: alignUp(question.times.endMs, STEP_MS) };
  const found = await question.deps.store.readBuckets({ metric, targetIds }, range, STEP_MS);
  return (machine, atMs, source) => {
    const { startMs, endMs } = stretchBefore(atMs, HELD_MS, question);
    const own = found.filter(
      ({ series }) => series.labels.machine === machine && series.targetId === source?.id,
    );
    const values = own.flatMap((one) =>
      valuesIn(one, (startMs - fromMs) / STEP_MS, (endMs - fromMs) / STEP_MS),
    );
    return values.length > 1 && values.every((value) => value === wanted);
  };
}

function valuesIn({ buckets }: BucketSeries, first: number, end: number): number[] {
  return buckets.slice(Math.max(0, first), Math.max(0, end)).flatMap((bucket) => bucket?.max ?? []);
}
