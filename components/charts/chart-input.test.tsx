import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { redisGetsChart } from '../fixtures/story.ts';
import { type ChartPage, ChartPageContext } from './chart-page.ts';
import { CrosshairContext, createCrosshairStore } from './crosshair-store.ts';
import { TimeSeriesChart } from './time-series-chart.tsx';

const chart = redisGetsChart();
const WIDTH_PX = 400;
const onZoom = vi.fn<(range: TimeRange) => void>();
const page: ChartPage = {
  zone: 'UTC',
  scale: 'level',
  onScale: null,
  asTable: false,
  onZoom,
  marks: [],
  origin: null,
};

beforeAll(async () => {
  // Loaded lazily on a page; here it is there from the start.
  await import('./crosshair.tsx');
  // What jsdom has no layout for.
  Element.prototype.setPointerCapture = () => {};
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, WIDTH_PX, 278));
});
beforeEach(() => onZoom.mockClear());
afterEach(cleanup);

function draw(over: Partial<ChartPage> = {}): HTMLElement {
  render(
    <ChartPageContext value={{ ...page, ...over }}>
      <TimeSeriesChart title="Redis GETs" chart={chart} window="h" heightPx={278} />
    </ChartPageContext>,
  );
  return screen.getByRole('slider');
}

/** A pointer event at a share of the plot's width. */
function point(
  slider: HTMLElement,
  type: 'pointerDown' | 'pointerMove' | 'pointerUp' | 'pointerLeave',
  share: number,
  pointerType: 'mouse' | 'touch' = 'mouse',
): void {
  const event = createEvent[type](slider, { clientX: share * WIDTH_PX, button: 0 });
  Object.defineProperty(event, 'pointerType', { value: pointerType });
  fireEvent(slider, event);
}

const spoken = (slider: HTMLElement) => slider.getAttribute('aria-valuetext');

describe('zooming a chart', () => {
  it('takes the buckets that a drag with the mouse ran over', async () => {
    const slider = draw();
    point(slider, 'pointerDown', 0.25);
    point(slider, 'pointerMove', 0.5);
    expect(spoken(slider)).toMatch(/^18:\d\dZ to 20:\d\dZ, 2.h.\d+.m selected, Enter zooms$/);
    expect(await screen.findByTestId('chart-selection')).toBeTruthy();
    point(slider, 'pointerUp', 0.5);
    expect(onZoom).toHaveBeenCalledTimes(1);
    const { startMs, endMs } = onZoom.mock.calls[0]?.[0] ?? { startMs: 1, endMs: 1 };
    expect([startMs % chart.stepMs, endMs % chart.stepMs]).toEqual([0, 0]);
    const lengthMs = chart.range.endMs - chart.range.startMs;
    expect(Math.abs(startMs - chart.range.startMs - lengthMs / 4)).toBeLessThanOrEqual(chart.stepMs);
    expect(Math.abs(endMs - chart.range.startMs - lengthMs / 2)).toBeLessThanOrEqual(chart.stepMs);
    expect(screen.queryByTestId('chart-selection')).toBeNull();
  });

  it('is not what a click does, nor a hand that trembles', () => {
    const slider = draw();
    point(slider, 'pointerDown', 0.25);
    point(slider, 'pointerMove', 0.25 + 3 / WIDTH_PX);
    point(slider, 'pointerUp', 0.25 + 3 / WIDTH_PX);
    expect(onZoom).not.toHaveBeenCalled();
  });

  it('is given up by Escape, and the drag with it', () => {
    const slider = draw();
    point(slider, 'pointerDown', 0.25);
    point(slider, 'pointerMove', 0.5);
    fireEvent.keyDown(slider, { key: 'Escape' });
    point(slider, 'pointerMove', 0.6);
    point(slider, 'pointerUp', 0.6);
    expect(onZoom).not.toHaveBeenCalled();
  });

  it('is not for fingers: they move the crosshair, which stays when they lift', async () => {
    const slider = draw();
    point(slider, 'pointerDown', 0.2, 'touch');
    const first = (await screen.findByTestId('crosshair-label')).textContent;
    point(slider, 'pointerMove', 0.3, 'touch');
    point(slider, 'pointerUp', 0.3, 'touch');
    point(slider, 'pointerLeave', 0.3, 'touch');
    expect(onZoom).not.toHaveBeenCalled();
    expect(screen.getByTestId('crosshair-label').textContent).not.toBe(first);
    fireEvent.blur(slider);
    expect(screen.queryByTestId('crosshair-label')).toBeNull();
  });

  it('works by keyboard: Shift chooses, Enter zooms, Escape lets go', () => {
    const slider = draw();
    fireEvent.keyDown(slider, { key: 'Home' });
    fireEvent.keyDown(slider, { key: 'PageUp', shiftKey: true });
    expect(spoken(slider)).toMatch(/^16:00Z to 16:2\dZ, .*selected, Enter zooms$/);
    fireEvent.keyDown(slider, { key: 'Escape' });
    expect(spoken(slider)).toMatch(/^16:20Z, 7\d\d,\d{3}\/h$/);
    fireEvent.keyDown(slider, { key: 'Enter' });
    expect(onZoom).not.toHaveBeenCalled();
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(slider, { key: 'Enter' });
    expect(onZoom).toHaveBeenCalledWith({
      startMs: chart.range.startMs + 8 * chart.stepMs,
      endMs: chart.range.startMs + 11 * chart.stepMs,
    });
  });

  it('is not there on a page that cannot zoom: Shift only moves', () => {
    const slider = draw({ onZoom: null });
    fireEvent.keyDown(slider, { key: 'Home' });
    fireEvent.keyDown(slider, { key: 'ArrowRight', shiftKey: true });
    expect(spoken(slider)).toMatch(/^16:02Z, 7\d\d,\d{3}\/h$/);
    point(slider, 'pointerDown', 0.25);
    point(slider, 'pointerMove', 0.5);
    expect(screen.queryByTestId('chart-selection')).toBeNull();
  });
});

