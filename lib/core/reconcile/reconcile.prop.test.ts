import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../time/range.ts';
import { reconcile, type SideCount, sideBound } from './reconcile.ts';
import { delayed, sharedWindow } from './shared-window.ts';
import { reconcileSentence } from './words.ts';

const range = { startMs: 0, endMs: 15 * MINUTE_MS };
const side = (perSecond: number, over: Partial<SideCount> = {}): SideCount => ({
  perSecond,
  coveredShare: 1,
  quality: 'measured',
  spanMs: 15 * SECOND_MS,
  lagJitterMs: 0,
  ownPerSecond: 0,
  ...over,
});
const rate = fc.double({ min: 0, max: 1e5, noNaN: true });

/** What a counter read every `spanMs`, `lagMs` late, gives for a window: spans shared out by time. */
function countOf(perSecondAt: (atMs: number) => number, spanMs: number, lagMs: number, window: typeof range) {
  const stepMs = SECOND_MS;
  const asked = delayed(window, lagMs, stepMs);
  let events = 0;
  for (let fromMs = Math.floor(asked.startMs / spanMs) * spanMs; fromMs < asked.endMs; fromMs += spanMs) {
    let inSpan = 0;
    for (let atMs = fromMs; atMs < fromMs + spanMs; atMs += stepMs) inSpan += perSecondAt(atMs - lagMs);
    const overlap = Math.min(asked.endMs, fromMs + spanMs) - Math.max(asked.startMs, fromMs);
    events += (inSpan * overlap) / spanMs;
  }
  return (events * 1_000) / (window.endMs - window.startMs);
}

