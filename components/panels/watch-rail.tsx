'use client';

import type { ReactNode } from 'react';
import type { WatchView } from '@/lib/core/model/watch.ts';
import { railGeometry } from '@/lib/core/rail/rail.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { type RailStopLook, TRail } from '../ui/t-rail.tsx';
import { CHECK_WORDS, checkWords, claimWords, MARK_GLYPHS } from './watch-words.ts';

/** How far the watch is, what each look found, and when the next one is due. */
export function WatchRail({ watch }: Readonly<{ watch: WatchView }>) {
  const { zone } = useChartPage();
  const geometry = railGeometry(watch);
  const stops = geometry.stops.map(({ offsetMs, stop }): RailStopLook => {
    const clock = bareClock(watch.originMs + offsetMs, zone);
    if (stop === null) return { glyph: 'mark', label: 'T₀', clock };
    const { glyph } = checkWords(stop);
    return { glyph, label: offsetWords(offsetMs), clock };
  });
  const { interruption } = watch;
  return (
    <section aria-label={`Watch of ${watch.release}`} className="mt-6.5">
      <TRail
        geometry={geometry}
        stops={stops}
        cut={
          interruption && {
            glyph: MARK_GLYPHS[interruption.kind],
            label: interruption.release,
            clock: bareClock(interruption.atMs, zone),
          }
        }
        now={formatSinceOrigin(Math.min(watch.nowMs, watch.endMs), watch.originMs)}
        label={describeWatch(watch)}
      />
      <Facts watch={watch} zone={zone} />
    </section>
  );
}

/** `24 h` and not `1 d`: hours are what a watch is counted in. */
function offsetWords(offsetMs: number): string {
  return offsetMs % HOUR_MS === 0 && offsetMs > 0
    ? `${offsetMs / HOUR_MS}${NBSP}h`
    : formatDuration(offsetMs);
}

/** The zone is said elsewhere; under the stops there is no room for it. */
function bareClock(atMs: number, zone: Zone): string {
  return formatClock(atMs, 'minutes', zone).replace(/Z$/, '');
}

function Facts({ watch, zone }: Readonly<{ watch: WatchView; zone: Zone }>) {
  const { nextLookMs, decidable, evidence } = watch;
  const facts: ReactNode[] = [];
  if (nextLookMs !== null) {
    facts.push(
      <span key="next">
        Next look <Strong>{formatClock(nextLookMs, 'minutes', zone)}</Strong>
      </span>,
    );
  }
  if (decidable !== null) {
    facts.push(
      <span key="decidable">
        {decidable.what} decidable by <Strong>{formatClock(decidable.byMs, 'minutes', zone)}</Strong>
        {decidable.condition !== null && `, ${decidable.condition}`}
      </span>,
    );
  }
  if (evidence !== null) {
    facts.push(
      <span key="evidence" className="max-tablet:hidden">
        Evidence <Strong>{evidence}</Strong>
      </span>,
    );
  }
  return <p className="mt-3.5 flex flex-wrap gap-x-5 gap-y-1.5 text-ink-3">{facts}</p>;
}

function Strong({ children }: Readonly<{ children: ReactNode }>) {
  return <b className="font-medium text-ink-2">{children}</b>;
}

/** The rail in one or two sentences. */
function describeWatch(watch: WatchView): string {
  const { originMs, endMs, nowMs, release, interruption } = watch;
  const since = (atMs: number) => formatSinceOrigin(atMs, originMs);
  const { word, detail } = claimWords(watch);
  const state = detail === undefined ? word : `${word}, ${detail}`;
  const past = watch.stops.filter(({ offsetMs }) => originMs + offsetMs <= nowMs);
  const looks = past.map((stop) => {
    const words = checkWords(stop);
    const reason = words.detail === undefined ? '' : `, ${words.detail}`;
    return `${offsetWords(stop.offsetMs)} ${CHECK_WORDS[stop.state].word.toLowerCase()}${reason}`;
  });
  const cut =
    interruption === null ? '' : ` Interrupted at ${since(interruption.atMs)} by ${interruption.release}.`;
  const heads = `${release} at ${since(nowMs)} of ${since(endMs)}: ${state}.`;
  return `${heads}${cut} Looks: ${looks.length === 0 ? 'none yet' : looks.join('; ')}.`;
}
