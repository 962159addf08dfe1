import 'server-only';
import { z } from 'zod';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { seconds } from './schema-parts.ts';
import type { BudgetSettings } from './types.ts';

const COUNT_HELP = 'must be a whole number from 1 to 1000000';
const SHARE_HELP = 'must be a percentage from 0% to 100%, such as 0.1%';
const LEVEL_HELP = 'must be a percentage from 1% to 100%, such as 10%';
const MONEY_HELP = 'must be an amount in dollars from 0.01 to 1000000, such as 12.50';

/** A number, or text so that a reference can give it. */
const count = (what: string) =>
  z
    .union([z.int(COUNT_HELP).min(1, COUNT_HELP).max(1_000_000, COUNT_HELP), z.string()], {
      error: COUNT_HELP,
    })
    .transform((value, context) => {
      const found = /^\d{1,7}$/.test(String(value)) ? Number(value) : 0;
      if (found >= 1 && found <= 1_000_000) return found;
      context.addIssue({ code: 'custom', message: COUNT_HELP });
      return z.NEVER;
    })
    .describe(what);

const percentage = (what: string, leastShare: number, help: string) =>
  z
    .string({ error: help })
    .transform((text, context) => {
      const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?)\s?%$/.exec(text.trim()) ?? [];
      const found = digits === undefined ? null : Number(digits) / 100;
      if (found !== null && found >= leastShare && found <= 1) return found;
      context.addIssue({ code: 'custom', message: help });
      return z.NEVER;
    })
    .describe(what);

const share = (what: string) => percentage(what, 0, SHARE_HELP);
/** A share below which nothing is news: none at all would always be news. */
const level = (what: string) => percentage(what, 0.01, LEVEL_HELP);

const money = (what: string) =>
  z
    .union([z.number(), z.string()], { error: MONEY_HELP })
    .transform((value, context) => {
      const [, digits] = /^\$?(\d{1,7}(?:\.\d{1,4})?)$/.exec(String(value).trim()) ?? [];
      const found = digits === undefined ? 0 : Number(digits);
      if (found >= 0.01 && found <= 1_000_000) return found;
      context.addIssue({ code: 'custom', message: MONEY_HELP });
      return z.NEVER;
    })
    .describe(what);

export const http429Schema = z
  .strictObject({
    atLeast: count('So many 429s in five minutes fire. Default: 5.').optional(),
    shareAtLeast: share(
      'And at least this share of all responses in those minutes. Default: 0.1%.',
    ).optional(),
  })
  .describe('When callers are turned away too often.');

export const alertsSchema = z
  .strictObject({
    http429: http429Schema.optional(),
    suspendedFor: seconds(
      60,
      90 * 86_400,
      'Redis suspended on purpose is expected to last no longer. Default: 24h.',
    ).optional(),
    expect: z
      .enum(['suspended'], { error: 'must be suspended' })
      .describe('The Redis mode that is meant to hold; an alert fires while it does not.')
      .optional(),
    drift: z
      .strictObject({
        atLeast: level('A slow change of at least this share in 24 h fires. Default: 10%.').optional(),
      })
      .describe('When a series slowly leaves what is usual after a deploy.')
      .optional(),
    quota: z
      .strictObject({
        within: seconds(
          600,
          90 * 86_400,
          'A quota that likely lasts no longer than this, by the forecast, fires. Default: 20h.',
        ).optional(),
      })
      .describe('When a quota runs out soon.')
      .optional(),
    cost: z
      .strictObject({
        perDay: money(
          'A day at the rate of the last hour that costs more than so many dollars fires. Default: none.',
        ).optional(),
      })
      .describe('What a day may cost.')
      .optional(),
    planCheaper: z
      .strictObject({
        shareAtLeast: level('Another plan that is cheaper by this share fires. Default: 20%.').optional(),
        perMonthAtLeast: money('And by so many dollars a month. Default: 5.').optional(),
      })
      .describe('When another plan of Redis would cost less.')
      .optional(),
    pool: z
      .strictObject({
        shareAtLeast: level(
          'Connections of all machines at this share of what the database takes fire. Default: 80%.',
        ).optional(),
      })
      .describe('When connections to a database run out.')
      .optional(),
    awakeFor: seconds(
      3_600,
      90 * 86_400,
      'A database that could sleep and has been awake for longer fires. Default: 24h.',
    ).optional(),
    restarts: z
      .strictObject({
        atLeast: count(
          'So many restarts of machines in ten minutes, without a deploy, fire. Default: 3.',
        ).optional(),
      })
      .describe('When machines restart again and again.')
      .optional(),
    skewFor: seconds(
      60,
      7 * 86_400,
      'Machines on different releases for longer fire. Default: 15m.',
    ).optional(),
    unaccounted: z
      .strictObject({
        shareAtLeast: level(
          'GETs that Redis counts and no known machine sent: at least this share of all. Default: 20%.',
        ).optional(),
        perMinuteAtLeast: count('And so many of them a minute. Default: 60.').optional(),
      })
      .describe('When somebody else uses Redis.')
      .optional(),
    off: z
      .array(z.enum(ALERT_RULES))
      .max(ALERT_RULES.length, 'names a rule twice')
      .refine((rules) => new Set(rules).size === rules.length, 'names a rule twice')
      .describe('Rules that are not evaluated.')
      .optional(),
  })
  .describe('Levels of the alert rules.');

/** What the rules go by: as written, and the defaults for the rest. The budget of a month stands among the budgets. */
export function toAlertSettings(
  written: z.output<typeof alertsSchema>,
  { usdPerMonth }: Pick<BudgetSettings, 'usdPerMonth'>,
): AlertSettings {
  const usual = DEFAULT_ALERT_SETTINGS;
  const { http429, unaccounted, planCheaper } = written;
  return {
    http429: {
      atLeast: http429?.atLeast ?? usual.http429.atLeast,
      shareAtLeast: http429?.shareAtLeast ?? usual.http429.shareAtLeast,
    },
    suspendedForMs: msOr(written.suspendedFor, usual.suspendedForMs),
    expect: written.expect ?? usual.expect,
    driftAtLeast: written.drift?.atLeast ?? usual.driftAtLeast,
    quotaWithinMs: msOr(written.quota?.within, usual.quotaWithinMs),
    costPerDay: written.cost?.perDay ?? usual.costPerDay,
    costPerMonth: usdPerMonth,
    planCheaper: {
      shareAtLeast: planCheaper?.shareAtLeast ?? usual.planCheaper.shareAtLeast,
      usdPerMonthAtLeast: planCheaper?.perMonthAtLeast ?? usual.planCheaper.usdPerMonthAtLeast,
    },
    poolShareAtLeast: written.pool?.shareAtLeast ?? usual.poolShareAtLeast,
    awakeForMs: msOr(written.awakeFor, usual.awakeForMs),
    restartsAtLeast: written.restarts?.atLeast ?? usual.restartsAtLeast,
    skewForMs: msOr(written.skewFor, usual.skewForMs),
    unaccounted: {
      shareAtLeast: unaccounted?.shareAtLeast ?? usual.unaccounted.shareAtLeast,
      perMinuteAtLeast: unaccounted?.perMinuteAtLeast ?? usual.unaccounted.perMinuteAtLeast,
    },
    off: written.off ?? usual.off,
  };
}

function msOr(seconds: number | undefined, usualMs: number): number {
  return seconds === undefined ? usualMs : Math.round(seconds * 1_000);
}
