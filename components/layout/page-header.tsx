import type { ReactNode } from 'react';

/**
 * Sticky bar over a page: what holds now at the left, what the reader can choose at the right, as wide as the page
 * under it. Scrolls sideways on a phone.
 */
export function PageHeader({ left, right }: Readonly<{ left: ReactNode; right: ReactNode }>) {
  return (
    <header className="no-print sticky top-0 z-20 h-14 border-b border-line bg-canvas">
      <div className="scroll-quiet flex h-full max-w-308 wall:max-w-440 items-center gap-2 overflow-x-auto px-4 tablet:px-6 desk:overflow-x-visible desk:px-8">
        {left}
        <div className="ml-auto flex shrink-0 items-center gap-1.5 pl-2">{right}</div>
      </div>
    </header>
  );
}
