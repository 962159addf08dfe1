import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chartOf, dbQueriesChart, redisGetsChart, STORY_NOW_MS, troubledView } from '../fixtures/story.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { LiveNotice } from './live-notice.tsx';
import { ModeChip } from './mode-chip.tsx';
import { Sentence } from './sentence.tsx';

afterEach(cleanup);
const common = { question: 'Why?', size: 'hero', asOfMs: STORY_NOW_MS, receivedAtMs: null } as const;

describe('a chart panel', () => {
  it('ready: figure with its window, where it stands, one sentence, the picture', () => {
    render(<ChartPanel title="Redis GETs" chart={redisGetsChart()} {...common} />);
    const panel = screen.getByRole('region', { name: 'Redis GETs' });
    expect(within(panel).getAllByText('24.0K/h').length).toBeGreaterThan(0);
    expect(within(panel).getByText('at the target ≤ 24K/h')).toBeTruthy();
    expect(within(panel).getByText(/No data for 1 h 36 m \(redis suspended\)/)).toBeTruthy();
    expect(within(panel).getByRole('slider')).toBeTruthy();
  });

  it('empty: keeps its place, with reason and fix, and shows no number', () => {
    const missing = { reason: 'Sample 1 of 2, first rate in 30 s', fix: 'Wait.' };
    render(<ChartPanel title="Redis GETs" chart={chartOf([], { lines: [], missing })} {...common} />);
    expect(screen.getByText(missing.reason)).toBeTruthy();
    expect(screen.getByText('Wait.')).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    expect(screen.queryByText(/\d\/h/)).toBeNull();
  });

  it('stale: keeps the last picture and says how old it is', () => {
    render(<ChartPanel title="Database queries" chart={troubledView().charts.dbQueries} {...common} />);
    expect(screen.getByText('Stale').textContent).toBe('Stale 40\u00a0m old');
    expect(screen.getByRole('slider')).toBeTruthy();
  });

  it('a missing figure is a dash that is read aloud as no data', () => {
    render(<ChartPanel title="X" chart={chartOf([[STORY_NOW_MS, null]])} {...common} />);
    expect(screen.getAllByText('no data').length).toBeGreaterThan(0);
    expect(screen.queryByText(/^0\/h/)).toBeNull();
  });

  it('a counted zero is a number', () => {
    const chart = chartOf([[STORY_NOW_MS - 60_000, 0]], {
      as: 'increase',
      unit: 'responses',
      lastIsPartial: false,
    });
    render(<ChartPanel title="429 responses" variant="bars" chart={chart} {...common} />);
    const panel = screen.getByRole('region', { name: '429 responses' });
    expect(panel.textContent).toContain('None counted');
    expect(panel.textContent).not.toContain('no data');
  });

  it('shows its numbers as a table on request, gaps with their reason', async () => {
    render(<ChartPanel title="Redis GETs" chart={redisGetsChart()} {...common} />);
    fireEvent.click(screen.getByRole('button', { name: 'Show Redis GETs as a table' }));
    const table = await screen.findByRole('table');
    // By their elements: the roles of so many rows take seconds to find.
    expect(table.querySelectorAll('tr').length).toBeGreaterThan(200);
    expect(within(table).getAllByText(/redis suspended/).length).toBeGreaterThan(10);
    fireEvent.click(screen.getByRole('button', { name: 'Show Redis GETs as a chart' }));
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('says that a number is inferred', () => {
    const chart = troubledView().charts.redisGets;
    render(<ChartPanel title="Redis read commands" chart={chart} {...common} />);
    expect(screen.getByText('inferred')).toBeTruthy();
    expect(screen.getByText(/counts reads together/)).toBeTruthy();
  });

  it('names a goal that is missed with how far', () => {
    const chart = { ...dbQueriesChart(), latest: { atMs: STORY_NOW_MS, value: 10_600 / 3_600 } };
    render(<ChartPanel title="Database queries" chart={chart} {...common} />);
    expect(screen.getByText('5.00× the target ≤ 2.12K/h')).toBeTruthy();
  });
});

describe('the frame of a panel', () => {
  it('loading: says so, and shows no number', () => {
    render(<PanelFrame title="Redis GETs" state={{ kind: 'loading' }} />);
    expect(screen.getByRole('region', { name: 'Redis GETs' }).getAttribute('aria-busy')).toBe('true');
    expect(screen.getByText('Loading')).toBeTruthy();
  });

  it('error: keeps the last good content under the message and what to do', () => {
    render(
      <PanelFrame title="Machines" state={{ kind: 'error', text: 'answers 401', fix: 'Renew the token.' }}>
        <p>last good</p>
      </PanelFrame>,
    );
    for (const text of ['answers 401', 'Renew the token.', 'last good'])
      expect(screen.getByText(text)).toBeTruthy();
  });
});

describe('words', () => {
  it('the sentence is the heading of the page, its limit part of it', () => {
    render(<Sentence sentence={{ verdict: 'All is calm.', limit: 'One source is silent.' }} />);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('All is calm. One source is silent.');
  });

  it('a mode says since when and whether it is inferred', () => {
    render(
      <ModeChip
        mode={{ mode: 'suspended_by_us', quality: 'inferred', evidence: 'x', sinceMs: STORY_NOW_MS }}
      />,
    );
    expect(screen.getByText('Suspended').textContent).toBe('Suspended by us since 00:50Z (inferred)');
  });

  it('a failed update says what helps', () => {
    const onAct = vi.fn();
    const failure = {
      text: 'The server has been updated since this page was opened.',
      action: 'reload',
    } as const;
    render(<LiveNotice failure={failure} receivedAtMs={Date.now()} onAct={onAct} />);
    fireEvent.click(screen.getByRole('button', { name: 'Reload the page' }));
    expect(onAct).toHaveBeenCalledWith('reload');
  });
});
