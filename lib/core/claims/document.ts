import { z } from 'zod';

/** A number, or the two ends of a range as written (`95–99 %` → `[95, 99]`, low end first). */
export const spanSchema = z.union([z.number(), z.tuple([z.number(), z.number()]).readonly()]);
export type Span = z.infer<typeof spanSchema>;

/** What a promise wants of its number; null where the text does not say. */
export const DIRECTIONS = ['down', 'up', 'unchanged'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** How a limit is meant: `should stay below 5`, `target > 95 %`, `must be 0`. */
export const LIMIT_OPS = ['<', '<=', '>', '>=', '='] as const;
export type LimitOp = (typeof LIMIT_OPS)[number];

/**
 * One promise of a summary. Numbers are in the unit that `unit` names, per `window`; null where the text does not say.
 * `unit` is `s`, `ms`, `B`, `KB`, `MB`, `GB`, `%`, `USD`, or the plain noun (`GETs`, `queries`, `connections`);
 * `window` is `s`, `min`, `h`, `day`, `week`, `month`, `year`, or a multiple such as `3h`.
 */
export const claimSchema = z.object({
  /** `c1`, `c2` … in order of their lines. */
  id: z.string(),
  /** The words as written, marks and decorations taken off, secrets taken out. */
  text: z.string(),
  /** Name in the metric catalogue; null when no words fit well enough, which makes the claim unmeasurable until a person binds it. */
  metric: z.string().nullable(),
  /** What narrows the metric to what was said: `{ cmd: 'get' }`, `{ status: '429' }`; empty for all of it. */
  labels: z.record(z.string(), z.string()),
  /** How sure the binding is, 0–1; 0 where `metric` is null. */
  confidence: z.number().min(0).max(1),
  unit: z.string().nullable(),
  window: z.string().nullable(),
  before: spanSchema.nullable(),
  after: spanSchema.nullable(),
  direction: z.enum(DIRECTIONS).nullable(),
  /** Signed percent: −96.7 for a fall, 60 for a rise. */
  changePct: spanSchema.nullable(),
  /** Signed, after − before: −2,090,000 for `saves 2,090,000`. */
  delta: spanSchema.nullable(),
  /** `10–50x faster` → `[10, 50]`. */
  factor: spanSchema.nullable(),
  /** Signed percentage points. */
  changePp: spanSchema.nullable(),
  limit: spanSchema.nullable(),
  /** Set if and only if `limit` is. */
  limitOp: z.enum(LIMIT_OPS).nullable(),
  /** True for `should not increase`, `must stay`: a promise that nothing gets worse. */
  guard: z.boolean(),
  /** True when the text says `about`, `~`, `approximately`. */
  approximate: z.boolean(),
  /** 1-based lines of the text as it was given; `lines` are all that say it, `line` the first. */
  source: z.object({ line: z.number().int(), lines: z.array(z.number().int()) }),
});
export type ParsedClaim = z.infer<typeof claimSchema>;

export const checkSchema = z.object({
  text: z.string(),
  state: z.enum(['waiting', 'done']),
  /** The claim that this check asks for. */
  claimId: z.string().optional(),
  line: z.number().int(),
});
export type ParsedCheck = z.infer<typeof checkSchema>;

export const followUpSchema = z.object({
  text: z.string(),
  /** ISO date or time; null when the text names no time or the summary has no date to count from. */
  due: z.string().nullable(),
  /** As written: `this week`, `next quarter`. */
  when: z.string().nullable(),
  line: z.number().int(),
});
export type FollowUp = z.infer<typeof followUpSchema>;

export const rollbackSchema = z.object({
  command: z.string(),
  executable: z.boolean(),
  /** Why it cannot run as written, or what it would undo or contradict. */
  why: z.string().optional(),
  line: z.number().int(),
});
export type RollbackStep = z.infer<typeof rollbackSchema>;

/** Closed set; what each means stands in docs/claims.md. */
export const AUDIT_KINDS = [
  'percent',
  'savings',
  'window',
  'month',
  'parts',
  'two_baselines',
  'two_targets',
  'unit_factor',
  'price',
  'machines',
  'interval',
  'ttl',
  'verification',
  'rollback',
  'concentration',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** `error`: the numbers contradict each other. `warning`: they can hardly all be true. `info`: rounding, or worth knowing. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const findingSchema = z.object({
  kind: z.enum(AUDIT_KINDS),
  severity: z.enum(SEVERITIES),
  /** One sentence with both numbers. */
  message: z.string(),
  stated: z.string(),
  computed: z.string(),
  /** 1-based; in a finding across documents `FILE:LINE`. */
  lines: z.array(z.union([z.number().int(), z.string()])),
});
export type Finding = z.infer<typeof findingSchema>;

/** What the summary says of its deploy; null where it says nothing. */
export const deployFactsSchema = z.object({
  app: z.string().nullable(),
  version: z.string().nullable(),
  /** ISO with as much as was written: `2026-04-09T17:54:52Z`, `2026-04-09`, `2026-04`. */
  time: z.string().nullable(),
  /** Machines that run, and machines that a sum counts on (`36 connections for 3 machines`). */
  machinesRunning: z.number().int().nullable(),
  machinesAssumed: z.number().int().nullable(),
  status: z.string().nullable(),
  commits: z.array(z.string()),
  links: z.array(z.string()),
  /** As written: `24 hours`; `nextReviewAt` is ISO where it can be counted from the time. */
  nextReview: z.string().nullable(),
  nextReviewAt: z.string().nullable(),
});
export type DeployFacts = z.infer<typeof deployFactsSchema>;

/** One summary, read. */
export const claimsDocumentSchema = z.object({
  deploy: deployFactsSchema,
  claims: z.array(claimSchema),
  checks: z.array(checkSchema),
  followUps: z.array(followUpSchema),
  rollback: z.array(rollbackSchema),
  audit: z.array(findingSchema),
  /** How many secrets were taken out before anything was read. */
  redactions: z.number().int(),
});
export type ClaimsDocument = z.infer<typeof claimsDocumentSchema>;

/** A summary as the reader hands it to the audit: everything but the findings, and the lines that it was read from. */
export interface ReadSummary extends Omit<ClaimsDocument, 'audit'> {
  /** The repaired, scrubbed text, one entry a line of the text as given (`lines[0]` is line 1). */
  readonly lines: readonly string[];
  /** Numbers that are no promise but that the audit needs: machines, TTLs, poll intervals, parts of a whole. */
  readonly facts: readonly StatedFact[];
  /** Sentences on what was too long to be read; absent when everything was. */
  readonly cuts?: readonly string[];
}

/** A number with its words that is no claim by itself. */
export interface StatedFact {
  readonly kind:
    | 'ttl'
    | 'interval'
    | 'machines'
    | 'per_machine'
    | 'part'
    | 'total'
    | 'price'
    | 'verified_at'
    | 'verify_for';
  readonly text: string;
  readonly value: Span | null;
  readonly unit: string | null;
  readonly window: string | null;
  readonly line: number;
}
