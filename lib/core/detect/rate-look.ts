import { HOUR_MS } from '../time/range.ts';
import { type Baseline, BLOCKS_PER_DAY, buildBaseline, daysBefore } from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { TRAILING_BLOCKS } from '../verdict/boundary.ts';
import { countingNoise } from '../verdict/interval.ts';
import { leaveOneOut } from '../verdict/profile.ts';
import { MAD_TO_SIGMA, medianOf } from '../verdict/robust.ts';
import { type BlockSeries, type WrongWay, wrongBy } from './block-series.ts';
import { daysOfResiduals, driftCourse, driftLook, driftLooksDue } from './drift.ts';
import type { Seen } from './firing.ts';
import { type FoundStep, heldSince } from './found-step.ts';
import { clippedMean } from './moving-mean.ts';
import { regressionLook, regressionWidth } from './regression.ts';
import { SPIKE_BLOCKS, type SpikeSeen, spikeLook, spikeWidths } from './spike.ts';

/** What is usual of a rate or a level, prepared once for all looks of a day. */
export interface RateUsual {
  baseline: Baseline;
  widths: readonly number[];
  width: number;
  placeboDays: readonly LogBlocks[];
}

/** From the logarithms of whole days before. Null without a comparable day. `eventsPerBlock` null: no events are counted. */
export function usualRate(
  before: LogBlocks,
  eventsPerBlock: number | null,
  stepBlocks: number,
): RateUsual | null {
  const baseline = buildBaseline({ before, eventsPerBlock, relativeStep: null, isWeekend: null, stepBlocks });
  if (baseline === null) return null;
  return {
    baseline,
    widths: spikeWidths(baseline),
    width: regressionWidth(baseline),
    placeboDays: daysOfResiduals(leaveOneOut(daysBefore(before), null)),
  };
}

/** A row of blocks at one instant. */
export interface RateRow {
  logs: LogBlocks;
  /** Block at which the baseline ends and its clock begins. */
  origin: number;
  /** First block that is not over yet. */
  until: number;
  /** Steps since the baseline ended: what is expected now is moved by them. */
  steps: readonly FoundStep[];
  /** Where the last step of all had settled, also one before the baseline ended; null without any. */
  movedAt: number | null;
  levelOf: (y: number) => number;
  way: WrongWay;
}

/**
 * What the detectors of spikes and regressions see in the last block of a row. A longer window names a spike, and its last
 * block must still be hot, as with rare events: half an hour that holds ten bad minutes is over when they are.
 */
export function rateLooks(row: RateRow, usual: RateUsual): { spike: Seen | null; regression: Seen | null } {
  const { way, until, steps } = row;
  const first = Math.max(0, until - TRAILING_BLOCKS);
  const series = seriesOf(row, usual, first);
  const held = heldSince(steps, Number.NEGATIVE_INFINITY);
  const last = until - 1 - first;
  const wider = afterStep(row, usual, held);
  const widths = usual.widths.map((width, i) => wider(width, SPIKE_BLOCKS[i] ?? 1));
  return {
    spike: whileHot(spikeLook(series, last, { way, widths, held })),
    regression: regressionLook(series, last, { way, width: wider(usual.width, TRAILING_BLOCKS), held }),
  };
}

function whileHot(seen: SpikeSeen | null): Seen | null {
  if (seen === null) return null;
  const { isHot, ...rest } = seen;
  return isHot ? rest : { ...rest, score: 0 };
}

/** So many spreads of what a new level strays by, beyond what the days before show, are let pass. */
const NOISE_SPREADS = 4.5;
/** On the day of a step nobody knows the new level better than this. */
const LEVEL_UNKNOWN = Math.log(1.25);

/**
 * A step also changes how far a series strays. What was seen since is believed where it is more than the days before
 * show, and so is what counting fewer events makes.
 */
function afterStep(row: RateRow, usual: RateUsual, held: number): (width: number, blocks: number) => number {
  const { movedAt, steps, until } = row;
  if (movedAt === null) return (width) => width;
  const { eventsPerBlock: events, scale } = usual.baseline;
  const from = Math.max(movedAt, until - BLOCKS_PER_DAY);
  const since = seriesOf(row, usual, from).deviations.flatMap((deviation) => deviation ?? []);
  const middle = medianOf(since) ?? 0;
  const spread = MAD_TO_SIGMA * (medianOf(since.map((one) => Math.abs(one - middle))) ?? 0);
  const seen = Math.max(0, spread ** 2 - scale ** 2);
  const least = steps.length > 0 ? LEVEL_UNKNOWN : 0;
  return (width, blocks) => {
    const counted =
      events === null ? 0 : countingNoise(events, events * Math.exp(held) * blocks, blocks) / blocks;
    return Math.max(least, Math.hypot(width, NOISE_SPREADS * Math.sqrt(Math.max(seen, counted))));
  };
}

/** Deviations from block `first` on; what lies before a step is moved by it, what lies within one says nothing. */
function seriesOf(
  { logs, origin, until, steps, levelOf }: RateRow,
  usual: RateUsual,
  first: number,
): BlockSeries {
  const { expected } = usual.baseline;
  const all = heldSince(steps, Number.NEGATIVE_INFINITY);
  const deviations = logs.slice(first, until).map((log, k) => {
    const i = first + k;
    const place = (((i - origin) % expected.length) + expected.length) % expected.length;
    const usualLog = expected[place] ?? null;
    const isMoving = steps.some(({ at, settleBlocks }) => i >= at && i < at + settleBlocks);
    if (log === null || usualLog === null || isMoving) return null;
    return log - usualLog + (all === 0 ? 0 : heldSince(steps, i));
  });
  return { startMs: 0, leadBlocks: origin - first, deviations, baseline: usual.baseline, levelOf };
}

/** A drift is over when the last 2 h are back within half of what counts as one. */
const OVER_BELOW = Math.log(1.05);

/**
 * What the looks at 6, 12, 18 and 24 h after a deploy at block `at` have seen so far: the strongest of them, and nothing
 * once the last 2 h are back. Null before the first, and where too little was measured.
 */
export function driftSince(row: RateRow, usual: RateUsual, at: number): Seen | null {
  const series: BlockSeries = { ...seriesOf({ ...row, steps: [] }, usual, at), leadBlocks: 0 };
  // The clock of a baseline begins where it ends: turned so that its first block is that of the deploy.
  const { expected } = usual.baseline;
  const turn = (((at - row.origin) % expected.length) + expected.length) % expected.length;
  const turned = {
    ...series,
    baseline: { ...usual.baseline, expected: [...expected.slice(turn), ...expected.slice(0, turn)] },
  };
  const course = driftCourse({ series: turned, placeboDays: usual.placeboDays });
  let strongest: Seen | null = null;
  for (const look of driftLooksDue(course.blocks)) {
    const seen = driftLook(course, look, row.way);
    if (seen !== null && (strongest === null || seen.score > strongest.score)) strongest = seen;
  }
  if (strongest === null) return null;
  const { deviations } = series;
  const atFirst = clippedMean(deviations, TRAILING_BLOCKS, TRAILING_BLOCKS, usual.baseline.scale);
  const lately = clippedMean(deviations, deviations.length - 1, TRAILING_BLOCKS, usual.baseline.scale);
  if (atFirst === null || lately === null) return null;
  return wrongBy(lately - atFirst, row.way) < OVER_BELOW ? { ...strongest, score: 0 } : strongest;
}

/** A drift is looked for so long after a deploy; what stands then is the level that the days after are held against. */
export const DRIFT_REACH_MS = 48 * HOUR_MS;
