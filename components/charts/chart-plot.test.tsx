import { cleanup, render } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { dropView, inputOf, markOf, minutes, perHour, viewOf } from '@/lib/core/chart/chart-view.fixture.ts';
import { type ChartInput, chartGeometry } from '@/lib/core/chart/geometry.ts';
import { CHART_SCALES } from '@/lib/core/chart/scale.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import { ChartPlot } from './chart-plot.tsx';

afterEach(cleanup);

function plot(chart: ChartView, over: Partial<ChartInput> = {}) {
  const input = inputOf(chart, over);
  return (
    <ChartPlot
      geometry={chartGeometry(input)}
      variant={input.variant}
      stale={chart.stale}
      firstSeries={0}
      lineTestId="chart-line"
    />
  );
}

/** Everything that a chart can show at once. */
const full = dropView({
  gaps: [
    {
      startMs: minutes(31, () => 0)[30]?.[0] ?? 0,
      endMs: minutes(91, () => 0)[90]?.[0] ?? 0,
      reason: 'redis suspended',
    },
  ],
  resets: [minutes(101, () => 0)[100]?.[0] ?? 0],
  usual: {
    label: 'usual, 14 days',
    points: minutes(180, () => perHour(700_000)),
    band: minutes(180, () => 0).map(([at]) => [at, perHour(650_000), perHour(750_000)] as const),
  },
  comparison: {
    label: 'the day before',
    offsetMs: 0,
    points: minutes(180, () => perHour(600_000)),
    overall: null,
  },
  lastIsPartial: true,
});
const marks = [
  markOf('v1203', full.range.startMs + 600_000, {
    endMs: full.range.startMs + 1_200_000,
    rolled: { done: 2, of: 3 },
  }),
  markOf('v1205', full.range.startMs + 1_800_000, { kind: 'suspend' }),
  markOf('v1204', full.range.startMs + 5_400_000, { minor: true }),
  markOf('v1206', full.range.startMs + 7_200_000, { href: '/deploys/v1206' }),
];

describe('the still picture', () => {
  it.each(CHART_SCALES)('on the %s scale has no style attribute and no broken number', (scale) => {
    for (const heightPx of [104, 170, 278]) {
      const html = renderToString(plot(full, { scale, marks, heightPx }));
      expect(html).not.toMatch(/\sstyle=/);
      expect(html).not.toMatch(/NaN|undefined|Infinity/);
      expect(html).toMatch(/data-testid="chart-line"[^>]*data-points="179"/);
    }
  });

  it('names goal, plan, usual line, second window, gap, deploys and the time since T₀', () => {
    const { container } = render(plot(full, { marks }));
    const text = container.textContent ?? '';
    for (const name of ['▾ ≤ 36.7K/h target', '$10/month plan', 'usual, 14 days', 'the day before']) {
      expect(text).toContain(name);
    }
    for (const name of ['redis', 'v1203', 'v1205', 'v1206', 'T₀ v1206', 'T+30m', '2/3 machines on v1203']) {
      expect(text).toContain(name);
    }
  });

  it('shows the fall in each scale: an inset, a number of a hundred, a step', () => {
    const level = render(plot(dropView())).container;
    expect(level.querySelectorAll('[data-inset="line"]')).toHaveLength(2);
    expect(level.textContent).toContain('after, own scale');
    expect(render(plot(dropView(), { scale: 'index' })).container.textContent).toContain('3.3 of 100');
    const log = render(plot(dropView(), { scale: 'log' })).container;
    expect(log.querySelector('[data-inset="line"]')).toBeNull();
    const ys = [
      ...(log.querySelector('[data-testid="chart-line"]')?.getAttribute('d') ?? '').matchAll(/ ([\d.]+)/g),
    ];
    const heights = ys.map(([, y]) => Number(y));
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(0.25 * (278 - 36 - 34));
  });

  it('marks the break under a log scale that has zeros', () => {
    const zeros = viewOf(minutes(60, (minute) => (minute < 30 ? perHour(733_000) : 0)));
    const text = render(plot(zeros, { scale: 'log', marks: [], origin: null })).container.textContent ?? '';
    expect(text).toContain('break');
    expect(text).toMatch(/(^|[^\d])0(?=[^\d])/);
  });

  it('gives every hatch an id of its own', () => {
    const { container } = render(
      <>
        {plot(full)}
        {plot(full)}
      </>,
    );
    const ids = [...container.querySelectorAll('pattern')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(container.innerHTML).toContain(`url(#${id})`);
  });

  it('holds nothing that a keyboard could get lost in', () => {
    const { container } = render(plot(full, { marks }));
    expect(container.querySelectorAll('a, button, [tabindex]')).toHaveLength(0);
    for (const svg of container.children) expect(svg.getAttribute('aria-hidden')).toBe('true');
  });

  it('loses its colour when the data are out of date, in the inset too', () => {
    const { container } = render(plot(dropView({ stale: true })));
    expect(container.querySelector('.stroke-s1, .fill-s1')).toBeNull();
    expect(container.querySelector('[data-inset="line"]')?.getAttribute('class')).toContain('stroke-base');
  });

  it('draws bars apart where there is room, and together where there is none', () => {
    const bars = (count: number) =>
      render(
        plot(
          viewOf(
            minutes(count, () => 2),
            { as: 'increase', unit: 'responses' },
          ),
          { variant: 'bars' },
        ),
      ).container.querySelector('[data-testid="chart-line"]');
    expect(bars(60)?.getAttribute('class')).toContain('stroke-canvas');
    expect(bars(600)?.getAttribute('class')).not.toContain('stroke-canvas');
  });
});
