'use client';

import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

let isPrinting = false;

function subscribe(listener: () => void): () => void {
  const tell = (next: boolean) => () => {
    isPrinting = next;
    // The page is laid out for paper as soon as the event is over.
    flushSync(listener);
  };
  const [before, after] = [tell(true), tell(false)];
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}

/** True while the page is being printed: what has a width in px is drawn again for the width of the paper. */
export function useIsPrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isPrinting,
    () => false,
  );
}
