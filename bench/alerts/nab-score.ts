/** What right, wrong and missing detections count for. */
export interface ScoreProfile {
  name: string;
  /** Of a window that is detected at its first row. */
  truePositive: number;
  /** Of a detection far from every window. */
  falsePositive: number;
  /** Of a window that is missed. */
  falseNegative: number;
}

/** The three profiles of the Numenta Anomaly Benchmark. */
export const PROFILES: readonly ScoreProfile[] = [
  { name: 'standard', truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  { name: 'reward low FP', truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  { name: 'reward low FN', truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
];

/** A labelled stretch by its rows, both included. */
export interface Window {
  first: number;
  last: number;
}

/** One series as it is scored. */
export interface ScoredSeries {
  rows: number;
  windows: readonly Window[];
  /** Rows at which something was told. */
  detections: readonly number[];
}

const PROBATION_SHARE = 0.15;
const MOST_PROBATION_ROWS = 0.15 * 5_000;
/** So many window lengths behind a window a detection is as wrong as anywhere. */
const FAR = 3;

/** Rows at the start in which nothing is scored. */
export function probationOf(rows: number): number {
  return Math.floor(Math.min(PROBATION_SHARE * rows, MOST_PROBATION_ROWS));
}

/** 1 long before, 0 at the end of a window, −1 long after it. */
export function worthAt(position: number): number {
  return position > FAR ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** Points of one series before they are held against the best and the empty detector. */
export function rawScore({ rows, windows, detections }: ScoredSeries, profile: ScoreProfile): number {
  const from = probationOf(rows);
  const best = new Map<Window, number>();
  let wrong = 0;
  for (const row of detections) {
    if (row < from || row >= rows) continue;
    const inside = windows.find(({ first, last }) => row >= first && row <= last);
    if (inside === undefined) wrong += worthOutside(row, windows) * profile.falsePositive;
    else best.set(inside, Math.max(best.get(inside) ?? 0, worthInside(row, inside)));
  }
  const told = [...best.values()].reduce((sum, worth) => sum + worth * profile.truePositive, 0);
  return told + wrong - (windows.length - best.size) * profile.falseNegative;
}

/** The earlier the better: 1 at the first row. */
function worthInside(row: number, { first, last }: Window): number {
  const width = last - first + 1;
  return worthAt(-(last - row + 1) / width) / worthAt(-1);
}

/** A detection soon after a window is less wrong than one that no window goes before. */
function worthOutside(row: number, windows: readonly Window[]): number {
  const before = windows.findLast(({ last }) => last < row);
  if (before === undefined) return -1;
  return worthAt((row - before.last) / Math.max(1, before.last - before.first));
}

/** 0 for a detector that says nothing, 100 for one that tells every window at its first row and nothing else. NaN without a window. */
export function normalizedScore(series: readonly ScoredSeries[], profile: ScoreProfile): number {
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const raw = series.reduce((sum, one) => sum + rawScore(one, profile), 0);
  const empty = -windows * profile.falseNegative;
  const perfect = windows * profile.truePositive;
  return (100 * (raw - empty)) / (perfect - empty);
}
