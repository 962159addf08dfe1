import 'server-only';
import { z } from 'zod';
import { ALERT_EVENTS, type AlertBook, EMPTY_ALERTS } from '@/lib/core/alerts/alert-book.ts';
import { ALERT_NOTICES } from '@/lib/core/alerts/notice.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { ALERT_KINDS, ALERT_SEVERITIES, ALERT_STATES } from '@/lib/core/model/alert.ts';

const time = z.number();
const who = z.string().nullable();
const rule = z.enum(ALERT_RULES);
const means = z.array(z.object({ what: z.string(), text: z.string() }));

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

const entrySchema = z.object({
  id: z.string(),
  rule,
  kind: z.enum(ALERT_KINDS),
  title: z.string(),
  detail: z.string().nullable(),
  source: z.string().nullable(),
  inhibitedBy: z.string().nullable(),
  means: means.default([]),
  release: z.string().nullable().default(null),
  track: trackSchema,
  acknowledged: z.object({ by: who, atMs: time }).nullable(),
  toldMs: time.nullable().default(null),
  absentMs: time.nullable().default(null),
});

const eventSchema = z.object({
  atMs: time,
  id: z.string(),
  title: z.string(),
  what: z.enum(ALERT_EVENTS),
  by: who,
  untilMs: time.nullable(),
});

const maintenanceSchema = z.object({
  id: z.string(),
  startMs: time,
  endMs: time,
  reason: z.string(),
  rules: z.array(rule),
  by: who,
  createdMs: time,
});

const noticeSchema = z.object({
  n: z.number(),
  atMs: time,
  what: z.enum(ALERT_NOTICES),
  alertId: z.string(),
  firedAtMs: time,
  rule,
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  title: z.string(),
  detail: z.string().nullable(),
  source: z.string().nullable(),
  release: z.string().nullable(),
  means,
  by: who,
});

const bookSchema = z.object({
  entries: z.record(z.string(), z.unknown()),
  silences: z.record(z.string(), time),
  events: z.array(z.unknown()),
  maintenance: z.array(z.unknown()).default([]),
  noticed: z.number().default(0),
});

/** A book in two parts: notices change far less often than the rest. */
export interface AlertState {
  book: Omit<AlertBook, 'notices'>;
  notices: AlertBook['notices'];
}

export function toAlertState({ notices, ...book }: AlertBook): AlertState {
  return { book, notices };
}

/**
 * What was written of a scope's alerts; an empty book when nothing was. Single lines that another version wrote and this
 * one cannot read are left out: the rest goes on where it stood.
 */
export function parseAlertBook(state: Readonly<Record<keyof AlertState, unknown>>): AlertBook {
  const parsed = bookSchema.safeParse(state.book);
  const notices = readable(noticeSchema, z.array(z.unknown()).safeParse(state.notices).data ?? []);
  if (!parsed.success) return { ...EMPTY_ALERTS, notices, noticed: notices.at(-1)?.n ?? 0 };
  const { entries, silences, events, maintenance, noticed } = parsed.data;
  return {
    entries: Object.fromEntries(
      readable(entrySchema, Object.values(entries)).map((entry) => [entry.id, entry]),
    ),
    silences,
    events: readable(eventSchema, events),
    maintenance: readable(maintenanceSchema, maintenance),
    notices,
    noticed: Math.max(noticed, notices.at(-1)?.n ?? 0),
  };
}

function readable<T>(schema: z.ZodType<T>, lines: readonly unknown[]): T[] {
  return lines.flatMap((line) => schema.safeParse(line).data ?? []);
}
