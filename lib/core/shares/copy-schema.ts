import { z } from 'zod';
import { UNITS } from '../metrics/catalogue/entry.ts';
import { ALERT_STATES } from '../model/alert.ts';
import { CHECK_BLOCKS, CHECK_STATES } from '../model/check.ts';
import { CANT_TELL_REASONS, CLAIM_STATES, PROMISE_DIRECTIONS } from '../model/claim.ts';
import { IMPACT_IDS, INCIDENT_STATUSES } from '../model/incident.ts';
import { REDIS_MODES } from '../model/redis-mode.ts';
import { QUALITIES } from '../model/sample.ts';
import { type FrozenCopy, SHARE_KINDS, SHARE_SWITCHES } from '../model/share.ts';
import { MARK_KINDS } from '../model/view.ts';
import { RATE_WINDOWS } from '../units/format-rate.ts';

/** Names of things within a copy: neutral words that lead nowhere, never the ids that we know them by. */
const id = z.string().regex(/^[a-z][a-z0-9_]*(?::[a-z]+)?(?:-\d+)?$/);
const ms = z.number();
const number = z.number();
const maybe = z.number().nullable();
const range = z.strictObject({ startMs: ms, endMs: ms });
const point = z.tuple([ms, maybe]).readonly();
const quality = z.enum(QUALITIES);
const unit = z.enum(UNITS);
const claimState = z.enum(CLAIM_STATES);

/** What a person or a source wrote: every text passes through the one function that a schema is made with. */
type Text = z.ZodType<string, string>;

const fact = (text: Text) =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('deploy'),
      deployId: id,
      release: text,
      mark: z.enum(MARK_KINDS),
    }),
    z.strictObject({ kind: z.literal('mode'), mode: z.enum(REDIS_MODES) }),
    z.strictObject({ kind: z.literal('alert'), alertId: id, state: z.enum(ALERT_STATES) }),
    z.strictObject({
      kind: z.literal('verdict'),
      deployId: id,
      claimId: id.nullable(),
      state: claimState,
    }),
    z.strictObject({ kind: z.literal('status'), status: z.enum(INCIDENT_STATUSES) }),
    z.strictObject({ kind: z.literal('note'), markdown: text }),
    z.strictObject({ kind: z.literal('hypothesis'), state: z.enum(['open', 'confirmed', 'refuted']) }),
    z.strictObject({ kind: z.literal('action'), done: z.boolean() }),
    z.strictObject({ kind: z.literal('share') }),
    z.strictObject({ kind: z.literal('merge'), incidentId: id }),
  ]);

const mark = (text: Text) =>
  z.strictObject({
    id,
    release: text,
    kind: z.enum(MARK_KINDS),
    startMs: ms,
    endMs: ms.nullable(),
    rolled: z.strictObject({ done: number, of: number }).nullable(),
    minor: z.boolean(),
    href: z.null(),
  });

const chartView = (text: Text) =>
  z.strictObject({
    unit,
    as: z.enum(['rate', 'increase', 'value']),
    range,
    stepMs: number,
    lines: z.array(z.strictObject({ key: id, label: text, quality, points: z.array(point) })),
    lastIsPartial: z.boolean(),
    gaps: z.array(z.strictObject({ startMs: ms, endMs: ms, reason: text })),
    history: z
      .array(z.strictObject({ startMs: ms, endMs: ms, provider: text, resolutionMs: number }))
      .exactOptional(),
    coverage: z.strictObject({ measuredMs: number, backfilledMs: number }).exactOptional(),
    resets: z.array(ms),
    goals: z.array(z.strictObject({ direction: z.enum(['atMost', 'atLeast']), value: number, text })),
    plans: z.array(z.strictObject({ value: number, text })),
    usual: z
      .strictObject({
        label: text,
        backfilled: z.strictObject({ days: number, of: number, provider: text }).exactOptional(),
        points: z.array(point),
        band: z.array(z.tuple([ms, maybe, maybe]).readonly()),
      })
      .nullable(),
    usualForming: z.strictObject({ days: number, needed: number }).exactOptional(),
    // A second window lies outside of the range.
    comparison: z.null(),
    change: z.strictObject({ before: number, after: number, beforeWords: text, afterWords: text }).nullable(),
    latest: z.strictObject({ atMs: ms, value: number }).nullable(),
    overall: maybe,
    // What would bring the data is for those who run the server.
    missing: z.strictObject({ reason: text, fix: z.null() }).nullable(),
    note: text.nullable(),
    stale: z.boolean(),
  });

