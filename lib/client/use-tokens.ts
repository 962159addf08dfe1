'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MadeToken, TokenScope } from '@/lib/core/model/token.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import type { TokensView } from '@/lib/server/queries/tokens.ts';
import { explainFailure, unwrap } from './failure.ts';

/** The server actions of the list of tokens; passed in, so that a test can answer in the server's place. */
export interface TokenActions {
  readTokens: (input: Record<string, never>) => Promise<ActionResult<TokensView>>;
  makeToken: (input: { name: string; scopes: TokenScope[] }) => Promise<ActionResult<MadeToken>>;
  endToken: (input: { id: string }) => Promise<ActionResult<{ revoked: string }>>;
}

const KEY = ['tokens'] as const;

/** Tokens as the server lists them, and the ways to change them. A made token is held here until it is put away. */
export function useTokens(actions: TokenActions) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: async () => unwrap(await actions.readTokens({})) });
  const onSettled = () => client.invalidateQueries({ queryKey: KEY });
  const make = useMutation({
    mutationFn: async (asked: { name: string; scopes: TokenScope[] }) =>
      unwrap(await actions.makeToken(asked)),
    // The text of a token must not stay in memory after it was put away.
    gcTime: 0,
    onSettled,
  });
  const end = useMutation({
    mutationFn: async (id: string) => unwrap(await actions.endToken({ id })),
    onSettled,
  });
  const error = make.error ?? end.error ?? query.error;
  return {
    view: query.data ?? null,
    made: make.data ?? null,
    isBusy: make.isPending || end.isPending,
    failure: error === null ? null : explainFailure(error).text,
    make: (asked: { name: string; scopes: TokenScope[] }) => {
      end.reset();
      make.mutate(asked);
    },
    putAway: () => make.reset(),
    end: (id: string) => {
      if (make.isError) make.reset();
      end.mutate(id);
    },
  };
}
