import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChartView } from '@/lib/core/model/view.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { chartOf, redisGetsChart, STORY_NOW_MS } from '../fixtures/story.ts';
import { ChartPanel } from './chart-panel.tsx';

// Loaded lazily on a page; here it is there from the start.
beforeAll(() => import('../charts/chart-table.tsx'), 60_000);
afterEach(cleanup);

const perHour = (value: number) => value / 3_600;
const story = redisGetsChart();
const chart: ChartView = {
  ...story,
  change: {
    before: perHour(733_000),
    after: perHour(24_000),
    beforeWords: 'mean of 24 h before',
    afterWords: 'mean since T+5m',
  },
};
const page: ChartPage = {
  zone: 'UTC',
  scale: 'level',
  onScale: null,
  asTable: false,
  onZoom: null,
  marks: [],
  origin: null,
};

/** A few rows only: a table of a whole evening is slow to search through. */
const short: Partial<ChartView> = {
  lines: story.lines.map((line) => ({ ...line, points: line.points.slice(-20) })),
};

const panel = (over: Partial<ChartView> = {}, size: 'hero' | 'small' = 'small') => (
  <ChartPanel
    title="Redis GETs"
    question="How hard is Redis asked?"
    chart={{ ...chart, ...over }}
    size={size}
    asOfMs={STORY_NOW_MS}
    receivedAtMs={null}
  />
);
const onPage = (over: Partial<ChartPage>, children = panel()) => (
  <ChartPageContext value={{ ...page, ...over }}>{children}</ChartPageContext>
);
const text = () => document.body.textContent?.replaceAll('\u00a0', ' ') ?? '';

it('says how far the baseline has come, in the large chart only', () => {
  const usualForming = { days: 3, needed: 7 };
  render(panel({ usualForming }, 'hero'));
  expect(text()).toContain('Baseline forming, 3 of 7 days.');
  cleanup();
  render(panel({ usualForming }));
  expect(text()).not.toContain('Baseline forming');
});

it('of a window of the past, a stale line is as old as it was when the window ended', () => {
  const atMs = STORY_NOW_MS - 3_600_000;
  const range = { startMs: atMs - 3_600_000, endMs: atMs };
  render(panel({ stale: true, range, latest: { atMs: atMs - 360_000, value: 1 } }));
  expect(text()).toContain('6 m old');
});

describe('the figure of a chart', () => {
  it('is the pair before and after the deploy, with the change in percent and as a factor', () => {
    render(panel());
    expect(text()).toContain('733K/h');
    expect(text()).toContain('24.0K/h');
    expect(text()).toContain('−96.7 %, 30.5× fewer');
    expect(text()).toContain('Mean of 24 h before, then mean since T+5m.');
  });

  it('compares like with like: both windows by their mean', () => {
    render(
      panel({
        change: null,
        overall: perHour(24_000),
        comparison: {
          label: 'the day before',
          offsetMs: 86_400_000,
          points: [],
          overall: perHour(31_000),
        },
      }),
    );
    expect(text()).toContain('on average 24.0K/h vs 31.0K/h the day before, −22.6 %');
  });

  it('says that the second window has no data instead of leaving it out', () => {
    const comparison = { label: 'the week before', offsetMs: 7, points: [], overall: null };
    render(panel({ change: null, overall: perHour(24_000), comparison }));
    expect(text()).toContain('24.0K/h vs no data the week before');
    expect(text()).not.toContain('the week before,');
  });
});

describe('a chart panel', () => {
  it('offers the scales where one of them can matter, and hands the choice to the page', () => {
    const onScale = vi.fn();
    const { rerender } = render(onPage({ onScale }));
    const group = screen.getByRole('group', { name: 'Scale of Redis GETs' });
    expect(within(group).getByRole('button', { name: 'level' }).getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(within(group).getByRole('button', { name: 'log' }));
    expect(onScale).toHaveBeenCalledWith('log');
    rerender(onPage({ onScale }, panel({ change: null })));
    expect(screen.queryByRole('group', { name: 'Scale of Redis GETs' })).toBeNull();
    rerender(onPage({ onScale }, panel({ change: null }, 'hero')));
    expect(screen.getByRole('group', { name: 'Scale of Redis GETs' })).toBeTruthy();
  });

  it('is a table when the page says so, and the newest wish counts', async () => {
    const { rerender } = render(onPage({ asTable: true }, panel(short)));
    expect(await screen.findByRole('table')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show Redis GETs as a chart' }));
    expect(screen.getByRole('slider')).toBeTruthy();
    rerender(onPage({ asTable: false }, panel(short)));
    expect(screen.getByRole('slider')).toBeTruthy();
    rerender(onPage({ asTable: true }, panel(short)));
    expect(screen.getByRole('table')).toBeTruthy();
  });

  it('lists the deploys of its range above its table, with the one that lies before it', async () => {
    const mark = (id: string, startMs: number) =>
      ({
        id,
        release: id,
        kind: 'code',
        startMs,
        endMs: startMs,
        rolled: null,
        minor: false,
        href: null,
      }) as const;
    const before = mark('v1202', chart.range.startMs - 3_600_000);
    const inside = mark('v1203', chart.range.startMs + 3_600_000);
    const origin = { release: 'v1202', atMs: before.startMs };
    render(onPage({ asTable: true, marks: [before, inside], origin }, panel(short)));
    const list = await screen.findByRole('list');
    const items = within(list).getAllByRole('listitem');
    expect(items.map((item) => item.textContent)).toEqual([
      expect.stringContaining('v1203'),
      expect.stringMatching(/^v1202.*before this range$/),
    ]);
    expect(screen.getByRole('columnheader', { name: 'Since v1202' })).toBeTruthy();
  });

  it('keeps its last picture under an error, and shows none while it is empty', () => {
    const failed = { kind: 'error', text: 'the source refused us' } as const;
    const { rerender } = render(<ChartPanel {...{ ...panel().props, state: failed }} />);
    expect(screen.getByText('the source refused us')).toBeTruthy();
    expect(screen.getByRole('slider')).toBeTruthy();
    rerender(panel({ ...chartOf([]), lines: [], missing: { reason: 'sample 1 of 2', fix: null } }));
    expect(screen.getByText('sample 1 of 2')).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    expect(screen.queryByRole('button', { name: /^Save or copy/ })).toBeNull();
  });

  it('loses its colour and says its age when newer data are missing', () => {
    const { container } = render(panel({ stale: true, latest: { atMs: STORY_NOW_MS - 360_000, value: 1 } }));
    expect(text()).toContain('Stale 6 m old');
    expect(container.querySelector('path.stroke-s1')).toBeNull();
    expect(container.querySelector('path.stroke-base')).toBeTruthy();
  });
});
