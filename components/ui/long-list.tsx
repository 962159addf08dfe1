'use client';

import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';

/** Shows the first `limit` items and the rest on demand, so that 200 machines do not bury what comes after them. */
export function useLongList<T>(
  items: readonly T[],
  limit: number,
  noun: string,
): { shown: readonly T[]; more: ReactNode } {
  const [showsAll, setShowsAll] = useState(false);
  if (items.length <= limit) return { shown: items, more: null };
  return {
    shown: showsAll ? items : items.slice(0, limit),
    more: (
      <Button size="small" className="mt-2" onClick={() => setShowsAll(!showsAll)}>
        {showsAll ? `Show the first ${limit} ${noun}` : `Show all ${items.length} ${noun}`}
      </Button>
    ),
  };
}
