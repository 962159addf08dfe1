import { describe, expect, it } from 'vitest';
import type { ChartView, Point } from '../model/view.ts';
import { describeAxes, describeChart, describeGoal } from './describe.ts';
import { chartGeometry } from './geometry.ts';
import { gapLabel } from './labels.ts';
import { readoutAt, readoutText } from './readout.ts';
import { timeTicks } from './time-ticks.ts';

const T0 = Date.UTC(2026, 3, 9, 20, 0);
const MINUTE = 60_000;
const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null;

/** Ten one-minute buckets; the last one is open. */
function chart(values: readonly (number | null)[], over: Partial<ChartView> = {}): ChartView {
  return {
    unit: 'commands',
    as: 'rate',
    range: { startMs: T0, endMs: T0 + values.length * MINUTE },
    stepMs: MINUTE,
    lines: [
      {
        key: 'all',
        label: 'GETs',
        quality: 'measured',
        points: values.map((value, i): Point => [T0 + i * MINUTE, value]),
      },
    ],
    lastIsPartial: false,
    gaps: [],
    resets: [],
    goals: [],
    plans: [],
    usual: null,
    comparison: null,
    change: null,
    latest: null,
    overall: null,
    missing: null,
    note: null,
    stale: false,
    ...over,
  };
}
const plain0 = { window: 'h', scale: 'level', zone: 'UTC', marks: [], origin: null, heightPx: 278 } as const;
const lay = (view: ChartView) => chartGeometry({ ...plain0, chart: view, variant: 'line' });

describe('a line', () => {
  it('stops at a null and starts again after it', () => {
    const [line] = lay(chart([1, 2, null, 3, 4])).lines;
    expect(line?.path.match(/M/g)).toHaveLength(2);
    expect(line?.measured).toBe(4);
  });

  it('draws a lone value as a dot instead of nothing', () => {
    expect(lay(chart([null, 2, null])).lines[0]?.path).toMatch(/^M500 [\d.]+h0$/);
  });

  it('keeps the open bucket out of the solid line and joins it by a dashed one', () => {
    const [line] = lay(chart([1, 2, 3], { lastIsPartial: true })).lines;
    expect(line?.path.match(/[ML]/g)).toHaveLength(2);
    expect(line?.partialPath).toMatch(/^M.*L/);
    expect(line?.measured).toBe(2);
    expect(line?.lastClosed).toEqual({ atMs: T0 + MINUTE, value: 2 });
  });

  it('does not bridge a gap to the open bucket', () => {
    expect(lay(chart([1, null, 3], { lastIsPartial: true })).lines[0]?.partialPath).toMatch(/h0$/);
  });

  it('has no picture and no last value without measurements', () => {
    const [line] = lay(chart([null, null])).lines;
    expect(line).toMatchObject({
      path: '',
      area: '',
      partialPath: '',
      end: null,
      measured: 0,
      lastClosed: null,
    });
  });

  it('draws zero on the zero line: zero is a value', () => {
    const geometry = lay(chart([0, 0, 0]));
    expect(geometry.lines[0]?.measured).toBe(3);
    expect(geometry.lines[0]?.end?.y).toBe(geometry.baseY);
  });
});

