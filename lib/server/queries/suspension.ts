import 'server-only';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import type { SuspensionView } from '@/lib/core/model/suspension.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ConsequenceFacts } from '@/lib/core/modes/consequences.ts';
import { isTriedIn, type StagingFacts } from '@/lib/core/modes/staging.ts';
import { stretchOf } from '@/lib/core/modes/stretch.ts';
import { isOutOfUse, isReturning, suspensionOf } from '@/lib/core/modes/suspension.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { reviewOf } from '@/lib/core/watch/end-of-watch.ts';
import { ownWindow } from '@/lib/core/watch/own-switch.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import { namesRelease } from '../deploys/release-name.ts';
import { readArriving } from '../engine/facts/billed.ts';
import type { ModeNow } from '../engine/modes.ts';
import type { LoadQuestion } from '../modes-view/load-flows.ts';
import { readLoads } from '../modes-view/loads.ts';
import { readStageBlocks } from '../modes-view/stage-blocks.ts';
import type { Runtime } from '../runtime.ts';
import { remember } from './remember.ts';
import { readScopes, targetsOf } from './scope.ts';

const MEMORY = { name: 'suspension', most: 16 };
const LIFE_MS = 15_000;

/** Redis out of use, or on its way back, with what follows from it; null where it is simply in use, or nothing tells. */
export function readSuspension(
  runtime: Runtime,
  scope: Scope,
  nowMs: number,
): Promise<SuspensionView | null> {
  const now = runtime.modes?.current(scope) ?? null;
  if (now === null) return Promise.resolve(null);
  const key = JSON.stringify([scope.app, scope.environment, now.mode, now.sinceMs]);
  return remember(runtime, MEMORY, key, LIFE_MS, () => read(runtime, scope, now, nowMs));
}

async function read(
  runtime: Runtime,
  scope: Scope,
  now: ModeNow,
  nowMs: number,
): Promise<SuspensionView | null> {
  const changes = runtime.modes?.history(scope, { startMs: 0, endMs: nowMs + 1 }) ?? [];
  const stretch = stretchOf(changes);
  const isOut = isOutOfUse(now.mode);
  if (!isOut && !(now.mode === 'active' && isReturning(stretch, nowMs))) return null;
  const rows = (await runtime.deploys?.list(scope)) ?? [];
  const cause = stretch === null ? null : causeOf(rows, stretch.startMs, 'suspend');
  const effect = stretch?.firstMs == null ? null : causeOf(rows, stretch.firstMs, 'resume');
  const [suspended, resumed] = await Promise.all(
    [cause, effect].map((row) => (row === null ? null : (runtime.deploys?.get(row.id) ?? null))),
  );
  const machines = machinesOf(now);
  const sinceMs = stretch?.startMs ?? null;
  const events = runtime.alerts?.current(scope)?.events ?? [];
  const [consequences, blocks, staging] = await Promise.all([
    isOut ? readConsequences({ runtime, scope, nowMs, mode: now.mode, sinceMs, machines }) : null,
    stretch === null
      ? []
      : readStageBlocks({ runtime, scope, nowMs, stretch, changes, resumed: resumed ?? null, events }),
    readStaging(runtime, scope, nowMs, sinceMs),
  ]);
  const plannedMs = suspended == null ? null : reviewOf(suspended);
  return suspensionOf({
    ...{ nowMs, mode: now.mode, stretch, machines, consequences, blocks, staging },
    ...evidenceOf(now),
    by: cause === null ? null : { release: cause.release, href: `/deploys/${cause.id}` },
    plannedEndMs: plannedMs,
    suspendedForMs: (runtime.alerts?.settings ?? DEFAULT_ALERT_SETTINGS).suspendedForMs,
    resumedBy: effect === null ? null : { release: effect.release, isCode: effect.kind === 'code' },
    ...flyOf(runtime, scope),
  });
}

/** The way back of an environment in which it is tried first, where that began after Redis was suspended here. */
async function readStaging(
  runtime: Runtime,
  scope: Scope,
  nowMs: number,
  sinceMs: number | null,
): Promise<StagingFacts | null> {
  if (isTriedIn(scope.environment)) return null;
  const other = readScopes(runtime).find(
    ({ app, environment }) =>
      app === scope.app && environment !== scope.environment && isTriedIn(environment),
  );
  const view = other === undefined ? null : await readSuspension(runtime, other, nowMs);
  const [first] = view?.stages ?? [];
  if (other === undefined || view === null || first?.startedMs == null) return null;
  const isAfter = sinceMs !== null && first.startedMs >= sinceMs;
  return isAfter ? { environment: other.environment, stages: view.stages } : null;
}

/** What was known last is inferred while nothing tells. */
function evidenceOf({
  quality,
  evidence,
  unknownSinceMs,
}: ModeNow): Pick<SuspensionView, 'quality' | 'evidence'> {
  if (unknownSinceMs === null) return { quality, evidence };
  return {
    quality: 'inferred',
    evidence: `nothing tells since ${formatClock(unknownSinceMs)}; last known: ${evidence}`,
  };
}

function machinesOf({ machines }: ModeNow): SuspensionView['machines'] {
  return [...machines].map(([name, { mode, sinceMs, unknownSinceMs }]) =>
    unknownSinceMs === null ? { name, mode, sinceMs } : { name, mode: 'unknown', sinceMs: unknownSinceMs },
  );
}

/** Signs by which a switch of Redis gives itself away name no deploy that brought it. */
const KINDS: Readonly<Record<'suspend' | 'resume', readonly ShelfRow['kind'][]>> = {
  suspend: ['suspend', 'secret', 'config'],
  resume: ['resume', 'secret', 'config', 'code'],
};

/** The deploy in whose own time Redis was switched: one that has a name, or was told, and the nearest of those. */
function causeOf(rows: readonly ShelfRow[], atMs: number, way: keyof typeof KINDS): ShelfRow | null {
  const fits = rows.filter((row) => {
    const { startMs, endMs } = ownWindow({ originMs: row.startMs, endMs: row.endMs });
    const isTold = row.origin !== 'noticed' || namesRelease(row.release);
    return isTold && KINDS[way].includes(row.kind) && atMs >= startMs && atMs <= endMs;
  });
  const distance = ({ startMs }: ShelfRow) => Math.abs(atMs - startMs);
  return fits.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

async function readConsequences(question: LoadQuestion): Promise<ConsequenceFacts> {
  const { runtime, scope, nowMs } = question;
  const statuses = targetsOf(runtime, scope).flatMap((target) => {
    const status = runtime.poller.status(
      `${scope.app}/${scope.environment}/${target.kind}/${target.name}`,
      nowMs,
    );
    return status ?? [];
  });
  const times = { startMs: nowMs, endMs: nowMs };
  const [loads, arriving] = await Promise.all([
    readLoads(question),
    readArriving({ deps: runtime, scope, statuses, times, isPast: false }),
  ]);
  return { ...loads, arriving: arriving(nowMs) };
}

/** The app at Fly, and its machines that were found there, by name. */
function flyOf(
  runtime: Runtime,
  scope: Scope,
): { flyApp: string | null; flyMachines: Record<string, string> } {
  const fly = targetsOf(runtime, scope, 'fly').find((target) => target.kind === 'fly');
  const found = targetsOf(runtime, scope, 'app').flatMap((target) =>
    target.kind === 'app' && target.machine !== undefined ? [[target.name, target.machine.id] as const] : [],
  );
  return { flyApp: fly?.kind === 'fly' ? fly.flyApp : null, flyMachines: Object.fromEntries(found) };
}
