import 'server-only';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { KnownError } from '../http/guards.ts';
import { endedMs, type ShareRow } from './share-rows.ts';

/** Shares whose copy is kept. */
const MOST = 500;
/** Shares that are known at all: links that are over go on saying so. */
const MOST_KNOWN = 4_000;
/** A copy outlives its link by so long, so that what was out can be looked up. */
const KEPT_MS = 90 * DAY_MS;

/**
 * What is left of `all`, oldest first, once copies whose links ended long ago are deleted, and more of those where room
 * for `wanted` is needed; and the ids of the shares whose copies go. Throws `KnownError` where links that live fill it.
 */
export function sweepShares(
  all: readonly ShareRow[],
  nowMs: number,
  wanted: number,
): { rows: ShareRow[]; deleted: string[] } {
  const ended = all
    .flatMap((row) => {
      const atMs = row.hasCopy ? endedMs(row, nowMs) : null;
      return atMs === null ? [] : [{ id: row.id, atMs }];
    })
    .sort((a, b) => a.atMs - b.atMs);
  const over = all.filter(({ hasCopy }) => hasCopy).length + wanted - MOST;
  if (over > ended.length)
    throw new KnownError('bad_input', `There are ${MOST} live links, and no more may be: revoke one first.`);
  const deleted = ended.filter(({ atMs }, i) => i < over || atMs + KEPT_MS <= nowMs).map(({ id }) => id);
  const gone = new Set(deleted);
  // The oldest links that are over are forgotten last of all, and then answer as if they had never been.
  let surplus = all.length + wanted - MOST_KNOWN;
  const rows = all
    .map((row) => (gone.has(row.id) ? { ...row, hasCopy: false } : row))
    .filter(({ hasCopy }) => {
      if (surplus <= 0 || hasCopy) return true;
      surplus -= 1;
      return false;
    });
  return { rows, deleted };
}
