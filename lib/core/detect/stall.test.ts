import { describe, expect, it } from 'vitest';
import { randomPoisson, seededRandom } from '../verdict/test-series.ts';
import { type ClaimedLevel, type CounterSpan, detectStalls } from './stall.ts';

const MINUTE = 60_000;
const SCRAPE = 15_000;
const DAY = 1_440;
const ORIGIN = 7 * DAY * MINUTE;

const countsOf = (perMinute: (minute: number) => number, seed = 5) => {
  const random = seededRandom(seed);
  return Array.from({ length: 7 * DAY }, (_, i) => randomPoisson(random, perMinute(i)));
};
const busy = countsOf(() => 100);

/** Spans of 15 s with so many events each; null is a hole. */
function spansOf(increases: readonly (number | null)[]): CounterSpan[] {
  return increases.map((increase, i) => ({
    fromMs: ORIGIN + i * SCRAPE,
    toMs: ORIGIN + (i + 1) * SCRAPE,
    increase,
  }));
}

function stallsIn(
  increases: readonly (number | null)[],
  { counts = busy, claimed = null }: { counts?: readonly number[]; claimed?: ClaimedLevel | null } = {},
) {
  const found = detectStalls(
    { startMs: 0, stepMs: MINUTE, counts, requests: null },
    spansOf(increases),
    claimed,
  );
  return found.map(({ startMs, endMs }) => [
    (startMs + SCRAPE - ORIGIN) / MINUTE,
    endMs === null ? null : (endMs - ORIGIN) / MINUTE,
  ]);
}

const moving = (minutes: number) => Array<number>(4 * minutes).fill(25);
const still = (minutes: number) => Array<number>(4 * minutes).fill(0);

describe('a counter that stands still', () => {
  it('at 100 a minute it is told after 2 min, and ends with the first event', () => {
    expect(stallsIn([...moving(10), ...still(6), ...moving(2)])).toEqual([[12, 16]]);
    expect(stallsIn([...moving(10), ...still(6)])).toEqual([[12, null]]);
  });

  it('three silent samples are not enough before 2 min', () => {
    expect(stallsIn([...moving(10), ...still(1.75), ...moving(5)])).toEqual([]);
  });

  it('is told of a slower metric only when the silence cannot be chance', () => {
    const counts = countsOf(() => 1);
    expect(stallsIn([...moving(1), ...still(9), ...moving(1)], { counts })).toEqual([]);
    const [[after] = []] = stallsIn([...moving(1), ...still(40)], { counts });
    expect(after).toBeGreaterThan(11);
    expect(after).toBeLessThan(25);
  });

  it('samples that do not arrive are no stall, and do not end one', () => {
    expect(stallsIn([...moving(10), ...Array(40).fill(null)])).toEqual([]);
    expect(stallsIn([...moving(10), ...still(3), ...Array(40).fill(null)])).toEqual([[12, null]]);
  });

  it('a promised fall is no stall: it goes by the lower of what is usual and what is claimed', () => {
    const thin = [...moving(1), ...still(3.5), 1, ...still(3), 2, ...still(2)];
    expect(stallsIn(thin).length).toBeGreaterThan(0);
    expect(stallsIn(thin, { claimed: { ratio: 0.033 } })).toEqual([]);
    expect(stallsIn(thin, { claimed: { perSecond: 3.3 / 60 } })).toEqual([]);
    expect(stallsIn([...moving(1), ...still(600)], { claimed: { ratio: 0 } })).toEqual([]);
    // A claim of more than is usual does not make a stall out of a quiet hour.
    expect(stallsIn([...moving(10), ...still(6)], { claimed: { ratio: 5 } })).toEqual([[12, null]]);
  });

  it('a shop that closes at night has no stall at night, and one that closes on Sundays none on Sundays', () => {
    const nightly = countsOf((minute) => (minute % DAY < 480 ? 0 : 30));
    expect(stallsIn(still(470), { counts: nightly })).toEqual([]);
    const weekly = countsOf((minute) => (Math.floor(minute / DAY) === 3 ? 0 : 30));
    expect(stallsIn(still(DAY), { counts: weekly })).toEqual([]);
  });

  it('a counter that never moved has none', () => {
    expect(stallsIn(still(600), { counts: countsOf(() => 0) })).toEqual([]);
    expect(stallsIn(still(600), { counts: [] })).toEqual([]);
  });
});
