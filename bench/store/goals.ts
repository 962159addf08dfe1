import type { Weight } from './engines.ts';
import type { StoreFigures, WideFigures } from './measure-store.ts';

/** A figure of a store with what it was to be. */
export interface StoreRow {
  name: string;
  unit: string;
  /** Null where it was not measured. */
  read: (figures: StoreFigures) => number | null;
  /** The most it may be, and whether it must stay under that. Left out: a figure without a goal. */
  goal?: { most: number; under?: boolean } | ((figures: StoreFigures) => { most: number; under?: boolean });
  note?: (figures: StoreFigures) => string;
}

const perSample =
  (of: (weight: Weight) => number) =>
  ({ deep }: StoreFigures): number =>
    of(deep.weight) / deep.samples;

/** How much faster than the series a figure grows from the narrow fleet to the wide one; 1 is just as fast. */
export function growthOf(
  { narrow, wide }: StoreFigures,
  of: (figures: WideFigures) => number | null,
): number | null {
  const small = of(narrow);
  const large = of(wide);
  if (small === null || large === null || small <= 0) return null;
  return large / small / (wide.series / narrow.series);
}

const growth = (name: string, of: (figures: WideFigures) => number | null): StoreRow => ({
  name: `growth with the series: ${name}`,
  unit: '× the series',
  read: (figures) => growthOf(figures, of),
  goal: { most: 1 },
  note: ({ narrow, wide }) => `${short(of(narrow))} → ${short(of(wide))}`,
});

/** Three digits; a dash for what is not there. */
export function short(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en', digits);
}

/** All figures of a store, those with a goal too. */
export const STORE_ROWS: readonly StoreRow[] = [
  {
    name: 'bytes per sample, as it lies on the disk',
    unit: 'B',
    read: perSample(({ lying }) => lying),
    goal: { most: 1 },
    note: ({ deep: { weight, samples } }) => `${short(weight.compact / samples)} without freed pages`,
  },
  { name: '… samples alone', unit: 'B', read: perSample((weight) => weight.samples), goal: { most: 0.9 } },
  { name: '… 5-minute blocks alone', unit: 'B', read: perSample((weight) => weight.blocks) },
  { name: '… times and visits alone', unit: 'B', read: perSample((weight) => weight.visits) },
  {
    name: 'q1, 24 h of one series from blocks, p50',
    unit: 'ms',
    read: ({ deep }) => deep.answered.times.q1.p50,
    note: ({ deep }) => `p95 ${short(deep.answered.times.q1.p95)}`,
  },
  {
    name: 'q2, 24 h of 36 rates summed, from blocks, p50',
    unit: 'ms',
    read: ({ deep }) => deep.answered.times.q2.p50,
    goal: { most: 4.5 },
    note: ({ deep }) => `p95 ${short(deep.answered.times.q2.p95)}`,
  },
  {
    name: 'q2 from samples, 300 points, p50',
    unit: 'ms',
    read: ({ deep }) => deep.answered.times['q2 raw'].p50,
    note: ({ deep }) => `p95 ${short(deep.answered.times['q2 raw'].p95)}`,
  },
  {
    name: 'q3, newest of 1,300 series, p50',
    unit: 'ms',
    read: ({ deep }) => deep.answered.times.q3.p50,
    goal: { most: 1 },
    note: ({ deep }) => `p95 ${short(deep.answered.times.q3.p95)}`,
  },
  {
    name: 'commit of 1,300 samples, p99',
    unit: 'ms',
    read: ({ deep }) => deep.filled.commitMs.p99,
    goal: ({ engine }) => ({ most: engine === 'sqlite' ? 2 : 5, under: true }),
    note: ({ deep }) => `p50 ${short(deep.filled.commitMs.p50)}`,
  },
  {
    name: 'append, CPU per 1,000 samples',
    unit: 'ms',
    read: ({ deep }) => deep.filled.appendCpuMs / (deep.filled.countedSamples / 1000),
    note: ({ deep }) =>
      `${short(deep.filled.countedSamples / (deep.filled.appendWallMs / 1000))} samples/s, one commit a tick`,
  },
  {
    name: 'packing, CPU per 1,000 samples',
    unit: 'ms',
    read: ({ wide }) => wide.packing.cpuMs / (wide.samples / 1000),
  },
  {
    name: 'packing an hour of 1,300 series',
    unit: 'ms',
    read: ({ deep }) => deep.filled.packing.wallMsP50,
    note: ({ deep }) =>
      `${deep.filled.packing.hours} hours; most ${short(deep.filled.packing.wallMsMost)}, days folded too`,
  },
  {
    name: 'longest stall of the main loop, packing',
    unit: 'ms',
    read: ({ deep, wide }) => Math.max(deep.filled.packing.stallMs, wide.packing.stallMs),
    goal: { most: 10, under: true },
    note: ({ deep }) => `${short(deep.answered.idleStallMs)} in a second of doing nothing`,
  },
  {
    name: 'longest stall of the main loop, questions',
    unit: 'ms',
    read: ({ deep }) => deep.answered.stallMs,
    goal: { most: 10, under: true },
  },
  {
    name: 'reopening after kill -9',
    unit: 'ms',
    read: ({ deep }) => deep.reopened.openMs,
    goal: { most: 500, under: true },
    note: ({ engine }) => (engine === 'postgres' ? 'the lease of the killed one has run out' : ''),
  },
  {
    name: 'visits lost that were told to be durable',
    unit: 'visits',
    read: ({ deep }) => deep.lost,
    goal: { most: 0 },
  },
  { name: 'RSS after writing it all', unit: 'MB', read: ({ deep }) => deep.filled.rssMb },
  {
    name: 'RSS after reopening and the questions',
    unit: 'MB',
    read: ({ deep }) => deep.answered.rssMb,
    note: ({ deep }) => `${short(deep.filled.emptyRssMb)} of a process that has opened nothing`,
  },
  growth('commit, p50', ({ filled }) => filled.commitMs.p50),
  growth('commit, p99', ({ filled }) => filled.commitMs.p99),
  growth('append, CPU', ({ filled }) => filled.appendCpuMs),
  growth('packing an hour', ({ packing }) => packing.wallMsP50),
  growth('packing, CPU', ({ packing }) => packing.cpuMsP50),
  growth('memory above an empty process', ({ reopened, filled }) => reopened.rssMb - filled.emptyRssMb),
  growth('reopening', ({ reopened }) => reopened.openMs),
  growth('newest of all series', ({ latestMs }) => latestMs),
];

/** `met`, `missed by ×1.4`, or nothing where there is no goal; a figure that is not there is not met. */
export function judge(value: number | null, goal: { most: number; under?: boolean } | undefined): string {
  if (goal === undefined) return '';
  if (value === null || !Number.isFinite(value)) return 'not measured';
  const holds = goal.under === true ? value < goal.most : value <= goal.most;
  if (holds) return 'met';
  return goal.most === 0 ? `missed: ${short(value)}` : `missed by ×${(value / goal.most).toFixed(2)}`;
}

/** What a row asks of this store. */
export function goalOf(row: StoreRow, figures: StoreFigures): { most: number; under?: boolean } | undefined {
  return typeof row.goal === 'function' ? row.goal(figures) : row.goal;
}
