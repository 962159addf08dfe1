'use client';

import type { BudgetView } from '@/lib/core/model/budget.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { useScopeView } from './use-scope-view.ts';

/** The read behind the Budget page; passed in, so that a test can answer in the server's place. */
export interface BudgetReads {
  readBudget: (input: Scope) => Promise<ActionResult<BudgetView>>;
}

/** What the Budget page shows; `initial` is what the server drew, for `drawnFor`. */
export function useBudgetView(actions: BudgetReads, scope: Scope, initial: BudgetView, drawnFor: Scope) {
  return useScopeView(
    { key: 'budget', read: actions.readBudget, firstRefreshMs: 60_000 },
    scope,
    initial,
    drawnFor,
  );
}
