import 'server-only';
import { z } from 'zod';
import { LOG_LEVELS } from '@/lib/core/logs/line.ts';
import { name, scope, sourceName, visits } from './schema-parts.ts';

// As in schema.ts: descriptions are what an editor shows, and no message may hold a received value.

const YES_NO = 'must be true or false';

export const logPatternSchema = z.strictObject({
  name: z
    .string()
    .refine(
      (text) => /^[a-z][a-z0-9_]{0,47}$/.test(text),
      'must be small letters, digits and _, such as cache_full',
    )
    .describe('Name of the count; that of a built-in pattern takes its place.'),
  match: z
    .string()
    .min(1, 'is empty')
    .max(502, 'is longer than 500 characters')
    .describe('Text that a line holds, or /pattern/; /pattern/i ignores case.')
    .optional(),
  level: z.enum(LOG_LEVELS).describe('Only lines at this level or graver.').optional(),
});

export const logsSchema = z
  .strictObject({
    kind: z.literal('logs'),
    name: sourceName,
    ...scope,
    patterns: z
      .array(logPatternSchema)
      .max(30)
      .describe('What is counted beside redis_suspended, error and limiter.')
      .optional(),
    keepText: z
      .union([z.boolean(), z.string()], { error: YES_NO })
      .transform((value, context) => {
        if (['true', 'false'].includes(String(value))) return String(value) === 'true';
        context.addIssue({ code: 'custom', message: YES_NO });
        return z.NEVER;
      })
      .describe('Keeps the last 200 matching lines in memory, without secrets. Default: false.')
      .optional(),
    logApp: name('Only lines of this app, as the log shipper names it. Left out, all.').optional(),
    ...visits,
  })
  .describe('Lines that a log shipper sends to POST /api/logs; they are counted, not kept.');
