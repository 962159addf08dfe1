import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { formatClock } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { type CountBlock, isUsable } from '../verdict/blocks.ts';
import { dispersionOf } from '../verdict/count-route.ts';
import { countUpperTail } from '../verdict/distributions.ts';
import { blocked, type CheckFacts, type CheckFound, failing, holds, waiting } from './check-types.ts';

const DAY_BLOCKS = DAY_MS / BLOCK_MS;
/** Windows in which a burst is looked for, and how many it takes at least (method 3.6). */
const WINDOWS = [
  { ms: 15 * MINUTE_MS, least: 6 },
  { ms: HOUR_MS, least: 8 },
];
const ALPHA = 0.01;
const LEAST_FACTOR = 2;
/** What is usual is the hour around the clock time, drawn to the mean of all by 2 h of it. */
const REACH_BLOCKS = HOUR_MS / BLOCK_MS;
const SHRINK_BLOCKS = (2 * HOUR_MS) / BLOCK_MS;
const LEAST_DAYS = 1;

/** Whether 429s stayed what they were between T₀ and the time of the check, by counts and never by their absence alone. */
export function limitedCheck({ limited, midMs, originMs, asOfMs }: CheckFacts, dueMs: number): CheckFound {
  const isDue = asOfMs >= dueMs;
  if (limited === null)
    return isDue ? blocked('unmeasurable', 'nobody counts 429s by their exact code') : waiting();
  const { before } = limited;
  if (before.filter(isUsable).length < LEAST_DAYS * DAY_BLOCKS * 0.5) {
    return isDue ? blocked('no_baseline', 'less than a day tells how many are usual') : waiting();
  }
  const after = limited.after.slice(0, Math.max(0, Math.floor((dueMs - midMs) / BLOCK_MS)));
  const usable = after.filter(isUsable);
  if (usable.length === 0) return isDue ? blocked('no_data', 'no responses were counted') : waiting();
  const usual = usualOf(before);
  const burst = findBurst(after, usual);
  if (burst !== null) {
    const { at, events, expected, ms } = burst;
    const when = formatClock(midMs + (at + 1) * BLOCK_MS);
    return failing(`${round(events)} in ${formatDuration(ms)} up to ${when}, ${usualWords(expected)}`);
  }
  const events = usable.reduce((sum, { increase }) => sum + increase, 0);
  const expected = after.reduce((sum, block, i) => sum + (isUsable(block) ? usual.at(i) : 0), 0);
  const spanMs = Math.min(asOfMs, dueMs) - originMs;
  return holds(isDue, `${round(events)} in ${formatDuration(spanMs)}, ${usualWords(expected)}`);
}

/** The first burst of rare events among blocks since `midMs`, and when it was whole; null where there is none. */
export function burstOf(
  before: readonly CountBlock[],
  after: readonly CountBlock[],
  midMs: number,
): { endMs: number; what: string } | null {
  const burst = findBurst(after, usualOf(before));
  if (burst === null) return null;
  const { at, events, expected, ms } = burst;
  return {
    endMs: midMs + (at + 1) * BLOCK_MS,
    what: `${round(events)} in ${formatDuration(ms)}, ${usualWords(expected)}`,
  };
}

/** Looks of a watch share the days before it: what was made of them is kept while they live. */
const known = new WeakMap<readonly CountBlock[], Usual>();

interface Usual {
  /** Expected events of the block at this index from T₀. */
  at: (index: number) => number;
  dispersion: number;
  total: number;
}

function usualOf(before: readonly CountBlock[]): Usual {
  const usual = known.get(before) ?? {
    at: usualCounts(before),
    dispersion: dispersionOf(before),
    total: before.reduce((sum, block) => sum + (isUsable(block) ? block.increase : 0), 0),
  };
  known.set(before, usual);
  return usual;
}

function usualCounts(before: readonly CountBlock[]): Usual['at'] {
  const sums = new Float64Array(DAY_BLOCKS);
  const counts = new Float64Array(DAY_BLOCKS);
  let sum = 0;
  let count = 0;
  for (const [i, block] of before.entries()) {
    if (!isUsable(block)) continue;
    const events = (block.increase * BLOCK_MS) / block.coveredMs;
    const j = clockOf(i - before.length);
    sums[j] = (sums[j] ?? 0) + events;
    counts[j] = (counts[j] ?? 0) + 1;
    sum += events;
    count += 1;
  }
  const overall = (sum + 0.5) / Math.max(1, count);
  return (index) => {
    let near = overall * SHRINK_BLOCKS;
    let blocks = SHRINK_BLOCKS;
    for (let k = -REACH_BLOCKS; k <= REACH_BLOCKS; k++) {
      const j = clockOf(index + k);
      near += sums[j] ?? 0;
      blocks += counts[j] ?? 0;
    }
    return near / blocks;
  };
}

function clockOf(index: number): number {
  return ((index % DAY_BLOCKS) + DAY_BLOCKS) % DAY_BLOCKS;
}

function findBurst(
  after: readonly CountBlock[],
  { at: usualAt, dispersion, total }: Usual,
): { at: number; events: number; expected: number; ms: number } | null {
  for (const { ms, least } of WINDOWS) {
    const length = ms / BLOCK_MS;
    const tail = ALPHA / ((5 * DAY_MS) / ms);
    for (let at = 0; at < after.length; at++) {
      let events = 0;
      let expected = 0;
      for (let i = Math.max(0, at - length + 1); i <= at; i++) {
        const block = after[i] ?? null;
        if (!isUsable(block)) continue;
        events += block.increase;
        expected += (usualAt(i) * block.coveredMs) / BLOCK_MS;
      }
      if (events < least || events < LEAST_FACTOR * expected) continue;
      const variance = dispersion * expected + expected ** 2 / (total + 0.5);
      if (countUpperTail(Math.round(events), expected, variance) < tail) return { at, events, expected, ms };
    }
  }
  return null;
}

function round(events: number): string {
  const count = Math.round(events);
  // A part of an event is no 0.
  return count === 0 && events > 0 ? '1' : count.toLocaleString('en-US');
}

function usualWords(expected: number): string {
  return `usual are ${expected < 10 ? expected.toFixed(1) : Math.round(expected).toLocaleString('en-US')}`;
}
