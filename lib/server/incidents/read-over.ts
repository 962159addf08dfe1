import 'server-only';
import type { ImpactSums } from '@/lib/core/incidents/impact.ts';
import { sumOver } from '@/lib/core/incidents/sum-over.ts';
import type { HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Incident } from '@/lib/core/model/incident.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import { readLine, type SumQuestion } from '../queries/chart-line.ts';
import { chooseGrid, finestStepMs } from '../queries/grid.ts';
import { GETS_RUNGS, redisGetsRung } from '../queries/redis-gets-rung.ts';
import { targetIdsOf } from '../queries/scope.ts';
import { readUsual } from '../queries/usual.ts';
import type { Runtime } from '../runtime.ts';
import { promisedOf, scaleOf } from '../watch/watch-view.ts';

/** What is above the promise of the deploy that an incident is about; without one above what is usual. */
export async function readCommandsOver(
  runtime: Runtime,
  incident: Incident,
  range: TimeRange,
  nowMs: number,
): Promise<ImpactSums['over']> {
  const { app, environment, deployId } = incident;
  const scope = { app, environment };
  const rung = redisGetsRung(runtime, scope);
  const line = {
    ...{ kind: rung.kind, metric: rung.metric, labels: rung.labels, as: 'rate' as const },
    targetIds: targetIdsOf(runtime, scope, rung.kind),
  } satisfies SumQuestion;
  if (line.targetIds.length === 0) return { why: 'Nobody counts what Redis is asked here.' };
  // A count of all reads can’t be held against a promise that is about GETs.
  const isAllReads = rung === GETS_RUNGS[2];
  const promise = isAllReads || deployId === null ? null : await promisedGets(runtime, deployId);
  const span = { startMs: Math.max(range.startMs, promise?.fromMs ?? 0), endMs: range.endMs };
  if (span.startMs >= span.endMs) return { why: 'It was over before its deploy began.' };
  const statuses = targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const grid = chooseGrid(span, statuses, finestStepMs(runtime.config.retention, span.startMs, nowMs));
  const { points, quality } = await readLine(runtime, line, grid, nowMs);
  const levelAt = promise === null ? await usualLevel(runtime, line, grid) : () => promise.perSecond;
  if (levelAt === null)
    return { why: 'Nothing was promised of it, and too few days were measured to know what is usual.' };
  const { count, coveredMs } = sumOver(points, grid.stepMs, levelAt, span);
  if (coveredMs === 0) return { why: 'Nothing was measured in this time.' };
  return {
    ...{ count, coveredMs, quality, spanMs: span.endMs - span.startMs },
    noun: isAllReads ? 'Read commands' : 'GETs',
    promise:
      promise === null
        ? null
        : `at most ${rateText(promise.perSecond, 'commands', 'h')}, promised by ${promise.release}`,
  };
}

async function usualLevel(
  runtime: Runtime,
  line: SumQuestion & { as: 'rate' },
  grid: Parameters<typeof readUsual>[2],
): Promise<((startMs: number) => number | null) | null> {
  const { usual } = await readUsual(runtime, line, grid);
  if (usual === null) return null;
  const levels = new Map(usual.points);
  return (startMs) => levels.get(startMs) ?? null;
}

/** The level of GETs that a deploy promised not to pass, per second, from its T₀ on; null where it promised none. */
async function promisedGets(
  runtime: Runtime,
  deployId: string,
): Promise<{ perSecond: number; fromMs: number; release: string } | null> {
  const deploy = (await runtime.deploys?.get(deployId)) ?? null;
  const record = (await runtime.watches?.get(deployId)) ?? null;
  const claim = deploy?.claims.find((one) => one.standing === 'confirmed' && isOfGets(one));
  if (deploy === null || claim === undefined) return null;
  const before = record?.claims[claim.id]?.before ?? null;
  const scale = scaleOf(claim, before);
  const promised = promisedOf(claim, before, scale);
  if (promised === null || scale.window === null) return null;
  if (promised.direction !== 'atMost' && promised.direction !== 'below') return null;
  return { perSecond: promised.value, fromMs: deploy.startMs, release: deploy.release };
}

/** About all GETs of the app, and not of a part of it. */
function isOfGets({ metric, labels }: Pick<HeldClaim, 'metric' | 'labels'>): boolean {
  const isCounter = metric === 'redis_commands_total' || metric === 'app_redis_commands_total';
  return isCounter && labels.cmd === 'get' && Object.keys(labels).length === 1;
}
