import type { BudgetTarget } from '../model/budget.ts';
import { usdPerDay as dayUsd } from './costs.ts';
import type { Price } from './prices.ts';

export { usdPerDay, usdPerMonth } from './costs.ts';

export interface TargetQuestion extends Omit<BudgetTarget, 'before' | 'promised' | 'measured'> {
  /** Per second. */
  before: number | null;
  promised: number | null;
  measured: number | null;
  /** Of one of what is counted; null where it is not billed. */
  price: Price | null;
}

/** What the level before a deploy, the promised and the measured one cost a day; null where not known, or not billed. */
export function targetCost({ before, promised, measured, price, ...target }: TargetQuestion): BudgetTarget {
  const priced = (perSecond: number | null) => {
    const usd = price === null ? null : dayUsd(perSecond, price);
    return perSecond === null || usd === null ? null : { perSecond, usdPerDay: usd };
  };
  return { ...target, before: priced(before), promised: priced(promised), measured: priced(measured) };
}
