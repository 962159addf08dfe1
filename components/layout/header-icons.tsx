import type { ReactNode } from 'react';

function Frame({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <svg width={14} height={14} viewBox="0 0 16 16" aria-hidden="true" className="block shrink-0">
      {children}
    </svg>
  );
}

/** Follows the clock: a ring with a disc in it. Ink, not a status colour: nothing is good or bad about it. */
export function LiveIcon() {
  return (
    <Frame>
      <circle cx={8} cy={8} r={6.2} fill="none" stroke="currentColor" strokeWidth={1.4} />
      <circle cx={8} cy={8} r={2.8} fill="currentColor" />
    </Frame>
  );
}

/** Stands still: a ring with two bars in it. */
export function FrozenIcon() {
  return (
    <Frame>
      <circle cx={8} cy={8} r={6.2} fill="none" stroke="currentColor" strokeWidth={1.4} />
      <path d="M6.3 5.6v4.8M9.7 5.6v4.8" stroke="currentColor" strokeWidth={1.7} strokeLinecap="round" />
    </Frame>
  );
}

/** A magnifier. */
export function SearchIcon({ size = 16 }: Readonly<{ size?: 16 | 20 }>) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="block shrink-0">
      <path
        d="M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4ZM10.2 10.2l3.1 3.1"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.4}
        strokeLinecap="round"
      />
    </svg>
  );
}