describe('a chart of a page', () => {
  it('counts time from the deploy that is followed', async () => {
    const slider = draw({ origin: { release: 'v1206', atMs: chart.range.startMs + 10 * chart.stepMs } });
    fireEvent.keyDown(slider, { key: 'Home' });
    expect(spoken(slider)).toMatch(/^16:00Z, T−00:20, 7/);
    expect((await screen.findByTestId('crosshair-label')).textContent).toMatch(/^16:00ZT−00:20734K\/h$/);
  });

  it('says why it does not stand on the scale that was asked for', () => {
    const slider = draw({ scale: 'index' });
    expect(slider.getAttribute('aria-label')).toMatch(/, level: no level before the deploy/);
    expect(screen.getByText(/^level: no level before the deploy/)).toBeTruthy();
  });

  it('links its deploys beside the slider, not inside it', () => {
    const mark = {
      id: 'a',
      release: 'v1206',
      kind: 'code',
      startMs: chart.range.startMs + 60 * chart.stepMs,
      endMs: null,
      rolled: { done: 1, of: 2 },
      minor: false,
      href: '/deploys/a',
    } as const;
    const slider = draw({ marks: [mark] });
    const link = screen.getByRole('link', { name: /1\/2 machines on v1206, deploy/ });
    expect(link.getAttribute('href')).toBe('/deploys/a');
    expect(slider.contains(link)).toBe(false);
  });

  it('leaves the crosshair to the chart that is pointed at when it loses the focus', async () => {
    render(
      <CrosshairContext value={createCrosshairStore()}>
        <TimeSeriesChart title="One" chart={chart} window="h" heightPx={278} />
        <TimeSeriesChart title="Two" chart={chart} window="h" heightPx={278} />
      </CrosshairContext>,
    );
    const [one, two] = screen.getAllByRole('slider');
    if (!one || !two) throw new Error('two charts were drawn');
    one.focus();
    point(two, 'pointerDown', 0.2, 'touch');
    fireEvent.blur(one);
    expect(await screen.findAllByTestId('crosshair-label')).toHaveLength(2);
    fireEvent.blur(two);
    expect(screen.queryAllByTestId('crosshair-label')).toEqual([]);
  });
});
