'use client';

import { useSyncExternalStore } from 'react';

const STORAGE_KEY = 'afterwatch_single_keys';
const listeners = new Set<() => void>();
/** What was chosen in this tab; null until then. Stands alone where the browser keeps nothing for us. */
let chosen: boolean | null = null;

/** True unless single keys were switched off here or in an earlier visit. Browser only. */
export function areSingleKeysOn(): boolean {
  if (chosen !== null) return chosen;
  try {
    return window.localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    // Storage may be denied; then the keys are as new.
    return true;
  }
}

/** Switches every single-key command on or off and remembers it in this browser. Ctrl+K always works. */
export function setSingleKeys(on: boolean): void {
  chosen = on;
  try {
    if (on) window.localStorage.removeItem(STORAGE_KEY);
    else window.localStorage.setItem(STORAGE_KEY, 'off');
  } catch {
    // Denied: it holds until the page is left.
  }
  for (const notify of listeners) notify();
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== STORAGE_KEY && event.key !== null) return;
    // Another tab chose.
    chosen = null;
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** Whether single keys work; on the server and while hydrating they do. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, areSingleKeysOn, () => true);
}
