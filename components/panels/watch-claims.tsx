'use client';

import { clsx } from 'clsx';
import { type ReactNode, useId, useState } from 'react';
import type { ClaimView } from '@/lib/core/model/claim.ts';
import type { ClaimVerdict } from '@/lib/core/model/verdict.ts';
import type { ClaimForecastView, WatchDetail } from '@/lib/core/model/watch.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { NBSP, NO_DATA } from '@/lib/core/units/decimal.ts';
import { claimValueText, promiseText, signedPercent } from '@/lib/core/units/format-claim.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Arrow } from '../ui/arrow.tsx';
import { Value } from '../ui/figure.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { ClaimMeasured, ClaimStrip } from './claim-cells.tsx';
import { restsOn } from './claim-rests.ts';
import { CLAIM_WORDS, claimWords } from './watch-words.ts';

const SHOWN = 30;
const COLUMNS = 8;

interface WatchClaimsProps {
  detail: Pick<WatchDetail, 'view' | 'verdicts'>;
  forecasts: readonly ClaimForecastView[];
  /** Said by the page where it knows better than the data. */
  state?: PanelState;
}

/** Did it do what we said? A line a claim, each of which opens what its verdict rests on; a block each on a phone. */
export function WatchClaims({ detail: { view, verdicts }, forecasts, state }: Readonly<WatchClaimsProps>) {
  const { claims, release, originMs } = view;
  const { shown, more } = useLongList(claims, SHOWN, 'claims');
  const told = new Map(forecasts.map(({ claimId, text }) => [claimId, text]));
  return (
    <PanelFrame
      title="Claims"
      question="Did it do what we said?"
      state={
        state ??
        (claims.length > 0
          ? { kind: 'ready' }
          : { kind: 'empty', text: `No confirmed claim of ${release} names a number that can be measured.` })
      }
      aside={<span className="text-ink-3 max-tablet:hidden">95&nbsp;% intervals, valid at every look</span>}
    >
      <div className="@container">
        <table className="w-full border-collapse @max-[720px]:block">
          <thead className="@max-[720px]:sr-only">
            <tr className="border-b border-line text-label text-ink-3">
              <Head className="w-[27%]">Claim</Head>
              <Head>Before</Head>
              <Head>Promised</Head>
              <Head>Measured</Head>
              <Head>
                <span className="relative block h-4 @[720px]:w-33 @[1040px]:w-41">
                  before<span className="absolute left-[64%]">promised</span>
                </span>
              </Head>
              <Head className="text-right @max-[1080px]:hidden">Per request</Head>
              <Head className="text-right @max-[1080px]:hidden">Blocks</Head>
              <Head className="@[1080px]:min-w-37">State</Head>
            </tr>
          </thead>
          <tbody className="@max-[720px]:block">
            {shown.map((claim) => (
              <ClaimRow
                key={claim.id}
                claim={claim}
                verdict={verdicts[claim.id] ?? null}
                forecast={told.get(claim.id) ?? null}
                originMs={originMs}
              />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </PanelFrame>
  );
}

function Head({ children, className }: Readonly<{ children: ReactNode; className?: string }>) {
  return (
    <th scope="col" className={clsx('py-1.5 pr-4 whitespace-nowrap last:pr-0', className)}>
      {children}
    </th>
  );
}

const CELL = 'align-middle py-2.5 pr-4 last:pr-0 @max-[720px]:p-0';
/** Said twice on a phone: in the row and in what it opens. */
const WIDE_ONLY = 'text-right whitespace-nowrap text-ink-2 @max-[1080px]:hidden';

function ClaimRow({
  claim,
  verdict,
  forecast,
  originMs,
}: Readonly<{
  claim: ClaimView;
  verdict: ClaimVerdict | null;
  forecast: string | null;
  originMs: number;
}>) {
  const id = useId();
  const { zone } = useChartPage();
  const [isOpen, setIsOpen] = useState(false);
  const { title, unit, window, before, state } = claim;
  // Before there are data, what can be said is when there will be enough of them.
  const why = state === 'settling' && forecast !== null ? forecast : (verdict?.why ?? claim.why ?? forecast);
  const held = verdict?.held ?? null;
  return (
    <>
      <tr className="border-line not-first:border-t @max-[720px]:grid @max-[720px]:grid-cols-[minmax(0,1fr)] @max-[720px]:gap-0.5 @max-[720px]:py-3">
        <th scope="row" className={clsx(CELL, '@max-[720px]:row-start-2')}>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={`${id}-rests`}
            disabled={verdict === null}
            onClick={() => setIsOpen(!isOpen)}
            className="flex w-full items-start gap-1 rounded-tag text-left font-medium enabled:hover:underline enabled:underline-offset-2 @max-[720px]:min-h-6"
          >
            <span className="min-w-0 wrap-anywhere">{title}</span>
            {verdict !== null && (
              <span className={clsx('mt-0.5 shrink-0 text-ink-3', !isOpen && '-rotate-90')}>
                <Icon name="chevron" size={14} />
              </span>
            )}
          </button>
          {why !== null && why !== '' && (
            <span className="mt-px block text-label wrap-anywhere text-ink-3">{why}</span>
          )}
        </th>
        <td className={clsx(CELL, 'whitespace-nowrap @max-[720px]:row-start-3 @max-[720px]:text-ink-2')}>
          <Value text={claimValueText(before, unit, window)} />
          <span className="hidden @max-[720px]:inline">
            {' '}
            <Arrow /> <Value text={promiseText(claim)} />
          </span>
        </td>
        <td className={clsx(CELL, 'whitespace-nowrap @max-[720px]:hidden')}>
          <Value text={promiseText(claim)} />
        </td>
        <td className={clsx(CELL, '@max-[720px]:row-start-4')}>
          <ClaimMeasured claim={claim} effectClass="@[720px]:block" />
        </td>
        <td className={clsx(CELL, '@max-[720px]:row-start-5 @max-[720px]:pt-1')}>
          <div className="h-5 @[720px]:w-33 @[1040px]:w-41">
            <ClaimStrip claim={claim} />
          </div>
        </td>
        <td className={clsx(CELL, WIDE_ONLY)}>
          <Value text={perRequestText(verdict)} />
        </td>
        <td className={clsx(CELL, WIDE_ONLY)}>
          <Value text={verdict === null ? NO_DATA : `${verdict.blocks.usable}`} />
        </td>
        <td className={clsx(CELL, '@max-[720px]:row-start-1')}>
          <Status {...claimWords(claim, zone)} wraps />
          {held !== null && (
            <span className="block text-label text-ink-3 @[720px]:pl-5.5">
              {CLAIM_WORDS[held.state].word.toLowerCase()} until {formatClock(held.untilMs, 'minutes', zone)}
            </span>
          )}
        </td>
      </tr>
      {isOpen && verdict !== null && (
        <tr id={`${id}-rests`} className="@max-[720px]:block">
          <td colSpan={COLUMNS} className="pb-4 @max-[720px]:block">
            <Rests verdict={verdict} title={title} originMs={originMs} />
          </td>
        </tr>
      )}
    </>
  );
}

function perRequestText(verdict: ClaimVerdict | null): string {
  const pct = verdict?.perRequestPct ?? null;
  return pct === null ? NO_DATA : `${signedPercent(pct)}${NBSP}%`;
}

/** What a verdict rests on: two columns of facts where there is room. */
function Rests({
  verdict,
  title,
  originMs,
}: Readonly<{ verdict: ClaimVerdict; title: string; originMs: number }>) {
  const { zone } = useChartPage();
  return (
    <section
      aria-label={`What the verdict rests on: ${title}`}
      className="rounded-box border border-line-strong bg-surface px-4 py-3"
    >
      <dl className="grid grid-cols-1 gap-x-10 gap-y-1 @[960px]:grid-cols-2">
        {restsOn(verdict, originMs, zone).map(({ name, text }) => (
          <div key={name} className="flex gap-x-4 @max-[480px]:block">
            <dt className="w-34 shrink-0 text-ink-3">{name}</dt>
            <dd className="min-w-0 wrap-anywhere text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-label text-ink-3">
        The interval holds at every look at once: looking often does not make it wrong more often.
      </p>
    </section>
  );
}
