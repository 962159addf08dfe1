import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { Runtime } from '../../runtime.ts';

/** What readers of facts may use of the runtime; books are absent where none are kept. */
export type FactDeps = Pick<Runtime, 'config' | 'clock' | 'store' | 'poller'> &
  Partial<Pick<Runtime, 'modes' | 'deploys' | 'watches' | 'ledger'>>;

export interface FactQuestion {
  deps: FactDeps;
  scope: Scope;
  /** Of the targets of the scope, as they are now. */
  statuses: readonly TargetStatus[];
  /** Times that will be asked for: from `startMs` to `endMs`, both included. A look of now asks for one time. */
  times: TimeRange;
  /** True when the past is walked: then nothing may be told from what is only known now. */
  isPast: boolean;
}

/**
 * Reads one part of the facts once for all times of the question, and tells it for each of them: what was known then, and
 * nothing of what came later. Live looks and backtests go the same way.
 */
export type FactReader<T> = (question: FactQuestion) => Promise<(atMs: number) => T>;
