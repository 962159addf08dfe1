'use client';

import type { ClaimView } from '@/lib/core/model/claim.ts';
import { stripGeometry, stripWords } from '@/lib/core/strip/strip.ts';
import { claimValueText, effectText } from '@/lib/core/units/format-claim.ts';
import { Tag } from '../ui/chip.tsx';
import { Value } from '../ui/figure.tsx';
import { IntervalStrip } from '../ui/interval-strip.tsx';

/** What was measured of a claim, and the effect with its interval behind or under it. */
export function ClaimMeasured({ claim, effectClass }: Readonly<{ claim: ClaimView; effectClass?: string }>) {
  const { measured, unit, window, quality, metricNote } = claim;
  const effect = effectText(claim);
  return (
    <>
      <span className="font-medium">
        <Value text={claimValueText(measured, unit, window)} />
      </span>{' '}
      {effect !== null && (
        <span className={`whitespace-nowrap text-ink-3 ${effectClass ?? ''}`}>{effect}</span>
      )}
      {quality === 'inferred' && (
        <>
          {' '}
          <Tag {...(metricNote === null ? {} : { title: metricNote })}>inferred</Tag>
        </>
      )}
    </>
  );
}

/** The interval against the promise; nothing where there is nothing to compare, and then its place stays. */
export function ClaimStrip({ claim }: Readonly<{ claim: ClaimView }>) {
  const strip = stripGeometry(claim);
  if (strip === null) return null;
  const label = [effectText(claim) ?? 'not measured', stripWords(claim)]
    .filter((part) => part !== null)
    .join(': ');
  return <IntervalStrip geometry={strip} label={label} muted={claim.state === 'cant_tell'} />;
}
