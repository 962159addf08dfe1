'use client';

import type { BudgetPrice, BudgetView } from '@/lib/core/model/budget.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { BudgetTable } from './budget-table.tsx';

const GROUPED = new Intl.NumberFormat('en-US');

/** Every price that the page reckons with, where and when it was seen, and how to set one's own. */
export function BudgetPrices({
  prices,
  onCopy,
}: Readonly<{ prices: BudgetView['prices']; onCopy: (text: string) => void }>) {
  const yaml = pricesYaml(prices);
  return (
    <PanelFrame title="Prices" question="By which prices?" state={{ kind: 'ready' }}>
      <BudgetTable
        caption="Prices, with source and date"
        heads={['What', 'Price', 'Seen', 'Source']}
        rows={prices.map((price) => ({
          id: price.id,
          note: [price.id, price.note ?? null].filter((one) => one !== null).join('; '),
          cells: [
            <>
              {price.what} {price.own && <Tag title="Set in your config">yours</Tag>}
            </>,
            priceText(price),
            price.seenOn,
            <Source key="source" price={price} />,
          ],
        }))}
      />
      <details className="mt-2">
        <summary className="cursor-pointer py-1 text-label text-ink-3">Use your own prices</summary>
        <p className="mt-1 max-w-176 text-pretty text-ink-2">
          Write what differs into afterwatch.yml and start again; the page marks it as yours.
        </p>
        <div className="mt-2 flex flex-wrap items-start gap-2">
          <pre className="min-w-0 flex-1 rounded-control border border-line-strong bg-surface p-2.5 font-mono text-mono wrap-anywhere whitespace-pre-wrap">
            {yaml}
          </pre>
          <Button size="small" onClick={() => onCopy(yaml)}>
            Copy
          </Button>
        </div>
      </details>
    </PanelFrame>
  );
}

/** `$0.20 per 100,000 commands`, `$0.35 per GB a month`. */
export function priceText({ usd, per, unit, period }: BudgetPrice): string {
  const units = per === 1 ? unit : `${GROUPED.format(per)} ${unit}s`;
  return `${formatMoney(usd)} per ${units}${period === null ? '' : ` a ${period}`}`;
}

/** Where a price was seen; of one’s own only what the list says is to be seen there. */
function Source({ price: { source, own } }: Readonly<{ price: BudgetPrice }>) {
  const list = URL.canParse(source) ? (
    <a
      href={source}
      rel="noreferrer"
      className="underline decoration-line-ink underline-offset-2 wrap-anywhere"
    >
      {new URL(source).host}
    </a>
  ) : (
    source
  );
  return (
    <>
      {own && 'your config; the list: '}
      {list}
    </>
  );
}

/** The lines of the config for one's own prices: those that are set, else the first one as an example. */
export function pricesYaml(prices: readonly BudgetPrice[]): string {
  const own = prices.filter((price) => price.own);
  const lines = (own.length > 0 ? own : prices.slice(0, 1)).map(
    ({ id, usd, per }) => `  ${id}: { usd: ${usd}, per: ${per} }`,
  );
  return ['prices:', ...lines].join('\n');
}
