import { type CountSeries, detectCountSpikes } from '../../lib/core/detect/count-spike.ts';
import { randomPoisson, seededRandom } from '../../lib/core/verdict/test-series.ts';
import type { CountFamily, Trouble } from '../verdict/spike-sims.ts';
import { type Alarms, delayOf, episodesOf } from './episodes.ts';
import { COUNT_RULES } from './fixed-rules.ts';

const MINUTE_MS = 60_000;
const DAY = 1_440;
const DAYS = 14;
const START_MS = Date.UTC(2026, 0, 5);
/** Where in the watch the trouble begins. */
export const TROUBLE_AT = 600;

/** Ours first, then the fixed rules in their order. */
export const COUNT_NAMES: readonly string[] = ['ours', ...COUNT_RULES.map(({ name }) => name)];

/** One watch of 24 h after 14 days, alone and with each trouble, judged by every rule. */
export function measureCounts(family: CountFamily, seed: number, troubles: readonly Trouble[]): Alarms[] {
  const counts = family.make(seed, (DAYS + 1) * DAY);
  const before = counts.slice(0, DAYS * DAY);
  const after = counts.slice(DAYS * DAY);
  const random = seededRandom(seed + 77_777);
  const troubled = troubles.map((trouble) => withTrouble(after, trouble, random));
  return [
    ours(before, after, troubled),
    ...COUNT_RULES.map(({ stands }) => ({
      falseOnes: episodesOf(stands(before, after), 1),
      delays: troubled.map((some) => delayOf(stands(before, some), TROUBLE_AT, 1)),
    })),
  ];
}

function withTrouble(
  after: readonly number[],
  { perMinute, minutes, exact = false }: Trouble,
  random: () => number,
): number[] {
  return after.map((count, i) => {
    if (i < TROUBLE_AT || i >= TROUBLE_AT + minutes) return count;
    return count + (exact ? perMinute : randomPoisson(random, perMinute));
  });
}

function ours(
  before: readonly number[],
  after: readonly number[],
  troubled: readonly (readonly number[])[],
): Alarms {
  const usual = seriesOf(before, 0);
  const troubleMs = START_MS + (DAYS * DAY + TROUBLE_AT) * MINUTE_MS;
  return {
    falseOnes: detectCountSpikes(usual, seriesOf(after, DAYS * DAY)).length,
    delays: troubled.map((some) => {
      const found = detectCountSpikes(usual, seriesOf(some, DAYS * DAY)).find(
        ({ startMs, endMs }) => endMs === null || endMs > troubleMs || startMs >= troubleMs,
      );
      // Told at the end of its minute.
      return found === undefined ? null : Math.max(1, (found.startMs + MINUTE_MS - troubleMs) / MINUTE_MS);
    }),
  };
}

function seriesOf(counts: readonly number[], offsetMinutes: number): CountSeries {
  return { startMs: START_MS + offsetMinutes * MINUTE_MS, stepMs: MINUTE_MS, counts, requests: null };
}
