'use client';

import { emptyBudget, limitOf, storyBudget } from '@/components/fixtures/budget.ts';
import { STORY_NOW_MS } from '@/components/fixtures/story.ts';
import { BudgetAwakeHours } from '@/components/panels/budget-awake.tsx';
import { BudgetCalculator } from '@/components/panels/budget-calculator.tsx';
import { BudgetCosts, BudgetObserver } from '@/components/panels/budget-costs.tsx';
import { BudgetLimits } from '@/components/panels/budget-limits.tsx';
import { BudgetPlans } from '@/components/panels/budget-plans.tsx';
import { BudgetPools } from '@/components/panels/budget-pools.tsx';
import { BudgetPrices } from '@/components/panels/budget-prices.tsx';
import { BudgetTargets } from '@/components/panels/budget-targets.tsx';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { GalleryBody, Row } from './frame.tsx';

const nothing = () => {};

/** The parts of the Budget page: limits in every standing, then all of it, then with nothing known. */
export function BudgetPage() {
  const standings = storyBudget({
    limits: [
      limitOf({ id: 'gone', used: 500_000, forecast: null }),
      limitOf({ id: 'soon' }),
      limitOf({
        id: 'later',
        forecast: {
          likelyMs: STORY_NOW_MS + 9 * DAY_MS,
          earliestMs: STORY_NOW_MS + 6 * DAY_MS,
          latestMs: null,
          fromMs: 3 * DAY_MS,
        },
      }),
      limitOf({
        id: 'perhaps',
        used: 250_000,
        forecast: {
          likelyMs: null,
          earliestMs: STORY_NOW_MS + 12 * DAY_MS,
          latestMs: null,
          fromMs: DAY_MS,
        },
      }),
      limitOf({ id: 'lasts', used: 40_000, perSecond: 0.04, lasts: true, forecast: null }),
      limitOf({
        id: 'untold',
        forecast: null,
        perSecond: null,
        why: 'no rate is known',
        quality: 'inferred',
      }),
    ],
  });
  return (
    <GalleryBody title="Budget." note="What runs out first, and what does it cost?">
      <Row title="Limits in every standing">
        <BudgetLimits view={standings} />
      </Row>
      <Row title="Everything known">
        <Parts view={storyBudget()} />
      </Row>
      <Row title="Nothing known">
        <Parts view={emptyBudget()} />
      </Row>
    </GalleryBody>
  );
}

function Parts({ view }: Readonly<{ view: BudgetView }>) {
  const { sentence, prices, asOfMs } = view;
  const [price] = prices;
  return (
    <div className="flex min-w-0 flex-col gap-7">
      <p className="max-w-272 text-prose text-pretty">
        {sentence.verdict} {sentence.limit}
      </p>
      <BudgetLimits view={view} />
      <BudgetCosts view={view} />
      <BudgetTargets view={view} />
      {price !== undefined && <BudgetCalculator price={price} nowMs={asOfMs} />}
      <BudgetPlans view={view} />
      <BudgetPools view={view} />
      <BudgetAwakeHours view={view} />
      <BudgetObserver view={view} />
      <BudgetPrices prices={prices} onCopy={nothing} />
    </div>
  );
}
