'use client';

import { useStoreOutage } from '@/lib/client/store-outage.ts';
import type { StoreOutage } from '@/lib/core/model/outage.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { Status } from '../ui/status.tsx';

/** Over every page while the store is away: since when, and what becomes of what is read meanwhile. Nothing else. */
export function StoreAway({ drawn }: Readonly<{ drawn: StoreOutage | null }>) {
  const outage = useStoreOutage(drawn);
  return (
    // There from the beginning, so that a screen reader hears of it.
    <div role="status">
      {outage !== null && (
        <div className="max-w-308 wall:max-w-440 border-b border-line px-4 py-3 tablet:px-6 desk:px-8">
          <Status glyph="bad_outline" word="Store away" />{' '}
          <span className="text-ink-2">{outageText(outage)}</span>
        </div>
      )}
    </div>
  );
}

/** What a person should know of it, in sentences. */
export function outageText({ sinceMs, waiting, lost }: StoreOutage): string {
  const visits = (count: number) => `${count} ${count === 1 ? 'visit' : 'visits'}`;
  return [
    `The store can’t be reached since ${formatClock(sinceMs)}. Only the latest hour or two can be shown.`,
    waiting === 0
      ? ''
      : `What is read meanwhile waits in memory (${visits(waiting)}) and is kept once it is back; a restart of this server would lose it.`,
    lost === 0 ? '' : `${visits(lost)} found no room any more and will be missing.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}