const claim = (text: Text) =>
  z.strictObject({
    id,
    title: text,
    why: text.nullable(),
    unit,
    window: z.enum(RATE_WINDOWS).nullable(),
    before: maybe,
    promised: z
      .strictObject({ direction: z.enum(PROMISE_DIRECTIONS), value: number, limit: number })
      .nullable(),
    measured: maybe,
    effectPct: maybe,
    interval: z.tuple([number, number]).readonly().nullable(),
    provisional: z.boolean(),
    state: claimState,
    reason: z.enum(CANT_TELL_REASONS).nullable(),
    sinceMs: ms.nullable(),
    provenShare: maybe,
    decidableByMs: ms.nullable(),
    quality,
    metricNote: text.nullable(),
  });

/** The one list of what may leave. Unknown keys are faults at every depth. */
function makeCopySchema(text: Text): z.ZodType<FrozenCopy, unknown> {
  return z.strictObject({
    version: z.literal(1),
    kind: z.enum(SHARE_KINDS),
    place: text,
    title: text,
    lead: text.nullable(),
    standing: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('incident'), status: z.enum(INCIDENT_STATUSES) }),
        z.strictObject({ kind: z.literal('deploy'), state: claimState, provisional: z.boolean() }),
      ])
      .nullable(),
    range,
    span: z.strictObject({ startMs: ms, endMs: ms.nullable() }).nullable().exactOptional(),
    frozenAtMs: ms,
    deploy: z.strictObject({ release: text, startMs: ms }).nullable(),
    rail: z
      .strictObject({
        release: text,
        originMs: ms,
        endMs: ms,
        nowMs: ms,
        stops: z.array(
          z.strictObject({
            offsetMs: ms,
            state: z.enum(CHECK_STATES),
            block: z.enum(CHECK_BLOCKS).nullable(),
            provisional: z.boolean(),
          }),
        ),
        interruption: z.strictObject({ atMs: ms, release: text, kind: z.enum(MARK_KINDS) }).nullable(),
      })
      .nullable()
      .exactOptional(),
    impact: z.array(
      z.strictObject({
        id: z.enum(IMPACT_IDS),
        value: maybe,
        unit: z.enum([...UNITS, 'ms']),
        label: text,
        note: text.nullable(),
        why: text.nullable(),
        quality,
      }),
    ),
    charts: z.array(
      z.strictObject({
        id,
        title: text,
        question: text,
        variant: z.enum(['line', 'bars']),
        view: chartView(text),
        marks: z.array(mark(text)),
      }),
    ),
    claims: z.array(claim(text)),
    checks: z.array(
      z.strictObject({ title: text, dueMs: ms, state: z.enum(CHECK_STATES), evidence: text.nullable() }),
    ),
    timeline: z.array(
      z.strictObject({
        atMs: ms,
        fact: fact(text),
        title: text,
        detail: text.nullable(),
        by: text.nullable(),
      }),
    ),
    hypotheses: z.array(
      z.strictObject({
        text,
        state: z.enum(['open', 'confirmed', 'refuted']),
        evidence: text.nullable(),
      }),
    ),
    actions: z.array(
      z.strictObject({ text, owner: text.nullable(), dueMs: ms.nullable(), done: z.boolean() }),
    ),
    leftOut: z.array(
      z.strictObject({ what: z.enum([...SHARE_SWITCHES, 'secrets', 'hidden']), count: number }),
    ),
  });
}

/** A copy as it is kept and shown: texts as they are. */
export const frozenCopySchema = makeCopySchema(z.string());

const AS_IT_IS = (text: string): string => text;
/** What texts pass through while one copy is read: building the list anew for each would cost far more than reading. */
let mapText = AS_IT_IS;
const mappedSchema = makeCopySchema(z.string().transform((text) => mapText(text)));

/**
 * Holds a value against the list. Every text that somebody wrote passes through `text`, so that nothing can leave around
 * what takes names and secrets out.
 */
export function parseCopy(value: unknown, text: (text: string) => string): z.ZodSafeParseResult<FrozenCopy> {
  mapText = text;
  try {
    return mappedSchema.safeParse(value);
  } finally {
    mapText = AS_IT_IS;
  }
}
