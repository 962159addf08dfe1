import type { BudgetTarget, BudgetView } from '@/lib/core/model/budget.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import { Value } from '../ui/figure.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { partState } from './budget-part.ts';
import { BudgetTable } from './budget-table.tsx';
import { levelText } from './budget-words.ts';

/** What the promised level of the latest deploys costs, beside the level before, the one of now, and what was written. */
export function BudgetTargets({ view }: Readonly<{ view: Pick<BudgetView, 'targets' | 'whys'> }>) {
  return (
    <PanelFrame
      title="Targets"
      question="What would this deploy’s target cost?"
      state={partState(view, 'targets', view.targets.length)}
    >
      <BudgetTable
        caption="What the targets of the latest deploys cost a day"
        heads={['Promise', 'Before', 'Promised', 'Measured', 'The summary says']}
        rows={view.targets.map((target) => ({
          id: `${target.deployId} ${target.claimId}`,
          cells: [
            <PromiseName key="promise" target={target} />,
            <Level key="before" level={target.before} target={target} />,
            <Level key="promised" level={target.promised} target={target} />,
            <Level key="measured" level={target.measured} target={target} />,
            <Value key="stated" text={statedText(target)} />,
          ],
        }))}
      />
    </PanelFrame>
  );
}

function PromiseName({ target: { deployId, release, title } }: Readonly<{ target: BudgetTarget }>) {
  return (
    <>
      {title}
      <a
        href={`/deploys/${encodeURIComponent(deployId)}`}
        className="block text-label font-normal text-ink-3 underline decoration-line-ink underline-offset-2"
      >
        {release}
      </a>
    </>
  );
}

function Level({ level, target }: Readonly<{ level: BudgetTarget['before']; target: BudgetTarget }>) {
  const { rate, usd } = levelText(level, target);
  if (level === null) return <Value text={NO_DATA} />;
  return (
    <>
      {usd}
      <span className="block text-label text-ink-3">{rate}</span>
    </>
  );
}

/** `$352.00 → $11.52 a day`; a dash where the summary named no money. */
function statedText({ stated }: BudgetTarget): string {
  if (stated === null) return NO_DATA;
  return `${formatMoney(stated.beforeUsdPerDay)} → ${formatMoney(stated.afterUsdPerDay)} a day`;
}
