import { SECOND_MS, type TimeRange } from '../time/range.ts';
import type { ComputeState } from './compute-state.ts';
import { effectOf, inTimeOrder, type NeonOperation } from './operations.ts';

/** What the endpoint itself says at the end of the range; the log may be a moment behind it. */
export interface ComputeNow {
  state: ComputeState;
  startedMs: number | null;
  suspendedMs: number | null;
}

/** Start or end of a stretch of being awake. `passing` only counts when a suspend follows it. */
interface Turn {
  atMs: number;
  effect: 'start' | 'suspend' | 'passing';
}

/**
 * When one compute was awake in `range`, oldest first, not overlapping. From the start and suspend operations of its
 * log, and from what it says of itself now. `operations` are those of this endpoint that touch the range, in any
 * order; earlier ones do no harm. Null when nothing tells how the range began.
 *
 * A start counts from its request, a suspend to its end, so awake time is a few seconds high rather than low.
 */
export function awakeSpans(
  operations: readonly NeonOperation[],
  now: ComputeNow,
  range: TimeRange,
): TimeRange[] | null {
  const turns = turnsOf(operations, now, range.endMs);
  const opening = openingState(turns, now);
  if (opening === null) return null;

  const spans: TimeRange[] = [];
  let awakeSinceMs = opening === 'awake' ? Number.NEGATIVE_INFINITY : null;
  let passingMs: number | null = null;
  for (const { atMs, effect } of turns) {
    switch (effect) {
      case 'start':
        awakeSinceMs ??= atMs;
        passingMs = null;
        break;
      case 'passing':
        if (awakeSinceMs === null) passingMs ??= atMs;
        break;
      case 'suspend': {
        const sinceMs = awakeSinceMs ?? passingMs;
        if (sinceMs !== null) spans.push({ startMs: sinceMs, endMs: atMs });
        awakeSinceMs = null;
        passingMs = null;
        break;
      }
      default:
        effect satisfies never;
    }
  }
  if (awakeSinceMs !== null) spans.push({ startMs: awakeSinceMs, endMs: range.endMs });
  return clipAndMerge(spans, range);
}

/** Total length of spans that do not overlap, in ms. */
export function totalMs(spans: readonly TimeRange[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0);
}

function turnsOf(operations: readonly NeonOperation[], now: ComputeNow, untilMs: number): Turn[] {
  const turns: Turn[] = [];
  for (const operation of inTimeOrder(operations)) {
    const effect = effectOf(operation);
    if (effect === 'none') continue;
    turns.push({ atMs: effect === 'suspend' ? operation.updatedMs : operation.createdMs, effect });
  }
  // What the endpoint says of its own last start and stop stands in for entries that the log does not show yet.
  if (now.startedMs !== null) turns.push({ atMs: now.startedMs, effect: 'start' });
  if (now.suspendedMs !== null) turns.push({ atMs: now.suspendedMs, effect: 'suspend' });
  turns.sort((a, b) => a.atMs - b.atMs);
  const known = turns.filter(({ atMs }) => atMs <= untilMs);
  return agreeWithNow(known, now, untilMs);
}

/** A compute that sleeps now has been suspended, and one that runs has been started, whatever the log still lacks. */
function agreeWithNow(turns: readonly Turn[], now: ComputeNow, untilMs: number): Turn[] {
  const last = turns.findLast(({ effect }) => effect !== 'passing')?.effect ?? null;
  if (last === 'start' && isAsleep(now.state)) return [...turns, { atMs: untilMs, effect: 'suspend' }];
  if (last === 'suspend' && isAwake(now.state)) return [...turns, { atMs: untilMs, effect: 'start' }];
  return [...turns];
}

/** How the time before the first turn was: the opposite of what the turn made of it. */
function openingState(turns: readonly Turn[], now: ComputeNow): 'awake' | 'asleep' | null {
  const first = turns.find(({ effect }) => effect !== 'passing');
  if (first !== undefined) {
    if (first.effect === 'start') return 'asleep';
    // Suspended after something that ran in passing: it slept before that.
    return turns[0]?.effect === 'passing' ? 'asleep' : 'awake';
  }
  if (isAwake(now.state)) return 'awake';
  return isAsleep(now.state) ? 'asleep' : null;
}

function isAwake(state: ComputeState): boolean {
  return state === 'active' || state === 'stopping';
}

function isAsleep(state: ComputeState): boolean {
  return state === 'asleep' || state === 'disabled';
}

function clipAndMerge(spans: readonly TimeRange[], range: TimeRange): TimeRange[] {
  const merged: TimeRange[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const startMs = Math.max(span.startMs, range.startMs, merged.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY);
    const endMs = Math.min(span.endMs, range.endMs);
    if (endMs > startMs) merged.push({ startMs, endMs });
  }
  return merged;
}

/**
 * Spans without the quiet time before each suspend: a compute is suspended because nobody was active for its timeout,
 * so nothing can have been counted there. A span that reaches `endMs` has not ended and keeps its tail, and so does
 * every span of a compute that never sleeps by itself (null).
 */
export function withoutQuietTails(
  awake: readonly TimeRange[],
  suspendSeconds: number | null,
  endMs: number,
): TimeRange[] {
  if (suspendSeconds === null) return [...awake];
  return awake.flatMap((span) => {
    if (span.endMs >= endMs) return [span];
    const quietSinceMs = span.endMs - suspendSeconds * SECOND_MS;
    return quietSinceMs > span.startMs ? [{ startMs: span.startMs, endMs: quietSinceMs }] : [];
  });
}
