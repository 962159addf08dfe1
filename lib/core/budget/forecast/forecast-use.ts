import { findStep } from './find-step.ts';
import { type Band, FIT_TUNING, type FitTuning, fitMixes, type Mix, mixOf, priorBand } from './fit.ts';
import { capBursts, HourSums } from './hours.ts';
import { PLAIN_FORECASTS } from './plain-forecasts.ts';

/** What will have been used after so many hours from now: lowest, likely and highest. Each rises with time. */
export interface UseAhead {
  hours: number;
  lo: number;
  likely: number;
  hi: number;
}

/** Once so many hours lie after a step, the hours before it are forgotten. */
const FORGET_HOURS = 48;
/** Some providers count so late; of what was silent for longer nobody knows the level of now. */
export const MOST_SILENT_HOURS = 3;

/**
 * What will be used at each of `ahead` (whole hours, ascending), by what was used in each hour (oldest first, null where
 * unknown; the last one ends now). `told`: so many of them lie after a step of the level that is known, such as a
 * deploy; null without one, then a step that shows by itself is looked for. Null where nothing is known of the last three.
 */
export function forecastUse(
  hours: readonly (number | null)[],
  told: number | null,
  ahead: readonly number[],
  tuning: FitTuning = FIT_TUNING,
): readonly UseAhead[] | null {
  if (hours.slice(-MOST_SILENT_HOURS).every((hour) => hour === null)) return null;
  const since = told ?? findStep(hours);
  const isOld = since !== null && since >= FORGET_HOURS;
  const kept = isOld ? hours.slice(hours.length - since) : hours;
  const at = kept.length;
  const origin = { at, since: since === null || isOld || since > at ? at : Math.max(1, since) };
  const use = { sums: new HourSums(kept), calm: new HourSums(capBursts(kept)) };
  const mixes = fitMixes(use, origin, tuning);
  const plain = new Float64Array(PLAIN_FORECASTS.length);
  const points: UseAhead[] = [];
  for (const distance of ahead) {
    for (const [i, tell] of PLAIN_FORECASTS.entries()) plain[i] = tell(use, origin, distance);
    const { likely, lo, hi } = mixAt(mixes, plain, distance, tuning);
    if (Number.isNaN(likely)) return null;
    const before = points.at(-1) ?? { lo: 0, likely: 0, hi: 0 };
    const risen = Math.max(before.likely, likely);
    points.push({
      hours: distance,
      lo: Math.max(before.lo, Math.min(risen, likely * Math.exp(lo))),
      likely: risen,
      hi: Math.max(before.hi, risen, likely * Math.exp(hi)),
    });
  }
  return points;
}

const EVEN = new Float64Array(PLAIN_FORECASTS.length).fill(1);

/** The mix at a distance, between the two that were tried around it; beyond the last one the band grows. */
function mixAt(
  mixes: readonly Mix[],
  plain: Float64Array,
  ahead: number,
  tuning: FitTuning,
): Band & { likely: number } {
  const [first] = mixes;
  const last = mixes.at(-1);
  if (first === undefined || last === undefined)
    return { likely: mixOf(EVEN, plain), ...priorBand(ahead, undefined, tuning) };
  if (ahead >= last.ahead) return { likely: mixOf(last.weights, plain), ...priorBand(ahead, last, tuning) };
  const above = mixes.findIndex((mix) => mix.ahead >= ahead);
  const next = mixes[above] ?? last;
  const before = mixes[above - 1] ?? first;
  const part = next === before ? 0 : Math.log(ahead / before.ahead) / Math.log(next.ahead / before.ahead);
  const between = (a: number, b: number) => a + (b - a) * Math.max(0, part);
  return {
    likely: between(mixOf(before.weights, plain), mixOf(next.weights, plain)),
    lo: between(before.lo, next.lo),
    hi: between(before.hi, next.hi),
  };
}
