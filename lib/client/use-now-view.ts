'use client';

import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult, NowTick, NowView, Revisions } from '@/lib/core/model/view.ts';
import type { Comparison, PageWindow } from '@/lib/core/time/page-window.ts';
import type { NowAddress } from './address.ts';
import { explainFailure, unwrap } from './failure.ts';
import { mergeTick, nextSinceMs, WHOLE_RANGE_MS, wholeView } from './merge-tick.ts';
import { freezeWindow, goLive } from './window-moves.ts';

/** What a tick of the Now page is asked for. */
export interface NowTickInput extends Scope {
  window: PageWindow;
  comparison: Comparison | null;
  /** Points before it are known here. */
  sinceMs: number;
  /** The details of a suspension too: somebody has its banner open. */
  details: boolean;
  /** Revisions of what is known here; left out where all of it is asked for. */
  known?: Revisions;
}

/** The two server actions of the Now page; passed in, so that a test can answer in the server's place. */
export interface NowActions {
  readNowTick: (input: NowTickInput) => Promise<ActionResult<NowTick>>;
  pollNow: (scope: Scope) => Promise<ActionResult<{ visited: number }>>;
}

/** Until the first view says better. */
const FIRST_REFRESH_MS = 15_000;

/** A view and the browser's clock when it came in. */
interface KnownView {
  view: NowView;
  receivedAtMs: number;
}

/** What of an address the server is asked for; the rest is how it is shown. */
type AskedView = Pick<NowAddress, 'scope' | 'window' | 'comparison'>;

function keyOf({ scope: { app, environment }, window, comparison }: AskedView) {
  return ['now', { app, environment, window, comparison }] as const;
}

async function readView(
  actions: NowActions,
  client: QueryClient,
  address: AskedView,
  wantsDetails: () => boolean,
): Promise<NowView> {
  const { app, environment } = address.scope;
  const { window, comparison } = address;
  const ask = async (sinceMs: number, parts?: Revisions): Promise<NowTick> => {
    const asked = { app, environment, window, comparison, sinceMs, details: wantsDetails() };
    return unwrap(await actions.readNowTick(parts === undefined ? asked : { ...asked, known: parts }));
  };
  const known = client.getQueryData<NowView>(keyOf(address));
  if (known !== undefined && known.window.kind === window.kind) {
    const merged = mergeTick(known, await ask(nextSinceMs(known), known.revisions));
    if (merged !== null) return merged;
  }
  return wholeView(await ask(WHOLE_RANGE_MS));
}

/**
 * What a window that was just frozen shows at first: the live view that it was frozen from, and when that came in. Null
 * for any other window.
 */
function frozenFrom(client: QueryClient, address: AskedView): KnownView | null {
  const { window } = address;
  if (window.kind === 'live') return null;
  const state = client.getQueryState<NowView>(keyOf({ ...address, window: goLive(window) }));
  if (state?.data === undefined || state.data.window.kind === 'fixed') return null;
  const frozen = freezeWindow(state.data.window, state.data.range);
  const isThis =
    frozen.kind === 'fixed' && frozen.startMs === window.startMs && frozen.endMs === window.endMs;
  return isThis ? { view: state.data, receivedAtMs: state.dataUpdatedAt } : null;
}

/**
 * The query of one Now page: one batched action a tick that brings only what is new. A fixed window is read once and
 * never again, a frozen one too, so that its sentence speaks of the window and a link to it shows the same. A live one
 * rests while the page is hidden and ticks at once when it is seen again.
 */
export function nowViewOptions(
  actions: NowActions,
  client: QueryClient,
  address: AskedView,
  initial: KnownView | null,
  wantsDetails: () => boolean = () => false,
) {
  const isLive = address.window.kind === 'live';
  const known = initial ?? frozenFrom(client, address);
  return queryOptions({
    queryKey: keyOf(address),
    queryFn: () => readView(actions, client, address, wantsDetails),
    // With its age: after a long freeze the cache has forgotten the live view, and what the server drew is old by then.
    ...(known === null ? {} : { initialData: known.view, initialDataUpdatedAt: known.receivedAtMs }),
    // Shorter than a tick, so that coming back to a live window asks at once.
    staleTime: ({ state: { data } }) => {
      if (isLive) return (data?.refreshMs ?? FIRST_REFRESH_MS) / 2;
      return data?.window.kind === 'fixed' ? Number.POSITIVE_INFINITY : 0;
    },
    refetchInterval: (query) => (isLive ? (query.state.data?.refreshMs ?? FIRST_REFRESH_MS) : false),
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: isLive ? 'always' : false,
    refetchOnReconnect: isLive,
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
  address: AskedView,
  initial: NowView,
  initialAddress: AskedView,
) {
  const client = useQueryClient();
  const isInitial = JSON.stringify(keyOf(address)) === JSON.stringify(keyOf(initialAddress));
  const [drawn] = useState<KnownView>(() => ({ view: initial, receivedAtMs: Date.now() }));
  // Asked for at the next tick; not a part of the key, since it is the same picture with or without.
  const hasDetails = useRef(false);
  const [wantsDetails] = useState(() => () => hasDetails.current);
  const query = useQuery(nowViewOptions(actions, client, address, isInitial ? drawn : null, wantsDetails));
  const [lastGood, setLastGood] = useState(drawn);
  // A window whose first read failed has no data of its own; then the picture before it stays, with its age.
  const isOwn = query.data !== undefined && !query.isPlaceholderData;
  if (isOwn && (query.data !== lastGood.view || query.dataUpdatedAt !== lastGood.receivedAtMs)) {
    setLastGood({ view: query.data, receivedAtMs: query.dataUpdatedAt });
  }
  const shown = isOwn ? { view: query.data, receivedAtMs: query.dataUpdatedAt } : lastGood;
  const latest = useRef(shown);
  useLayoutEffect(() => {
    latest.current = shown;
  });
  const nowMs = useCallback(
    () => latest.current.view.asOfMs + Math.max(0, Date.now() - latest.current.receivedAtMs),
    [],
  );
  const poll = useMutation({
    mutationFn: async () => unwrap(await actions.pollNow({ ...address.scope })),
    onSuccess: async () => {
      if (address.window.kind === 'live') await query.refetch();
    },
  });
  return {
    ...shown,
    /** True while another address's data stand in. */
    isPlaceholder: !isOwn,
    failure: query.error === null ? null : explainFailure(query.error),
    retry: () => void query.refetch(),
    /** Asks again; resolves when the answer is there. */
    refetch: query.refetch,
    /** Whether ticks bring the details of a suspension; when they begin to, one comes at once. */
    showDetails: (shows: boolean) => {
      hasDetails.current = shows;
      if (shows && address.window.kind === 'live') void query.refetch();
    },
    /** The server's clock now, as well as it is known here: its last answer and the time since. */
    nowMs,
    poll: {
      run: () => poll.mutate(),
      isRunning: poll.isPending,
      failure: poll.error === null ? null : explainFailure(poll.error),
    },
  };
}
