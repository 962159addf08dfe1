import type { BudgetView, PlanChoice } from '@/lib/core/model/budget.ts';
import { Tag } from '../ui/chip.tsx';
import { Value } from '../ui/figure.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { partState } from './budget-part.ts';
import { BudgetTable } from './budget-table.tsx';
import { paceText, usdText } from './budget-words.ts';

/** Would another plan be cheaper? What each costs at this use, and from which rate on it wins. */
export function BudgetPlans({ view }: Readonly<{ view: Pick<BudgetView, 'plans' | 'whys'> }>) {
  return (
    <PanelFrame
      title="Plans"
      question="Would another one be cheaper?"
      state={partState(view, 'plans', view.plans.length)}
    >
      <BudgetTable
        caption="Plans at the use of now"
        heads={['Plan', '$ a month at this use', 'Against the plan of now']}
        rows={view.plans.map((plan) => ({
          id: plan.id,
          note: plan.against === null ? (plan.leftOut ?? null) : `it would not do: ${plan.against}`,
          cells: [
            <>
              {plan.name} {plan.isNow && <Tag>now</Tag>}
            </>,
            <Value key="usd" text={usdText(plan.usdPerMonth)} />,
            breakEvenText(plan),
          ],
        }))}
      />
    </PanelFrame>
  );
}

function breakEvenText(plan: PlanChoice): string {
  const { isNow, breakEvenPerSecond: above, cheaperBelowPerSecond: below } = plan;
  if (isNow) return 'the plan of now';
  if (above === 0) return 'cheaper at any rate';
  if (above !== null) return `cheaper above ${paceText(above, plan)}`;
  return below == null ? 'not by a rate' : `cheaper below ${paceText(below, plan)}`;
}
