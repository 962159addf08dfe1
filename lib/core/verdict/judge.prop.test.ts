import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimVerdictSchema, type GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import { type CountBlock, isUsable } from './blocks.ts';
import { judgeClaim } from './judge.ts';
import type { JudgeInput } from './judge-types.ts';
import { type ClaimPromise, downLimit, upLimit } from './limits.ts';
import { inputOf, NO_RISE, promised, T0 } from './test-judge.ts';
import { CALM, FAMILIES, makeSeries, type TestSeries } from './test-series.ts';

/** Few series, made once: a property is about what is done to them. */
const FAMILY_NAMES = ['iid', 'AR .9, daily', 'AR .97, daily, day 5 %', '2 a minute'];
const EFFECTS = [0, 0.033, 0.5, 1, 1.6];
const made = new Map<string, TestSeries>();
const seriesOf = (name: string, ratio: number): TestSeries => {
  const key = `${name} ${ratio}`;
  const family = FAMILIES.find((each) => each.name === name) ?? CALM;
  const series =
    made.get(key) ?? makeSeries(family, 71, { effect: { ratio, onsetMinutes: 20, rampMinutes: 30 } });
  made.set(key, series);
  return series;
};
const PROMISES: ClaimPromise[] = [
  { kind: 'change', ratio: 0.033 },
  { kind: 'change', ratio: 0 },
  { kind: 'change', ratio: 0.5 },
  { kind: 'change', ratio: 1.5 },
  NO_RISE,
  { kind: 'improve', toward: 'down' },
];
const asked = fc.record({
  name: fc.constantFrom(...FAMILY_NAMES),
  ratio: fc.constantFrom(...EFFECTS),
  promise: fc.constantFrom(...PROMISES),
});
const spans = fc.array(
  fc.record({
    from: fc.integer({ min: -3, max: 280 }),
    length: fc.option(fc.integer({ min: 1, max: 100 })),
    final: fc.boolean(),
  }),
  { maxLength: 2 },
);
const guards = (of: { from: number; length: number | null; final: boolean }[]): GuardSpan[] =>
  of.map(({ from, length, final }) => ({
    reason: final ? 'interrupted' : 'source_down',
    fromMs: T0 + from * BLOCK_MS + 1_000,
    toMs: length === null ? null : T0 + (from + length) * BLOCK_MS,
    final,
    evidence: 'seen',
  }));
/** Some blocks of the watch are missing. */
const holes = fc.array(fc.integer({ min: 0, max: 287 }), { maxLength: 40 });
type Case = { name: string; ratio: number; promise: ClaimPromise };

function inputFor(
  { name, ratio, promise }: Case,
  missing: number[] = [],
  spansOf: GuardSpan[] = [],
): JudgeInput {
  const series = seriesOf(name, ratio);
  const after = series.after.map((block, i) => (missing.includes(i) ? null : block));
  return inputOf({ before: series.before, after, promise, spans: spansOf });
}

/** The same watch as it was when only so many blocks were over. */
function cutAt(input: JudgeInput, blocks: number): JudgeInput {
  if (input.blocks.kind !== 'counts') throw new Error('these are counts');
  return {
    ...input,
    blocks: { ...input.blocks, after: input.blocks.after.slice(0, blocks) },
    asOfMs: T0 + blocks * BLOCK_MS,
    spans: input.spans.filter((span) => span.fromMs < T0 + blocks * BLOCK_MS),
  };
}

const WON = ['met'];
const LOST = ['missed', 'worse'];
const RUNS = { numRuns: 15 };

