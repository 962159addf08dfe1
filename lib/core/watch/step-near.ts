import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { Baseline } from '../verdict/baseline.ts';
import { beforeSide, logsOf } from '../verdict/before-side.ts';
import { isUsable, type LogBlocks } from '../verdict/blocks.ts';
import { type ChangeTime, findChangeTime } from '../verdict/change-time.ts';
import { deviationsOf } from '../verdict/interval.ts';
import type { ClaimBlocks } from '../verdict/judge-types.ts';
import type { LaterDeploy } from './guard-types.ts';

/** A step this far from a deploy may be its doing. */
const NEAR_BLOCKS = (30 * MINUTE_MS) / BLOCK_MS;
/** The number is looked at from so long before the deploy, and at these times after it; a step that was found stays. */
const BEFORE_BLOCKS = (6 * HOUR_MS) / BLOCK_MS;
const LOOKS_BLOCKS = [30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS].map((ms) => ms / BLOCK_MS);
/** Fewer blocks than this between the settle time and a deploy tell no level. */
const LEAST_BEFORE = 3;

/** What a row is made from. */
export interface StepSource {
  blocks: ClaimBlocks;
  midMs: number;
  backfilledStepMs: number | null;
}

/** Deviations of the blocks since T₀ from the days before, with what is needed to judge a step of them. */
export interface StepSeries {
  deviations: LogBlocks;
  baseline: Baseline;
  midMs: number;
}

/** The row of a claim, ready to look for steps; null without enough comparable days. Nothing before `settledMs` counts. */
export function stepSeries(
  { blocks, midMs, backfilledStepMs }: StepSource,
  settledMs: number,
): StepSeries | null {
  const { baseline, step } = beforeSide({ blocks, backfilledStepMs, isWeekend: null, startMs: midMs });
  if (baseline === null || baseline.isWeak) return null;
  const settled = logsOf(blocks, 'after', step).map((log, i) =>
    midMs + i * BLOCK_MS < settledMs ? null : log,
  );
  return { deviations: deviationsOf(settled, baseline.expected), baseline, midMs };
}

/**
 * Whether a step of the number lies within 30 min of a later deploy. It is looked for at 30 min, 1 h and 2 h after it, so
 * that what was found once is found again. Null while that is to come, or where too little was measured before it.
 */
export function stepNear(series: StepSeries | null, startMs: number): LaterDeploy['step'] {
  if (series === null) return null;
  const { deviations, baseline, midMs } = series;
  const at = Math.floor((startMs - midMs) / BLOCK_MS);
  const from = Math.max(0, at - BEFORE_BLOCKS);
  const known = (lo: number, hi: number) => deviations.slice(lo, hi).filter((one) => one !== null).length;
  if (known(from, at) < LEAST_BEFORE) return null;
  const looks = LOOKS_BLOCKS.filter((blocks) => at + blocks <= deviations.length);
  let hasLooked = false;
  for (const blocks of looks) {
    if (known(at, at + blocks) < LEAST_BEFORE) continue;
    hasLooked = true;
    const found = changeIn(deviations.slice(from, at + blocks), at - from, baseline);
    if (found === null || Math.abs(found.atIndex - (at - from)) > NEAR_BLOCKS) continue;
    return { atMs: midMs + (from + found.atIndex) * BLOCK_MS };
  }
  return hasLooked ? 'none' : null;
}

/** The same stretch is asked for at every look after it was found: what was found in it is kept while its baseline lives. */
const known = new WeakMap<Baseline, Map<string, ChangeTime | null>>();

function changeIn(stretch: LogBlocks, originIndex: number, baseline: Baseline): ChangeTime | null {
  const changes = known.get(baseline) ?? new Map<string, ChangeTime | null>();
  known.set(baseline, changes);
  const key = `${originIndex} ${stretch.join(' ')}`;
  const kept = changes.get(key);
  if (kept !== undefined) return kept;
  const found = findChangeTime(stretch, originIndex, baseline);
  changes.set(key, found);
  return found;
}

/** Which blocks since T₀ hold a number. */
export function measuredBlocks(blocks: ClaimBlocks): boolean[] {
  return blocks.kind === 'counts'
    ? blocks.after.map((block) => isUsable(block))
    : blocks.after.map((value) => value !== null);
}
