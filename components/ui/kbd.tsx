'use client';

import { useSyncExternalStore } from 'react';

const subscribe = () => () => {};

/** True on a Mac, an iPhone or iPad; on the server and while hydrating false. */
function useIsApple(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  );
}

function faces(keys: string, isApple: boolean): readonly string[] {
  if (!keys.startsWith('mod+')) return keys.split(' ');
  const letter = keys.slice('mod+'.length).toUpperCase();
  return isApple ? [`⌘${letter}`] : [`Ctrl ${letter}`];
}

/** Keys as they are pressed: `c`, `g n` one after the other, `mod+k` with Ctrl or ⌘. */
export function Keys({ keys }: Readonly<{ keys: string }>) {
  const isApple = useIsApple();
  return (
    <span className="inline-flex shrink-0 gap-1">
      {faces(keys, isApple).map((face) => (
        <kbd
          key={face}
          className="rounded-tag border border-line-strong bg-surface px-1 text-center font-mono text-axis leading-4 whitespace-nowrap text-ink-3 min-w-4.5"
        >
          {face}
        </kbd>
      ))}
    </span>
  );
}
