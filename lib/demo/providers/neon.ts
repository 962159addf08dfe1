import type { BranchState, EndpointState, NeonWorld, OperationState, Usage } from '../neon/world.ts';
import { hash01, hexOf, keyOf } from '../noise.ts';
import { MACHINES } from '../story.ts';
import type { World } from '../world.ts';
import { eraAt } from '../world-machine.ts';

export const NEON_KEY = 'napi_demo';
export const NEON_PROJECT = 'still-harbor-40213377';
const MAIN = 'ep-bright-quay-a2c41f07';
const PREVIEW = 'ep-late-tide-b7e9130c';
const MAIN_BRANCH = 'br-bright-quay-a2c41f07';
const PREVIEW_BRANCH = 'br-late-tide-b7e9130c';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SUSPEND_AFTER_MS = 5 * MINUTE_MS;
/** The preview is opened once in each such stretch, for a while. */
const PREVIEW_EVERY_MS = 6 * HOUR_MS;
const PREVIEW_KNOWN_MS = 30 * DAY_MS;
/** 600 CU hours a month, and 10 GB a branch: more than the project needs. */
const QUOTA = { computeUnitSeconds: 2_160_000, logicalSizeBytes: 10_000_000_000 };
const MAIN_SINCE_MS = -23 * DAY_MS - 7_431_000;

/**
 * The project of the story: the main compute never sleeps, since the app asks it all the time; the preview's does, and
 * is woken by people only.
 */
export function neonWorld(world: World): NeonWorld {
  const createdMs = world.startMs - 212 * DAY_MS;
  const visits = (atMs: number) => previewVisits(world, atMs);
  const branch = (id: string, atMs: number): BranchState => {
    const isMain = id === MAIN_BRANCH;
    const fromMs = startOfMonth(atMs);
    const used = isMain ? mainSeconds(world, fromMs, atMs) : previewSeconds(visits(atMs), fromMs, atMs);
    return {
      id,
      name: isMain ? 'main' : 'preview',
      isDefault: isMain,
      parentId: isMain ? null : MAIN_BRANCH,
      state: 'ready',
      logicalBytes: world.at(atMs).postgres.sizeBytes,
      computeUnitSeconds: used.computeUnits,
      activeSeconds: used.active,
      writtenBytes: used.active * (isMain ? 2_900 : 40),
      transferBytes: used.active * (isMain ? 6_100 : 210),
      createdMs: isMain ? createdMs : world.startMs - 31 * DAY_MS,
    };
  };
  const branches = (atMs: number) => [branch(MAIN_BRANCH, atMs), branch(PREVIEW_BRANCH, atMs)];
  return {
    project(atMs) {
      const all = branches(atMs);
      const total = (pick: (one: BranchState) => number) => all.reduce((sum, one) => sum + pick(one), 0);
      const { sizeBytes } = world.at(atMs).postgres;
      const periodStartMs = startOfMonth(atMs);
      return {
        id: NEON_PROJECT,
        name: 'harbor',
        regionId: 'aws-eu-central-1',
        pgVersion: 16,
        orgId: 'org-harbor-crew-21904411',
        subscriptionType: 'launch_v3',
        periodStartMs,
        periodEndMs: startOfMonth(periodStartMs + 32 * DAY_MS),
        createdMs,
        computeUnitSeconds: total((one) => one.computeUnitSeconds),
        activeSeconds: total((one) => one.activeSeconds),
        writtenBytes: total((one) => one.writtenBytes),
        transferBytes: total((one) => one.transferBytes),
        storageByteHours: (sizeBytes * (atMs - periodStartMs)) / HOUR_MS,
        storageBytes: sizeBytes,
        quota: QUOTA,
        maintenanceMs: null,
        spendingLimitCents: 12_000,
      };
    },
    branches,
    endpoints(atMs): EndpointState[] {
      const last = visits(atMs).at(-1);
      const isAwake = last !== undefined && atMs < last.toMs;
      const common = { type: 'read_write', pending: null, disabled: false, createdMs } as const;
      return [
        {
          ...common,
          id: MAIN,
          branchId: MAIN_BRANCH,
          current: 'active',
          minCu: 0.25,
          maxCu: 2,
          suspendTimeoutSeconds: 0,
          lastActiveMs: atMs - 1_000,
          startedMs: world.startMs + MAIN_SINCE_MS,
          suspendedMs: null,
        },
        {
          ...common,
          id: PREVIEW,
          branchId: PREVIEW_BRANCH,
          createdMs: world.startMs - 31 * DAY_MS,
          current: isAwake ? 'active' : 'idle',
          minCu: 0.25,
          maxCu: 0.25,
          suspendTimeoutSeconds: 0,
          lastActiveMs: last === undefined ? null : Math.min(atMs, last.toMs - SUSPEND_AFTER_MS),
          startedMs: last?.fromMs ?? null,
          suspendedMs: (isAwake ? visits(atMs).at(-2) : last)?.toMs ?? null,
        },
      ];
    },
    operations: (atMs) => visits(atMs).flatMap((visit) => operationsOf(world.seed, visit, atMs)),
    usage(fromMs, toMs): Usage {
      const main = mainSeconds(world, fromMs, toMs);
      const preview = previewSeconds(visits(toMs), fromMs, toMs);
      return {
        computeUnitSeconds: Math.round(main.computeUnits + preview.computeUnits),
        publicBytes: Math.round(main.active * 6_100 + preview.active * 210),
        privateBytes: 0,
      };
    },
  };
}