describe('the judge', () => {
  it('replay is live: the looks of a longer watch begin with those of a shorter one', () => {
    fc.assert(
      fc.property(asked, holes, spans, fc.integer({ min: 1, max: 287 }), (each, missing, seen, cut) => {
        const whole = inputFor(each, missing, guards(seen));
        const long = judgeClaim(whole, { looks: true }).looks;
        const { looks: short, verdict } = judgeClaim(cutAt(whole, cut), { looks: true });
        expect(short).toEqual(long.slice(0, cut));
        expect(short.at(-1)).toMatchObject({ state: verdict.state, reason: verdict.reason });
        expect(short.at(-1)?.interval).toEqual(verdict.interval);
      }),
      RUNS,
    );
  });

  it('judged at any looks it never flips from met to missed or worse, nor back', () => {
    fc.assert(
      fc.property(asked, holes, spans, (each, missing, seen) => {
        const { looks } = judgeClaim(inputFor(each, missing, guards(seen)), { looks: true });
        const states: string[] = looks.map(({ state }) => state);
        const firstWon = states.findIndex((state) => WON.includes(state));
        const firstLost = states.findIndex((state) => LOST.includes(state));
        expect(firstWon >= 0 && firstLost >= 0).toBe(false);
        if (firstLost >= 0) expect(states.slice(firstLost).every((state) => LOST.includes(state))).toBe(true);
      }),
      RUNS,
    );
  });

  it('a shift of all times changes nothing but the times', () => {
    fc.assert(
      fc.property(asked, spans, fc.integer({ min: -50, max: 50 }), (each, seen, days) => {
        const input = inputFor(each, [], guards(seen));
        const byMs = days * DAY_MS + 35 * BLOCK_MS;
        const shift = (ms: number) => ms + byMs;
        const moved = judgeClaim({
          ...input,
          originMs: shift(input.originMs),
          settledMs: shift(input.settledMs),
          asOfMs: shift(input.asOfMs),
          endMs: shift(input.endMs),
          spans: input.spans.map((span) => ({
            ...span,
            fromMs: shift(span.fromMs),
            toMs: span.toMs === null ? null : shift(span.toMs),
          })),
        }).verdict;
        const verdict = judgeClaim(input).verdict;
        expect(moved.sinceMs).toBe(verdict.sinceMs === null ? null : shift(verdict.sinceMs));
        const plain = { sinceMs: 0, decidedAtMs: 0, decidableByMs: 0, onset: null, held: null };
        expect({ ...moved, ...plain }).toEqual({ ...verdict, ...plain });
      }),
      RUNS,
    );
  });

  it('ten or a hundred times as many events change no state where there are enough of them', () => {
    const scaled = (input: JudgeInput, by: number): JudgeInput => {
      if (input.blocks.kind !== 'counts') throw new Error('these are counts');
      const times = (block: CountBlock) =>
        isUsable(block) ? { ...block, increase: by * block.increase } : null;
      const { before, after } = input.blocks;
      return { ...input, blocks: { ...input.blocks, before: before.map(times), after: after.map(times) } };
    };
    for (const name of ['AR .9, daily']) {
      for (const ratio of [0.033, 1, 1.6]) {
        const ten = scaled(inputFor({ name, ratio, promise: NO_RISE }), 10);
        const hundred = scaled(ten, 10);
        for (const promise of PROMISES.filter((each) => each.kind !== 'change' || each.ratio > 0)) {
          const target = promised(promise);
          const verdict = judgeClaim({ ...ten, target }).verdict;
          const more = judgeClaim({ ...hundred, target }).verdict;
          expect(more.state).toBe(verdict.state);
          expect(more.effectPct ?? 0).toBeCloseTo(verdict.effectPct ?? 1, 0);
        }
      }
    }
  });

  it('a guard never makes met what is not, and its verdict is plain JSON', () => {
    fc.assert(
      fc.property(asked, holes, spans, (each, missing, seen) => {
        const guarded = judgeClaim(inputFor(each, missing, guards(seen))).verdict;
        if (guarded.state === 'met') expect(judgeClaim(inputFor(each, missing)).verdict.state).toBe('met');
        expect(JSON.parse(JSON.stringify(guarded))).toEqual(guarded);
        expect(claimVerdictSchema.parse(guarded)).toEqual(guarded);
        expect(guarded.why.length).toBeGreaterThan(10);
      }),
      RUNS,
    );
  });

  it('what is met is proven by more than half, and no lesser change was ever met', () => {
    for (const name of FAMILY_NAMES) {
      for (const ratio of EFFECTS) {
        for (const promise of PROMISES) {
          const { state, provenShare } = judgeClaim(inputFor({ name, ratio, promise })).verdict;
          if (state !== 'met') continue;
          if (provenShare !== null) expect(provenShare).toBeGreaterThan(0.5);
          if (promise.kind !== 'change') expect(ratio).toBeLessThanOrEqual(1);
          else if (promise.ratio < 1) expect(ratio).toBeLessThanOrEqual(downLimit(promise.ratio));
          else expect(ratio).toBeGreaterThanOrEqual(upLimit(promise.ratio));
        }
      }
    }
  });
});
