import 'server-only';
import { z } from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES } from '@/lib/core/model/alert.ts';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import type { NoticeTopic } from '@/lib/core/model/receiver.ts';

// What leaves the product, as it is kept and as a signed webhook posts it. Fields may be added, none may change its meaning.

const text = z.string();
const time = z.iso.datetime();

const deploySchema = z.looseObject({ id: text, release: text, app: text, environment: text, url: text });
const verdictSchema = z.looseObject({
  state: z.enum(CLAIM_STATES),
  provisional: z.boolean(),
  reason: text.nullable(),
  sentence: text,
  closed: z.boolean(),
});

const alertDataSchema = z.looseObject({
  /** One firing of one alert: equal in all that is told of it. */
  incident: text,
  alert: z.looseObject({
    id: text,
    rule: text,
    kind: z.enum(ALERT_KINDS),
    severity: z.enum(ALERT_SEVERITIES),
    title: text,
    detail: text.nullable(),
    app: text,
    environment: text,
    source: text.nullable(),
    release: text.nullable(),
    means: z.array(z.looseObject({ what: text, text })),
    firedAt: time,
    url: text,
  }),
  /** Who took it up; null for everything else, and where people are not told apart. */
  by: text.nullable(),
  /** The first step of the runbook; null where there is none. */
  firstStep: z.looseObject({ text, command: text.nullable() }).nullable(),
});

const digestItemSchema = z.looseObject({
  id: text,
  type: text,
  at: time,
  about: text,
  severity: z.enum(ALERT_SEVERITIES).nullable(),
  /** What belongs together: an incident, a deploy. */
  incident: text,
});

const alertSchema = <T extends string>(type: T) =>
  z.looseObject({ type: z.literal(type), timestamp: time, data: alertDataSchema });

export const noticeBodySchema = z.discriminatedUnion('type', [
  alertSchema('alert.firing'),
  alertSchema('alert.acknowledged'),
  alertSchema('alert.resolved'),
  z.looseObject({
    type: z.literal('verdict.decided'),
    timestamp: time,
    data: z.looseObject({
      deploy: deploySchema,
      verdict: verdictSchema,
      changes: z.array(
        z.looseObject({
          claimId: text.nullable(),
          text: text.nullable(),
          to: z.enum(CLAIM_STATES),
          evidence: text,
        }),
      ),
    }),
  }),
  z.looseObject({
    type: z.literal('review.due'),
    timestamp: time,
    data: z.looseObject({ deploy: deploySchema, verdict: verdictSchema }),
  }),
  z.looseObject({
    type: z.literal('followup.due'),
    timestamp: time,
    data: z.looseObject({
      deploy: deploySchema,
      followUp: z.looseObject({ id: text, text, owner: text.nullable() }),
    }),
  }),
  z.looseObject({
    type: z.literal('digest'),
    timestamp: time,
    data: z.looseObject({
      /** Messages that it stands for, each of which would have been one. */
      items: z.array(digestItemSchema),
      /** Older ones that nobody took in time. */
      lost: z.number(),
    }),
  }),
  z.looseObject({
    type: z.literal('test'),
    timestamp: time,
    data: z.looseObject({ receiver: text, url: text }),
  }),
]);

/** A message as all channels render it. */
export type NoticeBody = z.output<typeof noticeBodySchema>;
export type NoticeType = NoticeBody['type'];
export type AlertBody = Extract<NoticeBody, { type: `alert.${string}` }>;
export type DigestBody = Extract<NoticeBody, { type: 'digest' }>;
export type DigestItem = DigestBody['data']['items'][number];

/** Null for a text that no version of ours wrote. */
export function parseNotice(body: string): NoticeBody | null {
  try {
    const parsed = noticeBodySchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What it is about, for receivers that are told of some topics only; null for what goes to whoever it stands for. */
export function topicOf(type: NoticeType): NoticeTopic | null {
  switch (type) {
    case 'alert.firing':
    case 'alert.acknowledged':
    case 'alert.resolved':
      return 'alerts';
    case 'verdict.decided':
      return 'verdicts';
    case 'review.due':
    case 'followup.due':
      return 'reminders';
    case 'digest':
    case 'test':
      return null;
    default:
      return type satisfies never;
  }
}
