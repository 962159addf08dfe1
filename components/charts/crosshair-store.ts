'use client';

import { createContext, useContext, useState } from 'react';

/** Where the crosshair stands: one instant, shown by every chart of the page, and the chart that is pointed at. */
export interface CrosshairState {
  atMs: number;
  chartId: string;
}

export interface CrosshairStore {
  get: () => CrosshairState | null;
  set: (state: CrosshairState | null) => void;
  subscribe: (listener: () => void) => () => void;
}

/** Kept outside React's state: a pointer moves often, and only the thin crosshair layers need to follow. */
export function createCrosshairStore(): CrosshairStore {
  let current: CrosshairState | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: (state) => {
      current = state;
      for (const notify of listeners) notify();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Charts under one provider share one crosshair. */
export const CrosshairContext = createContext<CrosshairStore | null>(null);

/** The shared crosshair, or one of the chart's own when nothing is shared. */
export function useCrosshairStore(): CrosshairStore {
  const shared = useContext(CrosshairContext);
  const [own] = useState(createCrosshairStore);
  return shared ?? own;
}
