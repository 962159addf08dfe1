'use client';

import { useEffect, useRef, useState } from 'react';
import { type AlertView, SILENCE_SPANS, type SilenceSpan, silenceEndMs } from '@/lib/core/model/alert.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';

/** What a person may do to an alert; null where this reader may do nothing. */
export interface AlertActs {
  acknowledge: (id: string) => void;
  silence: (id: string, span: SilenceSpan) => void;
  wake: (id: string) => void;
}

interface AlertButtonsProps {
  alert: AlertView;
  acts: AlertActs;
  isBusy: boolean;
  nowMs: number;
  /** End of the watch that a silence may last until; null without one. */
  watchEndMs: number | null;
  /** `row`: small, and on a phone as wide as the row; `short`: small, with a shorter word; `detail`: of full size. */
  look: 'row' | 'short' | 'detail';
}

/** What may be done to an alert now; a press on Silence asks for how long. */
export function AlertButtons({ alert, acts, isBusy, nowMs, watchEndMs, look }: Readonly<AlertButtonsProps>) {
  const { id, actions } = alert;
  const [isChoosing, setIsChoosing] = useState(false);
  const common = {
    disabled: isBusy,
    ...(look === 'detail' ? {} : { size: 'small' as const, className: 'max-tablet:flex-1' }),
  };
  if (isChoosing) {
    return (
      <SilenceChoice
        nowMs={nowMs}
        watchEndMs={watchEndMs}
        onChoose={(span) => {
          setIsChoosing(false);
          if (span !== null) acts.silence(id, span);
        }}
      />
    );
  }
  return (
    <>
      {actions.includes('acknowledge') && (
        <Button
          {...common}
          {...(look === 'detail' ? { look: 'primary' as const } : {})}
          {...(look === 'short' ? { 'aria-label': 'Acknowledge' } : {})}
          onClick={() => acts.acknowledge(id)}
        >
          {look === 'short' ? 'Ack' : 'Acknowledge'}
        </Button>
      )}
      {actions.includes('silence') && (
        <Button {...common} onClick={() => setIsChoosing(true)}>
          Silence
        </Button>
      )}
      {actions.includes('wake') && (
        <Button {...common} onClick={() => acts.wake(id)}>
          Wake
        </Button>
      )}
    </>
  );
}

const SPAN_WORDS: Record<SilenceSpan, string> = {
  hour: 'For 1 h',
  four_hours: 'For 4 h',
  watch_end: 'Until the watch ends',
};

/** For how long; focus goes to the first choice, Escape leaves it as it was. */
function SilenceChoice({
  nowMs,
  watchEndMs,
  onChoose,
}: Readonly<{
  nowMs: number;
  watchEndMs: number | null;
  onChoose: (span: SilenceSpan | null) => void;
}>) {
  const { zone } = useChartPage();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const spans = SILENCE_SPANS.flatMap((span) => {
    const endMs = silenceEndMs(span, nowMs, watchEndMs);
    return endMs === null ? [] : [{ span, end: formatClock(endMs, 'minutes', zone) }];
  });
  return (
    <fieldset
      className="flex flex-wrap justify-end gap-1.5"
      onKeyDown={(event) => event.key === 'Escape' && onChoose(null)}
    >
      <legend className="sr-only">Silence for how long?</legend>
      {spans.map(({ span, end }, index) => (
        <Button
          key={span}
          size="small"
          {...(index === 0 ? { ref: first } : {})}
          title={`Until ${end}`}
          onClick={() => onChoose(span)}
        >
          {SPAN_WORDS[span]}
          {span === 'watch_end' && `, ${end}`}
        </Button>
      ))}
      <Button size="small" look="ghost" onClick={() => onChoose(null)}>
        Cancel
      </Button>
    </fieldset>
  );
}
