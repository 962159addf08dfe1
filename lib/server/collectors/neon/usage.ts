import 'server-only';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import { planOf } from '@/lib/core/neon/limits.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { cleanName } from './clean.ts';
import type { Compute } from './parse.ts';
import type { BranchRow, ProjectRow } from './schema.ts';

/** Branches that get series of their own; a project may have hundreds for a day each. */
export const MAX_BRANCHES = 20;

/** Samples of what the project used in its billing period and may use. */
export function projectSamples(project: ProjectRow, skewMs: number, nowMs: number): Sample[] {
  const samples: Sample[] = [];
  const start = periodStart(project, skewMs);
  const counters = [
    ['neon_compute_unit_seconds_total', project.compute_time_seconds],
    ['neon_active_seconds_total', project.active_time_seconds],
    ['neon_written_bytes_total', project.written_data_bytes],
    ['neon_transfer_bytes_total', project.data_transfer_bytes],
  ] as const;
  for (const [metric, value] of counters) {
    if (value != null) samples.push({ metric, labels: {}, value, ...(start !== null && { start }) });
  }
  if (project.synthetic_storage_size != null) {
    samples.push({ metric: 'neon_storage_bytes', labels: {}, value: project.synthetic_storage_size });
  }
  const hours = start?.atMs == null ? 0 : (nowMs - start.atMs) / HOUR_MS;
  // In the first hours the sum is behind by more than it holds.
  if (project.data_storage_bytes_hour != null && hours >= 6) {
    samples.push({
      metric: 'neon_storage_period_mean_bytes',
      labels: {},
      value: project.data_storage_bytes_hour / hours,
      quality: 'inferred',
    });
  }
  for (const { unit, kind, limit, used, inferred } of quotasOf(project)) {
    const quality = inferred ? ({ quality: 'inferred' } as const) : {};
    const metric = unit === 'seconds' ? 'neon_quota_seconds' : 'neon_quota_bytes';
    samples.push({ metric, labels: { kind }, value: limit, ...quality });
    if (used !== null) {
      samples.push({ metric: 'neon_quota_used_ratio', labels: { kind }, value: used / limit, ...quality });
    }
  }
  return samples;
}

/** A limit of the billing period and what is used of it, in the same unit. */
export interface Quota {
  kind: string;
  unit: 'seconds' | 'bytes';
  limit: number;
  /** Null where the project does not tell. */
  used: number | null;
  /** From the published plan, not from the API. */
  inferred: boolean;
}

/** Limits that are set: a quota of zero, or none, is no limit. */
export function quotasOf(project: ProjectRow): Quota[] {
  const quota = project.settings?.quota ?? null;
  const plan = planOf(project.owner?.subscription_type ?? '');
  const quotas: (Omit<Quota, 'limit' | 'used'> & Record<'limit' | 'used', number | null | undefined>)[] = [
    {
      kind: 'active_time',
      unit: 'seconds',
      limit: quota?.active_time_seconds,
      used: project.active_time_seconds,
      inferred: false,
    },
    {
      kind: 'compute_time',
      unit: 'seconds',
      limit: quota?.compute_time_seconds,
      used: project.compute_time_seconds,
      inferred: false,
    },
    {
      kind: 'written_data',
      unit: 'bytes',
      limit: quota?.written_data_bytes,
      used: project.written_data_bytes,
      inferred: false,
    },
    {
      kind: 'data_transfer',
      unit: 'bytes',
      limit: quota?.data_transfer_bytes,
      used: project.data_transfer_bytes,
      inferred: false,
    },
    // Held by each branch for itself: there is no usage of the project to set against it.
    { kind: 'logical_size', unit: 'bytes', limit: quota?.logical_size_bytes, used: null, inferred: false },
    {
      kind: 'plan_compute',
      unit: 'seconds',
      limit: plan?.computeUnitSecondsIncluded,
      used: project.compute_time_seconds,
      inferred: true,
    },
  ];
  return quotas.flatMap(({ limit, used, ...rest }) =>
    limit == null || limit <= 0 ? [] : [{ ...rest, limit, used: used ?? null }],
  );
}

/** The billing period, at whose start the project's counters begin again. */
function periodStart(project: ProjectRow, skewMs: number): StartMarker | null {
  const atMs = project.consumption_period_start;
  if (atMs == null) return null;
  return { marker: `period ${new Date(atMs).toISOString()}`, atMs: atMs - skewMs };
}

/** Samples of the branches that matter: the default one, and those with a compute. */
export function branchSamples(
  branches: readonly BranchRow[],
  computes: readonly Compute[],
  project: { row: ProjectRow; skewMs: number } | null,
): Sample[] {
  const withCompute = new Set(computes.map(({ branchId }) => branchId));
  const start = project === null ? null : periodStart(project.row, project.skewMs);
  const shown = branches
    .filter((branch) => branch.default === true || withCompute.has(branch.id))
    .toSorted((a, b) => Number(b.default === true) - Number(a.default === true) || a.id.localeCompare(b.id))
    .slice(0, MAX_BRANCHES);
  const names = shown.map((branch) => cleanName(branch.name));
  return shown.flatMap((branch, at) => {
    const name = names[at] ?? '';
    // Long names may be alike once they are cut; a series must stay one branch's.
    const isAlone = name !== '' && names.filter((other) => other === name).length === 1;
    const labels = { branch: isAlone ? name : branch.id };
    const samples: Sample[] = [];
    if (branch.logical_size != null) {
      samples.push({ metric: 'neon_branch_size_bytes', labels, value: branch.logical_size });
    }
    const counters = [
      ['neon_branch_compute_unit_seconds_total', branch.compute_time_seconds],
      ['neon_branch_written_bytes_total', branch.written_data_bytes],
    ] as const;
    for (const [metric, value] of counters) {
      if (value != null) samples.push({ metric, labels, value, ...(start !== null && { start }) });
    }
    return samples;
  });
}
