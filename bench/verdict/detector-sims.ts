import type { BlockSeries } from '../../lib/core/detect/block-series.ts';
import { daysOfResiduals, detectDrift } from '../../lib/core/detect/drift.ts';
import { detectPlateaus, type LevelSample, usualTop } from '../../lib/core/detect/plateau.ts';
import { quantileOf } from '../../lib/core/detect/quantile-of.ts';
import { detectRegressions } from '../../lib/core/detect/regression.ts';
import { detectSpikes } from '../../lib/core/detect/spike.ts';
import { type ClaimedLevel, type CounterSpan, detectStalls } from '../../lib/core/detect/stall.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS } from '../../lib/core/time/range.ts';
import { daysBefore } from '../../lib/core/verdict/baseline.ts';
import { logsOfCounts } from '../../lib/core/verdict/blocks.ts';
import { deviationsOf } from '../../lib/core/verdict/interval.ts';
import { leaveOneOut } from '../../lib/core/verdict/profile.ts';
import {
  makeSeries,
  minuteCounts,
  NO_EFFECT,
  type Random,
  randomPoisson,
  type SeriesFamily,
  seededRandom,
} from '../../lib/core/verdict/test-series.ts';
import { baselineOfCounts } from '../../lib/core/verdict/watch.ts';

/** Every series begins at the same instant: nothing may hang on it. */
export const START_MS = Date.UTC(2026, 0, 5);
export const DAYS = 14;
const ORIGIN_MS = START_MS + DAYS * DAY_MS;

/** What the detectors of rates say of one watch. */
export interface BlockOutcome {
  spike: number | null;
  regression: number | null;
  drift: number | null;
}

/** A change of the watch: the logarithm that is added to a block, by its place after T₀. */
export type Change = (block: number) => number;

/** Minutes from T₀ to the first firing of each; null where there was none. The changes are of one and the same series. */
export function simulateBlocks(
  family: SeriesFamily,
  seed: number,
  changes: readonly Change[],
): BlockOutcome[] {
  const series = makeSeries(family, seed, { days: DAYS });
  const baseline = baselineOfCounts(series.before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  const placeboDays = daysOfResiduals(leaveOneOut(daysBefore(logsOfCounts(series.before)), null));
  return changes.map((change) => {
    const after = series.after.map(
      (block, i) => block && { ...block, increase: Math.round(block.increase * Math.exp(change(i))) },
    );
    const watched: BlockSeries = {
      startMs: ORIGIN_MS,
      leadBlocks: 0,
      deviations: deviationsOf(logsOfCounts(after), baseline.expected),
      baseline,
      levelOf: Math.exp,
    };
    const first = (firings: readonly { startMs: number }[]): number | null =>
      firings[0] === undefined ? null : (firings[0].startMs + BLOCK_MS - ORIGIN_MS) / MINUTE_MS;
    return {
      spike: first(detectSpikes(watched, 'both')),
      regression: first(detectRegressions(watched, 'both')),
      drift: first(detectDrift({ series: watched, placeboDays, way: 'both' })),
    };
  });
}

/** A ceiling over the watch: a share of the usual q90, at a demand that would go far beyond it; or a step of the demand. */
export interface Ceiling {
  ofUsual: number | null;
  demand: number;
}

/** Minutes from T₀ to the first flat top; null where there was none. */
export function simulatePlateau(
  family: SeriesFamily,
  seed: number,
  ceilings: readonly Ceiling[],
): (number | null)[] {
  const { counts } = minuteCounts(family, seed, DAYS, NO_EFFECT);
  const origin = DAYS * 1_440;
  const usual = quantileOf(
    counts.slice(0, origin).sort((a, b) => a - b),
    0.9,
  );
  const samplesOf = (ofMinute: (count: number, minute: number) => number): LevelSample[] =>
    counts.map((count, i) => ({ atMs: START_MS + i * MINUTE_MS, value: ofMinute(count, i) }));
  const usually = usualTop(
    samplesOf((count) => count),
    MINUTE_MS,
    ORIGIN_MS,
  );
  return ceilings.map(({ ofUsual, demand }) => {
    const cap = ofUsual === null ? Number.POSITIVE_INFINITY : ofUsual * usual;
    const random = seededRandom(seed + 3_333);
    const samples = samplesOf((count, i) =>
      i < origin ? count : Math.min(cap, demand === 1 ? count : randomPoisson(random, count * demand)),
    );
    const [first] = detectPlateaus(
      {
        samples,
        sampleMs: MINUTE_MS,
        fromMs: ORIGIN_MS,
        nowMs: ORIGIN_MS + DAY_MS,
        sinceMs: ORIGIN_MS,
        quota: null,
        refusedIn: null,
      },
      usually,
    );
    return first === undefined ? null : (first.startMs + 5 * MINUTE_MS - ORIGIN_MS) / MINUTE_MS;
  });
}

/** A counter that is read every 15 s: what it did in the watch, with what is left of it and since when it stands still. */
export interface StallCase {
  leftRatio: number;
  stopsAtMinute: number | null;
  claimed: ClaimedLevel | null;
}

/** Minutes from when it stands still (from T₀ where it does not) to the alarm; null where there was none. */
export function simulateStall(
  family: SeriesFamily,
  seed: number,
  cases: readonly StallCase[],
): (number | null)[] {
  const { counts } = minuteCounts(family, seed, DAYS, NO_EFFECT);
  const origin = DAYS * 1_440;
  const before = { startMs: START_MS, stepMs: MINUTE_MS, counts: counts.slice(0, origin), requests: null };
  return cases.map(({ leftRatio, stopsAtMinute, claimed }) => {
    const random = seededRandom(seed + 5_555);
    const stopMs = stopsAtMinute === null ? Number.POSITIVE_INFINITY : ORIGIN_MS + stopsAtMinute * MINUTE_MS;
    const spans = counts
      .slice(origin)
      .flatMap((count, minute) => spansOf(random, count, leftRatio, ORIGIN_MS + minute * MINUTE_MS, stopMs));
    const fromMs = stopsAtMinute === null ? ORIGIN_MS : stopMs;
    const found = detectStalls(before, spans, claimed).find(
      ({ endMs }) => stopsAtMinute === null || endMs === null || endMs > stopMs,
    );
    return found === undefined ? null : (found.startMs + SCRAPE_MS - fromMs) / MINUTE_MS;
  });
}

const SCRAPE_MS = 15_000;

/** The events of a minute in spans of 15 s, each kept by chance. */
function spansOf(random: Random, count: number, left: number, fromMs: number, stopMs: number): CounterSpan[] {
  const parts = [0, 0, 0, 0];
  for (let event = 0; event < count; event++) {
    const part = Math.floor(4 * random());
    if (left === 1 || random() < left) parts[part] = (parts[part] ?? 0) + 1;
  }
  return parts.map((increase, part) => {
    const startMs = fromMs + part * SCRAPE_MS;
    return {
      fromMs: startMs,
      toMs: startMs + SCRAPE_MS,
      increase: startMs >= stopMs ? 0 : increase,
    };
  });
}
