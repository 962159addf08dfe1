import type { BranchState, EndpointState, NeonWorld, OperationState, ProjectState, Usage } from './world.ts';

const DAY_MS = 86_400_000;

/** Parts of a world that stands still; what is left out is an ordinary small project. */
export interface StillParts {
  project?: Partial<ProjectState>;
  endpoints?: readonly Partial<EndpointState>[];
  branches?: readonly Partial<BranchState>[];
  operations?: readonly OperationState[];
  usage?: (fromMs: number, toMs: number) => Usage | null;
}

/** A project that does nothing by itself: one branch and one active compute on the Launch plan, as of `atMs`. */
export function stillWorld(atMs: number, parts: StillParts = {}): NeonWorld {
  const createdMs = atMs - 90 * DAY_MS;
  const periodStartMs = Date.UTC(new Date(atMs).getUTCFullYear(), new Date(atMs).getUTCMonth(), 1);
  const project: ProjectState = {
    id: 'quiet-river-028834',
    name: 'shop',
    regionId: 'aws-eu-central-1',
    pgVersion: 17,
    orgId: 'org-morning-bread-810409',
    subscriptionType: 'launch_v3',
    periodStartMs,
    periodEndMs: periodStartMs + 30 * DAY_MS,
    createdMs,
    computeUnitSeconds: 24_857,
    activeSeconds: 62_144,
    writtenBytes: 193_990_002,
    transferBytes: 1_000_000,
    storageByteHours: 3.7e9,
    storageBytes: 64_225_280,
    quota: {},
    maintenanceMs: null,
    spendingLimitCents: null,
    ...parts.project,
  };
  const branches = (parts.branches ?? [{}]).map(
    (part, at): BranchState => ({
      id: `br-quiet-hill-${at + 1}`,
      name: at === 0 ? 'main' : `preview-${at}`,
      isDefault: at === 0,
      parentId: at === 0 ? null : 'br-quiet-hill-1',
      state: 'ready',
      logicalBytes: 31_539_200,
      computeUnitSeconds: 24_000,
      activeSeconds: 60_000,
      writtenBytes: 190_000_000,
      transferBytes: 900_000,
      createdMs,
      ...part,
    }),
  );
  const endpoints = (parts.endpoints ?? [{}]).map(
    (part, at): EndpointState => ({
      id: `ep-calm-lake-${at + 1}`,
      branchId: `br-quiet-hill-${at + 1}`,
      type: 'read_write',
      current: 'active',
      pending: null,
      disabled: false,
      minCu: 0.25,
      maxCu: 2,
      suspendTimeoutSeconds: 0,
      lastActiveMs: atMs - 5_000,
      startedMs: atMs - 7_200_000,
      suspendedMs: atMs - 9_000_000,
      createdMs,
      ...part,
    }),
  );
  return {
    project: () => project,
    branches: () => branches,
    endpoints: () => endpoints,
    operations: (untilMs) => (parts.operations ?? []).filter((one) => one.createdMs <= untilMs),
    usage: parts.usage ?? (() => null),
  };
}
