import { buildBaseline } from '../../lib/core/verdict/baseline.ts';
import { walkLooks } from '../../lib/core/verdict/interval.ts';
import { baselineOfCounts, watchOfCounts, watchOfLevels } from '../../lib/core/verdict/watch.ts';
import { firstOutside, isAlarm, isOutside } from './made.ts';
import {
  asCounts,
  asLogs,
  type GridSeries,
  gridOf,
  isMostlyAboveZero,
  type PublicSeries,
  readPublicSeries,
} from './public-series.ts';
import { type RivalAlarms, watchRivals } from './rivals.ts';

/** Where the series lies, what the fake deploy multiplies its watch by, and whether the rivals run too. */
export interface PublicParams {
  folder: string;
  name: string;
  ratio: number;
  /** False where the deploy changes something: then neither the rivals nor α = .01 are of use. */
  isUnchanged: boolean;
  /** One fake deploy in so many is taken. */
  every: number;
}

/** One fake deploy. */
export interface FakeDeploy {
  days: number;
  false05: boolean;
  false01: boolean;
  firstMinutes: number | null;
  wrongWay: boolean;
  rivals: RivalAlarms | null;
}

const BLOCK_MS = 300_000;
const DAY_BLOCKS = 288;
const EVERY_BLOCKS = 72;
const DAYS = 14;
const FEWER_DAYS = 7;
/** At most this share of the baseline may be labelled. */
const LABELLED = 0.15;
/** Of the watch and of the baseline this share must be measured. */
const MEASURED = 0.8;

/** Fake deploys at each 6 h of one public series: 14 days before where there are as many, else 7, and a watch of 24 h. */
export function measurePublic({ folder, name, ratio, isUnchanged, every }: PublicParams): FakeDeploy[] {
  const series = readPublicSeries(folder, name);
  if (!isMostlyAboveZero(series)) return [];
  const grid = gridOf(series);
  const isFit = fitnessOf(series, grid);
  const found: FakeDeploy[] = [];
  let fit = 0;
  for (let at = FEWER_DAYS * DAY_BLOCKS; at + DAY_BLOCKS <= grid.values.length; at += EVERY_BLOCKS) {
    const days = at >= DAYS * DAY_BLOCKS ? DAYS : FEWER_DAYS;
    if (!isFit(at, days)) continue;
    fit += 1;
    if (fit % every !== 0) continue;
    const deploy = fakeDeploy(series, grid, at, days, ratio);
    if (deploy === null) continue;
    found.push({ ...deploy, rivals: isUnchanged ? rivalsOf(series, grid, at) : null });
  }
  return found;
}

/** Whether a fake deploy at a block has a watch without labels, a baseline with few, and enough measured of both. */
function fitnessOf(
  { labels }: PublicSeries,
  { fromMs, values }: GridSeries,
): (at: number, days: number) => boolean {
  const labelled = [0];
  const measured = [0];
  for (const [i, value] of values.entries()) {
    const atMs = fromMs + i * BLOCK_MS;
    const isLabelled = labels.some((label) => atMs + BLOCK_MS > label.fromMs && atMs <= label.toMs);
    labelled.push((labelled.at(-1) ?? 0) + Number(isLabelled));
    measured.push((measured.at(-1) ?? 0) + Number(value !== null));
  }
  const shareOf = (sums: readonly number[], from: number, to: number) =>
    ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  return (at, days) => {
    const [from, to] = [at - days * DAY_BLOCKS, at + DAY_BLOCKS];
    return (
      shareOf(labelled, at, to) === 0 &&
      shareOf(labelled, from, at) <= LABELLED &&
      shareOf(measured, at, to) >= MEASURED &&
      shareOf(measured, from, at) >= MEASURED
    );
  };
}

function fakeDeploy(
  series: PublicSeries,
  { values }: GridSeries,
  at: number,
  days: number,
  ratio: number,
): Omit<FakeDeploy, 'rivals'> | null {
  const before = values.slice(at - days * DAY_BLOCKS, at);
  const after = values.slice(at, at + DAY_BLOCKS).map((value) => (value === null ? null : value * ratio));
  const baseline = series.isCount
    ? baselineOfCounts(asCounts(before))
    : buildBaseline({ before: asLogs(before), eventsPerBlock: null, relativeStep: null, isWeekend: null });
  if (baseline === null) return null;
  const looks = walkLooks(
    baseline,
    series.isCount
      ? watchOfCounts(asCounts(after), baseline.expected)
      : watchOfLevels(asLogs(after), baseline.expected),
  );
  const sign = Math.sign(Math.log(ratio));
  return {
    days,
    false05: looks.some((look) => isOutside(look, 0)),
    false01: looks.some((look) => isAlarm(baseline, look)),
    firstMinutes: firstOutside(
      looks.filter((look) => sign * look.estimate > 0),
      0,
    ),
    wrongWay: looks.some((look) => isOutside(look, 0) && sign * look.estimate < 0),
  };
}

/** The rivals see the numbers as they were published, one a step; one that is missing is the one before it. */
function rivalsOf({ stepMs }: PublicSeries, { values }: GridSeries, at: number): RivalAlarms {
  const width = Math.max(1, Math.round(stepMs / BLOCK_MS));
  const rowFrom = (from: number): number[] => {
    const row: number[] = [];
    for (let i = from; i < from + DAY_BLOCKS; i += width) row.push(values[i] ?? row.at(-1) ?? 0);
    return row;
  };
  return watchRivals({
    stepMinutes: (width * BLOCK_MS) / 60_000,
    watch: rowFrom(at),
    yesterday: rowFrom(at - DAY_BLOCKS),
    lastThreeDays: [1, 2, 3].map((daysAgo) => rowFrom(at - daysAgo * DAY_BLOCKS)),
  });
}
