import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logsOfCounts } from '../verdict/blocks.ts';
import { CALM, FAMILIES, makeSeries } from '../verdict/test-series.ts';
import { findStep, findSteps, heldSince, moveBySteps, type StepCandidate } from './found-step.ts';

const WILD = FAMILIES.find(({ name }) => name === 'AR .9, daily, day 3 %') ?? CALM;
const DAY = 288;

/** Ten days and a half, with the logarithm of a level from block `at` on. */
function rowOf(levels: readonly { at: number; log: number }[], seed = 1) {
  const { before, after } = makeSeries(WILD, seed, { days: 14 });
  return logsOfCounts([...before, ...after]).map((log, i) =>
    log === null ? null : log + levels.reduce((sum, level) => (i >= level.at ? sum + level.log : sum), 0),
  );
}

const place = (at: number, isClaimed: boolean): StepCandidate => ({ at, settleBlocks: 2, isClaimed });
const AT = 10 * DAY + 100;

describe('a step at a deploy', () => {
  it('that was claimed is seen after a quarter of an hour, with its size', () => {
    const row = rowOf([{ at: AT, log: Math.log(0.033) }]);
    expect(findStep(row, place(AT, true), AT + 4, true)).toBeNull();
    expect(findStep(row, place(AT, true), AT + 5, true)?.log).toBeCloseTo(Math.log(0.033), 0);
  });

  it('that nobody claimed has to stand for hours, and to be for the better', () => {
    const fell = rowOf([{ at: AT, log: Math.log(0.5) }]);
    expect(findSteps(fell, [place(AT, false)], AT + 50, 'up')).toEqual([]);
    expect(findSteps(fell, [place(AT, false)], AT + 60, 'up')).toHaveLength(1);
    const rose = rowOf([{ at: AT, log: Math.log(2) }]);
    expect(findSteps(rose, [place(AT, false)], AT + 80, 'up')).toEqual([]);
    expect(findSteps(rose, [place(AT, true)], AT + 80, 'up')).toHaveLength(1);
  });

  it('otava #150: is none where nothing moved, or came and went', () => {
    const wasDown = rowOf([
      { at: AT, log: -2 },
      { at: AT + 20, log: 2 },
    ]);
    for (const row of [rowOf([]), wasDown])
      expect(findSteps(row, [place(AT, false)], AT + 80, 'up')).toEqual([]);
  });

  it('is the same however long one looks after its first six hours, also when it is lost again', () => {
    const row = rowOf([
      { at: AT, log: -2 },
      { at: AT + 90, log: 2 },
    ]);
    const seen = [80, 120, 400].map((after) => findStep(row, place(AT, true), AT + after, true)?.log);
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toBeCloseTo(-2, 0);
  });

  it('of two deploys each is held against what the other left', () => {
    const second = AT + DAY;
    const row = rowOf([
      { at: AT, log: -1 },
      { at: second, log: -1 },
    ]);
    const steps = findSteps(row, [place(second, false), place(AT, false)], second + 80, 'up');
    expect(steps.map(({ at }) => at)).toEqual([AT, second]);
    for (const { log } of steps) expect(log).toBeCloseTo(-1, 0);
  });
});

describe('a row moved by its steps', () => {
  it('is moved before each of them only, and says nothing while it goes from one level to the next', () => {
    const steps = [
      { at: 3, settleBlocks: 2, log: -1 },
      { at: 7, settleBlocks: 1, log: -2 },
    ];
    expect(moveBySteps([0, 0, 0, 0, 0, 0, null, 0, 0], steps)).toEqual([
      -3,
      -3,
      -3,
      null,
      null,
      -2,
      null,
      null,
      0,
    ]);
  });

  it('never makes a missing block known, and moves by what is held since', () => {
    const blocks = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { minLength: 1, maxLength: 40 });
    const steps = fc.array(
      fc.record({ at: fc.nat(40), settleBlocks: fc.constant(0), log: fc.integer({ min: -5, max: 5 }) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(blocks, steps, (logs, all) => {
        for (const [i, log] of moveBySteps(logs, all).entries()) {
          const was = logs[i] ?? null;
          expect(log).toBe(was === null ? null : was + heldSince(all, i));
        }
      }),
      { numRuns: 200 },
    );
  });
});
