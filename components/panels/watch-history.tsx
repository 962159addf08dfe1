'use client';

import type { GuardName } from '@/lib/core/model/verdict.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { formatSinceOrigin, formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Arrow } from '../ui/arrow.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { CLAIM_WORDS, claimWords } from './watch-words.ts';

const SHOWN = 10;

/** Every change of state, newest first, with what decided it. */
export function WatchHistory({
  detail: { view, changes },
}: Readonly<{ detail: Pick<WatchDetail, 'view' | 'changes'> }>) {
  const { zone } = useChartPage();
  const { shown, more } = useLongList(changes, SHOWN, 'changes');
  const titles = new Map(view.claims.map(({ id, title }) => [id, title]));
  return (
    <PanelFrame
      title="History"
      question="When did a state change, and why?"
      state={changes.length === 0 ? { kind: 'empty', text: 'No state has changed yet.' } : { kind: 'ready' }}
    >
      <ol>
        {shown.map(({ atMs, claimId, from, to, provisional, reason, evidence }) => (
          <li
            key={`${atMs} ${claimId ?? ''} ${to} ${evidence}`}
            className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 border-line py-2.5 not-first:border-t max-tablet:grid-cols-1"
          >
            <span className="text-ink-3">
              <time dateTime={new Date(atMs).toISOString()} className="whitespace-nowrap">
                {formatStamp(atMs, 'minutes', zone)}
              </time>
              <span className="block text-label max-tablet:ml-2 max-tablet:inline">
                {formatSinceOrigin(atMs, view.originMs)}
              </span>
            </span>
            <div className="min-w-0">
              <p className="font-medium wrap-anywhere">
                {claimId === null
                  ? `${view.release} as a whole`
                  : (titles.get(claimId) ?? 'A claim that is gone')}
              </p>
              <p className="flex flex-wrap items-center gap-x-1">
                {from !== null && from !== to && (
                  <>
                    <span className="text-ink-2">{CLAIM_WORDS[from].word}</span>
                    <Arrow />
                  </>
                )}
                <Status {...claimWords({ state: to, provisional, reason, sinceMs: atMs }, zone)} />
              </p>
              {evidence !== '' && <p className="text-label break-words text-ink-3">{evidence}</p>}
            </div>
          </li>
        ))}
      </ol>
      {more}
    </PanelFrame>
  );
}

/** What each guard looks at. */
const GUARD_WORDS: Record<GuardName, string> = {
  redis_mode: 'Redis mode',
  interruption: 'Later deploys',
  machines: 'Machines on the release',
  source: 'Source of the numbers',
  traffic: 'Traffic',
  limiter: 'Rate limiter',
  uncovered_time: 'Time that nobody measured',
};

/** Guards that could not be looked at: nothing is drawn where all were. */
export function WatchGuards({ notChecked }: Readonly<Pick<WatchDetail, 'notChecked'>>) {
  if (notChecked.length === 0) return null;
  return (
    <PanelFrame
      title="Not checked"
      question="What would have to be known for a final verdict?"
      state={{ kind: 'ready' }}
    >
      <ul>
        {notChecked.map(({ guard, why }) => (
          <li key={`${guard} ${why}`} className="flex gap-2 border-line py-2 not-first:border-t">
            <span className="mt-0.5">
              <Glyph name="unknown" />
            </span>
            <p className="min-w-0 break-words">
              <span className="font-medium">{GUARD_WORDS[guard]}</span>{' '}
              <span className="text-ink-2">{why}</span>
            </p>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-label text-ink-3">Each keeps the verdict provisional.</p>
    </PanelFrame>
  );
}
