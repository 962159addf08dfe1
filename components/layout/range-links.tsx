'use client';

import { clsx } from 'clsx';
import type { MouseEvent } from 'react';
import { RANGE_WORDS } from '@/lib/client/window-words.ts';
import { NAMED_RANGES, type NamedRange } from '@/lib/core/time/named-range.ts';

interface RangeLinksProps {
  /** The range that the page follows; null while it shows a fixed time. */
  chosen: NamedRange | null;
  /** Address that shows this range: what a link or a new tab opens. */
  hrefOf: (range: NamedRange) => string;
  onChoose: (range: NamedRange) => void;
}

/** True for a click that the browser should follow itself: new tab, new window, download. */
function isForBrowser(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** Time ranges, each ending now. Real links, so that they can be copied and opened elsewhere. */
export function RangeLinks({ chosen, hrefOf, onChoose }: Readonly<RangeLinksProps>) {
  return (
    <nav
      aria-label="Time range"
      className="grid grid-cols-7 divide-x divide-line overflow-hidden rounded-control border border-line-strong focus-within:overflow-visible"
    >
      {NAMED_RANGES.map((range) => (
        <a
          key={range}
          href={hrefOf(range)}
          title={RANGE_WORDS[range].long}
          aria-current={range === chosen ? 'true' : undefined}
          data-first={range === chosen ? '' : undefined}
          className={clsx(
            'flex h-10 items-center justify-center text-label tablet:h-7.5',
            range === chosen
              ? 'bg-sunken font-medium text-ink'
              : 'text-ink-2 transition-colors duration-120 hover:bg-hover hover:text-ink',
          )}
          onClick={(event) => {
            if (isForBrowser(event)) return;
            event.preventDefault();
            onChoose(range);
          }}
        >
          {range}
        </a>
      ))}
    </nav>
  );
}
