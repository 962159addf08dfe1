import 'server-only';
import { z } from 'zod';
import type { OwnPrice, PriceOverrides } from '@/lib/core/budget/effective-prices.ts';
import { PRICE_IDS, PRICES, type PriceId } from '@/lib/core/budget/prices.ts';
import type { BudgetSettings } from './types.ts';

const PRICE_HELP = 'must be an amount in dollars from 0 to 1000000, such as 0.15';
const PER_HELP = 'must be a whole number from 1 to 1000000000, such as 100000';
const MACHINES_HELP = 'must be a whole number from 1 to 10000';
const MONEY_HELP = 'must be an amount in dollars from 0.01 to 10000000, such as 250';

/** A number, or text so that a reference can give it. */
const within = (range: { least: number; most: number; pattern: RegExp; help: string }, what: string) =>
  z
    .union([z.number(), z.string()], { error: range.help })
    .transform((value, context) => {
      const text = String(value).trim().replace(/^\$/, '');
      const found = range.pattern.test(text) ? Number(text) : Number.NaN;
      if (found >= range.least && found <= range.most) return found;
      context.addIssue({ code: 'custom', message: range.help });
      return z.NEVER;
    })
    .describe(what);

const DOLLARS = /^\d{1,8}(?:\.\d{1,8})?$/;
const WHOLE = /^\d{1,10}$/;

const ownPrice = (id: PriceId) =>
  z
    .strictObject({
      usd: within({ least: 0, most: 1e6, pattern: DOLLARS, help: PRICE_HELP }, 'US dollars.'),
      per: within(
        { least: 1, most: 1e9, pattern: WHOLE, help: PER_HELP },
        `For so many units. Default: ${PRICES[id].per.toLocaleString('en-US')}.`,
      ).optional(),
      note: z
        .string()
        .max(200, 'is longer than 200 characters')
        .describe('Where it comes from, such as a contract; shown beside the price.')
        .optional(),
      seenOn: z
        .string({ error: 'must be a day or month in quotes, such as "2026-11"' })
        .refine(
          (text) => /^20\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/.test(text),
          'must be a day or month, such as "2026-11"',
        )
        .describe('Day or month at which it was looked up.')
        .optional(),
    })
    .describe(`${PRICES[id].what}. List: $${PRICES[id].usd}, ${PRICES[id].seenOn}.`);

export const pricesSchema = z
  .strictObject(
    // One optional key for each id, which the type of a made object cannot say.
    Object.fromEntries(PRICE_IDS.map((id) => [id, ownPrice(id).optional()])) as Record<
      PriceId,
      z.ZodOptional<ReturnType<typeof ownPrice>>
    >,
  )
  .describe('What the team pays where that is not the list price.');

export const budgetSchema = z
  .strictObject({
    perMonth: within(
      { least: 0.01, most: 1e7, pattern: DOLLARS, help: MONEY_HELP },
      'A calendar month that is on its way to cost more than so many dollars fires. Default: none.',
    ).optional(),
    maxMachines: within(
      { least: 1, most: 10_000, pattern: WHOLE, help: MACHINES_HELP },
      'So many machines may run at most; pools are held against it. Default: the most that were seen.',
    ).optional(),
  })
  .describe('What may be spent, and how far the app may grow.');

/** Prices as written; those that are left out are the list’s. */
export function toPrices(written: z.output<typeof pricesSchema>): PriceOverrides {
  const own = PRICE_IDS.flatMap((id): [PriceId, OwnPrice][] => {
    const price = written[id];
    return price === undefined ? [] : [[id, price]];
  });
  return Object.fromEntries(own);
}

export function toBudget({ perMonth, maxMachines }: z.output<typeof budgetSchema>): BudgetSettings {
  return { usdPerMonth: perMonth ?? null, maxMachines: maxMachines ?? null };
}
