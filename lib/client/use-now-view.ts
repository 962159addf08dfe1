'use client';

import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult, NowTick, NowView } from '@/lib/core/model/view.ts';
import type { NamedRange } from '@/lib/core/time/named-range.ts';
import { explainFailure, unwrap } from './failure.ts';
import { mergeTick, nextSinceMs, WHOLE_RANGE_MS } from './merge-tick.ts';
import type { NowAddress } from './now-address.ts';

/** The two server actions of the Now page; passed in, so that a test can answer in the server's place. */
export interface NowActions {
  readNowTick: (input: Scope & { range: NamedRange; sinceMs: number }) => Promise<ActionResult<NowTick>>;
  pollNow: (scope: Scope) => Promise<ActionResult<{ visited: number }>>;
}

/** Until the first view says better. */
const FIRST_REFRESH_MS = 15_000;

function keyOf({ scope: { app, environment }, range }: NowAddress) {
  return ['now', { app, environment, range }] as const;
}

async function readView(actions: NowActions, client: QueryClient, address: NowAddress): Promise<NowView> {
  const { app, environment } = address.scope;
  const ask = async (sinceMs: number): Promise<NowTick> =>
    unwrap(await actions.readNowTick({ app, environment, range: address.range, sinceMs }));
  const known = client.getQueryData<NowView>(keyOf(address));
  if (known !== undefined) {
    const merged = mergeTick(known, await ask(nextSinceMs(known)));
    if (merged !== null) return merged;
  }
  const { sinceMs: _, ...view } = await ask(WHOLE_RANGE_MS);
  return view;
}

/** The query of one Now page: one batched action a tick that brings only what is new. */
export function nowViewOptions(
  actions: NowActions,
  client: QueryClient,
  address: NowAddress,
  initial: NowView | null,
) {
  return queryOptions({
    queryKey: keyOf(address),
    queryFn: () => readView(actions, client, address),
    ...(initial === null ? {} : { initialData: initial }),
    // Shorter than a tick, so that coming back to the page asks at once.
    staleTime: (query) => (query.state.data?.refreshMs ?? FIRST_REFRESH_MS) / 2,
    refetchInterval: (query) => query.state.data?.refreshMs ?? FIRST_REFRESH_MS,
    placeholderData: keepPreviousData,
    // mergeTick already keeps what did not change.
    structuralSharing: false,
  });
}

/**
 * The Now page's data and what goes with them. `initial` is what the server drew and `initialAddress` what it drew it
 * for; it is not asked for again. A failed tick keeps the last good view.
 */
export function useNowView(
  actions: NowActions,
  address: NowAddress,
  initial: NowView,
  initialAddress: NowAddress,
) {
  const client = useQueryClient();
  const isInitial = JSON.stringify(keyOf(address)) === JSON.stringify(keyOf(initialAddress));
  const query = useQuery(nowViewOptions(actions, client, address, isInitial ? initial : null));
  const poll = useMutation({
    mutationFn: async () => unwrap(await actions.pollNow({ ...address.scope })),
    onSuccess: () => query.refetch(),
  });
  return {
    view: query.data ?? initial,
    /** The browser's clock when the view came in. */
    receivedAtMs: query.dataUpdatedAt,
    /** True while another address's data stand in. */
    isPlaceholder: query.isPlaceholderData,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
    poll: {
      run: () => poll.mutate(),
      isRunning: poll.isPending,
      failure: poll.error === null ? null : explainFailure(poll.error),
    },
  };
}
