import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { hitRatioChart, redisGetsChart, responses429Chart } from '../fixtures/story.ts';
import { CrosshairContext, createCrosshairStore } from './crosshair-store.ts';
import { TimeSeriesChart } from './time-series-chart.tsx';

afterEach(cleanup);
const chart = redisGetsChart();
const hero = (
  <TimeSeriesChart title="Redis GETs" chart={chart} window="h" heightPx={278} lineTestId="chart-line" />
);

describe('a chart', () => {
  it('is drawn on the server with its points, and without a style attribute', () => {
    const html = renderToString(hero);
    expect(html).toMatch(/data-testid="chart-line"[^>]*data-points="\d{2,}"/);
    expect(html).toContain('≤ 24K/h target');
    expect(html).toContain('suspended');
    expect(html).not.toMatch(/\sstyle=/);
  });

  it('carries the value of the newest closed bucket in the base unit', () => {
    render(hero);
    const line = screen.getByTestId('chart-line');
    const closed = chart.lines[0]?.points.slice(0, -1).filter(([, value]) => value !== null) ?? [];
    expect(Number(line.dataset.points)).toBe(closed.length);
    expect(Number(line.dataset.last)).toBe(closed.at(-1)?.[1]);
    expect(Number(line.dataset.lastAt)).toBe(closed.at(-1)?.[0]);
  });

  it('is moved through by arrow keys, and speaks the value it stands on', async () => {
    render(hero);
    const slider = screen.getByRole('slider', { name: /Redis GETs per hour/ });
    const first = slider.getAttribute('aria-valuetext');
    expect(first).toMatch(/^\d\d:\d\dZ, [\d,]+\/h, still counting$/);
    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^00:48Z, [\d,]+\/h$/);
    fireEvent.keyDown(slider, { key: 'Home' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^16:00Z, 73\d,\d{3}\/h$/);
    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuenow')).toBe('0');
    expect(await screen.findByText('a second')).toBeTruthy();
    fireEvent.keyDown(slider, { key: 'Escape' });
    expect(screen.queryByText('a second')).toBeNull();
  });

  it('says the reason inside a gap', () => {
    render(hero);
    const slider = screen.getByRole('slider');
    fireEvent.keyDown(slider, { key: 'Home' });
    for (let n = 0; n < 15; n++) fireEvent.keyDown(slider, { key: 'PageUp' });
    expect(slider.getAttribute('aria-valuetext')).toBe('21:00Z, no data, redis suspended');
  });

  it('shares its crosshair with the other charts of the page', async () => {
    render(
      <CrosshairContext value={createCrosshairStore()}>
        {hero}
        <TimeSeriesChart title="Cache hit ratio" chart={hitRatioChart()} window="h" heightPx={170} />
      </CrosshairContext>,
    );
    fireEvent.keyDown(screen.getByRole('slider', { name: /Redis GETs/ }), { key: 'Home' });
    const labels = await screen.findAllByTestId('crosshair-label');
    expect(labels.map((label) => label.textContent)).toContainEqual(
      expect.stringMatching(/^16:00Z6\d\.\d\s%$/),
    );
    expect(screen.getAllByTestId('chart-tooltip')).toHaveLength(1);
  });

  it('does not draw anything anew but its numbers when a tick comes', () => {
    const { rerender } = render(hero);
    const line = screen.getByTestId('chart-line');
    const next = { ...chart, range: { ...chart.range, endMs: chart.range.endMs + 15_000 } };
    rerender(
      <TimeSeriesChart title="Redis GETs" chart={next} window="h" heightPx={278} lineTestId="chart-line" />,
    );
    expect(screen.getByTestId('chart-line')).toBe(line);
  });

  it('keeps the keyboard on its instant while ticks push older points out', () => {
    const { rerender } = render(hero);
    const slider = screen.getByRole('slider');
    fireEvent.keyDown(slider, { key: 'PageDown' });
    const spoken = slider.getAttribute('aria-valuetext');
    const lines = chart.lines.map((line) => ({ ...line, points: line.points.slice(3) }));
    rerender(<TimeSeriesChart title="Redis GETs" chart={{ ...chart, lines }} window="h" heightPx={278} />);
    expect(slider.getAttribute('aria-valuetext')).toBe(spoken);
  });

  it('draws counts as bars and survives having no line at all', () => {
    const { container } = render(
      <>
        <TimeSeriesChart title="429" chart={responses429Chart()} variant="bars" window="h" heightPx={170} />
        <TimeSeriesChart title="None" chart={{ ...chart, lines: [] }} window="h" heightPx={170} />
      </>,
    );
    expect(container.querySelectorAll('path.fill-s1').length).toBeGreaterThan(0);
    expect(screen.getByRole('slider', { name: /None/ }).getAttribute('aria-valuetext')).toBe('no data');
  });
});
