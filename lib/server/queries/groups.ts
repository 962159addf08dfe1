import 'server-only';
import { findMetric, type MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { ShareRow } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { Runtime } from '../runtime.ts';
import type { BucketSeries, SeriesInfo } from '../store/store.ts';
import type { Grid } from './grid.ts';

/** What one counter (a machine, a database) counted of one group over the window. */
export interface Part {
  /** Events whose time is known. */
  increase: number;
  /** Those and the ones that are known in total only. */
  total: number;
  /** Per second over its covered time. */
  perSecond: number;
}

export interface Group {
  key: string;
  /** All events, over all who counted. */
  total: number;
  /** Sum over all who counted; null when nobody did. */
  perSecond: number | null;
  points: readonly (number | null)[];
  byOwner: ReadonlyMap<string, Part>;
}

export interface Groups {
  groups: ReadonlyMap<string, Group>;
  /** Everybody who counted this metric at all, with the share of the window that is covered, 0–1. */
  owners: ReadonlyMap<string, number>;
}

export interface GroupQuestion {
  metric: MetricName;
  targetIds: readonly TargetId[];
  /** Null leaves a series out of every group; it still covers. */
  keyOf: (series: SeriesInfo) => string | null;
  /** Who counts for itself: the target, unless its series tell machines apart. */
  ownerOf?: (series: SeriesInfo) => string;
}

interface Owner {
  coveredMs: Float64Array;
  increases: Map<string, Float64Array>;
  /** Events known in total only, by group. */
  gaps: Map<string, number>;
}

/** Events of one metric by group and by who counted them, from one read. */
export async function readGroups(runtime: Runtime, question: GroupQuestion, grid: Grid): Promise<Groups> {
  const { metric, targetIds } = question;
  if (targetIds.length === 0) return { groups: new Map(), owners: new Map() };
  const found = await runtime.store.readBuckets({ metric, targetIds }, grid.range, grid.stepMs);
  return groupSeries(found, question, grid);
}

/** The owner of a series: the machine that it names, else its target. */
export function ownerOfSeries({ labels, targetId }: SeriesInfo): string {
  return labels.machine ?? targetId.slice(targetId.lastIndexOf('/') + 1);
}

/** Sums series up. With `absentIsZero` a whole family covers: a command that a machine never sent is a measured 0. */
export function groupSeries(
  found: readonly BucketSeries[],
  { metric, keyOf, ownerOf = ownerOfSeries }: GroupQuestion,
  { starts, stepMs }: Grid,
): Groups {
  const isFamily = findMetric(metric)?.absentIsZero ?? false;
  const owners = new Map<string, Owner>();
  for (const { series, buckets } of found) {
    const key = keyOf(series);
    // Without a family each series covers for itself alone.
    const id = isFamily ? ownerOf(series) : `${ownerOf(series)}\n${key ?? ''}`;
    const owner = owners.get(id) ?? {
      coveredMs: new Float64Array(starts.length),
      increases: new Map<string, Float64Array>(),
      gaps: new Map<string, number>(),
    };
    owners.set(id, owner);
    const own = key === null ? null : (owner.increases.get(key) ?? new Float64Array(starts.length));
    if (key !== null && own !== null) owner.increases.set(key, own);
    for (const [i, bucket] of buckets.entries()) {
      if (bucket === null) continue;
      owner.coveredMs[i] = Math.max(owner.coveredMs[i] ?? 0, bucket.coveredMs);
      if (key === null || own === null) continue;
      own[i] = (own[i] ?? 0) + bucket.increase;
      if (bucket.gapIncrease > 0) owner.gaps.set(key, (owner.gaps.get(key) ?? 0) + bucket.gapIncrease);
    }
  }
  return sumUp(owners, starts.length, stepMs);
}

function sumUp(owners: ReadonlyMap<string, Owner>, length: number, stepMs: number): Groups {
  const keys = new Set([...owners.values()].flatMap(({ increases }) => [...increases.keys()]));
  const covers = new Map([...owners].map(([id, { coveredMs }]) => [id, sum(coveredMs)]));
  const groups = new Map<string, Group>();
  for (const key of keys) {
    const byOwner = new Map<string, Part>();
    const points: (number | null)[] = new Array(length).fill(null);
    const isBroken = new Uint8Array(length);
    for (const [id, owner] of owners) {
      const coveredMs = covers.get(id) ?? 0;
      const own = owner.increases.get(key);
      // One series of this group covers it; another owner that never sent it has sent none.
      if (coveredMs === 0 || (own === undefined && id.includes('\n'))) continue;
      const increase = own === undefined ? 0 : sum(own);
      const name = id.split('\n')[0] ?? id;
      const total = increase + (owner.gaps.get(key) ?? 0);
      byOwner.set(name, { increase, total, perSecond: (increase * 1_000) / coveredMs });
      if (own !== undefined) addPoints(points, isBroken, owner.coveredMs, own, stepMs);
    }
    const parts = [...byOwner.values()];
    groups.set(key, {
      key,
      total: parts.reduce((all, part) => all + part.total, 0),
      perSecond: parts.length === 0 ? null : parts.reduce((all, part) => all + part.perSecond, 0),
      points: points.map((point, i) => (isBroken[i] === 1 ? null : point)),
      byOwner,
    });
  }
  const windowMs = length * stepMs;
  return {
    groups,
    owners: new Map(
      [...covers]
        .filter(([, coveredMs]) => coveredMs > 0)
        .map(([id, coveredMs]) => [id.split('\n')[0] ?? id, Math.min(1, coveredMs / windowMs)]),
    ),
  };
}

/** A bucket in which one who had begun is not covered is no sum at all: it would look like a drop. */
function addPoints(
  points: (number | null)[],
  isBroken: Uint8Array,
  coveredMs: Float64Array,
  increases: Float64Array,
  stepMs: number,
): void {
  let hasBegun = false;
  for (let i = 0; i < points.length; i++) {
    const covered = coveredMs[i] ?? 0;
    if (covered < stepMs / 2) {
      if (hasBegun) isBroken[i] = 1;
      continue;
    }
    hasBegun = true;
    points[i] = (points[i] ?? 0) + ((increases[i] ?? 0) * 1_000) / covered;
  }
}

function sum(list: Float64Array): number {
  let all = 0;
  for (const value of list) all += value;
  return all;
}

/** Groups as rows, largest first, each beside the same group in the second window. */
export function toRows(groups: Groups, before: Groups | null): { rows: ShareRow[]; total: number | null } {
  const keys = [...new Set([...groups.groups.keys(), ...(before?.groups.keys() ?? [])])];
  const known = keys.flatMap((key) => groups.groups.get(key)?.perSecond ?? []);
  const total = known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
  const rows = keys.map((key): ShareRow => {
    const group = groups.groups.get(key);
    const perSecond = group?.perSecond ?? null;
    return {
      key,
      perSecond,
      share: perSecond === null || total === null || total <= 0 ? null : perSecond / total,
      beforePerSecond: before?.groups.get(key)?.perSecond ?? null,
      points: group?.points ?? [],
    };
  });
  return { rows: rows.sort(byShare), total };
}

/** Largest first, then by name, so that rows without traffic keep their places. */
export function byShare(a: ShareRow, b: ShareRow): number {
  return (b.perSecond ?? -1) - (a.perSecond ?? -1) || (a.key < b.key ? -1 : 1);
}
