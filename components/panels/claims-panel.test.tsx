import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { STORY_NOW_MS } from '../fixtures/story.ts';
import { claimOf, interruptedWatch, storyWatch, watchOf } from '../fixtures/watch.ts';
import { ClaimsPanel } from './claims-panel.tsx';

afterEach(cleanup);
const plain = (text: string | null) => (text ?? '').replaceAll('\u00a0', ' ');
const rowOf = (name: RegExp) => screen.getByRole('row', { name });

describe('claims', () => {
  it('are counted in the heading, the decided ones first', () => {
    render(<ClaimsPanel watch={storyWatch()} />);
    expect(screen.getByRole('heading', { name: 'v1206 promised five things' })).toBeTruthy();
    expect(screen.getByText('1 met so far, 3 on track, 1 undecided')).toBeTruthy();
  });

  it('show before, promise, measurement with its interval, and state, a line each', () => {
    render(<ClaimsPanel watch={storyWatch()} />);
    const cells = within(rowOf(/Redis GETs fall by 95/)).getAllByRole('cell');
    expect(cells.map((cell) => plain(cell.textContent))).toEqual([
      '733K/h → to  ≤ 36.7K/h',
      '24.0K/h −96.7 % [−97.2, −96.1]',
      '',
      'On track',
    ]);
    expect(within(rowOf(/Quota check/)).getByText('Met').parentElement?.textContent).toBe('Met provisional');
    expect(rowOf(/Error rate/).textContent).toContain('7 errors so far; decidable by 02:40Z');
  });

  it('tell the picture of the interval in words', () => {
    render(<ClaimsPanel watch={storyWatch()} />);
    const strip = within(rowOf(/Circuit-breaker/)).getByRole('img');
    expect(plain(strip.getAttribute('aria-label'))).toBe(
      '−90.8 % [−92.4, −88.2]: the interval reaches across the limit',
    );
  });

  it('that can’t be told say why, and are drawn without the colour of a measurement', () => {
    render(<ClaimsPanel watch={interruptedWatch()} />);
    const row = rowOf(/Redis GETs fall/);
    expect(within(row).getByText('redis suspended')).toBeTruthy();
    expect(row.textContent).toContain('Zero since then is the suspension, not the fix.');
    expect(row.querySelector('svg[role="img"] circle')?.getAttribute('class')).toContain('fill-unk');
    const other = rowOf(/Database queries fall/).querySelector('svg[role="img"] circle');
    expect(other?.getAttribute('class')).toContain('fill-s1');
  });

  it('write money with its period and an exact count as exact', () => {
    render(<ClaimsPanel watch={interruptedWatch()} />);
    expect(plain(rowOf(/Redis cost/).textContent)).toContain('$35.18/day → to  ≤ $1.15/day');
    expect(plain(rowOf(/Connections fall/).textContent)).toContain('24 −20.0 %, exact');
    expect(plain(rowOf(/API latency/).textContent)).toContain('< 208 ms');
  });

  it('without a measurement show no number, no strip and no zero', () => {
    render(<ClaimsPanel watch={watchOf({ claims: [claimOf({ id: 'a', title: 'A thing' })] })} />);
    const row = rowOf(/A thing/);
    expect(within(row).getAllByText('no data')).toHaveLength(3);
    expect(within(row).queryByRole('img')).toBeNull();
    expect(row.textContent).not.toMatch(/0/);
  });

  it('that are inferred say so', () => {
    const claim = claimOf({
      id: 'a',
      title: 'A thing',
      quality: 'inferred',
      metricNote: 'from transactions',
    });
    render(<ClaimsPanel watch={watchOf({ claims: [claim] })} />);
    expect(screen.getByText('inferred').getAttribute('title')).toBe('from transactions');
  });

  it('none: says that the summary names no number', () => {
    render(<ClaimsPanel watch={watchOf()} />);
    expect(screen.getByText(/names no number/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('many: the first eight, the rest on request', () => {
    const claims = Array.from({ length: 11 }, (_, n) => claimOf({ id: `${n}`, title: `Claim ${n}` }));
    render(<ClaimsPanel watch={watchOf({ claims })} />);
    expect(screen.getAllByRole('rowheader')).toHaveLength(8);
    fireEvent.click(screen.getByRole('button', { name: 'Show all 11 promises' }));
    expect(screen.getAllByRole('rowheader')).toHaveLength(11);
  });

  it('lead to the watch only where it has a page', () => {
    const { rerender } = render(<ClaimsPanel watch={storyWatch()} />);
    expect(screen.queryByRole('link')).toBeNull();
    rerender(<ClaimsPanel watch={{ ...storyWatch(), href: '/deploys/1' }} />);
    expect(screen.getByRole('link', { name: 'Open the watch' }).getAttribute('href')).toBe('/deploys/1');
  });

  it('are no longer counted "so far" once the watch is over', () => {
    const watch = storyWatch();
    render(<ClaimsPanel watch={{ ...watch, nowMs: watch.endMs }} />);
    expect(screen.getByText('1 met, 3 on track, 1 undecided')).toBeTruthy();
  });

  it('keep the last good rows under an error, loading shows none, and stale says so', () => {
    const { rerender } = render(
      <ClaimsPanel watch={storyWatch()} state={{ kind: 'error', text: 'answers 503' }} />,
    );
    expect(screen.getByText('answers 503')).toBeTruthy();
    expect(rowOf(/Quota check/)).toBeTruthy();
    rerender(<ClaimsPanel watch={storyWatch()} state={{ kind: 'stale', detail: '6 m old' }} />);
    expect(screen.getByText('Stale')).toBeTruthy();
    rerender(<ClaimsPanel watch={storyWatch()} state={{ kind: 'loading' }} />);
    expect(screen.queryByRole('row')).toBeNull();
  });

  it('are drawn by the server without a style attribute', () => {
    const html = renderToString(<ClaimsPanel watch={{ ...interruptedWatch(), nowMs: STORY_NOW_MS }} />);
    expect(html).not.toMatch(/\sstyle=/);
  });
});
