'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  MadeShare,
  SharePreview,
  ShareSubject,
  ShareSwitches,
  SharesView,
} from '@/lib/core/model/share.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The server actions of shared links; passed in, so that a test can answer in the server's place. */
export interface ShareActions {
  previewShare: (input: {
    subject: ShareSubject;
    switches: ShareSwitches;
  }) => Promise<ActionResult<SharePreview>>;
  makeShare: (input: { previewId: string; days: number; by: string }) => Promise<ActionResult<MadeShare>>;
  readShares: (input: { subject: ShareSubject | null }) => Promise<ActionResult<SharesView>>;
  revokeShare: (input: { id: string; by: string }) => Promise<ActionResult<{ id: string }>>;
}

const LISTS = ['shares'] as const;

const textOf = (error: Error | null): string | null => (error === null ? null : explainFailure(error).text);

/** Links that were made of a subject, or all of them (null), and the way to end one. */
export function useShares(actions: ShareActions, subject: ShareSubject | null) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: [...LISTS, subject],
    queryFn: async () => unwrap(await actions.readShares({ subject })),
  });
  const end = useMutation({
    mutationFn: async (asked: { id: string; by: string }) => unwrap(await actions.revokeShare(asked)),
    onSettled: () => client.invalidateQueries({ queryKey: LISTS }),
  });
  return {
    view: query.data ?? null,
    isBusy: end.isPending,
    failure: textOf(end.error ?? query.error),
    /** Rejects where the link was not ended; why is in `failure`. */
    end: end.mutateAsync,
  };
}

/** What would leave with these switches. The copy before stays in view until the next one is there. */
export function useSharePreview(actions: ShareActions, subject: ShareSubject, switches: ShareSwitches) {
  const query = useQuery({
    queryKey: ['share-preview', subject, switches],
    queryFn: async () => unwrap(await actions.previewShare({ subject, switches })),
    placeholderData: keepPreviousData,
    // What is looked at is what leaves: it changes only when a switch does, or when it is asked for again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return {
    preview: query.data ?? null,
    /** True while what is seen is not what the switches say. */
    isOld: query.isPlaceholderData || query.isFetching,
    failure: textOf(query.error),
    again: () => void query.refetch(),
  };
}

/** Makes the link; its text is held here until it is put away. */
export function useMakeShare(actions: ShareActions) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async (asked: { previewId: string; days: number; by: string }) =>
      unwrap(await actions.makeShare(asked)),
    // The text of a link must not stay in memory after it was put away.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: LISTS }),
  });
  return {
    made: make.data ?? null,
    isBusy: make.isPending,
    failure: textOf(make.error),
    make: make.mutateAsync,
    putAway: () => make.reset(),
  };
}
