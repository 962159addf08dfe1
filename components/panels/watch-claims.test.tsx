import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { claimOf, watchOf } from '../fixtures/watch.ts';
import { detailOf, interruptedDetail, verdictOf } from '../fixtures/watch-detail.ts';
import { WatchClaims } from './watch-claims.tsx';

afterEach(cleanup);
const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');
const rowOf = (name: RegExp) => screen.getByRole('row', { name });

describe('the claims of a watch', () => {
  it('show before, promised, measured with its interval, per request, blocks and state', () => {
    render(<WatchClaims detail={interruptedDetail()} forecasts={[]} />);
    const cells = within(rowOf(/Database queries fall/)).getAllByRole('cell');
    const texts = cells.map((cell) => plain(cell.textContent));
    expect(texts[1]).toBe('≤ 50.8K/day');
    expect(texts[2]).toBe('107K/day −45.1 % [−48.9, −41.0]');
    expect(texts.slice(4)).toEqual(['−44.2 %', '82', 'Missed']);
  });

  it('say why nobody can tell, and keep what stood before', () => {
    render(<WatchClaims detail={interruptedDetail()} forecasts={[]} />);
    const row = rowOf(/Redis GETs fall/);
    expect(within(row).getByText('redis suspended')).toBeTruthy();
    expect(plain(row.textContent)).toContain('off track until 20:34Z');
    expect(plain(row.textContent)).toContain('Did not fall in 2 h 39 min');
    fireEvent.click(within(row).getByRole('button'));
    expect(plain(screen.getByRole('region', { name: /What the verdict rests on/ }).textContent)).toContain(
      'off track since 18:14Z, −0.7 % [−3.1, +1.8], until 20:34Z',
    );
  });

  it('open what their verdict rests on, and close it again', () => {
    render(<WatchClaims detail={interruptedDetail()} forecasts={[]} />);
    const button = within(rowOf(/Database queries fall/)).getByRole('button');
    expect(button.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(button);
    const rests = screen.getByRole('region', { name: /What the verdict rests on: Database queries/ });
    expect(plain(rests.textContent)).toContain('82 of 82, 5 min each');
    expect(plain(rests.textContent)).toContain('the busiest tenth of the blocks holds 34 % of all events');
    expect(document.getElementById(button.getAttribute('aria-controls') ?? '')).not.toBeNull();
    fireEvent.click(button);
    expect(screen.queryByRole('region', { name: /What the verdict rests on/ })).toBeNull();
  });

  it('say when they can be told while there are no data yet', () => {
    const view = watchOf({ claims: [claimOf({ id: 'a', title: 'A thing', state: 'settling' })] });
    const forecast = {
      claimId: 'a',
      text: 'Can be told about 1 h after the deploy.',
      decidableAfterMs: 3_600_000,
      baselineDays: 14,
      baseline: 'measured',
    } as const;
    render(
      <WatchClaims
        detail={detailOf({ view, verdicts: { a: verdictOf({ state: 'settling', why: 'Too early.' }) } })}
        forecasts={[forecast]}
      />,
    );
    expect(rowOf(/A thing/).textContent).toContain('Can be told about 1 h after the deploy.');
    expect(rowOf(/A thing/).textContent).not.toContain('Too early');
  });

  it('without a verdict have nothing to open and show no number', () => {
    const view = watchOf({ claims: [claimOf({ id: 'a', title: 'A thing' })] });
    render(<WatchClaims detail={detailOf({ view })} forecasts={[]} />);
    const row = rowOf(/A thing/);
    expect(within(row).getByRole<HTMLButtonElement>('button').disabled).toBe(true);
    expect(within(row).getAllByText('no data').length).toBeGreaterThanOrEqual(4);
    expect(row.textContent).not.toMatch(/0/);
  });

  it('none: says so', () => {
    render(<WatchClaims detail={detailOf()} forecasts={[]} />);
    expect(screen.getByText(/No confirmed claim/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('are drawn by the server without a style attribute', () => {
    expect(renderToString(<WatchClaims detail={interruptedDetail()} forecasts={[]} />)).not.toMatch(
      /\sstyle=/,
    );
  });
});
