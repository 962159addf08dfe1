import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import { addGaugeSample, addIncrement, type Block, bucketRate, emptyBlock } from './blocks.ts';
import type { Increment } from './increments.ts';

function collect(increments: readonly Increment[]): Map<number, Block> {
  const blocks = new Map<number, Block>();
  const blockAt = (startMs: number): Block => {
    const block = blocks.get(startMs) ?? emptyBlock(startMs);
    blocks.set(startMs, block);
    return block;
  };
  for (const increment of increments) addIncrement(blockAt, increment);
  return blocks;
}

const plain = { gap: false, reset: false, partial: false };

describe('five-minute blocks', () => {
  it('an increment across an edge is shared out by time', () => {
    const blocks = collect([{ ...plain, fromMs: BLOCK_MS - 10_000, toMs: BLOCK_MS + 20_000, increase: 30 }]);
    expect(blocks.get(0)).toMatchObject({ increase: 10, coveredMs: 10_000 });
    expect(blocks.get(BLOCK_MS)).toMatchObject({ increase: 20, coveredMs: 20_000 });
  });

  it('a gap counts for the total of its last block and covers nothing', () => {
    const blocks = collect([{ ...plain, gap: true, fromMs: 0, toMs: 3 * BLOCK_MS + 1, increase: 500 }]);
    expect([...blocks.values()]).toEqual([
      expect.objectContaining({
        startMs: 3 * BLOCK_MS,
        increase: 0,
        gapIncrease: 500,
        coveredMs: 0,
        min: null,
      }),
    ]);
  });

  it('a block that is covered by less than half has no rate, and zero covered is not zero', () => {
    expect(bucketRate({ increase: 0, coveredMs: 0 }, BLOCK_MS)).toBeNull();
    expect(bucketRate({ increase: 10, coveredMs: BLOCK_MS / 2 - 1 }, BLOCK_MS)).toBeNull();
    expect(bucketRate({ increase: 300, coveredMs: BLOCK_MS }, BLOCK_MS)).toBe(1);
    expect(bucketRate({ increase: 0, coveredMs: BLOCK_MS }, BLOCK_MS)).toBe(0);
  });

  it('gauge samples keep their extremes and their last value', () => {
    const block = emptyBlock(0);
    for (const value of [4, -2, 9, 3]) addGaugeSample(block, value, 15_000);
    expect(block).toMatchObject({ n: 4, min: -2, max: 9, last: 3, sum: 14, coveredMs: 60_000 });
  });

  it('Σ blocks + Σ gaps = Σ sample increments, for any split', () => {
    const one = fc.record({
      fromMs: fc.nat(5e6),
      lengthMs: fc.integer({ min: 1, max: 2e6 }),
      increase: fc.nat(1e6),
      gap: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), (list) => {
        const increments = list.map(({ fromMs, lengthMs, increase, gap }) => ({
          ...plain,
          fromMs,
          toMs: fromMs + lengthMs,
          increase,
          gap,
        }));
        const truth = increments.reduce((sum, i) => sum + i.increase, 0);
        const stored = [...collect(increments).values()].reduce(
          (sum, b) => sum + b.increase + b.gapIncrease,
          0,
        );
        expect(Math.abs(stored - truth)).toBeLessThanOrEqual(1e-9 * Math.max(1, truth));
      }),
    );
  });
});
