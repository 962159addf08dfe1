import type { BudgetAwake as Awake, BudgetView } from '@/lib/core/model/budget.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { chooseRateWindow, rateText } from '@/lib/core/units/format-rate.ts';
import { Value } from '../ui/figure.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { partState } from './budget-part.ts';
import { BudgetTable } from './budget-table.tsx';
import { usdText } from './budget-words.ts';

const KIND_WORDS: Record<Awake['keptBy'][number]['kind'], string> = {
  statement: 'statement',
  worker: 'worker',
  requests: 'requests',
};

/** How long databases that could sleep were awake, what that costs, and what keeps them so. */
export function BudgetAwakeHours({ view }: Readonly<{ view: Pick<BudgetView, 'awake' | 'whys'> }>) {
  const { awake } = view;
  return (
    <PanelFrame
      title="Awake"
      question="What keeps the database awake?"
      state={partState(view, 'awake', awake.length)}
    >
      <BudgetTable
        caption="Hours awake"
        heads={['Database', 'Awake today', 'Awake this period', '$ a day']}
        rows={awake.map((one) => ({
          id: one.id,
          note: sleepText(one),
          cells: [
            one.name,
            <Value key="today" text={formatDuration(one.awakeMsToday)} />,
            <Value key="period" text={formatDuration(one.awakeMsPeriod)} />,
            <Value key="usd" text={usdText(one.usdPerDay)} />,
          ],
        }))}
      />
      {awake.map((one) => (
        <Keepers key={one.id} of={one} />
      ))}
    </PanelFrame>
  );
}

/** Nothing is told of how it falls asleep while the source is silent; where it speaks, no time means never. */
function sleepText({ suspendAfterMs, awakeMsToday }: Awake): string {
  if (suspendAfterMs !== null) return `falls asleep after ${formatDuration(suspendAfterMs)} without a query`;
  return awakeMsToday === null ? 'not told lately' : 'never falls asleep by itself';
}

function Keepers({ of: { name, keptBy } }: Readonly<{ of: Awake }>) {
  if (keptBy.length === 0)
    return <p className="mt-1 text-ink-3">Nothing that asks {name} for work is counted.</p>;
  return (
    <div className="mt-2">
      <p className="text-label text-ink-3">Asks {name}, the busiest first</p>
      <ul>
        {keptBy.map(({ what, perSecond, kind }) => (
          <li key={`${kind} ${what}`} className="flex justify-between gap-4 py-0.5">
            <span className="min-w-0 wrap-anywhere">
              {kind === 'statement' ? <span className="font-mono text-mono">{what}</span> : what}{' '}
              <span className="text-ink-3">{what === KIND_WORDS[kind] ? '' : KIND_WORDS[kind]}</span>
            </span>
            <span className="shrink-0 whitespace-nowrap">
              {rateText(perSecond, 'queries', chooseRateWindow(perSecond))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
