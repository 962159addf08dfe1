'use client';

import { useState } from 'react';
import type { BudgetLimit, BudgetView } from '@/lib/core/model/budget.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { TimeSeriesChart } from '../charts/time-series-chart.tsx';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { limitChart } from './budget-chart.ts';
import { partState } from './budget-part.ts';
import { BudgetStrip } from './budget-strip.tsx';
import { limitRateText, limitWords, usedText } from './budget-words.ts';

const SHOWN = 12;

/** Every limit by the time that is left of it, with its forecast; each opens to a chart. */
export function BudgetLimits({
  view,
}: Readonly<{ view: Pick<BudgetView, 'limits' | 'asOfMs' | 'whys' | 'method'> }>) {
  const { limits, asOfMs, method } = view;
  const { shown, more } = useLongList(limits, SHOWN, 'limits');
  return (
    <PanelFrame
      title="Limits"
      question="What runs out first?"
      state={partState(view, 'limits', limits.length)}
    >
      <ul className="@container" aria-label="Limits, the one that runs out first first">
        {shown.map((limit) => (
          <LimitRow key={limit.id} limit={limit} nowMs={asOfMs} />
        ))}
      </ul>
      {more}
      <details className="mt-2 text-label text-ink-3">
        <summary className="cursor-pointer py-1">How the forecast is made</summary>
        <p className="max-w-176 text-pretty">{method}</p>
      </details>
    </PanelFrame>
  );
}

/** Name, use and strip, then how it stands; on a phone one under the other. */
const ROW =
  'grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-1 py-2.25 @[720px]:grid-cols-[minmax(0,1fr)_172px_minmax(0,1fr)_auto]';

function LimitRow({ limit, nowMs }: Readonly<{ limit: BudgetLimit; nowMs: number }>) {
  const { zone } = useChartPage();
  const [isOpen, setIsOpen] = useState(false);
  const { name, source, quality, forecast } = limit;
  const label = `${isOpen ? 'Hide' : 'Show'} ${name} of ${source} as a chart`;
  const chart = isOpen ? limitChart(limit, nowMs) : null;
  return (
    <li className="border-line not-first:border-t">
      <div className={ROW}>
        <p className="min-w-0 break-words">
          <span className="font-medium">{name}</span> <span className="text-ink-3">{source}</span>
          {quality !== 'measured' && (
            <>
              {' '}
              <Tag>{quality}</Tag>
            </>
          )}
          <span className="block text-label text-ink-3">{limitRateText(limit)}</span>
        </p>
        <div className="order-3 min-w-0 @max-[720px]:col-span-2 @[720px]:order-none">
          <BudgetStrip limit={limit} />
          <p className="text-label text-ink-3">{usedText(limit)}</p>
        </div>
        <div className="order-4 min-w-0 @max-[720px]:col-span-2 @[720px]:order-none">
          <Status {...limitWords(limit, nowMs, zone)} wraps />
          {forecast !== null && (
            <p className="text-label text-ink-3">from {formatDuration(forecast.fromMs)} of history</p>
          )}
        </div>
        <Button
          look="ghost"
          size="icon"
          className="no-print order-2 @[720px]:order-none"
          aria-expanded={isOpen}
          aria-label={label}
          title={label}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name="chart" />
        </Button>
      </div>
      {isOpen && (
        <div className="pb-4">
          {chart === null ? (
            <p className="text-ink-3">Too little is stored of this period for a chart.</p>
          ) : (
            <TimeSeriesChart title={`${name}, used`} chart={chart} window={limit.rateWindow} heightPx={220} />
          )}
        </div>
      )}
    </li>
  );
}
