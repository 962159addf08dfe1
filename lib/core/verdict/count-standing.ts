import { HOUR_MS } from '../time/range.ts';
import { type Baseline, BLOCKS_PER_DAY } from './baseline.ts';
import type { CountedBefore } from './before-side.ts';
import { type CountBlock, isUsable } from './blocks.ts';
import { FIRST_LOOK_BLOCKS } from './boundary.ts';
import { FINAL_COVERAGE } from './claim-state.ts';
import {
  baselineLowerRate,
  baselineUpperRate,
  type CountLimits,
  countLimits,
  promisedPerHour,
} from './count-limits.ts';
import { claimedDispersion } from './count-route.ts';
import { type CountLook, type CountWalk, nextCountState, shownWindow } from './count-steps.ts';
import { addTo, newTally, windowOf } from './count-window.ts';
import type { ResolvedPromise } from './promise.ts';
import type { RouteLook, RouteLooks } from './route-look.ts';
import { WARM_UPS_MS, warmUpBlocks } from './sum-track.ts';

export interface CountStandingInput {
  baseline: Baseline;
  before: CountedBefore;
  resolved: ResolvedPromise;
  /** Blocks from the one that holds T₀ on; null for what must not count. */
  after: readonly CountBlock[];
  settleBlocks: number;
  watchBlocks: number;
  /** T₀ after the start of the first block, ms. */
  offsetMs: number;
  isOver: boolean;
}

/**
 * Where a claim about rare events stands at each look (method 3.6): from the anytime interval of its rate, in hours that
 * weigh as much as is usual at their clock time. `limits` null: a promise that counting cannot tell, undecided all along.
 */
export function countStandings(input: CountStandingInput): RouteLooks & {
  limits: CountLimits | null;
  seen: readonly CountLook[];
} {
  const { baseline, before, resolved, isOver } = input;
  const levelPerHour = resolved.level === null ? null : resolved.level * 3_600;
  const limits = countLimits(resolved.promise, before.counted, before.dispersion, levelPerHour);
  const hoursAtEnd = weighHours(before.weights, input.settleBlocks, input.watchBlocks);
  const usual = usualRate(before);
  const isTarget = resolved.promise.kind === 'change';
  const looks: RouteLook[] = [];
  let end: RouteLook | null = null;
  let walk: CountWalk = {
    state: 'settling',
    sinceBlocks: 0,
    metRow: 0,
    mostlyRow: 0,
    worseRow: 0,
    wasMet: false,
  };
  const seen = countLooks(input, promisedPerHour(resolved.promise, before.counted, levelPerHour));
  for (const [i, look] of seen.entries()) {
    const at = { look, limits, isTarget, hoursAtEnd, isWeak: baseline.isWeak };
    if (isOver && i === seen.length - 1) {
      const last = nextCountState(walk, { ...at, isEnd: true });
      end = routeLook(last, look, input, limits, usual, true);
    }
    walk = nextCountState(walk, { ...at, isEnd: false });
    looks.push(routeLook(walk, look, input, limits, usual, false));
  }
  return { looks, end, limits, seen };
}

/** One look per usable block from 15 min on, each from all that was counted since the settle time and each warm-up. */
function countLooks(
  { before, resolved, after, settleBlocks, offsetMs }: CountStandingInput,
  centrePerHour: number,
): CountLook[] {
  const claimed = claimedDispersion(before, resolved.promise);
  const tallies = WARM_UPS_MS.map((warmUpMs) =>
    newTally(warmUpMs, warmUpBlocks(warmUpMs, offsetMs, settleBlocks)),
  );
  const looks: CountLook[] = [];
  let n = 0;
  for (const [i, block] of after.entries()) {
    if (i < settleBlocks || !isUsable(block)) continue;
    const hours = ((before.weights[i % BLOCKS_PER_DAY] ?? 1) * block.coveredMs) / HOUR_MS;
    for (const tally of tallies) if (i >= tally.fromBlock) addTo(tally, block.increase, hours);
    n += 1;
    if (n < FIRST_LOOK_BLOCKS) continue;
    const windows = tallies
      .filter((tally) => tally.blocks >= FIRST_LOOK_BLOCKS)
      .map((tally) => windowOf(tally, claimed, centrePerHour));
    const [whole] = windows;
    if (whole !== undefined) looks.push({ atBlocks: i + 1, n, whole, windows });
  }
  return looks;
}

function weighHours(weights: readonly number[], from: number, to: number): number {
  let hours = 0;
  for (let i = from; i < to; i++) hours += (weights[i % BLOCKS_PER_DAY] ?? 1) / (BLOCKS_PER_DAY / 24);
  return hours;
}

/** What is usual per hour, and how far it may lie from that. */
interface UsualRate {
  low: number;
  mean: number;
  high: number;
}

function usualRate({ counted, dispersion }: CountedBefore): UsualRate {
  return {
    low: baselineLowerRate(counted, dispersion),
    mean: counted.hours > 0 ? counted.events / counted.hours : 0,
    high: baselineUpperRate(counted, dispersion),
  };
}

function routeLook(
  { state, sinceBlocks }: CountWalk,
  look: CountLook,
  { baseline, resolved, watchBlocks }: CountStandingInput,
  limits: CountLimits | null,
  usual: UsualRate,
  isEnd: boolean,
): RouteLook {
  const { rate, low, high } = shownWindow(look, limits);
  const isSure = state === 'missed' || state === 'worse';
  return {
    atBlocks: look.atBlocks,
    n: look.n,
    state,
    isProvisional: !isSure && (!isEnd || baseline.isWeak || look.n < FINAL_COVERAGE * watchBlocks),
    sinceBlocks,
    effectPct: usual.mean > 0 ? 100 * (rate / usual.mean - 1) : null,
    interval: usual.low > 0 ? [100 * (low / usual.high - 1), 100 * (high / usual.low - 1)] : null,
    provenShare: provenShareOf(resolved, { low, high }, usual),
  };
}

function provenShareOf(
  { promise }: ResolvedPromise,
  { low, high }: { low: number; high: number },
  usual: UsualRate,
): number | null {
  if (promise.kind !== 'change' || usual.low <= 0) return null;
  const bad = promise.ratio < 1 ? high / usual.low : low / usual.high;
  return Math.min(1, Math.max(0, (bad - 1) / (promise.ratio - 1)));
}
