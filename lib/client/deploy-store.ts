import { z } from 'zod';
import { claimSchema } from '@/lib/core/claims/document.ts';
import { MARK_KINDS } from '@/lib/core/model/view.ts';

const STORAGE_KEY = 'afterwatch_new_deploy';

const draftSchema = z.object({
  /** Secrets are out. */
  text: z.string(),
  /** How many secrets were taken out since the page was empty. */
  redactions: z.number().int(),
  /** Null: as the summary names it. */
  release: z.string().nullable(),
  kind: z.enum(MARK_KINDS),
  /** As typed; null: as the summary states it. */
  time: z.string().nullable(),
  /** `app · environment`; null: the first one. */
  scope: z.string().nullable(),
  claims: z.array(
    z.object({
      key: z.string(),
      claim: claimSchema,
      read: claimSchema.nullable(),
      isRemoved: z.boolean(),
    }),
  ),
});

/** A deploy that is being written, as this tab keeps it until it is registered. */
export type DeployDraft = z.infer<typeof draftSchema>;

/** Nothing written yet. */
export const EMPTY_DRAFT: DeployDraft = {
  text: '',
  redactions: 0,
  release: null,
  kind: 'code',
  time: null,
  scope: null,
  claims: [],
};

/** What was being written in this tab; null without anything, and where the browser keeps nothing for us. */
export function loadDraft(): DeployDraft | null {
  try {
    const stored = window.sessionStorage.getItem(STORAGE_KEY);
    return stored === null ? null : (draftSchema.safeParse(JSON.parse(stored)).data ?? null);
  } catch {
    return null;
  }
}

/** Keeps it in this tab only; an empty one is forgotten. */
export function keepDraft(draft: DeployDraft): void {
  try {
    if (draft === EMPTY_DRAFT || (draft.text === '' && draft.claims.length === 0)) {
      window.sessionStorage.removeItem(STORAGE_KEY);
    } else window.sessionStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
  } catch {
    // Denied or full: it holds until the page is left.
  }
}
