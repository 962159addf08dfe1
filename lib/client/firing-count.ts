'use client';

import { useEffect, useSyncExternalStore } from 'react';

// Rail and bottom bar stand outside the part of a page that knows its data; this is the one number that they share.
let known: number | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How many alerts of the shown scope fire; null while no page has told it. */
export function useFiringCount(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => known,
    () => null,
  );
}

/** Tells the frame how many alerts fire, as long as the page that knows it is on the screen. */
export function useTellFiring(count: number | null): void {
  useEffect(() => {
    known = count;
    for (const listener of listeners) listener();
  }, [count]);
}
