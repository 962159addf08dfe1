'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ClaimForecastView } from '@/lib/core/model/watch.ts';
import type { DeployActions } from './deploy-actions.ts';
import { unwrap } from './failure.ts';

/** After the last change of a claim. */
const TYPING_MS = 500;
/** Days that are kept do not change while one types. */
const FRESH_MS = 5 * 60_000;

interface Asked {
  key: string;
  claim: ParsedClaim;
}

/** Where a claim stands in the text, and in whose words, changes nothing about how soon it can be told. */
function contentOf({
  id: _id,
  text: _text,
  source: _source,
  confidence: _confidence,
  ...said
}: ParsedClaim): string {
  return JSON.stringify(said);
}

/**
 * How soon each claim of a page could be told, by key: all in one call, once typing has paused. A claim that has changed
 * since it was asked about has no forecast until the next answer: an old one is never shown beside new numbers.
 */
export function useForecasts(
  actions: Pick<DeployActions, 'readForecasts'>,
  { app, environment }: Scope,
  claims: readonly Asked[],
): { forecasts: ReadonlyMap<string, ClaimForecastView>; isAsking: boolean } {
  const now = JSON.stringify(claims.map(({ key, claim }) => [key, contentOf(claim)]));
  const [settled, setSettled] = useState<{ content: string; claims: readonly Asked[] }>({
    content: '[]',
    claims: [],
  });
  useEffect(() => {
    if (now === settled.content) return;
    const timer = setTimeout(() => setSettled({ content: now, claims }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [now, settled.content, claims]);
  const query = useQuery({
    queryKey: ['forecasts', { app, environment, content: settled.content }] as const,
    queryFn: async () => {
      const asked = settled.claims.map(({ key, claim }) => ({ ...claim, id: key }));
      const told = unwrap(await actions.readForecasts({ app, environment, claims: asked }));
      const contents = new Map(settled.claims.map(({ key, claim }) => [key, contentOf(claim)]));
      return { told, contents, scope: `${app} ${environment}` };
    },
    enabled: settled.claims.length > 0,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    // A forecast is an aid: it is not worth asking again and again for.
    retry: false,
  });
  const forecasts = new Map<string, ClaimForecastView>();
  if (query.data?.scope === `${app} ${environment}`) {
    const told = new Map(query.data.told.map((one) => [one.claimId, one]));
    for (const { key, claim } of claims) {
      const forecast = told.get(key);
      if (forecast !== undefined && query.data.contents.get(key) === contentOf(claim))
        forecasts.set(key, forecast);
    }
  }
  return { forecasts, isAsking: now !== settled.content || query.isFetching };
}
