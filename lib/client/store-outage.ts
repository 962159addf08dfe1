'use client';

import { useSyncExternalStore } from 'react';
import type { StoreOutage } from '@/lib/core/model/outage.ts';

// Every answer of an action tells whether the store is away; the frame around all pages says it.
let known: StoreOutage | null | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes what an answer has told; null when the store is there. */
export function tellOutage(outage: StoreOutage | null): void {
  if ((known ?? null) === null && outage === null && known !== undefined) return;
  known = outage;
  for (const listener of listeners) listener();
}

/** The store's outage as the last answer told it, and until the first one as the server drew it. Null without any. */
export function useStoreOutage(drawn: StoreOutage | null): StoreOutage | null {
  return useSyncExternalStore(
    subscribe,
    () => (known === undefined ? drawn : known),
    () => drawn,
  );
}
