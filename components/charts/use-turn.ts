'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { pageTurns } from './turns.ts';

/** Charts this close to the window are kept up to date. */
const NEAR = '200px 0px';

/**
 * The value that this chart may draw: the newest one as soon as it is the chart's turn. Charts of a page redraw one a
 * task, those out of sight when they come near. The first value is there at once.
 */
export function useTurn<T>(newest: T, boxRef: RefObject<Element | null>): T {
  const [drawn, setDrawn] = useState(() => newest);
  const [owner] = useState(() => ({}));
  const isNear = useNear(boxRef);

  useEffect(() => {
    if (Object.is(newest, drawn)) {
      pageTurns.drop(owner);
      return;
    }
    pageTurns.ask(owner, {
      // Within the task of the turn: React would otherwise put the updates of several turns together again.
      run: () => flushSync(() => setDrawn(() => newest)),
      isNear,
    });
  }, [newest, drawn, owner, isNear]);

  useEffect(() => () => pageTurns.drop(owner), [owner]);
  return drawn;
}

/** Asks whether an element is near the window; true where nobody can tell. */
function useNear(boxRef: RefObject<Element | null>): () => boolean {
  const near = useRef(true);
  const [isNear] = useState(() => () => near.current);
  useEffect(() => {
    const box = boxRef.current;
    if (box === null || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (entries) => {
        near.current = entries.at(-1)?.isIntersecting ?? true;
        if (near.current) pageTurns.wake();
      },
      { rootMargin: NEAR },
    );
    const flush = () => pageTurns.flush();
    observer.observe(box);
    addEventListener('beforeprint', flush);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', flush);
    };
  }, [boxRef]);
  return isNear;
}
