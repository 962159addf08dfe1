'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { CrosshairProps } from './crosshair.tsx';
import type { CrosshairStore } from './crosshair-store.ts';

const Crosshair = lazy(() => import('./crosshair.tsx'));

/** Follows the crosshair store. Nothing is there, and nothing is loaded, before somebody points at a chart. */
export function CrosshairLayer({
  store,
  ...rest
}: Readonly<Omit<CrosshairProps, 'state'> & { store: CrosshairStore }>) {
  const state = useSyncExternalStore(store.subscribe, store.get, () => null);
  if (state === null) return null;
  return (
    <Suspense fallback={null}>
      <Crosshair state={state} {...rest} />
    </Suspense>
  );
}
