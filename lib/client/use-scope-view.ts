'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The one query of a page: all that it shows of a scope, in one answer a tick. */
export interface ScopeQuery<V> {
  /** Of the page; no two have the same. */
  key: string;
  read: (input: Scope) => Promise<ActionResult<V>>;
  /** How often it asks before a view has said so. */
  firstRefreshMs: number;
}

/** The page's data; a failed tick keeps the last good view. `initial` is what the server drew, for `drawnFor`. */
export function useScopeView<V extends { refreshMs: number }>(
  { key, read, firstRefreshMs }: ScopeQuery<V>,
  { app, environment }: Scope,
  initial: V,
  drawnFor: Scope,
) {
  const [drawn] = useState(() => ({ view: initial, receivedAtMs: Date.now() }));
  const isDrawn = app === drawnFor.app && environment === drawnFor.environment;
  const query = useQuery<V>({
    queryKey: [key, { app, environment }] as const,
    queryFn: async () => unwrap(await read({ app, environment })),
    ...(isDrawn ? { initialData: drawn.view, initialDataUpdatedAt: drawn.receivedAtMs } : {}),
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? firstRefreshMs,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
  const [last, setLast] = useState(drawn);
  const { data, dataUpdatedAt, isPlaceholderData } = query;
  const own: typeof last | null =
    data === undefined || isPlaceholderData ? null : { view: data, receivedAtMs: dataUpdatedAt };
  if (own !== null && (own.view !== last.view || own.receivedAtMs !== last.receivedAtMs)) setLast(own);
  return {
    ...(own ?? last),
    failure: query.error === null ? null : explainFailure(query.error),
    refetch: query.refetch,
  };
}
