import { routeOf } from '../../lib/core/verdict/count-route.ts';
import { judgeClaim } from '../../lib/core/verdict/judge.ts';
import { randomNormal, type SeriesFamily, seededRandom } from '../../lib/core/verdict/test-series.ts';
import { judgeInputOf } from './judged.ts';
import {
  dayBefore,
  firstOutside,
  isAlarm,
  isOutside,
  looksOf,
  type Made,
  type MadeParams,
  makeWatch,
} from './made.ts';
import { type RivalAlarms, watchRivals } from './rivals.ts';

/** Looks whose half-width is told: 1, 6 and 24 h. */
export const WIDTHS_AT = [12, 72, 287] as const;

/** A watch in which nothing changed: whether any look said that something had. */
export interface NothingOutcome {
  false05: boolean;
  false01: boolean;
  /** Half-widths as an effect, 0–1, at `WIDTHS_AT`; NaN where there was no such look. */
  widths: readonly number[];
}

/** Both errors and the width of one watch in which nothing changed. */
export function measureNothing(params: MadeParams, seed: number): NothingOutcome {
  const made = makeWatch(params, seed);
  const looks = looksOf(made);
  return {
    false05: looks.some((look) => isOutside(look, 0)),
    false01: looks.some((look) => isAlarm(made.baseline, look)),
    widths: WIDTHS_AT.map((n) => Math.expm1(looks.find((look) => look.n === n)?.halfWidth ?? Number.NaN)),
  };
}

/** A watch in which something changed: minutes until the first look that says so, and whether one said the contrary. */
export interface ChangeOutcome {
  firstMinutes: number | null;
  wrongWay: boolean;
}

/**
 * Delay and direction of one watch with a change. A fall to fewer events than logarithms can tell is told as the product
 * tells it, by counting.
 */
export function measureChange(params: MadeParams, seed: number): ChangeOutcome {
  const made = makeWatch(params, seed);
  const { ratio } = params.effect;
  if (ratio < 1 && routeOf(made.baseline.eventsPerBlock, { kind: 'change', ratio }) === 'counts')
    return { firstMinutes: firstFewer(made, ratio), wrongWay: false };
  const looks = looksOf(made);
  const sign = Math.sign(Math.log(ratio));
  const right = looks.filter((look) => sign * look.estimate > 0);
  return {
    firstMinutes: firstOutside(right, 0),
    wrongWay: looks.some((look) => isOutside(look, 0) && sign * look.estimate < 0),
  };
}

/** First look of the judge whose interval lies below no change. */
function firstFewer({ series }: Made, ratio: number): number | null {
  const input = judgeInputOf(series, { kind: 'change', ratio });
  const { looks } = judgeClaim(input, { looks: true });
  const found = looks.find(({ interval }) => interval !== null && interval[1] < 0);
  return found === undefined ? null : (found.atMs - input.settledMs) / 60_000;
}

/** Whether any look left the truth out, and whether one did from hour 4 on. */
export interface CoverOutcome {
  missed: boolean;
  missedLate: boolean;
  /** The same by the distance that a verdict needs: before 1 h three half-widths. */
  misjudged: boolean;
}

const HOUR_4 = 48;

/** Coverage of the true effect over all looks of one watch. */
export function measureCover(params: MadeParams & { truth: number }, seed: number): CoverOutcome {
  const missed = looksOf(makeWatch(params, seed)).filter((look) => isOutside(look, params.truth));
  return {
    missed: missed.length > 0,
    missedLate: missed.some((look) => look.n >= HOUR_4),
    misjudged: missed.some(({ estimate, clearance }) => Math.abs(estimate - params.truth) > clearance),
  };
}

const TRUTH_SEED = 4_242;
const TRUTH_BLOCKS = 40_000;
const MINUTES = 5;

/**
 * What noise that comes with a deploy adds to the mean logarithm of a block by itself: a block is a sum, and the
 * logarithm of a mean lies above the mean of logarithms. The true effect is ln(ratio) and this.
 */
export function shiftOfNoise(family: SeriesFamily, added: { correlation: number; spread: number }): number {
  const shiftOf = (noises: readonly { correlation: number; spread: number }[]): number => {
    const random = seededRandom(TRUTH_SEED);
    const states = noises.map(() => randomNormal(random));
    let shift = 0;
    for (let block = 0; block < TRUTH_BLOCKS; block++) {
      let sum = 0;
      let logs = 0;
      for (let minute = 0; minute < MINUTES; minute++) {
        let log = 0;
        for (const [i, { correlation, spread }] of noises.entries()) {
          states[i] = correlation * (states[i] ?? 0) + Math.sqrt(1 - correlation ** 2) * randomNormal(random);
          log += spread * (states[i] ?? 0);
        }
        sum += Math.exp(log);
        logs += log;
      }
      shift += Math.log(sum / MINUTES) - logs / MINUTES;
    }
    return shift / TRUTH_BLOCKS;
  };
  return shiftOf([family, added]) - shiftOf([family]);
}

/** First alarms of the rivals over one made watch. */
export function measureRivals(params: MadeParams, seed: number): RivalAlarms {
  const { minutes } = makeWatch(params, seed);
  return watchRivals({
    stepMinutes: 1,
    watch: dayBefore(minutes, 0),
    yesterday: dayBefore(minutes, 1),
    lastThreeDays: [1, 2, 3].map((daysAgo) => dayBefore(minutes, daysAgo)),
  });
}
