'use client';

import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import type { RichChartProps } from './rich-chart.tsx';

/** Idle time may never come on a busy page; then the drawing library is fetched anyway. */
const LATEST_MS = 2_000;

let component: ComponentType<RichChartProps> | null = null;
let isAsked = false;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function load(): void {
  import('./rich-chart.tsx').then(
    ({ RichChart }) => {
      component = RichChart;
      for (const notify of listeners) notify();
    },
    // The picture that the server drew stays: it shows the same data. A later page may ask again.
    () => {
      isAsked = false;
    },
  );
}

function loadWhenIdle(): void {
  if (isAsked) return;
  isAsked = true;
  if (typeof requestIdleCallback === 'function') requestIdleCallback(load, { timeout: LATEST_MS });
  else setTimeout(load, 200);
}

/**
 * The chart drawn by Recharts, or null until its code is here. It is fetched once a page, after hydration and when
 * the browser is idle. A store and not `lazy`: with Suspense all charts would take over in one long task, and one
 * that arrives late could blank the picture that is there.
 */
export function useRichChart(): ComponentType<RichChartProps> | null {
  useEffect(loadWhenIdle, []);
  return useSyncExternalStore(
    subscribe,
    () => component,
    () => null,
  );
}
