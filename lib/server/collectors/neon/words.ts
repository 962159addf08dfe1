import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { maxConnections, POOLER_MAX_CLIENTS, planOf, poolSize } from '@/lib/core/neon/limits.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { cleanName } from './clean.ts';
import { type Compute, isAvailable, MAX_ENDPOINTS } from './parse.ts';
import type { BranchRow, ProjectRow } from './schema.ts';
import { quotasOf } from './usage.ts';

/** Everything that is known after a visit, for facts and notices; null where that part was not read. */
export interface Known {
  project: ProjectRow | null;
  /** As `sortComputes` orders them. */
  computes: readonly Compute[] | null;
  branches: readonly BranchRow[] | null;
  /** Undefined: not asked; null: none is set; a text: why it is not known. */
  spendingLimit: number | null | undefined | string;
}

/** Short values for the sources list. */
export function factsOf({ project, computes, branches, spendingLimit }: Known): Record<string, string> {
  const facts: Record<string, string> = {};
  const main = computes?.[0] ?? null;
  if (main !== null) {
    facts.state = main.state;
    facts.endpoint = main.id;
    const branch = branches?.find(({ id }) => id === main.branchId) ?? null;
    if (branch !== null) facts.branch = cleanName(branch.name);
    const sinceMs =
      main.state === 'asleep' ? main.suspendedMs : main.state === 'active' ? main.startedMs : null;
    if (sinceMs !== null) facts.since = iso(sinceMs);
    facts.suspends = main.suspendSeconds === null ? 'never' : `after ${minutes(main.suspendSeconds)}`;
    if (main.minCu !== null && main.maxCu !== null) {
      facts.size = span(main.minCu, main.maxCu, ' CU');
      const [least, most] = [maxConnections(main.minCu), maxConnections(main.maxCu)];
      if (least !== null && most !== null) {
        facts.connections = `${span(least, most, '')} at most`;
        const clients = POOLER_MAX_CLIENTS.toLocaleString('en-US');
        facts.pooler = `${clients} clients, ${span(poolSize(least), poolSize(most), '')} behind it`;
      }
    }
  }
  if (computes !== null && computes.length > 1) {
    const asleep = computes.filter(({ state }) => state === 'asleep').length;
    facts.computes = `${computes.length}, ${asleep} asleep`;
  }
  if (branches !== null) {
    const archived = branches.filter(({ current_state }) => current_state === 'archived').length;
    facts.branches = archived === 0 ? String(branches.length) : `${branches.length}, ${archived} archived`;
  }
  if (project !== null) {
    facts.project = cleanName(project.name);
    const type = project.owner?.subscription_type ?? null;
    if (type !== null) facts.plan = planOf(type)?.name ?? cleanName(type);
    if (project.pg_version != null) facts.version = `postgres ${project.pg_version}`;
    if (project.region_id != null) facts.region = cleanName(project.region_id);
    if (project.consumption_period_end != null) facts.periodEnds = iso(project.consumption_period_end);
  }
  if (typeof spendingLimit === 'string') facts.spendingLimit = spendingLimit;
  else if (spendingLimit === null) facts.spendingLimit = 'none';
  else if (spendingLimit !== undefined) facts.spendingLimit = `$${(spendingLimit / 100).toFixed(2)} a month`;
  return facts;
}

/** What a person should know beside the numbers. */
export function noticesOf({ project, computes, branches }: Known, nowMs: number): Notice[] {
  const notices: Notice[] = [];
  if (computes !== null) notices.push(...computeNotices(computes, branches));
  if (project === null) return notices;
  for (const { kind, limit, used } of quotasOf(project)) {
    const share = used === null ? 0 : used / limit;
    if (share < 0.8) continue;
    const percent = `${Math.floor(share * 100)} %`;
    const name = QUOTA_NAMES[kind] ?? kind;
    notices.push(
      share >= 1
        ? {
            code: 'quota_exhausted',
            text: `${name} is used up (${percent}): every compute of the project is stopped and none can be started; raise it, or wait for the next billing period`,
          }
        : {
            code: 'quota_near',
            text: `${percent} of ${name} is used; at 100 % every compute of the project stops until the next billing period`,
          },
    );
  }
  const plannedMs = project.maintenance_scheduled_for ?? project.maintenance_starts_at ?? null;
  if (plannedMs !== null && plannedMs > nowMs && plannedMs - nowMs < 7 * DAY_MS) {
    notices.push({
      code: 'maintenance',
      text: `Neon plans maintenance at ${iso(plannedMs)}: computes restart for a moment, and their statistics begin again`,
    });
  }
  return notices;
}

const QUOTA_NAMES: Readonly<Record<string, string>> = {
  active_time: 'the quota of active time',
  compute_time: 'the quota of compute time',
  written_data: 'the quota of written data',
  data_transfer: 'the quota of data transfer',
  plan_compute: 'the compute of the Free plan (100 CU-hours a month)',
};

function computeNotices(computes: readonly Compute[], branches: readonly BranchRow[] | null): Notice[] {
  const [main] = computes;
  if (main === undefined) {
    return [
      {
        code: 'no_compute',
        text: 'the project has no compute, so nothing can connect to it; add one to its branch',
      },
    ];
  }
  const notices: Notice[] = [];
  if (!isAvailable(main.state)) {
    notices.push(
      main.state === 'disabled'
        ? {
            code: 'compute_disabled',
            text: `compute ${main.id} is disabled and refuses every connection until somebody enables it in the console`,
          }
        : {
            code: 'unknown_state',
            text: `compute ${main.id} is in a state that this version does not know, so it counts as unknown; look for a newer version`,
          },
    );
  }
  const branch = branches?.find(({ id }) => id === main.branchId) ?? null;
  if (branch?.current_state === 'archived') {
    notices.push({
      code: 'branch_archived',
      text: `branch ${cleanName(branch.name)} is archived: the first queries after a start are slow`,
    });
  }
  if (computes.length > MAX_ENDPOINTS) {
    notices.push({
      code: 'many_computes',
      text: `the project has ${computes.length} computes; those of the default branch and the first by id are watched, ${MAX_ENDPOINTS} in all`,
    });
  }
  return notices;
}

function span(from: number, to: number, suffix: string): string {
  return from === to ? `${from}${suffix}` : `${from}–${to}${suffix}`;
}

function minutes(seconds: number): string {
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60} min` : `${seconds} s`;
}

function iso(atMs: number): string {
  const bounded = Math.max(-8.64e15, Math.min(atMs, 8.64e15));
  return new Date(bounded).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
