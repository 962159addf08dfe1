'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The read behind the Alerts page; passed in, so that a test can answer in the server's place. */
export interface AlertReads {
  readAlerts: (input: Scope & { selected: string | null }) => Promise<ActionResult<AlertsView>>;
}

/** What the page asks for: a scope, and the alert whose detail is wanted. */
export interface AlertsQuestion {
  scope: Scope;
  selected: string | null;
}

/** The one query of the Alerts page: list and detail in one answer a tick. */
export function alertsViewOptions(
  actions: AlertReads,
  { scope: { app, environment }, selected }: AlertsQuestion,
  initial: { view: AlertsView; receivedAtMs: number } | null,
) {
  return queryOptions({
    queryKey: ['alerts', { app, environment, selected }] as const,
    queryFn: async () => unwrap(await actions.readAlerts({ app, environment, selected })),
    ...(initial === null ? {} : { initialData: initial.view, initialDataUpdatedAt: initial.receivedAtMs }),
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? 10_000,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
}

/** The page's data; a failed tick keeps the last good view. `initial` is what the server drew, for `drawnFor`. */
export function useAlertsView(
  actions: AlertReads,
  question: AlertsQuestion,
  initial: AlertsView,
  drawnFor: AlertsQuestion,
) {
  const [drawn] = useState(() => ({ view: initial, receivedAtMs: Date.now() }));
  const isDrawn = JSON.stringify(question) === JSON.stringify(drawnFor);
  const query = useQuery(alertsViewOptions(actions, question, isDrawn ? drawn : null));
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