interface Visit {
  fromMs: number;
  toMs: number;
}

/** When the preview's compute was awake, up to `atMs`, oldest first. */
function previewVisits({ seed, startMs }: World, atMs: number): Visit[] {
  const key = keyOf('preview');
  const first = Math.floor((startMs - PREVIEW_KNOWN_MS) / PREVIEW_EVERY_MS);
  const visits: Visit[] = [];
  for (let n = first; n * PREVIEW_EVERY_MS <= atMs; n += 1) {
    const fromMs = Math.round((n + 0.7 * hash01(seed, key, n)) * PREVIEW_EVERY_MS);
    const usedMs = (4 + 50 * hash01(seed, key + 1, n)) * MINUTE_MS;
    if (fromMs <= atMs) visits.push({ fromMs, toMs: Math.round(fromMs + usedMs + SUSPEND_AFTER_MS) });
  }
  return visits;
}

function operationsOf(seed: number, { fromMs, toMs }: Visit, atMs: number): OperationState[] {
  const operation = (action: string, createdMs: number, takesMs: number): OperationState => ({
    id: uuidOf(seed, `${action} ${createdMs}`),
    action,
    status: 'finished',
    branchId: PREVIEW_BRANCH,
    endpointId: PREVIEW,
    createdMs,
    updatedMs: createdMs + takesMs,
  });
  const all = [operation('start_compute', fromMs, 400), operation('suspend_compute', toMs, 1_200)];
  return all.filter(({ updatedMs }) => updatedMs <= atMs);
}

function uuidOf(seed: number, name: string): string {
  const hex = hexOf(seed, name, 30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}`;
}

interface Used {
  active: number;
  computeUnits: number;
}

/** The main compute grows with what it is asked: fewer queries need less of it. */
function mainSeconds({ startMs }: World, fromMs: number, toMs: number): Used {
  const [first] = MACHINES;
  const cuts = [fromMs, ...first.eras.map((era) => startMs + era.fromMs), toMs]
    .filter((one) => one >= fromMs && one <= toMs)
    .toSorted((a, b) => a - b);
  let computeUnits = 0;
  for (const [i, atMs] of cuts.entries()) {
    const untilMs = cuts[i + 1] ?? atMs;
    const size = { old: 0.62, v1203: 0.41, suspended: 0.45, v1206: 0.25 }[
      eraAt(first, atMs - startMs).manner
    ];
    computeUnits += ((untilMs - atMs) / 1_000) * size;
  }
  return { active: Math.max(0, toMs - fromMs) / 1_000, computeUnits };
}

function previewSeconds(visits: readonly Visit[], fromMs: number, toMs: number): Used {
  let active = 0;
  for (const visit of visits) {
    active += Math.max(0, Math.min(visit.toMs, toMs) - Math.max(visit.fromMs, fromMs)) / 1_000;
  }
  return { active, computeUnits: active * 0.25 };
}

function startOfMonth(atMs: number): number {
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
