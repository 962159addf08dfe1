import { describe, expect, it } from 'vitest';
import { claimVerdictSchema, type GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import { judgeClaim, unmeasurable } from './judge.ts';
import { type Asked, blockOf, FALL, inputOf, NO_RISE, promised, T0 } from './test-judge.ts';
import { CALM, FAMILIES } from './test-series.ts';

const judge = (asked: Asked) => judgeClaim(inputOf(asked)).verdict;
const at = (blocks: number) => T0 + blocks * BLOCK_MS;
const span = (of: Partial<GuardSpan>): GuardSpan => ({
  reason: 'redis_suspended',
  fromMs: at(32),
  toMs: null,
  final: true,
  evidence: 'Redis suspended by v1205',
  ...of,
});
const constant = (increase: number, days = 14): CountBlock[] =>
  Array.from({ length: days * 288 }, () => blockOf(increase));
const KEPT = { effect: { ratio: 0.033 } };

describe('a claim that is kept', () => {
  it('goes from settling over on track to met, provisionally until the end', () => {
    const { looks, verdict } = judgeClaim(inputOf(KEPT), { looks: true });
    expect(looks).toHaveLength(288);
    expect(looks.slice(0, 3).every(({ state }) => state === 'settling')).toBe(true);
    expect(looks[3]).toMatchObject({ state: 'on_track', atMs: at(4), provisional: true });
    expect(looks[20]).toMatchObject({ state: 'met', provisional: true, reason: null });
    expect(looks[287]).toMatchObject({ state: 'met', provisional: false });
    expect(verdict).toMatchObject({ state: 'met', provisional: false, held: null, route: 'logs' });
    expect(verdict.effectPct ?? 0).toBeCloseTo(-96.7, 0);
    expect(verdict.interval?.[0] ?? 0).toBeLessThan(-96.6);
    expect(verdict.interval?.[1] ?? -100).toBeLessThan(-95.9);
    expect((verdict.after ?? 1) / (verdict.before ?? 1)).toBeCloseTo(0.033, 2);
    expect(verdict.decidedAtMs).toBe(verdict.sinceMs);
    expect(verdict.blocks).toEqual({ usable: 287, of: 287 });
    expect(Math.abs((verdict.onset?.atMs ?? 0) - T0)).toBeLessThanOrEqual(3 * BLOCK_MS);
  });

  it('says by when it can be told while it is open, and not any more once it is', () => {
    const open = judge({ ...KEPT, blocks5: 4 });
    expect(open.state).toBe('on_track');
    expect(open.decidableByMs).toBe(at(13));
    expect(judge({ ...KEPT, blocks5: 40 }).decidableByMs).toBeNull();
    const { after1h, after6h, after24h } = open.smallestChangePct;
    expect(after1h ?? 0).toBeGreaterThan(after6h ?? 100);
    expect(after6h ?? 0).toBeGreaterThan(after24h ?? 100);
  });

  it('counts nothing before the settle time is over', () => {
    const startup = Array.from({ length: 60 }, (_, i) => blockOf(i < 6 ? 50_000 : 330));
    const asked = { before: constant(10_000), after: startup, settledMs: at(6) };
    expect(judge({ ...asked, blocks5: 8 }).state).toBe('settling');
    expect(judge(asked)).toMatchObject({ state: 'met', blocks: { usable: 54, of: 54 } });
    expect(judge({ ...asked, settledMs: Number.POSITIVE_INFINITY }).state).toBe('settling');
  });

  it('leaves a warm-up out of the sums and says so', () => {
    const after = Array.from({ length: 288 }, (_, i) => blockOf(i < 10 ? 10_000 : 300));
    const verdict = judge({ before: constant(10_000), after });
    expect(verdict.state).toBe('met');
    expect(verdict.sumsPct?.warmUpMs).toBe(60 * MINUTE_MS);
    expect(verdict.why).toContain('Counted after a warm-up of 60 min.');
  });

  it('a level that was promised is held against what is usual, and a stated before that is far off is said', () => {
    const level = { value: (200 / 60) * 0.033, direction: 'down' as const };
    const verdict = judge({ ...KEPT, target: { promise: null, level, statedBefore: 10 } });
    expect(verdict.state).toBe('met');
    expect(verdict.why).toMatch(/66\.\d\u00a0% lower than the summary says/);
    const near = judge({ ...KEPT, target: { promise: null, level, statedBefore: 3.5 } });
    expect(near.why).not.toContain('summary');
  });

  it('a level that was there before the deploy is no more than on track where a fall to it was promised', () => {
    const level = { value: 5, direction: 'down' as const };
    const verdict = judge({ target: { promise: null, level, statedBefore: 50 } });
    expect(verdict.state).toBe('on_track');
    expect(verdict.caps).toContain('it was there before the deploy already');
    expect(verdict.why).toContain('there before the deploy already');
    expect(judge({ target: { promise: null, level, statedBefore: null } }).state).toBe('met');
  });
});

describe('a claim that is not kept', () => {
  it('is missed where nothing changed, and lost for good', () => {
    const verdict = judge({});
    expect(verdict).toMatchObject({ state: 'missed', provisional: false, onset: null });
    expect(verdict.probability ?? 1).toBeLessThan(1e-6);
  });

  it('one unchanged block an hour is not −97.5 %: undecided, with the share that bursts carry', () => {
    const after = Array.from({ length: 288 }, (_, i) => blockOf(i % 12 === 6 ? 10_000 : 245));
    for (const blocks5 of [60, 150, 288]) {
      const verdict = judge({ before: constant(10_000), after, blocks5 });
      expect(verdict.state).toBe('undecided');
      expect(verdict.burstPct ?? 0).toBeGreaterThan(75);
      expect(verdict.why).toMatch(
        /all in all only 89(\.\d)?\u00a0% lower: bursts carry \d\d(\.\d)?\u00a0% of the total/,
      );
      expect(verdict.sumsPct?.cumulative ?? 0).toBeGreaterThan(-90);
    }
  });

  it('is shown per request: a fall by lost traffic is no success', () => {
    const traffic = (after: number) => ({
      before: constant(5_000),
      after: constant(after, 1),
    });
    const asked = {
      before: constant(10_000),
      after: constant(6_000, 1),
      promise: { kind: 'change', ratio: 0.6 },
    } as const;
    expect(judge({ ...asked, requests: traffic(5_000) }).perRequestPct).toBeCloseTo(-40, 6);
    const lost = judge({ ...asked, requests: traffic(3_000) });
    expect(lost.perRequestPct).toBeCloseTo(0, 6);
    expect(lost.why).toMatch(/Requests fell by 40\u00a0%: per request it is 0\u00a0%\./);
    expect(judge(asked).perRequestPct).toBeNull();
  });
});

describe('what cannot be told', () => {
  it('a final guard freezes the claim from its beginning, with what stood before it', () => {
    const zero = Array.from({ length: 288 }, (_, i) => blockOf(i < 32 ? 1_000 : 0));
    const verdict = judge({ before: constant(1_000), after: zero, spans: [span({})] });
    expect(verdict).toMatchObject({
      state: 'cant_tell',
      reason: 'redis_suspended',
      provisional: false,
      sinceMs: at(32),
      effectPct: null,
      interval: null,
      decidedAtMs: null,
      onset: null,
    });
    expect(verdict.held).toMatchObject({ state: 'off_track', untilMs: at(32), sinceMs: at(4) });
    expect(verdict.held?.after).toBeCloseTo(1_000 / 300, 9);
    expect(verdict.why).toBe(
      'It was off track after 2\u00a0h\u00a040\u00a0m, unchanged. Redis suspended by v1205: what is measured since then is the suspension, not the deploy.',
    );
  });

  it('an open guard holds while it lasts, and the claim goes on afterwards without those blocks', () => {
    const open = {
      reason: 'machines_not_converged',
      final: false,
      fromMs: at(20),
      evidence: 'one of two runs v1',
    } as const;
    const during = judge({ ...KEPT, blocks5: 40, spans: [span(open)] });
    expect(during).toMatchObject({ state: 'cant_tell', reason: 'machines_not_converged', provisional: true });
    expect(during.held?.state).toBe('met');
    const later = judge({ ...KEPT, spans: [span({ ...open, toMs: at(50) })] });
    expect(later).toMatchObject({ state: 'met', reason: null, held: null, blocks: { usable: 257, of: 287 } });
  });

  it('a watch that ends under an open guard is not graded', () => {
    const open = span({ reason: 'source_down', final: false, fromMs: at(200) });
    expect(
      judge({ spans: [open], promise: { kind: 'change', ratio: 0.5 }, effect: { ratio: 0.5 } }),
    ).toMatchObject({
      state: 'cant_tell',
      provisional: false,
      held: { state: 'met' },
    });
  });

  it('what was lost for good before a guard stays lost', () => {
    const verdict = judge({ effect: { ratio: 3 }, spans: [span({ fromMs: at(100) })] });
    expect(verdict).toMatchObject({ state: 'worse', reason: null });
  });

  it('a span never turns what is not met into met', () => {
    for (const ratio of [1, 0.5, 0.06]) {
      const input = inputOf({ effect: { ratio } });
      expect(judgeClaim(input).verdict.state).not.toBe('met');
      for (const [fromBlock, toBlock] of [
        [2, 9],
        [20, 60],
        [100, 280],
        [250, null],
      ] as const) {
        for (const final of [true, false]) {
          const guard = span({ final, fromMs: at(fromBlock), toMs: toBlock === null ? null : at(toBlock) });
          expect(judgeClaim({ ...input, spans: [guard] }).verdict.state).not.toBe('met');
        }
      }
    }
  });

  it('silence is neither a pass nor a fail, and what stood comes back with the numbers', () => {
    const made = inputOf(KEPT).blocks;
    if (made.kind !== 'counts') throw new Error('these are counts');
    const silent = made.after.map((block, i) => (i >= 100 && i < 150 ? null : block));
    const asked = { before: made.before, after: silent };
    expect(judge({ ...asked, blocks5: 102 }).state).toBe('met');
    const during = judge({ ...asked, blocks5: 110 });
    expect(during).toMatchObject({
      state: 'cant_tell',
      reason: 'no_data',
      sinceMs: at(100),
      held: { state: 'met' },
    });
    expect(during.why).toContain('silence is neither a pass nor a fail');
    expect(judge({ ...asked, blocks5: 152 })).toMatchObject({ state: 'met', reason: null });
  });

  it('what nothing measures says what is missing', () => {
    const verdict = unmeasurable('The app must export cache hits.');
    expect(verdict).toMatchObject({
      state: 'cant_tell',
      reason: 'unmeasurable',
      route: 'none',
      why: 'The app must export cache hits.',
    });
    expect(claimVerdictSchema.parse(verdict)).toEqual(verdict);
    expect(judge({ promise: { kind: 'change', ratio: 1 } })).toMatchObject({ reason: 'unmeasurable' });
  });
});

describe('baselines', () => {
  it('a weak one is capped at on track and says how many days it has', () => {
    const verdict = judge({ ...KEPT, days: 4 });
    expect(verdict).toMatchObject({
      state: 'on_track',
      provisional: true,
      baseline: { days: 4, weak: true },
    });
    expect(verdict.caps).toHaveLength(1);
    expect(verdict.why).toContain('Only 4 comparable days');
  });

  it('a provider’s own is labelled, wider below its step, and never final', () => {
    const hourly = inputOf({});
    if (hourly.blocks.kind !== 'counts') throw new Error('these are counts');
    const { before } = hourly.blocks;
    const flat = before.map((_, i) =>
      blockOf(
        before
          .slice(i - (i % 12), i - (i % 12) + 12)
          .reduce((sum, block) => sum + (block?.increase ?? 0), 0) / 12,
      ),
    );
    const after = constant(33, 1);
    const told = judge({ before: flat, after, backfilledStepMs: HOUR_MS });
    expect(told).toMatchObject({ state: 'met', provisional: true, baseline: { kind: 'backfilled' } });
    expect(told.caps.join()).toContain('provider');
    const width = (backfilledStepMs: number | null) => {
      const { interval } = judge({
        before: flat,
        after: constant(1_000, 1),
        promise: NO_RISE,
        blocks5: 5,
        backfilledStepMs,
      });
      return (interval?.[1] ?? 0) - (interval?.[0] ?? 0);
    };
    expect(width(HOUR_MS)).toBeGreaterThan(1.3 * width(null));
  });

  it('none at all passes nothing, except a promised level, which is on or off track', () => {
    const { before: _, ...none } = { before: [] };
    expect(judge({ ...none, days: 0, ...KEPT })).toMatchObject({
      state: 'cant_tell',
      reason: 'no_baseline',
      baseline: { kind: 'none', days: 0 },
    });
    const level = { value: 1, direction: 'down' as const };
    const target = { promise: null, level, statedBefore: 20 };
    const kept = judge({ days: 0, target, after: constant(250, 1), before: [] });
    expect(kept).toMatchObject({
      state: 'on_track',
      provisional: true,
      baseline: { kind: 'stated' },
      before: 20,
    });
    expect(kept.effectPct).toBeCloseTo(-95.83, 1);
    expect(kept.after).toBeCloseTo(250 / 300, 9);
    expect(kept.caps.join()).toContain('nobody measured');
    expect(judge({ days: 0, target, after: constant(2_000, 1), before: [] }).state).toBe('off_track');
  });

  it('a constant one gives no interval without width', () => {
    for (const perBlock of [21, 10_000]) {
      const { interval } = judge({
        before: constant(perBlock),
        after: constant(perBlock, 1),
        promise: NO_RISE,
      });
      expect((interval?.[1] ?? 0) - (interval?.[0] ?? 0)).toBeGreaterThan(1);
    }
    const levels = {
      kind: 'levels' as const,
      before: Array.from({ length: 4_032 }, () => 4),
      after: Array.from({ length: 288 }, () => 4),
      resolution: 1,
    };
    const { interval, state } = judge({ blocks: levels, promise: NO_RISE });
    expect(state).toBe('undecided');
    expect((interval?.[1] ?? 0) - (interval?.[0] ?? 0)).toBeGreaterThan(20);
  });
});

describe('numbers that count no events', () => {
  const levels = (perBlock: (i: number) => number | null, count: number) =>
    Array.from({ length: count }, (_, i) => perBlock(i));
  const wave = (i: number) => 0.2 * (1 + 0.05 * Math.sin(i * 1.7) + 0.03 * Math.sin(i * 0.31));
  const gauge = (factor: number, blocks5 = 288, resolution: number | null = null) => ({
    blocks: {
      kind: 'levels' as const,
      before: levels(wave, 4_032),
      after: levels((i) => factor * wave(i), blocks5),
      resolution,
    },
  });

  it('tell nothing before an hour, and have neither sums nor bursts', () => {
    const promise = { kind: 'change', ratio: 0.5 } as const;
    expect(judge({ ...gauge(0.4, 12), promise }).state).toBe('on_track');
    const verdict = judge({ ...gauge(0.4, 20), promise });
    expect(verdict).toMatchObject({ state: 'met', sumsPct: null, burstPct: null, perRequestPct: null });
    expect(verdict.after ?? 0).toBeCloseTo(0.4 * (verdict.before ?? 0), 2);
  });

  it('a level that goes to 0 was measured: a promised 0 is met by it and by nothing near it', () => {
    const promise = { kind: 'change', ratio: 0 } as const;
    expect(judge({ ...gauge(0), promise }).state).toBe('met');
    expect(judge({ ...gauge(0.02), promise }).state).not.toBe('met');
  });

  it('money in small amounts is no count of events: its scale changes nothing', () => {
    const money = (scale: number) => {
      const block = (i: number, factor: number): CountBlock => blockOf(scale * factor * wave(i));
      return judge({
        blocks: {
          kind: 'counts',
          before: Array.from({ length: 4_032 }, (_, i) => block(i, 1)),
          after: Array.from({ length: 288 }, (_, i) => block(i, 0.1)),
          countsEvents: false,
        },
        promise: { kind: 'change', ratio: 0.1 },
      });
    };
    const small = money(1e-5);
    expect(small).toMatchObject({ state: 'met', route: 'logs' });
    expect(money(1e5).effectPct).toBeCloseTo(small.effectPct ?? 0, 6);
    expect(small.sumsPct?.cumulative).toBeCloseTo(-90, 0);
  });
});

describe('the route', () => {
  it('is chosen from what is usual and what is promised, and stays', () => {
    const rare = { ...CALM, perMinute: 0.5 };
    for (const blocks5 of [5, 100, 288]) {
      expect(judge({ family: rare, promise: NO_RISE, effect: { ratio: 100 }, blocks5 }).route).toBe('counts');
      expect(judge({ promise: { kind: 'change', ratio: 0 }, blocks5 }).route).toBe('counts');
      expect(judge({ promise: FALL, effect: { ratio: 0.0001 }, blocks5 }).route).toBe('logs');
    }
  });

  it('a promised 0 is met after hours of silence, and never while events go on', () => {
    const family = { ...CALM, perMinute: 0.5 };
    const promise = { kind: 'change', ratio: 0 } as const;
    const zero = { family, promise, effect: { ratio: 0 } };
    expect(judge({ ...zero, blocks5: 40 }).state).toBe('on_track');
    expect(judge({ ...zero, blocks5: 70 })).toMatchObject({ state: 'met', provisional: true });
    expect(judge(zero)).toMatchObject({ state: 'met', provisional: false, effectPct: -100 });
    for (let seed = 0; seed < 10; seed++) expect(judge({ family, promise, seed }).state).toBe('missed');
  });
});

describe('every verdict', () => {
  it('fits its schema, is plain JSON and has a sentence, in whatever state', () => {
    const states = new Set<string>();
    const asks: Asked[] = FAMILIES.filter((_, i) => i % 3 === 0).flatMap((family) =>
      [0, 0.033, 0.5, 1, 1.3].flatMap((ratio) => [
        { family, effect: { ratio }, blocks5: 60 },
        { family, effect: { ratio }, promise: NO_RISE, blocks5: 30 },
      ]),
    );
    for (const asked of asks) {
      const verdict = judge(asked);
      states.add(verdict.state);
      expect(claimVerdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
      expect(verdict.why).toMatch(/^[A-Z0-9].*\.$/);
      expect(verdict.why).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(verdict.reason === null).toBe(verdict.state !== 'cant_tell');
    }
    expect(states.size).toBeGreaterThanOrEqual(5);
  });

  it('a claim is judged by its target alone: the promise of others plays no part', () => {
    expect(judge({ ...KEPT, target: promised(FALL) })).toEqual(judge(KEPT));
  });
});
