import 'server-only';
import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import type { Scope } from '@/lib/core/model/target.ts';

/** What others are to be told of alerts, as delivery sees it. */
export interface AlertNotices {
  /** The newest notices of a scope, oldest first, and how many there ever were; null before they were read. */
  current(scope: Scope): { noticed: number; notices: readonly AlertNotice[] } | null;
  /**
   * Has a listener told of every scope with new notices, once they are durable (or could not be made so: then telling
   * twice is better than not at all); gives what ends that.
   */
  onNotice(run: (scope: Scope) => void): () => void;
}
