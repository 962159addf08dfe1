import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import { DAY_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { readSettledDays, settledDays } from './by-days.ts';
import { type EldestSeries, eldestSeries } from './eldest-series.ts';

interface Restart {
  targetId: TargetId;
  atMs: number;
}

/**
 * Times of restarts seen in `range` by each target that gives the metric, oldest first. Read from the one series of
 * the metric that the target has had longest: a rare series shows the same restart only with its next event.
 */
export async function readRestarts(
  runtime: Runtime,
  metric: string,
  targetIds: readonly TargetId[],
  range: TimeRange,
): Promise<ReadonlyMap<TargetId, readonly number[]>> {
  const found = new Map<TargetId, number[]>();
  for (const eldest of eldestSeries(runtime.store, { metric, targetIds })) {
    for (const id of eldest.selector.targetIds ?? []) found.set(id, []);
    for (const { targetId, atMs } of await readOf(runtime, eldest, range)) found.get(targetId)?.push(atMs);
  }
  return new Map([...found].map(([id, times]) => [id, times.sort((a, b) => a - b)]));
}

async function readOf(runtime: Runtime, eldest: EldestSeries, range: TimeRange): Promise<Restart[]> {
  const days = settledDays(runtime, range);
  const restMs = Math.max(range.startMs, days.endDay * DAY_MS);
  const [settled, rest] = await Promise.all([
    readSettledDays(
      runtime,
      JSON.stringify(['restarts', eldest.selector]),
      days,
      async (part) => {
        const all = await readMarks(runtime, eldest, part);
        return (day) => all.filter(({ atMs }) => Math.floor(atMs / DAY_MS) === day);
      },
      (day) => day.length,
    ),
    range.endMs > restMs ? readMarks(runtime, eldest, { startMs: restMs, endMs: range.endMs }) : [],
  ]);
  const inRange = ({ atMs }: Restart): boolean => atMs >= range.startMs && atMs < range.endMs;
  return [...settled.flat(), ...rest].filter(inRange);
}

async function readMarks(
  runtime: Runtime,
  { selector, ids }: EldestSeries,
  range: TimeRange,
): Promise<Restart[]> {
  const owners = new Map(runtime.store.findSeries(selector).map(({ id, targetId }) => [id, targetId]));
  const marks = await runtime.store.readResets(selector, range);
  return marks.flatMap(({ seriesId, atMs }) => {
    const targetId = owners.get(seriesId);
    return targetId !== undefined && ids.has(seriesId) ? [{ targetId, atMs }] : [];
  });
}
