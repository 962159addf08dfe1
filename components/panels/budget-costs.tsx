'use client';

import type { BudgetCost, BudgetView } from '@/lib/core/model/budget.ts';
import { Value } from '../ui/figure.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { partState } from './budget-part.ts';
import { BudgetTable } from './budget-table.tsx';
import { perDayText, usdText } from './budget-words.ts';

const SHOWN = 12;
const HEADS = ['What', 'A day', '$ a day', '$ this month'] as const;

/** What is paid by use, command by command, a day and in the month that runs. */
export function BudgetCosts({
  view,
}: Readonly<{ view: Pick<BudgetView, 'costs' | 'total' | 'costsNote' | 'whys'> }>) {
  const { costs, total, costsNote } = view;
  const { shown, more } = useLongList(costs, SHOWN, 'costs');
  const sum =
    total == null
      ? []
      : [
          {
            id: 'total',
            cells: [
              'Everything that is paid by use',
              '',
              <Value key="day" text={usdText(total.usdPerDay)} />,
              <Value key="month" text={usdText(total.usdPerMonth)} />,
            ],
          },
        ];
  return (
    <PanelFrame title="Costs" question="What does it cost?" state={partState(view, 'costs', costs.length)}>
      <BudgetTable
        caption="Costs a day and in this month"
        heads={HEADS}
        rows={[...shown.map(costRow), ...sum]}
        hasTotal={sum.length > 0}
      />
      {more}
      <p className="mt-1 max-w-176 text-label text-pretty text-ink-3">
        {costsNote != null && `${costsNote} `}A day is the rate of the last hour; this month is what was used
        since its first day, and the rest at that rate. List prices, without tax.
      </p>
    </PanelFrame>
  );
}

/** What watching costs the sources: our own bill, as the ledger counts it. */
export function BudgetObserver({ view }: Readonly<{ view: Pick<BudgetView, 'observer' | 'whys'> }>) {
  const { shown, more } = useLongList(view.observer, SHOWN, 'sources');
  return (
    <PanelFrame
      title="Afterwatch itself"
      question="What does watching cost?"
      state={partState(view, 'observer', view.observer.length)}
    >
      <BudgetTable caption="What watching costs, by source" heads={HEADS} rows={shown.map(costRow)} />
      {more}
    </PanelFrame>
  );
}

function costRow(cost: BudgetCost) {
  const remarks = [cost.quality === 'measured' ? null : cost.quality, cost.why ?? null];
  return {
    id: cost.id,
    note: remarks.filter((one) => one !== null).join('; '),
    cells: [
      cost.what,
      // What is held has no rate: its remark says how much it is.
      cost.perDay === null && cost.usdPerDay !== null ? '' : <Value key="rate" text={perDayText(cost)} />,
      <Value key="day" text={usdText(cost.usdPerDay)} />,
      <Value key="month" text={usdText(cost.usdPerMonth)} />,
    ],
  };
}
