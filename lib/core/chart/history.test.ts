import { describe, expect, it } from 'vitest';
import type { ChartView, HistorySpan } from '../model/view.ts';
import { coverageOf, withoutHistory } from '../series/history.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { EVENING_MS, inputOf, minutes, viewOf } from './chart-view.fixture.ts';
import { chartCsv } from './csv.ts';
import { describeChart } from './describe.ts';
import { chartGeometry } from './geometry.ts';
import { readoutOf } from './readout.ts';

const SPAN: HistorySpan = {
  provider: 'Upstash',
  resolutionMs: HOUR_MS,
  startMs: EVENING_MS,
  endMs: EVENING_MS + 120 * MINUTE_MS,
};
const points = minutes(180, (minute) => (minute < 120 ? 200 : 100));
const chart: ChartView = viewOf(points, {
  history: [SPAN],
  coverage: { measuredMs: HOUR_MS, backfilledMs: 2 * HOUR_MS },
  usual: {
    label: 'usual, 14 days',
    backfilled: { days: 9, of: 14, provider: 'Upstash' },
    points: minutes(180, () => 150),
    band: [],
  },
});

describe('a remembered stretch of a chart', () => {
  it('says at each point whose it is and how fine, and calls nothing of it measured', () => {
    expect(readoutOf(chart, 5, 's')).toMatchObject({
      remembered: true,
      remark: expect.stringMatching(/^from Upstash’s own history, in 1\sh$/),
      context: [{ label: 'usual, 14 days', text: expect.stringContaining('9 of 14 days from Upstash') }],
    });
    expect(readoutOf(chart, 130, 's')).toMatchObject({ remembered: false, remark: null });
    expect(describeChart(chart, 's')).toMatch(/2\sh of it from Upstash’s own history\./);
  });

  it('is marked over its whole time, with the longest words that have room', () => {
    const [stretch] = chartGeometry(inputOf(chart)).history;
    expect(stretch).toMatchObject({ x: 0, width: 66.67 });
    expect(stretch?.texts.roomy).toBe('from Upstash’s own history');
    const thin = { ...chart, history: [{ ...SPAN, endMs: EVENING_MS + 5 * MINUTE_MS }] };
    expect(chartGeometry(inputOf(thin)).history[0]?.texts.narrow).toBeNull();
  });

  it('is backfilled in the CSV, with the provider and its own step', () => {
    const [header = '', first = '', ...rows] = chartCsv(chart, 'GETs').split('\r\n');
    expect(header).toContain('backfilled from,known in steps of (s)');
    expect(first.split(',').slice(1, 3)).toEqual(['200', 'backfilled']);
    expect(first).toContain('Upstash,3600');
    expect(rows[125]?.split(',').slice(1, 3)).toEqual(['100', 'measured']);
    expect(rows[125]).not.toContain('Upstash');
  });

  it('counts for its own coverage and cuts gaps, never the other way round', () => {
    expect(coverageOf(points, [SPAN], chart.range, chart.stepMs)).toEqual(chart.coverage);
    const gap = { startMs: EVENING_MS - HOUR_MS, endMs: EVENING_MS + 150 * MINUTE_MS, reason: 'no answer' };
    expect(withoutHistory([gap], [SPAN])).toEqual([
      { ...gap, endMs: SPAN.startMs },
      { ...gap, startMs: SPAN.endMs },
    ]);
    expect(withoutHistory([gap], undefined)).toEqual([gap]);
  });
});
