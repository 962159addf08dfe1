import type { KnownFacts } from '../claims/audit/known.ts';
import type { Scope, SourceKind } from '../model/target.ts';

/** What the page of a new deploy needs to know of the app. */
export interface NewDeployView {
  asOfMs: number;
  /** The first one is chosen until a person chooses. */
  scopes: readonly NewDeployScope[];
}

/** A scope that a deploy can be of, and what the audit and the binding may compare with. */
export interface NewDeployScope extends Scope {
  known: KnownFacts;
  /** Kinds of source that are configured: what can be measured at all. */
  sources: readonly SourceKind[];
}
