import { CANT_TELL_REASONS } from './claim.ts';

/** Closed set; each comes with evidence, or with the name of the person who ticked it. */
export const CHECK_STATES = ['waiting', 'passing', 'failing', 'done', 'blocked'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** Why a check cannot be looked at. `no_demand`: nothing reached the limit that it is about. */
export const CHECK_BLOCKS = [...CANT_TELL_REASONS, 'no_demand'] as const;
export type CheckBlock = (typeof CHECK_BLOCKS)[number];

export interface CheckView {
  id: string;
  title: string;
  /** After T₀, ms. */
  dueMs: number;
  state: CheckState;
  /** Set if and only if the state is `blocked`. */
  block: CheckBlock | null;
  /** True for a pass that a later look may take back. */
  provisional: boolean;
  /** What was seen, in words: `2 of 2 on v1203 at 17:57:36Z`; null before it is due. */
  evidence: string | null;
  /** A person's own tick; null for what the machine looked at. */
  signed: { by: string; atMs: number; note: string | null } | null;
}
