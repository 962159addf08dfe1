import type { ReactNode } from 'react';

/**
 * Sticky bar over a page, as wide as the page under it: what holds now at the left, what the reader can choose at the
 * right. Where it is narrow the left part scrolls sideways and the right one stays.
 */
export function PageHeader({ left, right }: Readonly<{ left: ReactNode; right: ReactNode }>) {
  return (
    <header className="no-print sticky top-0 z-20 h-14 border-b border-line bg-canvas">
      <div className="flex h-full max-w-308 wall:max-w-440 items-center gap-2 px-4 tablet:px-6 desk:px-8">
        {/* Chips take no focus, so what scrolls must: else a keyboard never sees the last of them. */}
        <section
          aria-label="What holds now"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
          tabIndex={0}
          className="scroll-quiet -ml-1 flex h-full min-w-0 flex-1 items-center gap-2 overflow-x-auto px-1"
        >
          {left}
        </section>
        {/* Its last button has no border: its text stands at the edge of the page. */}
        <div className="-mr-2.25 flex shrink-0 items-center gap-0.5">{right}</div>
      </div>
    </header>
  );
}
