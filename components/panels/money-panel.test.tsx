import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { LimitRow, MoneyRow } from '@/lib/core/model/money.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { storyMoney } from '../fixtures/money.ts';
import { STORY_NOW_MS } from '../fixtures/story.ts';
import { MoneyPanel } from './money-panel.tsx';

afterEach(cleanup);
const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');

function show(rows: readonly MoneyRow[]) {
  const { container } = render(<MoneyPanel money={{ rows, priceNote: null }} nowMs={STORY_NOW_MS} />);
  const terms = screen.queryAllByRole('term').map((term) => plain(term.textContent));
  const answers = screen.queryAllByRole('definition').map((answer) => plain(answer.textContent));
  return {
    lines: terms.map((term, index) => `${term}: ${answers[index]}`),
    text: plain(container.textContent),
  };
}

function limitOf(over: Partial<LimitRow> = {}): LimitRow {
  return {
    kind: 'limit',
    id: 'quota',
    name: 'Free quota',
    unit: 'commands',
    allowed: 500_000,
    period: 'month',
    used: 0,
    perSecond: 24_000 / 3_600,
    rateWindow: 'h',
    endsAtMs: null,
    lasts: false,
    ...over,
  };
}

describe('money and quota', () => {
  it('say first what ends when, then every price and limit with its period and window', () => {
    const { lines, text } = show(storyMoney().rows);
    expect(text).toContain('The free quota ends in 20 h 50 m at this rate.');
    expect(lines).toEqual([
      'Free quota, 500K a month: gone at 21:40Z at 24.0K/h',
      'Redis at $0.20 per 100K: $35.18/day → to  $1.15/day',
      'Fixed plan, $10/month: cheaper above 6.85K/h',
      'Connections, 2 × 12: 24 of 112, deploy peak 48',
    ]);
  });

  it('rank limits by the time that is left, whatever order they come in', () => {
    const { lines } = show([
      limitOf({ id: 'a', name: 'Lasting', lasts: true }),
      limitOf({ id: 'b', name: 'Late', endsAtMs: STORY_NOW_MS + 3 * DAY_MS }),
      limitOf({ id: 'c', name: 'Untold', used: 12_000 }),
      limitOf({ id: 'd', name: 'Soon', endsAtMs: STORY_NOW_MS + HOUR_MS }),
    ]);
    expect(lines.map((line) => line.split(',')[0])).toEqual(['Soon', 'Late', 'Untold', 'Lasting']);
    expect(lines[1]).toContain('gone at 13 Apr 00:50Z');
    expect(lines[2]).toContain('12.0K of 500K used');
  });

  it('say that nothing runs out only when that is known of every limit', () => {
    expect(show([limitOf({ lasts: true })]).text).toContain('Nothing runs out before its period ends.');
    cleanup();
    expect(show([limitOf({ lasts: true }), limitOf({ id: 'b' })]).text).not.toContain('Nothing runs out');
    cleanup();
    expect(show(storyMoney().rows.slice(1)).text).not.toContain('runs out before');
  });

  it('say that a quota is used up, and not that it ends in no time', () => {
    const { lines, text } = show([limitOf({ endsAtMs: STORY_NOW_MS })]);
    expect(text).toContain('The free quota is used up.');
    expect(lines).toEqual(['Free quota, 500K a month: used up']);
  });

  it('show a dash where an amount is not known, never a zero', () => {
    const { lines } = show([
      limitOf({ allowed: null, used: null, perSecond: null }),
      { ...priceRow, beforeUsd: null, afterUsd: null },
      { ...poolRow, machines: null, steady: null, deployPeak: null },
    ]);
    expect(lines).toEqual([
      'Free quota: –no data',
      'Redis at $0.20 per 100K: –no data → to  –no data',
      'Connections: –no data of 112',
    ]);
  });

  it('none: says that nothing is known; the other states are those of every panel', () => {
    expect(show([]).text).toContain('No limit and no price is known.');
    cleanup();
    const failed = { kind: 'error', text: 'answers 503' } as const;
    const { rerender } = render(<MoneyPanel money={storyMoney()} nowMs={STORY_NOW_MS} state={failed} />);
    expect(screen.getByText('answers 503')).toBeTruthy();
    expect(screen.getAllByRole('term')).toHaveLength(4);
    rerender(<MoneyPanel money={storyMoney()} nowMs={STORY_NOW_MS} state={{ kind: 'stale', detail: 'x' }} />);
    expect(screen.getByText('Stale')).toBeTruthy();
    rerender(<MoneyPanel money={storyMoney()} nowMs={STORY_NOW_MS} state={{ kind: 'loading' }} />);
    expect(screen.queryByRole('term')).toBeNull();
  });
});

const priceRow = {
  kind: 'price',
  id: 'p',
  name: 'Redis',
  price: { usd: 0.2, per: 100_000 },
  beforeUsd: 1,
  afterUsd: 1,
  period: 'day',
} as const;
const poolRow = {
  kind: 'pool',
  id: 'q',
  name: 'Connections',
  machines: 2,
  perMachine: 12,
  steady: 24,
  deployPeak: 48,
  allowed: 112,
} as const;
