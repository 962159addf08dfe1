import 'server-only';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import { awakeSpans, totalMs } from '@/lib/core/neon/awake.ts';
import {
  COMPUTE_STATES,
  type ComputeState,
  computeState,
  suspendAfterSeconds,
} from '@/lib/core/neon/compute-state.ts';
import { BYTES_PER_CU, maxConnections } from '@/lib/core/neon/limits.ts';
import { effectOf, type NeonOperation, operationOutcome } from '@/lib/core/neon/operations.ts';
import type { ComputeFacts } from '@/lib/core/neon/wake-gate.ts';
import type { OperationsView } from './operations-log.ts';
import type { BranchRow, EndpointRow } from './schema.ts';

/** Computes that get series of their own; a project may have hundreds for a day each. */
export const MAX_ENDPOINTS = 20;

/** One compute as we keep it; instants on our clock. */
export interface Compute extends ComputeFacts {
  id: string;
  branchId: string;
  writes: boolean;
  suspendedMs: number | null;
  createdMs: number | null;
  minCu: number | null;
  maxCu: number | null;
}

/** A row of the API on our clock. */
export function toCompute(row: EndpointRow, skewMs: number): Compute {
  const ours = (atMs: number | null | undefined) => (atMs == null ? null : atMs - skewMs);
  const maxCu = row.autoscaling_limit_max_cu ?? null;
  return {
    id: row.id,
    branchId: row.branch_id,
    writes: row.type === 'read_write',
    state: computeState({
      current: row.current_state,
      pending: row.pending_state ?? null,
      disabled: row.disabled,
    }),
    lastActiveMs: ours(row.last_active),
    startedMs: ours(row.started_at),
    suspendedMs: ours(row.suspended_at),
    createdMs: ours(row.created_at),
    suspendSeconds: suspendAfterSeconds(row.suspend_timeout_seconds, maxCu),
    minCu: row.autoscaling_limit_min_cu ?? null,
    maxCu,
  };
}

/** Those that write, of the default branch first: the first one is what people mean by "the database". */
export function sortComputes(computes: readonly Compute[], branches: readonly BranchRow[] | null): Compute[] {
  const main = branches?.find((branch) => branch.default === true)?.id ?? null;
  const rank = (one: Compute) => (one.branchId === main ? 0 : 2) + (one.writes ? 0 : 1);
  return computes.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}

/** Samples of what one compute is and may be. */
export function computeSamples(compute: Compute): Sample[] {
  const endpoint = compute.id;
  const samples: Sample[] = COMPUTE_STATES.map((state) => ({
    metric: 'neon_compute_state',
    labels: { endpoint, state },
    value: state === compute.state ? 1 : 0,
  }));
  if (compute.suspendSeconds !== null) {
    const value = compute.suspendSeconds;
    samples.push({ metric: 'neon_compute_suspend_after_seconds', labels: { endpoint }, value });
  }
  for (const [at, cu] of [
    ['min', compute.minCu],
    ['max', compute.maxCu],
  ] as const) {
    if (cu === null) continue;
    const labels = { endpoint, at };
    samples.push({ metric: 'neon_compute_memory_bytes', labels, value: cu * BYTES_PER_CU });
    const value = maxConnections(cu);
    if (value !== null) {
      samples.push({ metric: 'neon_compute_connections_max', labels, value, quality: 'inferred' });
    }
  }
  return samples;
}

/** What a session has told so far today, by endpoint: a log that is behind must not take seconds back. */
export interface ToldAwake {
  sinceMs: number;
  seconds: Map<string, number>;
}

/** Samples of the operations log since 00:00 UTC: counters that begin again each day. */
export function operationSamples(
  view: OperationsView,
  computes: readonly Compute[],
  told: ToldAwake,
  nowMs: number,
): Sample[] {
  const { sinceMs, operations } = view;
  const start = dayStart(sinceMs);
  if (told.sinceMs !== sinceMs) {
    told.sinceMs = sinceMs;
    told.seconds.clear();
  }
  const samples: Sample[] = [];
  for (const compute of computes) {
    const own = operations.filter(({ endpointId }) => endpointId === compute.id);
    const labels = { endpoint: compute.id };
    const spans = awakeSpans(own, compute, { startMs: sinceMs, endMs: nowMs });
    if (spans !== null) {
      const value = Math.max(totalMs(spans) / 1000, told.seconds.get(compute.id) ?? 0);
      told.seconds.set(compute.id, value);
      samples.push({ metric: 'neon_compute_awake_seconds_total', labels, value, start });
    }
    const ended = own.filter(({ updatedMs }) => updatedMs >= sinceMs);
    const count = (effect: 'start' | 'suspend') => ended.filter((one) => effectOf(one) === effect).length;
    samples.push({ metric: 'neon_compute_starts_total', labels, value: count('start'), start });
    samples.push({ metric: 'neon_compute_suspends_total', labels, value: count('suspend'), start });
  }
  for (const [action, value] of failuresByAction(operations, sinceMs)) {
    samples.push({ metric: 'neon_operations_failed_total', labels: { action }, value, start });
  }
  return samples;
}

function dayStart(sinceMs: number): StartMarker {
  return { marker: `day ${new Date(sinceMs).toISOString().slice(0, 10)}`, atMs: sinceMs };
}

/** Starts and suspends are named from the first visit on, so that their first failure is a rise from 0. */
function failuresByAction(operations: readonly NeonOperation[], sinceMs: number): Map<string, number> {
  const counts = new Map([
    ['start_compute', 0],
    ['suspend_compute', 0],
  ]);
  for (const { action, status, updatedMs } of operations) {
    if (updatedMs < sinceMs || operationOutcome(status) !== 'failed') continue;
    const label = /^[a-z_]{1,60}$/.test(action) ? action : 'other';
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** False for a compute that cannot serve, or of which we cannot tell. */
export function isAvailable(state: ComputeState): boolean {
  return state === 'active' || state === 'asleep' || state === 'starting' || state === 'stopping';
}
