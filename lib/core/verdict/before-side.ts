import { BLOCK_MS } from '../time/range.ts';
import { type Baseline, BLOCKS_PER_DAY, buildBaseline } from './baseline.ts';
import {
  type CountBlock,
  eventsPerBlock,
  isUsable,
  type LogBlocks,
  logsOfCounts,
  logsOfLevels,
} from './blocks.ts';
import { type Counted, clockWeights, countWeighted, dispersionOf, shortDispersionOf } from './count-route.ts';
import type { ClaimBlocks, JudgeInput } from './judge-types.ts';
import { NOTHING_SHARE } from './promise.ts';
import { expectedRates } from './ratio-of-sums.ts';
import { meanOf } from './robust.ts';

/** All that the days before T₀ say about a claim's metric. */
export interface BeforeSide {
  /** Logarithms of the blocks before T₀. */
  logs: LogBlocks;
  /** Smallest step that a number without single events is taken to have, so that 0 has a logarithm; null where none is known. */
  step: number | null;
  /** Null without a comparable day. */
  baseline: Baseline | null;
  /** Usual level by clock block (per second for a rate); null where never measured. */
  usual: LogBlocks;
  /** Mean events per block; null where no events are counted. */
  eventsPerBlock: number | null;
}

/** What counting one by one needs of the days before T₀. */
export interface CountedBefore {
  weights: readonly number[];
  /** φ, and the part of it that stays when the rate comes down. */
  dispersion: number;
  shortDispersion: number;
  counted: Counted;
}

/** Blocks of one number may be shared by all looks of a watch: what was made of them is kept while they live. */
const sides = new WeakMap<ClaimBlocks['before'], Map<string, BeforeSide>>();
const counts = new WeakMap<readonly CountBlock[], CountedBefore>();

export interface BeforeInput extends Pick<JudgeInput, 'blocks' | 'backfilledStepMs' | 'isWeekend'> {
  /** Start of the block that holds T₀. */
  startMs: number;
}

/** Reads the days before T₀ (method 3.2, 3.3). The same array of blocks is read once. */
export function beforeSide(input: BeforeInput): BeforeSide {
  const { blocks, backfilledStepMs, isWeekend, startMs } = input;
  const own = blocks.kind === 'counts' ? blocks.countsEvents : blocks.resolution;
  const key = [blocks.kind, own, backfilledStepMs, startMs, isWeekend === null].join(' ');
  const known = sides.get(blocks.before) ?? new Map<string, BeforeSide>();
  sides.set(blocks.before, known);
  const side = known.get(key) ?? readSide(input);
  known.set(key, side);
  return side;
}

function readSide({ blocks, backfilledStepMs, isWeekend, startMs }: BeforeInput): BeforeSide {
  const weekendAt = isWeekend === null ? null : (index: number) => isWeekend(startMs + index * BLOCK_MS);
  const level = countsEvents(blocks)
    ? null
    : meanOf(levelsOf(blocks, 'before').flatMap((value) => value ?? []));
  const step = stepOf(blocks, level);
  const logs = logsOf(blocks, 'before', step);
  const events = countsEvents(blocks) ? eventsPerBlock(blocks.before) : null;
  const resolution = blocks.kind === 'levels' ? blocks.resolution : null;
  const baseline = buildBaseline({
    before: logs,
    eventsPerBlock: events,
    relativeStep: resolution === null || level === null || level <= 0 ? null : resolution / level,
    isWeekend: weekendAt,
    stepBlocks: backfilledStepMs === null ? 1 : Math.max(1, Math.ceil(backfilledStepMs / BLOCK_MS)),
  });
  const kind = baseline?.usesDayTypes === true ? weekendAt : null;
  return { logs, step, baseline, usual: usualOf(blocks, kind), eventsPerBlock: events };
}

/** Whether single events are counted, which have a noise of their own. */
export function countsEvents(blocks: ClaimBlocks): blocks is CountedBlocks {
  return blocks.kind === 'counts' && blocks.countsEvents;
}

type CountedBlocks = Extract<ClaimBlocks, { kind: 'counts' }>;

/**
 * Where no events are counted a 0 has no half event: it is taken as a thousandth of what was usual, so that a number that
 * went to 0 is not a number that was not measured.
 */
function stepOf(blocks: ClaimBlocks, level: number | null): number | null {
  const known = blocks.kind === 'levels' ? blocks.resolution : null;
  return known ?? (level === null || level <= 0 ? null : 2 * NOTHING_SHARE * level);
}

/** Logarithms of one side of a claim's blocks; `step` as {@link BeforeSide} has it. */
export function logsOf(blocks: ClaimBlocks, which: 'before' | 'after', step: number | null): LogBlocks {
  return countsEvents(blocks) ? logsOfCounts(blocks[which]) : logsOfLevels(levelsOf(blocks, which), step);
}

/** One side as levels: as they are, or as a rate per second. */
export function levelsOf(blocks: ClaimBlocks, which: 'before' | 'after'): LogBlocks {
  if (blocks.kind === 'levels') return blocks[which];
  return blocks[which].map((block) => (isUsable(block) ? (block.increase * 1000) / block.coveredMs : null));
}

function usualOf(blocks: ClaimBlocks, isWeekend: ((index: number) => boolean) | null): LogBlocks {
  if (blocks.kind === 'counts') {
    return expectedRates(blocks.before, isWeekend).map((rate) => (rate === null ? null : rate * 1000));
  }
  const rows: number[][] = Array.from({ length: BLOCKS_PER_DAY }, () => []);
  for (const [i, level] of blocks.before.entries()) {
    const index = i - blocks.before.length;
    const j = ((index % BLOCKS_PER_DAY) + BLOCKS_PER_DAY) % BLOCKS_PER_DAY;
    if (level !== null && (isWeekend === null || isWeekend(index) === isWeekend(j))) rows[j]?.push(level);
  }
  return rows.map(meanOf);
}

/** What is usual on average over the clock times of the watch; null where none of them was measured. */
export function usualOver({ usual }: Pick<BeforeSide, 'usual'>, watchBlocks: number): number | null {
  return meanOf(usual.slice(0, Math.min(watchBlocks, BLOCKS_PER_DAY)).flatMap((level) => level ?? []));
}

/** The days before T₀ for events that are counted one by one. */
export function countedBefore(before: readonly CountBlock[]): CountedBefore {
  const known = counts.get(before);
  if (known !== undefined) return known;
  const weights = clockWeights(before);
  const made = {
    weights,
    dispersion: dispersionOf(before, weights),
    shortDispersion: shortDispersionOf(before, weights),
    counted: countWeighted(before, weights, -before.length),
  };
  counts.set(before, made);
  return made;
}
