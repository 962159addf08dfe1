import { z } from 'zod';
import { CHECK_BLOCKS, CHECK_STATES } from './check.ts';
import { CANT_TELL_REASONS, CLAIM_STATES } from './claim.ts';
import { MARK_KINDS } from './view.ts';

/** What can keep a verdict from being given, or from being final; each is looked at with every evaluation. Closed set. */
export const GUARD_NAMES = [
  'redis_mode',
  'interruption',
  'machines',
  'source',
  'traffic',
  'limiter',
  'uncovered_time',
] as const;
export type GuardName = (typeof GUARD_NAMES)[number];

/** A stretch of the watch in which a claim cannot be told. Blocks that touch it count for nothing. */
export const guardSpanSchema = z.object({
  reason: z.enum(CANT_TELL_REASONS),
  fromMs: z.number(),
  /** Null while it lasts. */
  toMs: z.number().nullable(),
  /** What ends the watch of this claim for good: a suspension, another deploy. */
  final: z.boolean(),
  /** What was seen, one plain clause: `Redis suspended by v1205`. */
  evidence: z.string(),
});
export type GuardSpan = z.infer<typeof guardSpanSchema>;

const stateSchema = z.enum(CLAIM_STATES);
const pairSchema = z.tuple([z.number(), z.number()]).readonly();

/** What a claim was when a guard froze it, or an earlier look. */
export const heldStateSchema = z.object({
  state: stateSchema,
  provisional: z.boolean(),
  sinceMs: z.number().nullable(),
  untilMs: z.number(),
  effectPct: z.number().nullable(),
  interval: pairSchema.nullable(),
  after: z.number().nullable(),
});
export type HeldState = z.infer<typeof heldStateSchema>;

/** Whose numbers the days before T₀ are. `stated`: the summary's own, nobody measured them. */
export const BASELINE_KINDS = ['measured', 'backfilled', 'stated', 'none'] as const;
export type BaselineKind = (typeof BASELINE_KINDS)[number];

/**
 * Where a claim stands, with all that it rests on. Percentages are signed, of the expected level; levels are in base
 * units, rates per second. The same blocks and spans always give the same verdict: replay is live.
 */
export const claimVerdictSchema = z.object({
  state: stateSchema,
  provisional: z.boolean(),
  /** Set if and only if the state is `cant_tell`. */
  reason: z.enum(CANT_TELL_REASONS).nullable(),
  /** Since when the state holds; null while settling, or where nothing was ever told. */
  sinceMs: z.number().nullable(),
  /** What stood before a guard froze it; null where none did, or nothing stood yet. */
  held: heldStateSchema.nullable(),
  /** One or two plain sentences, for someone who has never heard of a confidence interval. */
  why: z.string(),
  effectPct: z.number().nullable(),
  /** 95 %, valid at every look. */
  interval: pairSchema.nullable(),
  /** What was expected of the watched time by the baseline, and what was measured, over the same blocks. */
  before: z.number().nullable(),
  after: z.number().nullable(),
  /** Effect by sums, in percent: since T₀ (after the warm-up that is left out) and of the last 2 h; null where it does not apply. */
  sumsPct: z
    .object({ cumulative: z.number().nullable(), trailing: z.number().nullable(), warmUpMs: z.number() })
    .nullable(),
  /** The same effect per request served; null where requests are not counted. */
  perRequestPct: z.number().nullable(),
  /** Share of the promised change that is proven, 0–1. */
  provenShare: z.number().nullable(),
  /** Share of the belief that the promise is kept, 0–1: for display, never the rule. */
  probability: z.number().nullable(),
  decidedAtMs: z.number().nullable(),
  /** When it can be told at the latest if nothing changes; null when told, or when it cannot be. */
  decidableByMs: z.number().nullable(),
  /** Smallest change in percent that shows after so long; null where none does. */
  smallestChangePct: z.object({
    after1h: z.number().nullable(),
    after6h: z.number().nullable(),
    after24h: z.number().nullable(),
  }),
  baseline: z.object({
    kind: z.enum(BASELINE_KINDS),
    days: z.number().int(),
    excludedDays: z.number().int(),
    /** Fewer than seven days: no verdict beyond on track. */
    weak: z.boolean(),
  }),
  /** Blocks of 5 min: usable ones, and those that the watch has had so far after its settle time. */
  blocks: z.object({ usable: z.number().int(), of: z.number().int() }),
  /** Share of all events that the busiest tenth of the blocks carries, in percent. */
  burstPct: z.number().nullable(),
  /** True when it became noisier than the baseline. */
  noisier: z.boolean(),
  /** How it was told: by intervals of logarithms, by counting single events, or not at all. */
  route: z.enum(['logs', 'counts', 'none']),
  /** When the change began; null where there is none. */
  onset: z.object({ atMs: z.number(), loMs: z.number(), hiMs: z.number() }).nullable(),
  /** Why it can be no more than provisional, each a plain clause. */
  caps: z.array(z.string()),
});
export type ClaimVerdict = z.infer<typeof claimVerdictSchema>;

