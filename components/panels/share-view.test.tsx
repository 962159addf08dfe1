import { fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { shareMarkdown } from '@/lib/core/shares/share-markdown.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { chartOf } from '../fixtures/charts.ts';
import {
  chartCopy,
  deployCopy,
  emptyCopy,
  FROZEN_MS,
  HOSTILE_TEXT,
  hostileCopy,
  incidentCopy,
} from '../fixtures/share.ts';
import { SharePage } from '../live/share-page.tsx';
import { coarseChart } from './share-rows.ts';
import { ShareView } from './share-view.tsx';

const page = (copy = incidentCopy()) => (
  <SharePage copy={copy} expiresMs={FROZEN_MS + MINUTE_MS} url="https://watch.example/s/abc" />
);

const headings = () => [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);

describe('a shared incident', () => {
  it('is told in the order in which a stranger asks', () => {
    render(<ShareView copy={incidentCopy()} isAlive />);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(
      'Redis GETs did not fall after v1203',
    );
    expect(headings()).toEqual([
      'What the lines show',
      'What v1203 promised',
      'What happened',
      'Why',
      'What is to be done',
      'Left out of this view',
    ]);
    expect(screen.getByText('Identified')).toBeTruthy();
    // Not the time of its charts, which begin before it.
    expect(screen.getByText(/^since 9 Apr 17:54Z, 2.h.45.m so far$/)).toBeTruthy();
    const promised = within(screen.getByRole('region', { name: 'What v1203 promised' }));
    expect(promised.getAllByRole('row').length).toBe(1 + incidentCopy().claims.length);
    expect(promised.getByText('as it stood at T+02:45')).toBeTruthy();
    expect(screen.getByText(/^Host names \(3\).*Numbers are complete\.$/)).toBeTruthy();
  });

  it('can be read without scripts: sentence, figures, lines, numbers, timeline are in the markup of the server', () => {
    const html = renderToString(page());
    document.body.innerHTML = html;
    expect(document.querySelectorAll('[data-testid="chart-line"]').length).toBe(2);
    expect(document.querySelector('[data-testid="chart-line"]')?.getAttribute('d')).toMatch(/^M[\d.]/);
    expect(document.querySelectorAll('details table tbody tr').length).toBeGreaterThan(20);
    for (const text of ['1,870,000', '$3.74', '1 h 12 m', 'Asked suspended, still active', 'Traffic rose']) {
      expect(document.body.textContent?.replaceAll('\u00a0', ' '), text).toContain(text);
    }
    // What would do nothing there is not there.
    expect([...document.querySelectorAll('button')].map((one) => one.textContent)).toEqual([]);
  });

  it('has no style attribute in what the server sends, in any kind: the policy would drop it', () => {
    for (const copy of [incidentCopy(), deployCopy(), chartCopy(), hostileCopy(), emptyCopy()]) {
      expect(renderToString(page(copy))).not.toMatch(/ style=/);
    }
  });

  it('is copied as the Markdown that is written of the same copy', async () => {
    const written: string[] = [];
    const writeText = async (text: string) => void written.push(text);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    render(page());
    fireEvent.click(screen.getByText('Markdown'));
    expect(await screen.findByText('Copied as Markdown')).toBeTruthy();
    expect(written).toEqual([shareMarkdown(incidentCopy(), { url: 'https://watch.example/s/abc' })]);
  });

  it('says on paper where it is from and of when it is', () => {
    render(page());
    expect(screen.getByRole('contentinfo').textContent).toContain(
      'Frozen 9 Apr 2026 20:40Z, from https://watch.example/s/abc',
    );
    expect(screen.getByRole('banner').textContent).toContain('Incident view, shared by link');
  });

  it('says what is not known, and draws no zero for it', () => {
    render(<ShareView copy={emptyCopy()} isAlive />);
    expect(screen.getByText('no claim of it names a number')).toBeTruthy();
    expect(screen.getByText('no data')).toBeTruthy();
    expect(screen.getByText('Redis was not asked in this time')).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    expect(screen.getByText('Nothing was left out of it.')).toBeTruthy();
  });
});

describe('a shared deploy', () => {
  it('shows its rail with what cut it short, its claims and its checks', () => {
    render(<ShareView copy={deployCopy()} isAlive />);
    expect(screen.getByRole('img', { name: /Interrupted at T\+02:39 by v1205/ })).toBeTruthy();
    const checks = within(screen.getByRole('region', { name: 'Checklist' }));
    expect(checks.getByText('3 of 4 looked at')).toBeTruthy();
    expect(checks.getByText(/^Failing: 731K\/h/)).toBeTruthy();
    expect(checks.getByText(/^Waiting, due 17:54Z/)).toBeTruthy();
    expect(headings()).toEqual([
      'What the line shows',
      'What v1203 promised',
      'Checklist',
      'Left out of this view',
    ]);
  });
});

describe('a shared chart', () => {
  it('is the chart, its figure, its sentence and its numbers, and nothing else', () => {
    render(<ShareView copy={chartCopy()} isAlive />);
    expect(headings()).toEqual(['What the line shows', 'Left out of this view']);
    expect(screen.getByRole('slider', { name: /^Redis GETs/ })).toBeTruthy();
    expect(screen.getByText(/^Between .* over 4.h.40.m/)).toBeTruthy();
    expect(screen.getByText(/Redis GETs in numbers, every 6.m/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Save or copy Redis GETs' })).toBeTruthy();
  });
});

describe('texts of others', () => {
  it('stay text, wherever they stand', () => {
    const { container } = render(<ShareView copy={hostileCopy()} isAlive />);
    expect(container.querySelectorAll('img, script, iframe, object, [onerror]').length).toBe(0);
    const addresses = [...container.querySelectorAll('a')].map((one) => one.getAttribute('href') ?? '');
    expect(addresses.filter((one) => !one.startsWith('#'))).toEqual([]);
    expect(container.textContent).toContain(HOSTILE_TEXT);
  });
});

describe('the numbers of a chart in a table', () => {
  const minutes = (values: readonly (number | null)[]) =>
    values.map((value, n) => [n * MINUTE_MS, value] as const);

  it('add counts up, take the mean of rates, and never make a number of missing ones', () => {
    const points = minutes([1, 2, 3, null, null, null, 7]);
    const counts = coarseChart(chartOf(points, { as: 'increase', stepMs: MINUTE_MS }), 3);
    expect(counts.lines[0]?.points).toEqual([
      [0, 6],
      [3 * MINUTE_MS, null],
      [6 * MINUTE_MS, 7],
    ]);
    const rates = coarseChart(chartOf(minutes([1, null, 3, null, null, null]), { stepMs: MINUTE_MS }), 2);
    expect(rates.lines[0]?.points.map(([, value]) => value)).toEqual([2, null]);
    expect(rates.stepMs).toBe(3 * MINUTE_MS);
    const part = coarseChart(chartOf(minutes([1, null]), { as: 'increase' }), 1);
    expect(part.lines[0]?.points).toEqual([[0, null]]);
  });
});
