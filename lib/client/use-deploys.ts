'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HeldClaim } from '@/lib/core/model/deploy.ts';
import type { DeploysView, DeployView } from '@/lib/server/queries/deploys.ts';
import type { DeployActions } from './deploy-actions.ts';
import type { DeploysAddress } from './deploys-address.ts';
import { explainFailure, unwrap } from './failure.ts';

const DEPLOY_REFRESH_MS = 15_000;
/** A watch that is over changes only by what people do to it. */
const OVER_REFRESH_MS = 60_000;

/** The list of deploys; a failed tick keeps the last good one. `initial` is what the server drew, for `drawnFor`. */
export function useDeploys(
  actions: Pick<DeployActions, 'readDeploys'>,
  { scope: { app, environment }, kind }: DeploysAddress,
  initial: DeploysView,
  drawnFor: DeploysAddress,
) {
  const [drawn] = useState(() => ({ view: initial, atMs: Date.now() }));
  const isDrawn = JSON.stringify([app, environment, kind]) === drawnKey(drawnFor);
  const query = useQuery({
    queryKey: ['deploys', { app, environment, kind }] as const,
    queryFn: async () =>
      unwrap(await actions.readDeploys({ app, environment, ...(kind === null ? {} : { kinds: [kind] }) })),
    ...(isDrawn ? { initialData: drawn.view, initialDataUpdatedAt: drawn.atMs } : {}),
    staleTime: ({ state: { data } }) => (data?.refreshMs ?? 0) / 2,
    refetchInterval: ({ state: { data } }) => data?.refreshMs ?? DEPLOY_REFRESH_MS,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
  });
  return {
    view: query.data ?? drawn.view,
    receivedAtMs: query.data === undefined ? drawn.atMs : query.dataUpdatedAt,
    isPlaceholder: query.isPlaceholderData,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
  };
}

function drawnKey({ scope, kind }: DeploysAddress): string {
  return JSON.stringify([scope.app, scope.environment, kind]);
}

function isOver(data: DeployView | undefined): boolean {
  const watch = data?.watch?.view;
  return watch !== undefined && watch.nowMs >= watch.endMs;
}

/** One deploy, and the way to change or confirm its claims. */
export function useDeploy(
  actions: Pick<DeployActions, 'readDeploy' | 'saveClaims' | 'confirmClaims'>,
  initial: DeployView,
) {
  const client = useQueryClient();
  const [drawnAtMs] = useState(() => Date.now());
  const { id } = initial.deploy;
  const queryKey = ['deploy', id] as const;
  const query = useQuery({
    queryKey,
    queryFn: async () => unwrap(await actions.readDeploy({ id })),
    initialData: initial,
    initialDataUpdatedAt: drawnAtMs,
    staleTime: DEPLOY_REFRESH_MS / 2,
    refetchInterval: ({ state: { data } }) => (isOver(data) ? OVER_REFRESH_MS : DEPLOY_REFRESH_MS),
    refetchIntervalInBackground: false,
  });
  const change = useMutation({
    mutationFn: async ({ claims, confirm }: { claims: readonly HeldClaim[]; confirm: boolean }) => {
      const input = { id, claims: [...claims] };
      return unwrap(await (confirm ? actions.confirmClaims(input) : actions.saveClaims(input)));
    },
    onMutate: () => client.cancelQueries({ queryKey }),
    onSuccess: (deploy) => {
      client.setQueryData<DeployView>(queryKey, (view) => (view === undefined ? view : { ...view, deploy }));
    },
  });
  return {
    view: query.data,
    receivedAtMs: query.dataUpdatedAt,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
    refetch: query.refetch,
    change: change.mutateAsync,
    isBusy: change.isPending,
    changeFailure: change.error === null ? null : explainFailure(change.error).text,
  };
}
