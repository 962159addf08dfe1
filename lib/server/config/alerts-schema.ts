import 'server-only';
import { z } from 'zod';
import { type AlertSettings, DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import { seconds } from './schema-parts.ts';

const COUNT_HELP = 'must be a whole number from 1 to 1000000';
const SHARE_HELP = 'must be a percentage from 0% to 100%, such as 0.1%';

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

const share = (what: string) =>
  z
    .string({ error: SHARE_HELP })
    .transform((text, context) => {
      const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?)\s?%$/.exec(text.trim()) ?? [];
      if (digits !== undefined && Number(digits) <= 100) return Number(digits) / 100;
      context.addIssue({ code: 'custom', message: SHARE_HELP });
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
  })
  .describe('Levels of the alert rules.');

/** What the rules go by: as written, and the defaults for the rest. */
export function toAlertSettings(written: z.output<typeof alertsSchema>): AlertSettings {
  const { http429, suspendedForMs, expect } = DEFAULT_ALERT_SETTINGS;
  return {
    http429: {
      atLeast: written.http429?.atLeast ?? http429.atLeast,
      shareAtLeast: written.http429?.shareAtLeast ?? http429.shareAtLeast,
    },
    suspendedForMs:
      written.suspendedFor === undefined ? suspendedForMs : Math.round(written.suspendedFor * 1_000),
    expect: written.expect ?? expect,
  };
}