describe('goals', () => {
  const goal = { direction: 'atMost', value: 24_000 / 3_600, text: '24K/h' } as const;

  it('are drawn where they are, and named with their side', () => {
    const geometry = lay(chart([733_000 / 3_600], { goals: [goal] }));
    expect(geometry.goals[0]?.y).toBeGreaterThan(240);
    expect(geometry.labels.find(({ kind }) => kind === 'goal')?.text).toBe('▾ ≤ 24K/h target');
  });

  it('far above the data are named at the edge and do not flatten the line', () => {
    const geometry = lay(chart([1_000 / 3_600], { goals: [goal] }));
    expect(geometry.goals[0]?.y).toBeNull();
    expect(geometry.labels[0]).toMatchObject({ y: 12, text: '▴ ≤ 24K/h target' });
    expect(geometry.yTicks.at(-1)?.text).toBe('1K');
  });

  it('of small counts stay in sight further up', () => {
    const limit = { direction: 'atMost', value: 5, text: '5 in 5 min' } as const;
    const view = chart([0, 2], { as: 'increase', unit: 'responses', goals: [limit] });
    expect(chartGeometry({ ...plain0, chart: view, variant: 'bars' }).goals[0]?.y).not.toBeNull();
  });

  it('say how far off the newest value is', () => {
    const at = (value: number) =>
      describeGoal(chart([1], { latest: { atMs: T0, value: value / 3_600 } }), goal, 'h');
    expect(plain(at(23_000))).toBe('within the target ≤ 24K/h');
    expect(plain(at(24_050))).toBe('at the target ≤ 24K/h');
    expect(plain(at(733_000))).toBe('30.5× the target ≤ 24K/h');
    expect(plain(at(25_000))).toBe('1.00K/h over the target ≤ 24K/h');
    expect(describeGoal(chart([1]), goal, 'h')).toBeNull();
  });
});

describe('bars', () => {
  const bars = (values: readonly (number | null)[], lastIsPartial = false) =>
    chartGeometry({
      ...plain0,
      chart: chart(values, { as: 'increase', unit: 'responses', lastIsPartial }),
      variant: 'bars',
    }).bars;

  it('stand for counts; a measured zero keeps a mark and a missing one does not', () => {
    expect(bars([0, 2, null]).closed.match(/M/g)).toHaveLength(1);
    expect(bars([0, 2, null]).measuredFloor.match(/M/g)).toHaveLength(2);
  });

  it('keep the open bucket apart', () => {
    const { closed, open } = bars([1, 2], true);
    expect([closed.match(/M/g)?.length, open.match(/M/g)?.length]).toEqual([1, 1]);
  });

  it('have whole numbers on the axis', () => {
    const view = chart([1, 0, 1], { as: 'increase', unit: 'responses' });
    expect(chartGeometry({ ...plain0, chart: view, variant: 'bars' }).yTicks.map(({ text }) => text)).toEqual(
      ['0', '1'],
    );
  });
});

describe('gaps and restarts', () => {
  it('keep their place and their reason', () => {
    const range = { startMs: T0, endMs: T0 + 10 * MINUTE };
    const geometry = lay(
      chart([1], {
        range,
        gaps: [{ startMs: T0 + 5 * MINUTE, endMs: T0 + 8 * MINUTE, reason: 'redis suspended' }],
        resets: [T0 + 2 * MINUTE, T0 - MINUTE],
      }),
    );
    expect(geometry.gaps[0]).toMatchObject({ x: 50, width: 30 });
    expect(geometry.gaps[0]?.labels.wide).toEqual({ layout: 'lines', lines: ['redis', 'suspended'] });
    expect(geometry.resets).toEqual([20]);
  });

  it('write the reason upright where it is narrow, and not at all where it would not fit', () => {
    expect(gapLabel('source down', 30, 240)).toEqual({ layout: 'upright', lines: ['source down'] });
    expect(gapLabel('source down', 6, 240)).toBeNull();
    expect(gapLabel('source down', 30, 60)).toBeNull();
  });
});

describe('the time axis', () => {
  it('uses round UTC times and names midnight by its date', () => {
    const startMs = Date.UTC(2026, 3, 9, 22, 7);
    const labels = timeTicks({ startMs, endMs: startMs + 3 * 3_600_000 }, 6).map(({ label }) => label);
    expect(labels).toEqual(['22:30', '23:00', '23:30', '10 Apr', '00:30', '01:00']);
  });
});

