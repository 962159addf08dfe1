'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import type { Comparison, PageWindow } from '@/lib/core/time/page-window.ts';
import { askedParams } from './address.ts';
import { explainFailure, unwrap } from './failure.ts';
import {
  type AskedMetrics,
  type MetricsAddress,
  type MetricsChange,
  metricsHref,
  type ReadMetricsAddress,
  readMetricsAddress,
} from './metrics-address.ts';

/** The server action of the page; passed in, so that a test can answer in the server's place. */
export type ReadMetricsPage = (
  input: Scope & { window: PageWindow; comparison: Comparison | null },
) => Promise<ActionResult<MetricsPageView>>;

type AskedView = Pick<MetricsAddress, 'scope' | 'window' | 'comparison'>;

/** The query of one metrics page: one action a tick. A fixed window is read once and never again. */
export function metricsViewOptions(
  read: ReadMetricsPage,
  { scope, window, comparison }: AskedView,
  initial: { view: MetricsPageView; receivedAtMs: number } | null,
) {
  const { app, environment } = scope;
  const isLive = window.kind === 'live';
  return queryOptions({
    queryKey: ['metrics-page', { app, environment, window, comparison }] as const,
    queryFn: async () => unwrap(await read({ app, environment, window, comparison })),
    ...(initial === null ? {} : { initialData: initial.view, initialDataUpdatedAt: initial.receivedAtMs }),
    staleTime: ({ state: { data } }) => (isLive ? (data?.refreshMs ?? 0) / 2 : Number.POSITIVE_INFINITY),
    refetchInterval: ({ state: { data } }) => (isLive ? (data?.refreshMs ?? false) : false),
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: isLive ? 'always' : false,
    refetchOnReconnect: isLive,
    placeholderData: keepPreviousData,
  });
}

/** The page's data; a failed tick keeps the last good ones. `initial` is what the server drew for `initialAddress`. */
export function useMetricsView(
  read: ReadMetricsPage,
  address: AskedView,
  initial: MetricsPageView,
  initialAddress: AskedView,
) {
  const [drawn] = useState(() => ({ view: initial, receivedAtMs: Date.now() }));
  const keyOf = ({ scope, window, comparison }: AskedView) => JSON.stringify([scope, window, comparison]);
  const isInitial = keyOf(address) === keyOf(initialAddress);
  const query = useQuery(metricsViewOptions(read, address, isInitial ? drawn : null));
  const [lastGood, setLastGood] = useState(drawn);
  const isOwn = query.data !== undefined && !query.isPlaceholderData;
  if (isOwn && query.data !== lastGood.view) {
    setLastGood({ view: query.data, receivedAtMs: query.dataUpdatedAt });
  }
  const shown = isOwn ? { view: query.data, receivedAtMs: query.dataUpdatedAt } : lastGood;
  return {
    ...shown,
    /** True while another address's data stand in. */
    isPlaceholder: !isOwn,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
  };
}

interface AddressInput {
  asked: AskedMetrics;
  read: ReadMetricsAddress;
  scopes: readonly Scope[];
  fallback: Scope;
}

/** The address of the page, its only state. `go` is a new step of the history, without a round trip for the page. */
export function useMetricsAddress({ asked, read, scopes, fallback }: AddressInput) {
  const params = useSearchParams();
  const readParams = useCallback(
    (of: { get: (name: string) => string | null }): ReadMetricsAddress => {
      const here = { ...askedParams((name) => of.get(name)), per: of.get('per'), sort: of.get('sort') };
      return JSON.stringify(here) === JSON.stringify(asked)
        ? read
        : // All that came after the first was made by this page: no clock is needed to judge it.
          readMetricsAddress(here, scopes, fallback, Number.POSITIVE_INFINITY);
    },
    [asked, read, scopes, fallback],
  );
  const shown = useMemo(() => readParams(params), [readParams, params]);
  const current = useCallback(
    (): MetricsAddress => readParams(new URLSearchParams(window.location.search)).address,
    [readParams],
  );
  const go = useCallback(
    (change: MetricsChange): void => {
      const { pathname, search } = window.location;
      const href = metricsHref(change(current()), scopes);
      if (href !== pathname + search) window.history.pushState(null, '', href);
    },
    [current, scopes],
  );
  return { address: shown.address, remarks: shown.remarks, current, go };
}
