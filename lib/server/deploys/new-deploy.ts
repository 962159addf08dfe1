import 'server-only';
import { z } from 'zod';
import { MARK_KINDS } from '@/lib/core/model/view.ts';
import { parseZonedMs } from './instant.ts';

/** A summary is at most this long, as is a whole request. */
export const MAX_SUMMARY_BYTES = 64 * 1024;
const PLAIN = /^[^\p{C}]*$/u;

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'a text was expected')
    .max(most, `at most ${most} characters were expected`)
    .regex(PLAIN, 'a text on one line was expected');

/** An instant as ISO text with a zone, or as Unix ms. */
const instant = z
  .union([z.string().max(64), z.number()])
  .transform((given, context): number => {
    const atMs = parseZonedMs(given);
    if (atMs !== null) return atMs;
    context.addIssue({ code: 'custom', message: 'an ISO time with its zone or Unix ms was expected' });
    return z.NEVER;
  })
  .meta({ description: 'ISO time with its zone, or Unix ms' });

/** What can be told of a deploy; the same fields as JSON, as query parameters beside Markdown, and on the page. */
export const newDeploySchema = z.object({
  summary: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= MAX_SUMMARY_BYTES, 'at most 64 KB were expected')
    .optional()
    .meta({ description: 'Markdown or plain text; its promises are read out of it' }),
  release: line(120)
    .optional()
    .meta({ description: 'Version or commit; taken from the summary when left out' }),
  kind: z.enum(MARK_KINDS).optional().meta({ description: 'code when left out' }),
  time: instant.optional(),
  end: instant.optional(),
  app: line(64).optional(),
  environment: line(64).optional(),
  title: line(200).optional().meta({ description: 'First line of the summary when left out' }),
  links: z
    .array(z.url({ protocol: /^https?$/, error: 'an http:// or https:// address was expected' }).max(500))
    .max(20)
    .optional(),
});
export type NewDeploy = z.output<typeof newDeploySchema>;

/** The id of a deploy, as links to it hold it. */
export const deployIdSchema = z
  .string()
  .regex(/^\d{8}T\d{6}-[a-z2-9]{12}$/, 'the id of a deploy, as its link holds it, was expected');

/** Who confirms or edits, as they call themselves. */
export const personSchema = line(64);