describe('the sentence under a chart', () => {
  const k = (thousands: number) => (thousands * 1_000) / 3_600;

  it('gives lowest, highest and mean with their window', () => {
    const view = chart([k(720), k(735), k(728)], { overall: k(728) });
    expect(plain(describeChart(view, 'h'))).toBe('Between 720K/h and 735K/h over 3 m, 728K/h on average.');
    expect(describeAxes(view, 'h')).toBe('per hour, 20:00Z to 20:03Z');
  });

  it('says what is missing, for how long and why', () => {
    const gaps = [{ startMs: T0 + MINUTE, endMs: T0 + 3 * MINUTE, reason: 'redis suspended' }];
    expect(plain(describeChart(chart([k(24), null, null, k(24)], { gaps }), 'h'))).toBe(
      'Steady at 24.0K/h over 4 m. No data for 2 m (redis suspended).',
    );
  });

  it('does not speak for time that nobody measured', () => {
    const range = { startMs: T0, endMs: T0 + 60 * MINUTE };
    expect(plain(describeChart(chart([1, 1, 1], { range, unit: 'ratio', as: 'value' }), 'h'))).toBe(
      'Steady at 100 % over the 3 m measured.',
    );
    expect(plain(describeChart(chart([1], { range, unit: 'ratio', as: 'value' }), 'h'))).toBe(
      'One measurement so far: 100 %.',
    );
  });

  it('tells no data from none counted', () => {
    const count = { as: 'increase', unit: 'responses' } as const;
    expect(plain(describeChart(chart([null], count), 'h'))).toBe('Nothing measured over 1 m.');
    expect(plain(describeChart(chart([0, 0], { ...count, overall: 0 }), 'h'))).toBe('None counted over 2 m.');
    expect(plain(describeChart(chart([3, 1], { ...count, overall: 4 }), 'h'))).toBe(
      '4 over 2 m, at most 3 in 1 m.',
    );
    expect(describeChart(chart([], { missing: { reason: 'x', fix: null } }), 'h')).toBeNull();
  });
});

describe('clock times of a chart', () => {
  it('are read in the zone that is asked for', () => {
    const view = chart([733_412 / 3_600, 1]);
    const berlin = readoutAt(view, T0 + 20_000, 'h', { zone: 'Europe/Berlin' });
    expect(berlin?.time).toBe('22:00');
    expect(describeAxes(view, 'h', 'Europe/Berlin')).toBe('per hour, 22:00 to 22:02');
    const geometry = chartGeometry({ ...plain0, chart: view, variant: 'line', zone: 'Asia/Kolkata' });
    expect(geometry.xTicks[0]?.text).toBe('01:30:00');
  });

  it('carry their date when the range is longer than a day', () => {
    const range = { startMs: T0, endMs: T0 + 3 * 86_400_000 };
    expect(describeAxes(chart([1], { range }), 'h')).toBe('per hour, 9 Apr 20:00Z to 12 Apr 20:00Z');
  });
});

describe('the readout', () => {
  it('counts from the deploy that is followed, and says what is usual and what was before', () => {
    const view = chart([1, 2], {
      unit: 'connections',
      as: 'value',
      usual: { label: 'usual, 14 days', points: [[T0, 4]], band: [[T0, 3, 5]] },
      comparison: { label: 'the day before', offsetMs: 0, overall: null, points: [[T0, 7]] },
    });
    const readout = readoutAt(view, T0, 'h', { origin: { atMs: T0 + 127 * MINUTE, release: 'v1206' } });
    expect(readout && readoutText(readout)).toBe('20:00Z, T−02:07, 1');
    expect(readout?.context).toEqual([
      { label: 'usual, 14 days', text: '4 (3 to 5)' },
      { label: 'the day before', text: '7' },
    ]);
    expect(readoutAt(view, T0 + MINUTE, 'h')?.context).toEqual([]);
  });

  it('gives time and exact value', () => {
    const readout = readoutAt(chart([733_412 / 3_600, 1]), T0 + 20_000, 'h');
    expect(readout && plain(readoutText(readout))).toBe('20:00Z, 733,412/h');
  });

  it('gives the reason of a gap, and says when a bucket is still open', () => {
    const gaps = [{ startMs: T0, endMs: T0 + MINUTE, reason: 'source down' }];
    const first = readoutAt(chart([null, 2], { gaps, lastIsPartial: true }), T0, 'h');
    const last = readoutAt(chart([null, 2], { gaps, lastIsPartial: true }), T0 + 90_000, 'h');
    expect(first && readoutText(first)).toBe('20:00Z, no data, source down');
    expect(last?.remark).toBe('still counting');
    expect(readoutAt(chart([]), T0, 'h')).toBeNull();
  });
});
