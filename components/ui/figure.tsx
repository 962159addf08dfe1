import { clsx } from 'clsx';
import type { Formatted } from '@/lib/core/units/decimal.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';

/** The one large number of a panel. A missing one is a dash that is read aloud as "no data". */
export function Figure({ value, muted = false }: Readonly<{ value: Formatted; muted?: boolean }>) {
  const isMissing = value.text === NO_DATA;
  return (
    <span
      className={clsx(
        'proportional text-figure-phone whitespace-nowrap tablet:text-figure',
        muted || isMissing ? 'text-ink-3' : 'text-ink',
      )}
    >
      {isMissing ? (
        <>
          <span aria-hidden="true">{NO_DATA}</span>
          <span className="sr-only">no data</span>
        </>
      ) : (
        value.text + value.suffix
      )}
    </span>
  );
}

/** A number in a row or sentence; the same rule for a missing one. */
export function Value({ text }: Readonly<{ text: string }>) {
  if (text !== NO_DATA) return <>{text}</>;
  return (
    <span className="text-ink-3">
      <span aria-hidden="true">{NO_DATA}</span>
      <span className="sr-only">no data</span>
    </span>
  );
}
