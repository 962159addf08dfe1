import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import type { ClaimTarget, JudgeInput } from './judge-types.ts';
import type { ClaimPromise } from './limits.ts';
import { CALM, makeSeries, NO_EFFECT, type SeriesEffect, type SeriesFamily } from './test-series.ts';

/** T₀ of the watches of tests: the start of a block and of a UTC day. */
export const T0 = 20_000 * 288 * BLOCK_MS;

export const FALL: ClaimPromise = { kind: 'change', ratio: 0.033 };
export const NO_RISE: ClaimPromise = { kind: 'guard', against: 'rise', margin: 0.1, floorRatio: null };

/** A promise as a target. */
export function promised(promise: ClaimPromise): ClaimTarget {
  return { promise, level: null, statedBefore: null };
}

/** One block that is wholly covered. */
export function blockOf(increase: number): CountBlock {
  return { increase, coveredMs: BLOCK_MS };
}

export interface Asked extends Partial<JudgeInput> {
  family?: SeriesFamily;
  effect?: Partial<SeriesEffect>;
  days?: number;
  seed?: number;
  /** Blocks of the watch that are over. */
  blocks5?: number;
  promise?: ClaimPromise;
  before?: readonly CountBlock[];
  after?: readonly CountBlock[];
}

/** The input of a watch of 24 h over a seeded series, or over the blocks that are given. */
export function inputOf(asked: Asked): JudgeInput {
  const { family = CALM, effect = {}, days = 14, seed = 5, blocks5 = 288, promise = FALL } = asked;
  const { before: ownBefore, after: ownAfter, family: _, ...rest } = asked;
  const made =
    ownBefore !== undefined && ownAfter !== undefined
      ? null
      : makeSeries(family, seed, { days, effect: { ...NO_EFFECT, ...effect } });
  const before = ownBefore ?? made?.before ?? [];
  const after = (ownAfter ?? made?.after ?? []).slice(0, blocks5);
  const { effect: _e, days: _d, seed: _s, blocks5: _b, promise: _p, ...input } = rest;
  return {
    target: promised(promise),
    blocks: { kind: 'counts', before, after, countsEvents: true },
    requests: null,
    originMs: T0,
    settledMs: T0 + BLOCK_MS,
    asOfMs: T0 + after.length * BLOCK_MS,
    endMs: T0 + 288 * BLOCK_MS,
    backfilledStepMs: null,
    isWeekend: null,
    spans: [],
    caps: [],
    ...input,
  };
}
