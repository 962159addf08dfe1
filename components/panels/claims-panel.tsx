'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { ClaimView } from '@/lib/core/model/claim.ts';
import type { WatchView } from '@/lib/core/model/watch.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { claimValueText, promiseText } from '@/lib/core/units/format-claim.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Arrow } from '../ui/arrow.tsx';
import { Value } from '../ui/figure.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Status } from '../ui/status.tsx';
import { ClaimMeasured, ClaimStrip } from './claim-cells.tsx';
import { claimWords, tallyWords, thingsWords } from './watch-words.ts';

/** What stands on the Now page; the page of the deploy shows all. */
const SHOWN = 8;

interface ClaimsPanelProps {
  watch: Pick<WatchView, 'release' | 'claims' | 'counts' | 'href' | 'nowMs' | 'endMs'>;
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** What the deploy promised and what became of it: a line a claim, a block each on a phone. */
export function ClaimsPanel({ watch, state }: Readonly<ClaimsPanelProps>) {
  const { release, claims, counts, href, nowMs, endMs } = watch;
  const { shown, more } = useLongList(claims, SHOWN, 'promises');
  const isEmpty = claims.length === 0;
  return (
    <PanelFrame
      title={`${release} promised ${isEmpty ? 'nothing to measure' : thingsWords(claims.length)}`}
      {...(isEmpty ? {} : { question: tallyWords(counts, nowMs >= endMs) })}
      state={state ?? claimsState(watch)}
      skeleton={<Skeleton rows={4} />}
      aside={
        href !== null && (
          <a href={href} className="text-ink-2 underline-offset-2 hover:underline max-tablet:hidden">
            Open the watch
          </a>
        )
      }
    >
      <div className="@container">
        <table className="w-full border-collapse @max-[720px]:block">
          <thead className="@max-[720px]:sr-only">
            <tr className="border-b border-line text-label text-ink-3">
              <Head className="w-[31%]">Claim</Head>
              <Head>Before → promised</Head>
              <Head>Measured, 95&nbsp;% interval</Head>
              <Head>
                <span className="relative block h-4 @[720px]:w-33 @[960px]:w-41">
                  before<span className="absolute left-[64%]">promised</span>
                </span>
              </Head>
              <Head>State</Head>
            </tr>
          </thead>
          <tbody className="@max-[720px]:block">
            {shown.map((claim) => (
              <ClaimRow key={claim.id} claim={claim} />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </PanelFrame>
  );
}

function claimsState({ claims, release }: ClaimsPanelProps['watch']): PanelState {
  if (claims.length > 0) return { kind: 'ready' };
  return {
    kind: 'empty',
    text: `The summary of ${release} names no number that can be held against a measurement.`,
  };
}

function Head({ children, className }: Readonly<{ children: ReactNode; className?: string }>) {
  return (
    <th scope="col" className={clsx('py-1.5 pr-4 whitespace-nowrap last:pr-0', className)}>
      {children}
    </th>
  );
}

/** On a phone: state, name and why, before → promised, measured with its interval, strip. */
const CELL = 'align-middle py-2.25 pr-4 last:pr-0 @max-[720px]:col-span-full @max-[720px]:p-0';

function ClaimRow({ claim }: Readonly<{ claim: ClaimView }>) {
  const { zone } = useChartPage();
  const { title, why, unit, window, before, decidableByMs } = claim;
  const decidable =
    decidableByMs === null ? null : `decidable by ${formatClock(decidableByMs, 'minutes', zone)}`;
  const reasons = [why, decidable].filter((part) => part !== null);
  return (
    <tr className="border-line not-first:border-t @max-[720px]:grid @max-[720px]:grid-cols-1 @max-[720px]:gap-0.5 @max-[720px]:py-3">
      <th scope="row" className={clsx(CELL, '@max-[720px]:row-start-2')}>
        <span className="block font-medium @max-[720px]:break-words">{title}</span>
        {reasons.length > 0 && (
          <span className="mt-px block text-label text-ink-3">{reasons.join('; ').replace('.; ', '; ')}</span>
        )}
      </th>
      <td className={clsx(CELL, 'whitespace-nowrap @max-[720px]:row-start-3 @max-[720px]:text-ink-2')}>
        <Value text={claimValueText(before, unit, window)} /> <Arrow /> <Value text={promiseText(claim)} />
      </td>
      <td className={clsx(CELL, '@max-[720px]:row-start-4')}>
        <ClaimMeasured claim={claim} effectClass="@[720px]:@max-[960px]:block" />
      </td>
      <td className={clsx(CELL, '@max-[720px]:row-start-5 @max-[720px]:pt-1')}>
        <div className="h-5 @[720px]:w-33 @[960px]:w-41">
          <ClaimStrip claim={claim} />
        </div>
      </td>
      <td className={clsx(CELL, '@max-[720px]:row-start-1')}>
        <Status {...claimWords(claim, zone)} wraps />
      </td>
    </tr>
  );
}
