'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The read behind the Budget page; passed in, so that a test can answer in the server's place. */
export interface BudgetReads {
  readBudget: (input: Scope) => Promise<ActionResult<BudgetView>>;
}

/** The one query of the Budget page: everything in one answer a tick. */
export function budgetViewOptions(
  actions: BudgetReads,
  { app, environment }: Scope,
  initial: { view: BudgetView; receivedAtMs: number } | null,
) {
  return queryOptions({
    queryKey: ['budget', { app, environment }] as const,
    queryFn: async () => unwrap(await actions.readBudget({ app, environment })),
    ...(initial === null ? {} : { initialData: initial.view, initialDataUpdatedAt: initial.receivedAtMs }),
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? 60_000,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
}

/** The page's data; a failed tick keeps the last good view. `initial` is what the server drew, for `drawnFor`. */
export function useBudgetView(actions: BudgetReads, scope: Scope, initial: BudgetView, drawnFor: Scope) {
  const [drawn] = useState(() => ({ view: initial, receivedAtMs: Date.now() }));
  const isDrawn = scope.app === drawnFor.app && scope.environment === drawnFor.environment;
  const query = useQuery(budgetViewOptions(actions, scope, isDrawn ? drawn : null));
  const [last, setLast] = useState(drawn);
  const isOwn = query.data !== undefined && !query.isPlaceholderData;
  if (isOwn && (query.data !== last.view || query.dataUpdatedAt !== last.receivedAtMs)) {
    setLast({ view: query.data, receivedAtMs: query.dataUpdatedAt });
  }
  const shown = isOwn ? { view: query.data, receivedAtMs: query.dataUpdatedAt } : last;
  return {
    ...shown,
    failure: query.error === null ? null : explainFailure(query.error),
    refetch: query.refetch,
  };
}
