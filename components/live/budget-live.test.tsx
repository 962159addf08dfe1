import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BudgetReads } from '@/lib/client/use-budget-view.ts';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import { emptyBudget, limitOf, storyBudget } from '../fixtures/budget.ts';
import { CommandCenter } from '../layout/command-center.tsx';
import { BudgetLive } from './budget-live.tsx';

const SCOPE = { app: 'harbor', environment: 'production' };

function show(
  initial: BudgetView,
  answer: BudgetReads['readBudget'] = async () => ({ ok: true, data: initial }),
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const asked: unknown[] = [];
  const readBudget: BudgetReads['readBudget'] = (input) => {
    asked.push(input);
    return answer(input);
  };
  render(
    <QueryClientProvider client={client}>
      <CommandCenter>
        <BudgetLive
          initial={initial}
          initialAddress={{ scope: SCOPE, isLocal: false }}
          actions={{ readBudget }}
        />
      </CommandCenter>
    </QueryClientProvider>,
  );
  return { asked };
}
const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');
const heading = () => plain(document.querySelector('h1')?.textContent);
/** Found by its heading: asking for regions by their names takes seconds on a page of tables. */
const part = (name: string) => {
  const section = screen.getByText(name, { selector: 'h2' }).closest('section');
  return within(section ?? document.createElement('section'));
};
const rowOf = (name: string, row: RegExp) => {
  const section = screen.getByText(name, { selector: 'h2' }).closest('section');
  const rows = [...(section?.querySelectorAll('tr') ?? [])].map(({ textContent }) => plain(textContent));
  return rows.find((text) => row.test(text)) ?? '';
};
const limitTexts = () =>
  [...document.querySelectorAll('ul[aria-label^="Limits"] > li')].map((item) => plain(item.textContent));

beforeEach(() => window.history.replaceState(null, '', '/budget'));
afterEach(cleanup);