/** A claim at one look, for histories. */
export interface ClaimLook {
  atMs: number;
  state: ClaimVerdict['state'];
  provisional: boolean;
  reason: ClaimVerdict['reason'];
  effectPct: number | null;
  interval: readonly [number, number] | null;
}

/** A change of state, written down when it is found. */
export const stateChangeSchema = z.object({
  /** The look (or the guard, or the person) that changed it. */
  atMs: z.number(),
  /** Null for the deploy as a whole. */
  claimId: z.string().nullable(),
  from: stateSchema.nullable(),
  to: stateSchema,
  provisional: z.boolean(),
  reason: z.enum(CANT_TELL_REASONS).nullable(),
  evidence: z.string(),
});
export type StateChange = z.infer<typeof stateChangeSchema>;

/** One line of the checklist; `text` and `dueMs` come from the summary or from the product's own list. */
export const watchCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** After T₀, ms. */
  dueMs: z.number(),
  /** False for what only a person can tick. */
  automatic: z.boolean(),
  state: z.enum(CHECK_STATES),
  block: z.enum(CHECK_BLOCKS).nullable(),
  provisional: z.boolean(),
  evidence: z.string().nullable(),
  /** A person's tick. */
  signed: z.object({ by: z.string(), atMs: z.number(), note: z.string().nullable() }).nullable(),
});
export type WatchCheck = z.infer<typeof watchCheckSchema>;

/** A next step of a summary. */
export const followUpStateSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** Null where the summary names no time. */
  dueMs: z.number().nullable(),
  owner: z.string().nullable(),
  done: z.object({ by: z.string(), atMs: z.number() }).nullable(),
  remindedMs: z.number().nullable(),
});
export type FollowUpState = z.infer<typeof followUpStateSchema>;

/** The watch of one deploy as it is kept: opened with its first confirmed claim, closed at its end. */
export const watchRecordSchema = z.object({
  deployId: z.string(),
  release: z.string(),
  app: z.string(),
  environment: z.string(),
  /** T₀, and when its last machine was on it plus the settle time; null while it still rolls. */
  originMs: z.number(),
  settledMs: z.number().nullable(),
  endMs: z.number(),
  openedMs: z.number(),
  /** Once it is over; nothing changes any more. */
  closedMs: z.number().nullable(),
  /** Up to when blocks were judged. */
  judgedMs: z.number(),
  state: stateSchema,
  provisional: z.boolean(),
  reason: z.enum(CANT_TELL_REASONS).nullable(),
  sinceMs: z.number().nullable(),
  claims: z.record(z.string(), claimVerdictSchema),
  checks: z.array(watchCheckSchema),
  followUps: z.array(followUpStateSchema),
  changes: z.array(stateChangeSchema),
  /** Guards that could not be looked at, and why; each caps at provisional. */
  notChecked: z.array(z.object({ guard: z.enum(GUARD_NAMES), why: z.string() })),
  interruption: z
    .object({ atMs: z.number(), release: z.string(), deployId: z.string(), kind: z.enum(MARK_KINDS) })
    .nullable(),
  /** A person's own verdict, which stands over the machine's and never hides it. */
  override: z.object({ state: stateSchema, by: z.string(), reason: z.string(), atMs: z.number() }).nullable(),
});
export type WatchRecord = z.infer<typeof watchRecordSchema>;

/** A watch in a list of deploys. */
export interface WatchLine {
  deployId: string;
  state: WatchRecord['state'];
  provisional: boolean;
  reason: WatchRecord['reason'];
  /** Claims that are met or mostly met, and all that count. */
  met: number;
  of: number;
  /** True once it is over. */
  closed: boolean;
  overridden: boolean;
}
