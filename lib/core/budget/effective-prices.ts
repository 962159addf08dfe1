import type { BudgetPrice } from '../model/budget.ts';
import { PRICE_IDS, PRICES, type PriceId } from './prices.ts';

/** Prices that a team pays in place of the list's, by the id of the list. */
export type PriceOverrides = Readonly<Partial<Record<PriceId, OwnPrice>>>;

export interface OwnPrice {
  usd: number;
  /** For so many units; as in the list where it is left out. */
  per?: number | undefined;
  note?: string | undefined;
  /** Day or month since which it is known: `2026-11`. */
  seenOn?: string | undefined;
}

export type PriceTable = Readonly<Record<PriceId, BudgetPrice>>;

/** The list with the team's own prices in it, marked as their own. */
export function effectivePrices(overrides: PriceOverrides): PriceTable {
  const rows = PRICE_IDS.map((id): [PriceId, BudgetPrice] => {
    const list = PRICES[id];
    const own = overrides[id];
    if (own === undefined) return [id, { ...list, id, own: false, note: null }];
    const { usd, per = list.per, note = null, seenOn = list.seenOn } = own;
    return [id, { ...list, id, usd, per, seenOn, note, own: true }];
  });
  // Every id of the list is in it, which the type of a made object cannot say.
  return Object.fromEntries(rows) as Record<PriceId, BudgetPrice>;
}
