import 'server-only';
import { z } from 'zod';
import { LONGEST_MAINTENANCE_REASON } from '@/lib/core/alerts/maintenance.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import { parseZonedMs } from '../deploys/instant.ts';

export const reasonSchema = z
  .string()
  .trim()
  .min(1, 'a reason was expected')
  .max(LONGEST_MAINTENANCE_REASON, `at most ${LONGEST_MAINTENANCE_REASON} characters were expected`)
  .regex(/^[^\p{C}]*$/u, 'a reason without control characters was expected');

const instant = z.union([z.string().max(40), z.number()]).refine((given) => parseZonedMs(given) !== null, {
  error: 'a time with its zone was expected, such as 2026-04-09T20:00:00Z, or Unix ms',
});
const part = z.string().min(1).max(64).optional();

/** A window as a program asks for it: from `start` (now) to `end`, or `for` so long. */
export const newMaintenanceSchema = z
  .strictObject({
    app: part,
    environment: part,
    start: instant.optional(),
    end: instant.optional(),
    for: z
      .string()
      .max(16)
      .refine((text) => parseDurationMs(text) !== null, {
        error: 'a time with its unit was expected, such as 30m or 2h',
      })
      .optional(),
    reason: reasonSchema,
    rules: z.array(z.enum(ALERT_RULES)).max(ALERT_RULES.length).default([]),
  })
  .refine((asked) => (asked.end === undefined) !== (asked.for === undefined), {
    error: 'either end or for was expected',
    path: ['end'],
  });
export type NewMaintenanceBody = z.output<typeof newMaintenanceSchema>;

/** The ends of the window that is asked for at `nowMs`. */
export function windowOf(asked: NewMaintenanceBody, nowMs: number): { startMs: number; endMs: number } {
  const startMs = asked.start === undefined ? nowMs : (parseZonedMs(asked.start) ?? nowMs);
  const lengthMs = asked.for === undefined ? null : parseDurationMs(asked.for);
  const endMs = lengthMs === null ? parseZonedMs(asked.end ?? '') : startMs + lengthMs;
  return { startMs, endMs: endMs ?? startMs };
}

export const maintenanceQuerySchema = z.object({ app: part, environment: part });

export const maintenanceIdSchema = z.string().regex(/^[A-Za-z0-9_-]{16}$/);

/** A window as programs read it. */
export const maintenanceAnswerSchema = z.object({
  id: z.string(),
  app: z.string(),
  environment: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  reason: z.string(),
  rules: z.array(z.string()),
  by: z.string().nullable(),
  createdMs: z.number(),
  isRunning: z.boolean(),
});
