import { describe, expect, it } from 'vitest';
import type { GuardSpan } from '../model/verdict.ts';
import { BLOCK_MS, type TimeRange } from '../time/range.ts';
import { frozenSinceMs, planSpans } from './spans.ts';

const START = 1_000 * BLOCK_MS;
const at = (blocks: number) => START + blocks * BLOCK_MS;
const span = (of: Partial<GuardSpan> & { fromMs: number }): GuardSpan => ({
  reason: 'source_down',
  toMs: null,
  final: false,
  evidence: 'the source was down',
  ...of,
});
const all = (count: number, silent: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => !silent.includes(i));
const plan = (spans: GuardSpan[], measured = all(20), quiet: readonly TimeRange[] = []) =>
  planSpans({ spans, quiet, startMs: START, settleBlocks: 1, measured });
const reasons = (made: ReturnType<typeof plan>) => made.freezes.map((freeze) => freeze?.reason ?? null);

describe('guard spans over a watch', () => {
  it('mask every block that they touch, and freeze only while they last', () => {
    const made = plan([span({ fromMs: at(5) + 1, toMs: at(8) + 1 })]);
    expect(made.isMasked.flatMap((masked, i) => (masked ? i : []))).toEqual([5, 6, 7, 8]);
    expect(reasons(made).flatMap((reason, t) => (reason === null ? [] : t))).toEqual([6, 7, 8]);
    expect(made.freezes[6]).toMatchObject({
      final: false,
      fromMs: at(5) + 1,
      evidence: 'the source was down',
    });
  });

  it('a silence that is no fault freezes nothing once something was heard, and is silence with nothing heard', () => {
    const measured = all(20, [6, 7, 8, 9, 10, 11, 16, 17, 18, 19]);
    const slept = { startMs: at(6), endMs: at(12) };
    const made = plan([], measured, [slept]);
    expect(reasons(made).flatMap((reason, t) => (reason === null ? [] : t))).toEqual([19, 20]);
    const never = plan([], new Array(20).fill(false), [{ startMs: at(0), endMs: at(20) }]);
    expect(reasons(never).at(-1)).toBe('no_data');
  });

  it('a span that ends with a block leaves the next one alone', () => {
    const made = plan([span({ fromMs: at(5), toMs: at(6) })]);
    expect(made.isMasked.flatMap((masked, i) => (masked ? i : []))).toEqual([5]);
    expect(reasons(made).every((reason) => reason === null)).toBe(true);
  });

  it('a final one ends the watch of the claim for good, also once its cause is over', () => {
    const suspended = span({ reason: 'redis_suspended', fromMs: at(5) + 60_000, toMs: at(9), final: true });
    const made = plan([suspended, span({ reason: 'interrupted', fromMs: at(8), final: true })]);
    expect(made.isMasked.indexOf(true)).toBe(5);
    expect(made.isMasked.slice(5).every(Boolean)).toBe(true);
    expect(
      reasons(made)
        .slice(0, 6)
        .every((reason) => reason === null),
    ).toBe(true);
    expect(reasons(made).slice(6)).toEqual(Array.from({ length: 15 }, () => 'redis_suspended'));
    expect(made.freezes[20]).toMatchObject({ fromMs: at(5) + 60_000, final: true });
  });

  it('several at a time are named in the order of the guards', () => {
    const order = ['machines_not_converged', 'source_down', 'traffic_lost', 'limiter_off'] as const;
    for (const [i, reason] of order.entries()) {
      const open = order.slice(i).map((each) => span({ reason: each, fromMs: at(3) }));
      expect(reasons(plan(open.toReversed()))[10]).toBe(reason);
    }
  });

  it('fifteen minutes of silence after the settle time are no data, until numbers come', () => {
    const made = plan([], all(20, [6, 7, 8, 9]));
    expect(reasons(made).flatMap((reason, t) => (reason === 'no_data' ? t : []))).toEqual([9, 10]);
    expect(made.freezes[9]).toMatchObject({ fromMs: at(6), final: false, evidence: null });
    const silent = plan([], all(8, [0, 1, 2, 3, 4, 5, 6, 7]));
    expect(reasons(silent).flatMap((reason, t) => (reason === 'no_data' ? t : []))).toEqual([4, 5, 6, 7, 8]);
    expect(silent.freezes[4]?.fromMs).toBe(at(1));
  });

  it('two that meet freeze from the start of the first', () => {
    const made = plan([
      span({ fromMs: at(5), toMs: at(8) + 1 }),
      span({ reason: 'traffic_lost', fromMs: at(7), toMs: at(12) + 1 }),
    ]);
    expect(frozenSinceMs(made, 11)).toBe(at(5));
    expect(frozenSinceMs(made, 14)).toBeNull();
  });
});
