'use client';

import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width of an element in px, kept up to date; null on the server, before the first layout, and where it is 0. */
export function usePlotWidth(boxRef: RefObject<Element | null>): number | null {
  const [widthPx, setWidthPx] = useState<number | null>(null);
  useLayoutEffect(() => {
    const box = boxRef.current;
    if (box === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWidthPx(box.getBoundingClientRect().width || null));
    observer.observe(box);
    return () => observer.disconnect();
  }, [boxRef]);
  return widthPx;
}
