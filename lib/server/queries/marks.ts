import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { MarkView, OriginView } from '@/lib/core/model/view.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import type { Runtime } from '../runtime.ts';

/** More would cover the chart. */
const MOST_MARKS = 200;

/**
 * What happened to the app, oldest first: deploys whose span touches the range, with the one before it that says what ran
 * at its start, and comings and goings of machines. From memory.
 */
export function readMarks(
  runtime: Pick<Runtime, 'deploys' | 'machines'>,
  scope: Scope,
  range: TimeRange,
): MarkView[] {
  const rows = runtime.deploys?.listNow(scope) ?? [];
  const begun = rows.filter(({ startMs }) => startMs < range.endMs);
  const inside = begun.filter(
    ({ startMs, endMs }) => (endMs ?? range.endMs) >= range.startMs || startMs >= range.startMs,
  );
  const before = begun.findLast((row) => !inside.includes(row) && !isMinor(row));
  const deploys = [...(before === undefined ? [] : [before]), ...inside].map(markOf);
  const machines = runtime.machines?.marks(scope, range) ?? [];
  return [...deploys, ...machines].sort((a, b) => a.startMs - b.startMs).slice(-MOST_MARKS);
}

/** The deploy that time is counted from: the newest one before `untilMs` that somebody wrote of, or that brought code. */
export function readOrigin(
  runtime: Pick<Runtime, 'deploys'>,
  scope: Scope,
  untilMs: number,
): OriginView | null {
  const rows = runtime.deploys?.listNow(scope) ?? [];
  const found = rows.findLast(
    ({ startMs, summed, kind }) => startMs <= untilMs && (summed || kind === 'code'),
  );
  return found === undefined ? null : { atMs: found.startMs, release: found.release };
}

function markOf(row: ShelfRow): MarkView {
  const { id, release, kind, startMs, endMs, rolled } = row;
  return { id, release, kind, startMs, endMs, rolled, minor: isMinor(row), href: `/deploys/${id}` };
}

/** Noticed, and nobody has told us what it is about. */
function isMinor({ sign, origin, summed }: ShelfRow): boolean {
  return sign !== null && origin === 'noticed' && !summed;
}
