'use client';

import { useId, useState } from 'react';
import { usdPerDay, usdPerMonth } from '@/lib/core/budget/targets.ts';
import type { BudgetPrice } from '@/lib/core/model/budget.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { RATE_WINDOWS, type RateWindow, WINDOW_SECONDS, WINDOW_WORDS } from '@/lib/core/units/format-rate.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import { priceText } from './budget-prices.tsx';

const FIELD = 'h-9 rounded-control border border-line-strong bg-surface px-2 tablet:h-8';
const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 };

/** What any rate of commands would cost a day and a month: reckoned here, nothing is asked of the server. */
export function BudgetCalculator({ price, nowMs }: Readonly<{ price: BudgetPrice; nowMs: number }>) {
  const id = useId();
  const [text, setText] = useState('24K');
  const [window, setWindow] = useState<RateWindow>('h');
  const amount = parseAmount(text);
  const perSecond = amount === null ? null : amount / WINDOW_SECONDS[window];
  const isWrong = amount === null && text.trim() !== '';
  return (
    <form
      aria-label="What would this rate cost?"
      className="mt-4 flex flex-wrap items-end gap-x-3 gap-y-2"
      onSubmit={(event) => event.preventDefault()}
    >
      <label className="flex flex-col gap-1 text-label text-ink-3" htmlFor={`${id}-rate`}>
        Commands
        <input
          id={`${id}-rate`}
          className={`${FIELD} w-32 text-data text-ink`}
          value={text}
          inputMode="text"
          autoComplete="off"
          maxLength={20}
          aria-invalid={isWrong}
          aria-describedby={`${id}-result`}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <label className="flex flex-col gap-1 text-label text-ink-3" htmlFor={`${id}-window`}>
        counted
        <select
          id={`${id}-window`}
          className={`${FIELD} text-data text-ink`}
          value={window}
          onChange={(event) => setWindow(RATE_WINDOWS.find((one) => one === event.target.value) ?? 'h')}
        >
          {RATE_WINDOWS.map((one) => (
            <option key={one} value={one}>
              {WINDOW_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      <output id={`${id}-result`} htmlFor={`${id}-rate ${id}-window`} className="min-w-0 py-1.5">
        {isWrong ? (
          'Write a number such as 24K or 1.5M.'
        ) : (
          <>
            <b className="font-semibold">{moneyText(usdPerDay(perSecond, price))}</b> a day,{' '}
            <b className="font-semibold">{moneyText(usdPerMonth(perSecond, price, nowMs))}</b> in a month like
            this one, at {priceText(price)}
          </>
        )}
      </output>
    </form>
  );
}

function moneyText(usd: number | null): string {
  return usd === null ? NO_DATA : formatMoney(usd);
}

/** `24K`, `1.5M`, `733,000`: a count as people write it; null for anything else. Never below 0. */
export function parseAmount(text: string): number | null {
  const match = /^(\d{1,12}(?:[.]\d{1,6})?)\s*([kmb]?)$/i.exec(text.trim().replaceAll(',', ''));
  const scale = match === null ? undefined : SCALES[(match[2] ?? '').toLowerCase()];
  return match === null || scale === undefined ? null : Number(match[1]) * scale;
}
