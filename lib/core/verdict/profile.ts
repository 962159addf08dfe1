import type { LogBlocks } from './blocks.ts';
import { meanOf } from './robust.ts';

/** Type of block j of day k (0 is the day before T₀, −1 the watch itself): types never share an expectation. */
export type DayTypes = (k: number, j: number) => 0 | 1;

/** Clock blocks on either side that smooth the profile. */
const REACH = 3;
const WATCH = -1;

/** m_j: mean over days at each clock block, smoothed around the clock (method 3.3). `days` newest first. */
export function profileOf(days: readonly LogBlocks[], types: DayTypes | null): LogBlocks {
  const sums = sumsByType(days, types);
  return means(sums, (j) => types?.(WATCH, j) ?? 0, null);
}

/**
 * r_{k,j} = y_{k,j} − (the same profile without day k), as one row of blocks, oldest first. A single day has no others:
 * it is held against its own mean, which leaves its daily course in, so that nothing looks calmer than it is.
 */
export function leaveOneOut(days: readonly LogBlocks[], types: DayTypes | null): LogBlocks {
  const filled = days.filter((day) => day.some((value) => value !== null));
  if (filled.length === 1) return againstOwnMean(days);
  const sums = sumsByType(days, types);
  return days
    .map((day, k) => {
      const others = means(sums, (j) => types?.(k, j) ?? 0, { day, typeAt: (j) => types?.(k, j) ?? 0 });
      return day.map((value, j) => {
        const expected = others[j] ?? null;
        return value === null || expected === null ? null : value - expected;
      });
    })
    .reverse()
    .flat();
}

function againstOwnMean(days: readonly LogBlocks[]): LogBlocks {
  const mean = meanOf(days.flatMap((day) => day.flatMap((value) => value ?? []))) ?? 0;
  return [...days].reverse().flatMap((day) => day.map((value) => (value === null ? null : value - mean)));
}

interface Sums {
  sum: Float64Array;
  count: Float64Array;
}

function sumsByType(days: readonly LogBlocks[], types: DayTypes | null): readonly [Sums, Sums] {
  const length = days[0]?.length ?? 0;
  const empty = (): Sums => ({ sum: new Float64Array(length), count: new Float64Array(length) });
  const sums = [empty(), empty()] as const;
  for (const [k, day] of days.entries()) {
    for (const [j, value] of day.entries()) {
      if (value === null) continue;
      const into = sums[types?.(k, j) ?? 0];
      into.sum[j] = (into.sum[j] ?? 0) + value;
      into.count[j] = (into.count[j] ?? 0) + 1;
    }
  }
  return sums;
}

/** Smoothed means of the type wanted at each clock block, without one day where one is named. */
function means(
  sums: readonly [Sums, Sums],
  typeAt: (j: number) => 0 | 1,
  without: { day: LogBlocks; typeAt: (j: number) => 0 | 1 } | null,
): LogBlocks {
  const length = sums[0].sum.length;
  const own = without?.day.map((_, j) => without.typeAt(j));
  const level = (type: 0 | 1, j: number): number => {
    const left = own?.[j] === type ? (without?.day[j] ?? null) : null;
    const count = (sums[type].count[j] ?? 0) - (left === null ? 0 : 1);
    return count > 0 ? ((sums[type].sum[j] ?? 0) - (left ?? 0)) / count : Number.NaN;
  };
  const rows = ([0, 1] as const).map((type) => Float64Array.from({ length }, (_, j) => level(type, j)));
  return Array.from({ length }, (_, j) => {
    const row = rows[typeAt(j)];
    if (row === undefined || Number.isNaN(row[j])) return null;
    let sum = 0;
    let count = 0;
    for (let near = j - REACH; near <= j + REACH; near++) {
      const value = row[(near + length) % length] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return sum / count;
  });
}
