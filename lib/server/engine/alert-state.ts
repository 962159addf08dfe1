import 'server-only';
import { z } from 'zod';
import { ALERT_EVENTS, type AlertBook, EMPTY_ALERTS } from '@/lib/core/alerts/alert-book.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { ALERT_KINDS, ALERT_STATES } from '@/lib/core/model/alert.ts';

const time = z.number();
const who = z.string().nullable();

const trackSchema = z.object({
  state: z.enum(ALERT_STATES),
  sinceMs: time,
  atMs: time.nullable(),
  seen: z.object({ atMs: time, value: z.number() }).nullable(),
  hits: z.number(),
  hitSinceMs: time.nullable(),
  clearForMs: z.number(),
  fired: z.object({ atMs: time, peak: z.number() }).nullable(),
});

const bookSchema = z.object({
  entries: z.record(
    z.string(),
    z.object({
      id: z.string(),
      rule: z.enum(ALERT_RULES),
      kind: z.enum(ALERT_KINDS),
      title: z.string(),
      detail: z.string().nullable(),
      source: z.string().nullable(),
      inhibitedBy: z.string().nullable(),
      track: trackSchema,
      acknowledged: z.object({ by: who, atMs: time }).nullable(),
    }),
  ),
  silences: z.record(z.string(), time),
  events: z.array(
    z.object({
      atMs: time,
      id: z.string(),
      title: z.string(),
      what: z.enum(ALERT_EVENTS),
      by: who,
      untilMs: time.nullable(),
    }),
  ),
});

/** What was written of a scope's alerts; an empty book when nothing was, or when another version wrote it. */
export function parseAlertBook(state: unknown): AlertBook {
  const parsed = bookSchema.safeParse(state);
  return parsed.success ? parsed.data : EMPTY_ALERTS;
}
