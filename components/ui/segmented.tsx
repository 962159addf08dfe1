import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** Frame of a row of choices; the items are links or buttons with {@link segmentLook}. */
export function Segmented({ label, children }: Readonly<{ label: string; children: ReactNode }>) {
  return (
    <nav
      aria-label={label}
      className="inline-flex shrink-0 divide-x divide-line overflow-hidden rounded-control border border-line-strong bg-surface focus-within:overflow-visible"
    >
      {children}
    </nav>
  );
}

/** Classes of one choice. */
export function segmentLook(isChosen: boolean): string {
  return clsx(
    'flex h-7 items-center px-2 text-label first:rounded-l-control last:rounded-r-control tablet:h-6.5',
    isChosen ? 'bg-sunken font-medium text-ink' : 'text-ink-3 transition-colors duration-120 hover:text-ink',
  );
}
