import { z } from 'zod';
import { AUDIT_KINDS, DIRECTIONS, LIMIT_OPS, spanSchema } from '@/lib/core/claims/document.ts';

/** How a promise is written; `words` is one without any number ("should improve", "must still work"). */
export const FORMS = [
  'labels_apart',
  'table',
  'threshold',
  'percent',
  'saving',
  'arrow',
  'single',
  'from_to',
  'target_achieved',
  'after_first',
  'multiplier',
  'prose',
  'words',
] as const;
export type Form = (typeof FORMS)[number];

/** What was done to a document on its way here. */
export const DAMAGES = [
  'glued_headings',
  'lost_fences',
  'glued_paths',
  'iso_8859_13',
  'site_chrome',
  'text_bullets',
  'blank_lines',
] as const;

/** Pieces of the document, each within one line: where a careful reader finds it. */
const says = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/**
 * One promise as a careful reader lists it. A number that the text does not say is absent. Numbers are in `unit` per
 * `window`, signed as in a `ParsedClaim`.
 */
export const expectedClaimSchema = z.strictObject({
  form: z.enum(FORMS),
  says,
  /** False where two careful readers may differ: neither finding nor missing it counts. */
  required: z.boolean().default(true),
  unit: z.string().optional(),
  window: z.string().optional(),
  before: spanSchema.optional(),
  after: spanSchema.optional(),
  direction: z.enum(DIRECTIONS).optional(),
  changePct: spanSchema.optional(),
  delta: spanSchema.optional(),
  factor: spanSchema.optional(),
  changePp: spanSchema.optional(),
  limit: spanSchema.optional(),
  limitOp: z.enum(LIMIT_OPS).optional(),
  guard: z.boolean().optional(),
  approximate: z.boolean().optional(),
  /** Other readings that are as good: `35 % faster` is +35 or −35, `3x lower` is 3 or a third. */
  altPct: z.array(spanSchema).optional(),
  altFactor: z.array(spanSchema).optional(),
  altDelta: z.array(spanSchema).optional(),
});
export type ExpectedClaim = z.infer<typeof expectedClaimSchema>;

export const expectedCheckSchema = z.strictObject({
  says: z.string().min(1),
  state: z.enum(['waiting', 'done']),
  required: z.boolean().default(true),
});
export type ExpectedCheck = z.infer<typeof expectedCheckSchema>;

export const expectedFollowUpSchema = z.strictObject({
  says: z.string().min(1),
  /** ISO; absent where the text names no exact day. */
  due: z.string().optional(),
  when: z.string().optional(),
  required: z.boolean().default(true),
});
export type ExpectedFollowUp = z.infer<typeof expectedFollowUpSchema>;

export const expectedRollbackSchema = z.strictObject({
  command: z.string().min(1),
  executable: z.boolean(),
  /** True where it depends on what the reader has set up; only the command is judged then. */
  executableUnsure: z.boolean().default(false),
  required: z.boolean().default(true),
});
export type ExpectedRollback = z.infer<typeof expectedRollbackSchema>;

/** Facts that the text states; an absent one is not judged. */
export const expectedDeploySchema = z.strictObject({
  app: z.string().optional(),
  version: z.string().optional(),
  time: z.string().optional(),
  machinesRunning: z.number().int().optional(),
  machinesAssumed: z.number().int().optional(),
  commits: z.array(z.string()).optional(),
  nextReview: z.string().optional(),
  nextReviewAt: z.string().optional(),
});
export type ExpectedDeploy = z.infer<typeof expectedDeploySchema>;

/** The label of one document: everything that a careful reader would list. */
export const expectedDocumentSchema = z.strictObject({
  about: z.string().min(1),
  language: z.enum(['en', 'es']),
  damage: z.array(z.enum(DAMAGES)).default([]),
  claims: z.array(expectedClaimSchema).default([]),
  checks: z.array(expectedCheckSchema).default([]),
  followUps: z.array(expectedFollowUpSchema).default([]),
  rollback: z.array(expectedRollbackSchema).default([]),
  deploy: expectedDeploySchema.default({}),
  /** How many secrets stand in the text, and the texts that must not come out anywhere. */
  redactions: z.number().int().default(0),
  secrets: z.array(z.string()).default([]),
  /** Kinds of findings that must come, and kinds that may; no other one may, unless it is for information only. */
  audit: z.array(z.enum(AUDIT_KINDS)).default([]),
  auditAllowed: z.array(z.enum(AUDIT_KINDS)).default([]),
});
export type ExpectedDocument = z.infer<typeof expectedDocumentSchema>;

/** Documents of one app read together, by name, and the kinds of findings that come only then. */
export const expectedTogetherSchema = z.array(
  z.strictObject({
    about: z.string().min(1),
    documents: z.array(z.string()).min(2),
    audit: z.array(z.enum(AUDIT_KINDS)),
    auditAllowed: z.array(z.enum(AUDIT_KINDS)).default([]),
  }),
);
export type ExpectedTogether = z.infer<typeof expectedTogetherSchema>[number];

/** All pieces of the text that say a claim. */
export function piecesOf(claim: ExpectedClaim): readonly string[] {
  return typeof claim.says === 'string' ? [claim.says] : claim.says;
}

/** 1-based lines of `text` that hold one of the pieces, ascending. */
export function linesOf(text: string, pieces: readonly string[]): number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pieces.some((piece) => line.includes(piece)) ? [index + 1] : []));
}
