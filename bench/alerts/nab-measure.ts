import { detectInSeries } from '../../lib/cli/detect-series.ts';
import { BLOCK_MS } from '../../lib/core/time/range.ts';
import { type PublicSeries, readPublicSeries } from '../verdict/public-series.ts';
import type { ScoredSeries, Window } from './nab-score.ts';

/** One setting for every series: the detectors as they ship, told nothing of it. */
const OUR_RULES = ['spike', 'regression', 'plateau', 'stall'] as const;

type OurRule = (typeof OUR_RULES)[number];

export interface NabDetector {
  name: string;
  /** Rows at which it tells, each by what was known up to that row. `ours`: where each of our rules fires. */
  tell: (series: PublicSeries, ours: Readonly<Record<OurRule, readonly number[]>>) => number[];
}

const togetherOf = (name: string, rules: readonly OurRule[]): NabDetector => ({
  name,
  tell: (_, ours) => [...new Set(rules.flatMap((rule) => ours[rule]))].sort((a, b) => a - b),
});

/** Rows at which a rule of ours fires. */
function rowsOf(series: PublicSeries, rule: OurRule): number[] {
  const { firings } = detectInSeries(series.points, {
    rule,
    shape: { kind: 'gauge', unitMs: null },
    ...{ atMs: null, untilMs: null, way: 'both', quota: null, claimedRatio: null },
  });
  // A frozen level is told by the sample after the one that the firing begins with.
  const knownAfterMs = rule === 'stall' ? 2 * series.stepMs : BLOCK_MS;
  return firings.map(({ startMs }) => rowAt(series, startMs + knownAfterMs));
}

/** More than three standard deviations from the mean of the rows of a day before; a stretch is told once. */
const threeSigma: NabDetector = {
  name: '3σ against the day before',
  tell: (series) =>
    onceATurn(series, (value, past) => {
      const { mean, deviation } = momentsOf(past);
      return deviation > 0 && Math.abs(value - mean) > 3 * deviation;
    }),
};

/** Twice or half of the mean of the rows of a day before; a stretch is told once. */
const fixedRatio: NabDetector = {
  name: 'twice or half of the day before',
  tell: (series) =>
    onceATurn(series, (value, past) => {
      const { mean } = momentsOf(past);
      return mean > 0 && (value > 2 * mean || value < mean / 2);
    }),
};

export const NAB_DETECTORS: readonly NabDetector[] = [
  togetherOf('ours: spike, regression, flat top, frozen', OUR_RULES),
  togetherOf('ours: spike alone', ['spike']),
  togetherOf('ours: regression alone', ['regression']),
  threeSigma,
  fixedRatio,
];

/** Reads a series and has every detector judge it. */
export function measureNab(folder: string, name: string): ScoredSeries[] {
  return judge(readPublicSeries(folder, name));
}

/** What every detector tells of a series, in their order. */
export function judge(series: PublicSeries): ScoredSeries[] {
  const windows = windowsOf(series);
  const ours = {
    spike: rowsOf(series, 'spike'),
    regression: rowsOf(series, 'regression'),
    plateau: rowsOf(series, 'plateau'),
    stall: rowsOf(series, 'stall'),
  };
  return NAB_DETECTORS.map(({ tell }) => ({
    rows: series.points.length,
    windows,
    detections: tell(series, ours),
  }));
}

function windowsOf({ points, labels }: PublicSeries): Window[] {
  return labels.flatMap(({ fromMs, toMs }) => {
    const first = points.findIndex(({ atMs }) => atMs >= fromMs);
    const last = points.findLastIndex(({ atMs }) => atMs <= toMs);
    return first < 0 || last < first ? [] : [{ first, last }];
  });
}

/** The first row by which all before `untilMs` is known. */
function rowAt({ points, stepMs }: PublicSeries, untilMs: number): number {
  const at = points.findIndex(({ atMs }) => atMs + stepMs >= untilMs);
  return at < 0 ? points.length - 1 : at;
}

const DAY_MS = 86_400_000;
const CLEAR_MS = 15 * 60_000;

/** Rows that stand out from the day before them; a stretch goes on until it was quiet for 15 min and for two rows. */
function onceATurn(
  { points, stepMs }: PublicSeries,
  isOut: (value: number, past: readonly number[]) => boolean,
): number[] {
  const length = Math.max(2, Math.round(DAY_MS / stepMs));
  const quietRows = Math.max(2, Math.ceil(CLEAR_MS / stepMs));
  const values = points.map(({ value }) => value);
  const told: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = length; i < values.length; i++) {
    if (!isOut(values[i] ?? 0, values.slice(i - length, i))) continue;
    if (i - last > quietRows) told.push(i);
    last = i;
  }
  return told;
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}
