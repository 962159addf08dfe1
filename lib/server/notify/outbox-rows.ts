import 'server-only';
import { z } from 'zod';
import { ALERT_SEVERITIES } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { NoticeType } from './notice-body.ts';

// How the outbox lies in the store. A message for a receiver is two rows, its entry and its text, so that a try rewrites a
// few hundred bytes however much waits; what was taken, and how each receiver stands, are rows of their own.

export const ENTRY_PREFIX = 'notify/entry/';
export const TAKEN_KEY = 'notify/taken';
/** One page of earlier versions, with one receiver: its texts lie under `notify/message/`. */
export const OLD_PAGE_KEY = 'notify/outbox';

const NOTICE_TYPES = [
  'alert.firing',
  'alert.acknowledged',
  'alert.resolved',
  'verdict.decided',
  'review.due',
  'followup.due',
  'digest',
  'test',
] as const satisfies readonly NoticeType[];

export const entrySchema = z.object({
  /** Place in the line: later ones are larger. */
  seq: z.number().int(),
  /** Stays the same however often it is sent: by it a receiver knows a repeat. */
  id: z.string(),
  type: z.enum(NOTICE_TYPES),
  /** What belongs together and goes in order. */
  incident: z.string(),
  severity: z.enum(ALERT_SEVERITIES).nullable(),
  /** What it tells, for a person: `v1203: met`. */
  about: z.string(),
  /** How many messages it stands for; of a digest more than one. */
  stands: z.number().int(),
  /** When it happened. */
  atMs: z.number(),
  /** When it was put in line. */
  createdMs: z.number(),
  attempts: z.number().int(),
  /** Not before, where the receiver did not want this very message; 0 for at once. */
  nextMs: z.number(),
  lastError: z.string().nullable(),
});
/** A message that waits to be delivered to one receiver. */
export type OutboxEntry = z.output<typeof entrySchema>;

const givenUpSchema = z.object({ about: z.string(), atMs: z.number(), why: z.string() });
export type GivenUp = z.output<typeof givenUpSchema>;

export const standingSchema = z.object({
  delivered: z.number(),
  lastMs: z.number().nullable(),
  /** The latest that were not taken in time, newest last. */
  givenUp: z.array(givenUpSchema),
  /** How many were given up since the receiver was last told of that. */
  lost: z.number(),
});
/** What is remembered of one receiver. */
export type Standing = z.output<typeof standingSchema>;
export const NEW_STANDING: Standing = { delivered: 0, lastMs: null, givenUp: [], lost: 0 };

export const takenSchema = z.object({
  /** How many changes of each watch were taken, by deploy; the latest last. */
  taken: z.array(z.tuple([z.string(), z.number()])),
  /** Reminders that were sent, by name; the latest last. */
  reminded: z.array(z.string()),
});
export type Taken = z.output<typeof takenSchema>;

export const oldPageSchema = takenSchema.extend({
  entries: z.array(
    z.object({
      id: z.string(),
      about: z.string(),
      createdMs: z.number(),
      attempts: z.number().int(),
      lastError: z.string().nullable(),
    }),
  ),
  delivered: z.object({ count: z.number(), lastMs: z.number().nullable() }),
  givenUp: z.array(givenUpSchema),
});
export type OldPage = z.output<typeof oldPageSchema>;

export function entryKey(receiver: string, seq: number): string {
  return `${ENTRY_PREFIX}${receiver}/${seq}`;
}

export function bodyKey(receiver: string, seq: number): string {
  return `notify/body/${receiver}/${seq}`;
}

export function standingKey(receiver: string): string {
  return `notify/receiver/${receiver}`;
}

export function oldBodyKey(id: string): string {
  return `notify/message/${id}`;
}

/** The last notice of a scope that was taken: its number, and its message, by which a count that begins anew shows. */
export const noticedSchema = z.object({ n: z.number().int(), id: z.string().nullable() });
export type Noticed = z.output<typeof noticedSchema>;

/** What was taken of the notices of a scope. */
export function noticedKey({ app, environment }: Scope): string {
  return `notify/noticed/${app}/${environment}`;
}

/** Throws where the store holds what no version of ours wrote. */
export function readRow<T>(schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new Error(
    'afterwatch: the messages that wait in the store cannot be read; was it written by a newer version?',
  );
}
