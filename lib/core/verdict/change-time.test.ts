import { describe, expect, it } from 'vitest';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { logsOfCounts } from './blocks.ts';
import { type ChangeTime, findChangeTime } from './change-time.ts';
import { deviationsOf } from './interval.ts';
import { CALM, FAMILIES, makeSeries, type SeriesFamily } from './test-series.ts';
import { baselineOfCounts } from './watch.ts';

const HOUR = 12;
const WILD = FAMILIES.find(({ name }) => name === 'AR .9, daily, day 3 %') ?? CALM;

/** The change time of a watch, in blocks from T₀; the step may lie before it. */
function changeOf(
  family: SeriesFamily,
  seed: number,
  { ratio, atBlocks, nowBlocks = 288 }: { ratio: number; atBlocks: number; nowBlocks?: number },
): ChangeTime | null {
  const series = makeSeries(family, seed);
  const stepped = [...series.before, ...series.after].map((block, i) =>
    block === null || i < series.before.length + atBlocks
      ? block
      : { ...block, increase: Math.round(block.increase * ratio) },
  );
  const before = stepped.slice(0, series.before.length);
  const after = stepped.slice(series.before.length, series.before.length + nowBlocks);
  const baseline = baselineOfCounts(before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  const logs = logsOfCounts([...before.slice(-BLOCKS_PER_DAY), ...after]);
  const found = findChangeTime(deviationsOf(logs, baseline.expected), BLOCKS_PER_DAY, baseline);
  return (
    found && {
      atIndex: found.atIndex - BLOCKS_PER_DAY,
      loIndex: found.loIndex - BLOCKS_PER_DAY,
      hiIndex: found.hiIndex - BLOCKS_PER_DAY,
    }
  );
}

const seeds = Array.from({ length: 10 }, (_, i) => 400 + i);

describe('when a step began', () => {
  it.each([
    ['2 h before the deploy', -2 * HOUR],
    ['at the deploy', 0],
    ['three blocks after it', 3],
    ['10 h after it', 10 * HOUR],
  ])('a fall of 60 %% that began %s is found within 5 min on a calm metric', (_, atBlocks) => {
    for (const seed of seeds) {
      const found = changeOf(CALM, seed, { ratio: 0.4, atBlocks });
      expect.soft(Math.abs((found?.atIndex ?? Number.NaN) - atBlocks)).toBeLessThanOrEqual(1);
    }
  });

  it.each([-2 * HOUR, 0, 3, 10 * HOUR])(
    'the interval holds a rise of 40 %% at block %s of a wild metric',
    (atBlocks) => {
      const found = seeds.map((seed) => changeOf(WILD, seed, { ratio: 1.4, atBlocks }));
      const told = found.flatMap((change) => change ?? []);
      expect(told.length).toBeGreaterThanOrEqual(8);
      const holding = told.filter(({ loIndex, hiIndex }) => loIndex <= atBlocks && atBlocks <= hiIndex);
      expect(holding.length / told.length).toBeGreaterThanOrEqual(0.8);
    },
  );

  it('a fall of 96.7 % is told after the first 15 min', () => {
    for (const seed of seeds) {
      const found = changeOf(CALM, seed, { ratio: 0.033, atBlocks: 0, nowBlocks: 3 });
      expect.soft(found).toEqual({ atIndex: 0, loIndex: 0, hiIndex: 0 });
    }
  });

  it('its earliest time reaches over blocks that nobody measured', () => {
    const series = makeSeries({ ...CALM, spread: 0.02 }, 5, {
      effect: { ratio: 0.2, onsetMinutes: 0, rampMinutes: 0 },
    });
    const baseline = baselineOfCounts(series.before);
    if (baseline === null) throw new Error('the generator made no comparable day');
    const logs = logsOfCounts([...series.before.slice(-BLOCKS_PER_DAY), ...series.after]);
    const gap = logs.map((log, i) => (i >= BLOCKS_PER_DAY - 4 && i < BLOCKS_PER_DAY + 2 ? null : log));
    const found = findChangeTime(deviationsOf(gap, baseline.expected), BLOCKS_PER_DAY, baseline);
    expect(found).toEqual({
      atIndex: BLOCKS_PER_DAY + 2,
      loIndex: BLOCKS_PER_DAY - 4,
      hiIndex: BLOCKS_PER_DAY + 2,
    });
  });
});

describe('where nothing changed', () => {
  it.each(FAMILIES.map((family) => [family.name, family] as const))(
    'no time of change is told of %s',
    (_, family) => {
      const told = seeds
        .slice(0, 5)
        .filter((seed) => changeOf(family, seed, { ratio: 1, atBlocks: 0 }) !== null);
      expect(told.length).toBeLessThanOrEqual(1);
    },
  );

  it('one wild block is no step, wherever it lies', () => {
    const series = makeSeries(CALM, 3);
    const baseline = baselineOfCounts(series.before);
    if (baseline === null) throw new Error('the generator made no comparable day');
    const logs = logsOfCounts([...series.before.slice(-BLOCKS_PER_DAY), ...series.after.slice(0, 40)]);
    const deviations = deviationsOf(logs, baseline.expected);
    for (const at of [BLOCKS_PER_DAY - 30, BLOCKS_PER_DAY, BLOCKS_PER_DAY + 37, BLOCKS_PER_DAY + 39]) {
      const spiked = deviations.map((value, i) => (i === at ? 5 : value));
      expect.soft(findChangeTime(spiked, BLOCKS_PER_DAY, baseline)).toBeNull();
    }
  });

  it('nothing is said of fewer than 15 min on either side', () => {
    const baseline = baselineOfCounts(makeSeries(CALM, 3).before);
    if (baseline === null) throw new Error('the generator made no comparable day');
    expect(findChangeTime([0, 0, 0, -3, -3], 3, baseline)).toBeNull();
    expect(findChangeTime([], 0, baseline)).toBeNull();
  });
});
