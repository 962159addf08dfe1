import { z } from 'zod';
import { claimSchema, claimsDocumentSchema } from '../claims/document.ts';
import { MARK_KINDS } from './view.ts';

/** How we came to know of a deploy. */
export const DEPLOY_ORIGINS = ['api', 'cli', 'page', 'github', 'noticed'] as const;
export type DeployOrigin = (typeof DEPLOY_ORIGINS)[number];

/** What gave away a deploy that nobody told us of. */
export const DEPLOY_SIGNS = ['fly_release', 'machine_version', 'redis_mode', 'secret_digest'] as const;
export type DeploySign = (typeof DEPLOY_SIGNS)[number];

/** A promise as a person left it: read from the summary, or added by hand. */
export const heldClaimSchema = claimSchema.extend({
  /** `proposed` counts for nothing until a person confirms; `removed` keeps its place so that nothing is lost. */
  standing: z.enum(['proposed', 'confirmed', 'removed']),
  /** True when a person wrote or changed it. */
  edited: z.boolean(),
});
export type HeldClaim = z.infer<typeof heldClaimSchema>;

/** One deploy: a release or a change of settings, secrets, scale or Redis mode, and what was promised of it. */
export const deploySchema = z.object({
  /** Sortable by time, not guessable: `20260409T175452-k3v9…`. */
  id: z.string(),
  app: z.string(),
  environment: z.string(),
  /** `v1203`, a commit, or a few words for a change without a release. Unique within its scope and kind for 30 days. */
  release: z.string(),
  /** Other names that it was told or noticed by: the commit of a release that Fly counts. Absent for none. */
  aliases: z.array(z.string()).optional(),
  kind: z.enum(MARK_KINDS),
  /** T₀: its first machine. */
  startMs: z.number(),
  /** Last machine; equal to `startMs` when it did not roll, null while it still does. */
  endMs: z.number().nullable(),
  rolled: z.object({ done: z.number().int(), of: z.number().int() }).nullable(),
  origin: z.enum(DEPLOY_ORIGINS),
  /** Set where it was noticed, also when somebody told us later. */
  sign: z.enum(DEPLOY_SIGNS).nullable(),
  /** First line of the summary, or what was noticed; null without either. */
  title: z.string().nullable(),
  /** Secrets are out; empty when nobody wrote one. */
  summary: z.string(),
  /** As the summary was read; null without one. */
  document: claimsDocumentSchema.nullable(),
  claims: z.array(heldClaimSchema),
  links: z.array(z.string()),
  createdMs: z.number(),
  /** When and by whom the claims were confirmed; null: nothing counts yet. */
  confirmed: z.object({ atMs: z.number(), by: z.string().nullable() }).nullable(),
});
export type Deploy = z.infer<typeof deploySchema>;

/** A deploy in a list. */
export interface DeployLine {
  id: string;
  release: string;
  kind: Deploy['kind'];
  startMs: number;
  endMs: number | null;
  rolled: Deploy['rolled'];
  title: string | null;
  origin: DeployOrigin;
  sign: DeploySign | null;
  /** Claims that count, and all that were read or added and not removed. */
  claims: { confirmed: number; all: number };
  /** Findings of the audit that contradict. */
  auditErrors: number;
}