describe('the Budget page', () => {
  it('says first what runs out first, with the band, and then what it costs and what cannot be told', () => {
    show(storyBudget());
    expect(heading()).toBe(
      'The free quota ends in 20 h 50 m at this rate, between 18 h and 26 h. What is paid by use costs $1.79 a day at this rate, $321.40 this month. The compute quota can’t be told: too little is stored of it.',
    );
    const rows = limitTexts();
    expect(rows[0]).toContain('Ends in 20 h 50 m at 21:40Z, between 18 h and 26 h');
    expect(rows[0]).toContain('400K of 500K used');
    expect(rows[1]).toContain('Lasts the month');
    expect(rows[2]).toContain('Can’t tell too little is stored of it');
    expect(rows[2]).toContain('133 CU-hours of 600 CU-hours used');
  });

  it('what is used up, and what may only end, are told apart from what lasts', () => {
    const gone = limitOf({ used: 500_000, forecast: null });
    const view = (limits: BudgetView['limits']) => storyBudget({ limits, total: null });
    show(view([gone]));
    expect(heading()).toBe('The free quota is used up.');
    expect(limitTexts()[0]).toContain('Used up');
    cleanup();
    const perhaps = {
      likelyMs: null,
      earliestMs: Date.UTC(2026, 3, 20, 6),
      latestMs: null,
      fromMs: 3_600_000,
    };
    show(view([limitOf({ forecast: perhaps })]));
    expect(heading()).toBe('The free quota lasts at this rate, but may end from 20 Apr 06:00Z on.');
    cleanup();
    show(view([limitOf({ forecast: null, lasts: true })]));
    expect(heading()).toBe('Nothing runs out before its period ends.');
    cleanup();
    show(view([limitOf({ forecast: null, why: 'no rate is known' })]));
    expect(heading()).toBe(
      'It can’t be told what runs out first. The free quota can’t be told: no rate is known.',
    );
  });

  it('the strip says in words what it draws, and a limit opens to a chart of its past and its forecast', () => {
    show(storyBudget());
    expect(
      part('Limits').getByRole('img', { name: /^80 % of 500K used; likely \d+ % at the end/ }),
    ).toBeTruthy();
    const open = part('Limits').getByRole('button', {
      name: 'Show Free quota of Upstash cache-bill as a chart',
    });
    expect(screen.queryByRole('slider')).toBeNull();
    fireEvent.click(open);
    expect(screen.getByRole('slider', { name: /^Free quota, used/ })).toBeTruthy();
    expect(screen.getAllByText('limit 500K').length).toBeGreaterThan(0);
    expect(screen.getAllByText('forecast').length).toBeGreaterThan(0);
  });

  it('costs by command: amounts, what is not billed, and a dash for a month that is not known', () => {
    show(storyBudget());
    expect(rowOf('Costs', /^GET/)).toContain('576K/day$ a day$1.15$ this month$312.30');
    expect(rowOf('Costs', /^PING/)).toContain('not billed');
    expect(rowOf('Costs', /^Neon compute/)).toContain('6 CU-hours/day');
    expect(rowOf('Costs', /^Neon compute/)).toContain('no data');
    expect(rowOf('Costs', /^Everything that is paid by use/)).toContain('$1.79');
    expect(rowOf('Afterwatch itself', /^redis cache/)).toContain('$0.000576');
  });

  it('a target is priced beside what its summary said', () => {
    show(storyBudget());
    const row = rowOf('Targets', /^Redis GETs fall/);
    expect(row).toContain('$35.18 a day733K/h');
    expect(row).toContain('$352.00 → $11.52 a day');
  });

  it('any rate is priced in the browser; what is no number says so and has no price', () => {
    const { asked } = show(storyBudget());
    const form = within(screen.getByLabelText('What would this rate cost?'));
    const field = form.getByLabelText('Commands');
    fireEvent.change(field, { target: { value: '733K' } });
    // April: 733,000 × 24 × 30 ÷ 100,000 × $0.20
    expect(plain(form.getByText(/a day|Write/, { selector: 'output' }).textContent)).toContain(
      '$35.18 a day, $1,056 in a month like this one',
    );
    fireEvent.change(field, { target: { value: 'lots' } });
    expect(form.getByText(/a day|Write/, { selector: 'output' }).textContent).toBe(
      'Write a number such as 24K or 1.5M.',
    );
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(asked).toHaveLength(0);
  });

  it('connections are held against the limit, with a word where they would not fit', () => {
    show(storyBudget());
    const row = rowOf('Connections', /^main-db/);
    expect(row).toContain('2 machines × 12 connections; at most 10 machines');
    expect(row).toContain('120115 %, over');
  });

  it('prices say source, date and whose they are, with the lines to change them', () => {
    show(storyBudget());
    expect(rowOf('Prices', /upstash_command/)).toContain('$0.20 per 100,000 commands');
    expect(rowOf('Prices', /neon_storage/)).toContain('yours');
    expect(screen.getByText(/neon_storage: \{ usd: 0.3, per: 1 \}/)).toBeTruthy();
    const link = part('Prices').getAllByText('upstash.com')[0];
    expect(link?.getAttribute('href')).toMatch(/^https:\/\//);
  });

  it('where nothing is known every part says why, and no amount is drawn as zero', () => {
    show(emptyBudget());
    expect(heading()).toBe('No limit is known, so none can be told to run out.');
    expect(screen.getByText('Connect Upstash or Neon under Settings.')).toBeTruthy();
    expect(screen.queryByText('$0.00')).toBeNull();
  });

  it('follows by ticks of one read, and keeps the last good view when one fails', async () => {
    let ticks = 0;
    const { asked } = show({ ...storyBudget(), refreshMs: 20 }, async () => {
      ticks += 1;
      return ticks === 1
        ? { ok: true, data: { ...emptyBudget(), refreshMs: 20 } }
        : { ok: false, error: { code: 'internal', message: 'The server does not answer.' } };
    });
    await waitFor(() => expect(heading()).toContain('No limit is known'));
    expect(await screen.findByRole('button', { name: /try again/i })).toBeTruthy();
    expect(heading()).toContain('No limit is known');
    expect(asked[0]).toEqual(SCOPE);
  });
});
