'use client';

import type { MouseEvent } from 'react';
import { NAMED_RANGES, type NamedRange } from '@/lib/core/time/named-range.ts';
import { Segmented, segmentLook } from '../ui/segmented.tsx';

interface RangeBarProps {
  chosen: string;
  /** Address that shows this range: what a link or a new tab opens. */
  hrefOf: (range: NamedRange) => string;
  onChoose: (range: NamedRange) => void;
}

/** True for a click that the browser should follow itself: new tab, new window, download. */
function isForBrowser(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** Time ranges, each ending now. Real links, so that they can be copied and opened elsewhere. */
export function RangeBar({ chosen, hrefOf, onChoose }: Readonly<RangeBarProps>) {
  return (
    <Segmented label="Time range">
      {NAMED_RANGES.map((range) => (
        <a
          key={range}
          href={hrefOf(range)}
          aria-current={range === chosen ? 'true' : undefined}
          className={segmentLook(range === chosen)}
          onClick={(event) => {
            if (isForBrowser(event)) return;
            event.preventDefault();
            onChoose(range);
          }}
        >
          {range}
        </a>
      ))}
    </Segmented>
  );
}
