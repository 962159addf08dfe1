'use client';

import type { ReactNode } from 'react';
import {
  firstLimit,
  type MoneyRow,
  type MoneyView,
  type Period,
  rankMoneyRows,
} from '@/lib/core/model/money.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import { tickText, valueText } from '@/lib/core/units/format-value.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Arrow } from '../ui/arrow.tsx';
import { Value } from '../ui/figure.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

interface MoneyPanelProps {
  money: MoneyView;
  nowMs: number;
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** What runs out first, and what it costs: limits by time left, then prices, plans and connections. */
export function MoneyPanel({ money, nowMs, state }: Readonly<MoneyPanelProps>) {
  const { zone } = useChartPage();
  const rows = rankMoneyRows(money.rows);
  const empty = { kind: 'empty', text: 'No limit and no price is known.' } as const;
  return (
    <PanelFrame
      title="Money and quota"
      question="What runs out first?"
      state={state ?? (rows.length > 0 ? { kind: 'ready' } : empty)}
      skeleton={<Skeleton rows={4} />}
    >
      <Headline rows={rows} nowMs={nowMs} />
      <dl>
        {rows.map((row) => (
          <div
            key={row.id}
            className="flex flex-wrap justify-between gap-x-4 border-line py-2.25 not-first:border-t"
          >
            <dt className="min-w-0 break-words text-ink-2">{subjectOf(row)}</dt>
            <dd className="text-right">{answerOf(row, nowMs, zone)}</dd>
          </div>
        ))}
      </dl>
      {money.priceNote !== null && <p className="mt-1 text-label text-ink-3">{money.priceNote}</p>}
    </PanelFrame>
  );
}

function Headline({ rows, nowMs }: Readonly<{ rows: readonly MoneyRow[]; nowMs: number }>) {
  const limits = rows.filter((row) => row.kind === 'limit');
  const first = firstLimit(rows);
  if (first === null) {
    if (limits.length === 0 || limits.some(({ lasts }) => !lasts)) return null;
    return <p className="mb-2 text-prose">Nothing runs out before its period ends.</p>;
  }
  const name = `The ${first.name.charAt(0).toLowerCase()}${first.name.slice(1)}`;
  if (first.endsAtMs <= nowMs) {
    return (
      <p className="mb-2 text-prose">
        {name} <b className="font-semibold">is used up</b>.
      </p>
    );
  }
  return (
    <p className="mb-2 text-prose">
      {name} ends in <b className="font-semibold">{formatDuration(first.endsAtMs - nowMs)}</b> at this rate.
    </p>
  );
}

const A_PERIOD: Record<Period, string> = { day: 'a day', month: 'a month', year: 'a year' };

/** Whole dollars stay whole in a name: `$10/month`. */
function priceText(usd: number): string {
  return formatMoney(usd).replace(/\.00$/, '');
}

function subjectOf(row: MoneyRow): string {
  switch (row.kind) {
    case 'limit': {
      if (row.allowed === null) return row.name;
      const allowed = tickText(row.allowed, row.unit);
      return `${row.name}, ${allowed}${row.period === null ? '' : ` ${A_PERIOD[row.period]}`}`;
    }
    case 'price':
      return `${row.name} at ${formatMoney(row.price.usd)} per ${tickText(row.price.per, 'commands')}`;
    case 'plan':
      return `${row.name}, ${priceText(row.usd)}/${row.period}`;
    case 'pool':
      return row.machines === null || row.perMachine === null
        ? row.name
        : `${row.name}, ${row.machines} × ${row.perMachine}`;
    default:
      return row satisfies never;
  }
}

function answerOf(row: MoneyRow, nowMs: number, zone: Zone): ReactNode {
  switch (row.kind) {
    case 'limit': {
      const rate = row.perSecond === null ? '' : ` at ${rateText(row.perSecond, row.unit, row.rateWindow)}`;
      if (row.endsAtMs !== null) {
        if (row.endsAtMs <= nowMs) return 'used up';
        // A time of day says enough for one day.
        const when = row.endsAtMs - nowMs < DAY_MS ? formatClock : formatStamp;
        return `gone at ${when(row.endsAtMs, 'minutes', zone)}${rate}`;
      }
      if (row.lasts) return `lasts the ${row.period ?? 'period'}${rate}`;
      if (row.used === null) return <Value text={NO_DATA} />;
      return row.allowed === null
        ? `${valueText(row.used, row.unit)} used`
        : `${valueText(row.used, row.unit)} of ${valueText(row.allowed, row.unit)} used`;
    }
    case 'price':
      return (
        <>
          <Amount usd={row.beforeUsd} period={row.period} /> <Arrow />{' '}
          <Amount usd={row.afterUsd} period={row.period} />
        </>
      );
    case 'plan':
      return row.breakEvenPerSecond === null
        ? 'never cheaper'
        : `cheaper above ${rateText(row.breakEvenPerSecond, row.unit, row.rateWindow)}`;
    case 'pool':
      return (
        <>
          <Value text={valueText(row.steady, 'connections')} /> of{' '}
          <Value text={valueText(row.allowed, 'connections')} />
          {row.deployPeak !== null && `, deploy peak ${valueText(row.deployPeak, 'connections')}`}
        </>
      );
    default:
      return row satisfies never;
  }
}

function Amount({ usd, period }: Readonly<{ usd: number | null; period: Period }>) {
  return <Value text={usd === null ? NO_DATA : `${formatMoney(usd)}/${period}`} />;
}
