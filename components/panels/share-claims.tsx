'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { ClaimView } from '@/lib/core/model/claim.ts';
import { claimValueText, promiseText } from '@/lib/core/units/format-claim.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Arrow } from '../ui/arrow.tsx';
import { Value } from '../ui/figure.tsx';
import { Status } from '../ui/status.tsx';
import { ClaimMeasured } from './claim-cells.tsx';
import { claimWords } from './watch-words.ts';

/** What was promised and what became of it: four columns, on a phone a block each. Nothing in it can be pressed. */
export function ShareClaims({ claims }: Readonly<{ claims: readonly ClaimView[] }>) {
  return (
    <table className="w-full border-collapse @max-[640px]:block">
      <thead className="@max-[640px]:sr-only">
        <tr className="border-b border-line text-label text-ink-3">
          <Head className="w-[30%]">Claim</Head>
          <Head>Before → promised</Head>
          <Head>Measured, 95&nbsp;% interval</Head>
          <Head>State</Head>
        </tr>
      </thead>
      <tbody className="@max-[640px]:block">
        {claims.map((claim) => (
          <Row key={claim.id} claim={claim} />
        ))}
      </tbody>
    </table>
  );
}

function Head({ children, className }: Readonly<{ children: ReactNode; className?: string }>) {
  return (
    <th scope="col" className={clsx('py-1.5 pr-4 last:pr-0', className)}>
      {children}
    </th>
  );
}

/** On a phone: state, name and why, before → promised, measured. */
const CELL = 'align-middle py-2.5 pr-4 last:pr-0 @max-[640px]:p-0';

function Row({ claim }: Readonly<{ claim: ClaimView }>) {
  const { zone } = useChartPage();
  const { title, why, unit, window, before } = claim;
  return (
    <tr className="border-line not-first:border-t @max-[640px]:grid @max-[640px]:grid-cols-[minmax(0,1fr)] @max-[640px]:gap-0.5 @max-[640px]:py-3">
      <th scope="row" className={clsx(CELL, '@max-[640px]:row-start-2')}>
        <span className="block font-medium wrap-anywhere">{title}</span>
        {why !== null && why !== '' && (
          <span className="mt-px block text-label wrap-anywhere text-ink-3">{why}</span>
        )}
      </th>
      <td className={clsx(CELL, '@max-[640px]:row-start-3 @max-[640px]:text-ink-2')}>
        <span className="inline-block">
          <Value text={claimValueText(before, unit, window)} />
        </span>{' '}
        <Arrow />{' '}
        <span className="inline-block">
          <Value text={promiseText(claim)} />
        </span>
      </td>
      <td className={clsx(CELL, '@max-[640px]:row-start-4')}>
        <ClaimMeasured claim={claim} effectClass="@[640px]:@max-[800px]:block" />
      </td>
      <td className={clsx(CELL, '@max-[640px]:row-start-1')}>
        <Status {...claimWords(claim, zone)} wraps />
      </td>
    </tr>
  );
}
