import type { ReactNode } from 'react';

/** A small bordered thing in the header that holds a status. */
export function Chip({ children, title }: Readonly<{ children: ReactNode; title?: string }>) {
  return (
    <span
      title={title}
      className="inline-flex h-7 shrink-0 items-center rounded-control border border-line-strong bg-surface pr-2.5 pl-2"
    >
      {children}
    </span>
  );
}

/** A quiet label for the quality or kind of a number. */
export function Tag({ children, title }: Readonly<{ children: ReactNode; title?: string }>) {
  return (
    <span
      title={title}
      className="inline-flex h-5 items-center rounded-tag bg-sunken px-1.5 text-label whitespace-nowrap text-ink-2"
    >
      {children}
    </span>
  );
}
