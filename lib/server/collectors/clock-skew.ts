import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';

/** Clocks that are further apart than this are said. The way to the source is in the difference, so less means little. */
export const SKEW_TOLERATED_MS = 30_000;

/** Says that the clock of a source is off by `skewMs` (its clock minus ours); null while that is tolerable. */
export function clockSkewNotice(skewMs: number): Notice | null {
  if (Math.abs(skewMs) <= SKEW_TOLERATED_MS) return null;
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return {
    code: 'clock_skew',
    text: `its clock is ${duration(Math.abs(skewMs) / 1000)} ${side} ours; rates here use our clock, but set the time on both machines`,
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