describe('the remainder', () => {
  it('moves by the rate of a hidden source, and by that alone', () => {
    fc.assert(
      fc.property(rate, rate, rate, (machines, seen, hidden) => {
        const before = reconcile(side(seen), side(machines), range).remainderPerSecond ?? Number.NaN;
        const after = reconcile(side(seen + hidden), side(machines), range).remainderPerSecond ?? Number.NaN;
        expect(after - before).toBeCloseTo(hidden, 6);
      }),
    );
  });

  it('grows by the rate of a machine that is lost', () => {
    fc.assert(
      fc.property(fc.array(rate, { minLength: 2, maxLength: 9 }), (rates) => {
        const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
        const whole = reconcile(side(sum(rates)), side(sum(rates)), range);
        const less = reconcile(side(sum(rates)), side(sum(rates.slice(1))), range);
        expect(whole.verdict).toBe('agree');
        expect((less.remainderPerSecond ?? 0) - (whole.remainderPerSecond ?? 0)).toBeCloseTo(
          rates[0] ?? 0,
          4,
        );
      }),
    );
  });

  it('of steady traffic is nothing, whatever the lags and the beats of both sides are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 0, max: 600 }),
        fc.constantFrom(5, 15, 60, 300),
        fc.constantFrom(5, 15, 60),
        (perSecond, lagSeconds, seenSpan, machineSpan) => {
          const steady = () => perSecond;
          const seen = countOf(steady, seenSpan * SECOND_MS, lagSeconds * SECOND_MS, range);
          const sent = countOf(steady, machineSpan * SECOND_MS, 0, range);
          const found = reconcile(
            side(seen, { spanMs: seenSpan * SECOND_MS }),
            side(sent, { spanMs: machineSpan * SECOND_MS }),
            range,
          );
          expect(found.remainderPerSecond).toBeCloseTo(0, 6);
          expect(found.verdict).toBe('agree');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of traffic that steps anywhere stays under the bound, when the lag is known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom(15, 60, 300),
        (stepSecond, low, more, lagSeconds, seenSpan) => {
          // Less than twice its mean inside any span: what the bound promises.
          const traffic = (atMs: number) =>
            atMs < stepSecond * SECOND_MS ? low : Math.min(2 * low, low + more);
          const seen = side(countOf(traffic, seenSpan * SECOND_MS, lagSeconds * SECOND_MS, range), {
            spanMs: seenSpan * SECOND_MS,
          });
          const found = reconcile(seen, side(countOf(traffic, 15 * SECOND_MS, 0, range)), range);
          expect(found.verdict).toBe('agree');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is only called so beyond the joint bound, on either side of it', () => {
    fc.assert(
      fc.property(rate, rate, (seen, sent) => {
        const found = reconcile(side(seen), side(sent), range);
        const bound = sideBound(side(seen), 15 * MINUTE_MS) + sideBound(side(sent), 15 * MINUTE_MS);
        expect(found.boundPerSecond).toBeCloseTo(bound, 6);
        expect(found.verdict === 'agree').toBe(Math.abs(seen - sent) <= (found.boundPerSecond ?? 0));
        if (found.verdict !== 'agree') expect(found.verdict === 'elsewhere').toBe(seen > sent);
      }),
    );
  });

  it('cannot be told without a side: missing is not zero', () => {
    const nothing = { verdict: 'cant_tell', remainderPerSecond: null, boundPerSecond: null };
    expect(reconcile(null, side(1), range)).toEqual(nothing);
    expect(reconcile(side(1), null, range)).toEqual(nothing);
    expect(reconcile(side(1), side(1), { startMs: 5, endMs: 5 })).toEqual(nothing);
  });
});

describe('the bound', () => {
  it('grows with every doubt', () => {
    const plain = sideBound(side(10), 15 * MINUTE_MS);
    for (const doubt of [
      { spanMs: MINUTE_MS },
      { lagJitterMs: MINUTE_MS },
      { coveredShare: 0.5 },
      { quality: 'inferred' as const },
      { ownPerSecond: 1 },
    ]) {
      expect(sideBound(side(10, doubt), 15 * MINUTE_MS)).toBeGreaterThan(plain);
    }
  });
});

describe('the shared window', () => {
  const reach = (fromMs: number, untilMs: number, spanMs = 15_000) => ({ fromMs, untilMs, spanMs });
  const asked = { startMs: 0, endMs: 3_600_000 };

  it('lies inside what was asked and inside what every side covers', () => {
    const time = fc.integer({ min: 0, max: 3_600_000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 3 }),
        fc.array(time),
        (spans, changes) => {
          const reaches = spans.map(([a, b]) => reach(Math.min(a, b), Math.max(a, b)));
          const window = sharedWindow({ asked, reaches, changes, stepMs: 15_000 });
          if (window === null) return;
          expect(window.endMs - window.startMs).toBeGreaterThanOrEqual(30_000);
          for (const { fromMs, untilMs } of reaches) {
            expect(window.startMs).toBeGreaterThanOrEqual(fromMs);
            expect(window.endMs).toBeLessThanOrEqual(untilMs);
          }
        },
      ),
    );
  });

  it('begins after the latest change of the fleet, once two visits of the slowest side follow it', () => {
    const reaches = [reach(0, 3_600_000), reach(0, 3_600_000, 60_000)];
    const cut = (changes: number[]) => sharedWindow({ asked, reaches, changes, stepMs: 15_000 });
    expect(cut([])).toEqual(asked);
    expect(cut([600_000, 1_200_000])).toEqual({ startMs: 1_200_000, endMs: 3_600_000 });
    expect(cut([3_480_000])).toEqual({ startMs: 3_480_000, endMs: 3_600_000 });
    expect(cut([3_495_000])).toEqual(asked);
    expect(cut([600_000, 3_495_000])).toEqual({ startMs: 600_000, endMs: 3_600_000 });
  });
});

describe('the sentence', () => {
  const facts = { seenName: 'Upstash', machines: 2 };
  const tell = (seen: number, sent: number) => {
    const found = reconcile(side(seen / 60), side(sent / 60), range);
    return reconcileSentence({ ...facts, ...found, seenPerSecond: seen / 60, machinesPerSecond: sent / 60 });
  };

  it('names the remainder and where it can come from', () => {
    expect(tell(1_525, 310)).toBe(
      '1,525/min at Upstash, 310/min from your 2 machines: 1,215/min come from somewhere else (a stale machine, staging, a leaked URL, reconnect attempts).',
    );
  });

  it('says how closely they agree, never closer than can be told', () => {
    expect(tell(1_525, 1_520)).toMatch(/: they agree within 4 %\.$/);
    expect(tell(0.001, 0.001)).toMatch(/: too little to tell them apart\.$/);
    expect(tell(310, 1_525)).toContain(': 1,215/min more than arrived (');
  });

  it('says which side is missing', () => {
    const none = { verdict: 'cant_tell', remainderPerSecond: null, boundPerSecond: null } as const;
    expect(reconcileSentence({ ...facts, ...none, seenPerSecond: 1, machinesPerSecond: null })).toContain(
      'No machine',
    );
    expect(
      reconcileSentence({ ...facts, ...none, seenName: null, seenPerSecond: null, machinesPerSecond: 1 }),
    ).toContain('Nobody beside your machines');
  });
});
