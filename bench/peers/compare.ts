import { median } from '../lib/measures.ts';

/** What an answer says: value by the start of its bucket in ms (q1, q2), or by the name of a series (q3). */
export type Gist = ReadonlyMap<number | string, number>;

/** How far two engines may lie apart at the middle point: each cuts the edge of a window in its own way. */
const APART = 0.02;
/** Points that only one of two may have: the first and the last are cut in different ways. */
const ONLY_ONE = 2;

/** Why two answers do not come from the same samples; null where they may. */
export function differ(ours: Gist, theirs: Gist, isExact: boolean): string | null {
  if (ours.size === 0 || theirs.size === 0) return `ours has ${ours.size} values, theirs ${theirs.size}`;
  const common = [...ours].flatMap(([key, mine]) => {
    const other = theirs.get(key);
    return other === undefined ? [] : [{ key, mine, other }];
  });
  const most = Math.max(ours.size, theirs.size);
  if (common.length < most - (isExact ? 0 : ONLY_ONE))
    return `ours has ${ours.size} values, theirs ${theirs.size}, and ${common.length} stand at the same place`;
  if (isExact) {
    const other = common.find((one) => one.mine !== one.other);
    return other === undefined ? null : `${other.key} is ${other.mine} with us and ${other.other} with them`;
  }
  // At the middle: where a counter begins anew, or a window is cut, engines differ by right.
  const apart = median(
    common.map(({ mine, other }) => Math.abs(mine - other) / Math.max(1e-9, Math.abs(mine))),
  );
  return apart <= APART ? null : `values lie ${(100 * apart).toFixed(1)} % apart`;
}

/** One name for a series, whatever engine tells of it. */
export function seriesKey(metric: string, labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort();
  return `${metric}{${names.map((name) => `${name}=${labels[name]}`).join(',')}}`;
}
