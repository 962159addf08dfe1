'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentsView, IncidentView } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { explainFailure, unwrap } from './failure.ts';
import type { IncidentReads } from './incident-actions.ts';

/** The list of incidents of a scope; a failed tick keeps the last good one. `initial` is what the server drew. */
export function useIncidents(
  actions: Pick<IncidentReads, 'readIncidents'>,
  { app, environment }: Scope,
  initial: IncidentsView,
) {
  const [drawn] = useState(() => ({ view: initial, atMs: Date.now() }));
  const isDrawn = app === initial.scope.app && environment === initial.scope.environment;
  const query = useQuery({
    queryKey: ['incidents', { app, environment }] as const,
    queryFn: async () => unwrap(await actions.readIncidents({ app, environment })),
    ...(isDrawn ? { initialData: drawn.view, initialDataUpdatedAt: drawn.atMs } : {}),
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? 10_000,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
  return {
    view: query.data ?? drawn.view,
    receivedAtMs: query.data === undefined ? drawn.atMs : query.dataUpdatedAt,
    isPlaceholder: query.isPlaceholderData,
    failure: query.error === null ? null : explainFailure(query.error),
    refetch: query.refetch,
  };
}

/** One incident, whole, in one answer a tick; a failed tick keeps the last good one. */
export function useIncident(actions: Pick<IncidentReads, 'readIncident'>, initial: IncidentView) {
  const [drawnAtMs] = useState(() => Date.now());
  const { id } = initial.incident;
  const query = useQuery({
    queryKey: ['incident', id] as const,
    queryFn: async () => unwrap(await actions.readIncident({ id })),
    initialData: initial,
    initialDataUpdatedAt: drawnAtMs,
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? 10_000,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
  });
  return {
    view: query.data,
    receivedAtMs: query.dataUpdatedAt,
    failure: query.error === null ? null : explainFailure(query.error),
    refetch: query.refetch,
  };
}
