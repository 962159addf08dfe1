import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageId, StageView } from '../model/suspension.ts';
import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { judgeStages, type StageBlock } from './stages.ts';
import type { Stretch } from './stretch.ts';

const FIRST_MS = Date.UTC(2026, 3, 9, 22, 10);
const BACK: Stretch = {
  ...{ startMs: FIRST_MS - 2 * HOUR_MS, isFirstLook: false, byUs: true, wholeMs: FIRST_MS - 2 * HOUR_MS },
  ...{ firstMs: FIRST_MS, firstMachines: ['3d8dd7a1'], allMs: null },
};
const GOOD: Omit<StageBlock, 'startMs'> = {
  ...{ gets: 6, limit: 10, trouble: null, unseen: null, limiterTold: true },
};

/** Blocks since the first machine; each is good but for what is said of it by its place. */
function blocksOf(count: number, over: Readonly<Record<number, Partial<StageBlock>>> = {}): StageBlock[] {
  return Array.from({ length: count }, (_, i) => ({
    startMs: FIRST_MS + i * BLOCK_MS,
    ...GOOD,
    ...over[i],
  }));
}

function stage(id: StageId, blocks: readonly StageBlock[], over: Partial<Stretch> = {}): StageView {
  const nowMs = FIRST_MS + blocks.length * BLOCK_MS;
  const found = judgeStages({ stretch: { ...BACK, ...over }, nowMs, blocks }).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  return found;
}

const all = (change: Partial<StageBlock>) =>
  Object.fromEntries(Array.from({ length: 400 }, (_, i) => [i, change]));

describe('the way back', () => {
  it('has no stages while Redis is used nowhere, was never off everywhere, or was taken away by others', () => {
    for (const over of [{ firstMs: null }, { byUs: false }])
      expect(judgeStages({ stretch: { ...BACK, ...over }, nowMs: FIRST_MS, blocks: [] })).toEqual([]);
  });

  it('runs for 30 min on one machine, and the others wait for it', () => {
    const blocks = blocksOf(3);
    expect(stage('first', blocks)).toEqual({
      id: 'first',
      title: 'One machine: 3d8dd7a1',
      state: 'running',
      startedMs: FIRST_MS,
      dueMs: FIRST_MS + 30 * MINUTE_MS,
      decidedMs: null,
      evidence: '2 of 4 blocks of 5 min seen, 21.6K GETs/h, at most 36.0K/h are allowed',
    });
    expect(stage('all', blocks)).toMatchObject({ state: 'waiting', startedMs: null, dueMs: null });
    expect(stage('day', blocks)).toMatchObject({ state: 'waiting' });
  });

  it('passes its first stage at 30 min and not before, with what was seen', () => {
    expect(stage('first', blocksOf(5)).state).toBe('running');
    expect(stage('first', blocksOf(6))).toMatchObject({
      state: 'passed',
      decidedMs: FIRST_MS + 30 * MINUTE_MS,
      evidence:
        '21.6K GETs/h, at most 36.0K/h are allowed; no burst of 429s or 5xx, no alert fired, no limiter failed open',
    });
    const untold = blocksOf(6, all({ limiterTold: false }));
    expect(stage('first', untold).evidence).toContain('whether the limiter failed open is not told');
  });

  it('does not count the first 5 min: a new process fills its caches', () => {
    expect(stage('first', blocksOf(6, { 0: { trouble: '12 requests passed', gets: 900 } })).state).toBe(
      'passed',
    );
  });

  it.each([
    ['nothing was counted', { gets: null }, 'GETs were not counted'],
    ['nothing tells what is allowed', { limit: null }, 'nothing tells how many GETs are allowed'],
    ['not a single GET came', { gets: 0 }, 'no GET came, so nothing shows that Redis is used'],
    ['responses were not counted', { unseen: 'responses were not counted' }, 'responses were not counted'],
  ])('is blocked when %s, and does not pass with time alone', (_case, change, why) => {
    const found = stage('first', blocksOf(60, all(change)));
    expect(found).toMatchObject({ state: 'blocked', decidedMs: null });
    expect(found.evidence).toBe(`0 of 4 blocks of 5 min seen; ${why}`);
  });

  it('passes later, once enough was seen', () => {
    const hole = { 2: { gets: null }, 3: { gets: null }, 4: { gets: null } };
    expect(stage('first', blocksOf(6, hole)).state).toBe('blocked');
    expect(stage('first', blocksOf(8, hole))).toMatchObject({
      state: 'passed',
      decidedMs: FIRST_MS + 40 * MINUTE_MS,
    });
  });

  it('fails at once with what went wrong, and stays failed however well it goes on', () => {
    const blocks = (count: number) =>
      blocksOf(count, { 2: { trouble: '429s: 40 in 15 min, usual are 0.2' } });
    for (const count of [3, 6, 40])
      expect(stage('first', blocks(count))).toMatchObject({
        state: 'failed',
        decidedMs: FIRST_MS + 15 * MINUTE_MS,
        evidence: '429s: 40 in 15 min, usual are 0.2, seen at 22:25Z',
      });
  });

  it('fails when its last quarter of an hour is above what is allowed', () => {
    const found = stage('first', blocksOf(6, { 4: { gets: 13 }, 5: { gets: 14 } }));
    expect(found).toMatchObject({ state: 'failed' });
    expect(found.evidence).toContain('39.6K GETs/h, at most 36.0K/h are allowed');
    expect(stage('first', blocksOf(6, { 1: { gets: 80 }, 2: { gets: 40 } })).state).toBe('passed');
  });

  it('goes on to all machines, then a day, each from when the last machine came back', () => {
    const allMs = FIRST_MS + HOUR_MS;
    const at = (count: number) => blocksOf(count);
    expect(stage('first', at(12), { allMs }).state).toBe('passed');
    expect(stage('all', at(13), { allMs })).toMatchObject({ state: 'running', startedMs: allMs });
    expect(stage('all', at(18), { allMs }).state).toBe('passed');
    expect(stage('day', at(18), { allMs }).state).toBe('running');
    expect(stage('day', at(12 + 287), { allMs }).state).toBe('running');
    expect(stage('day', at(12 + 288), { allMs }).state).toBe('passed');
  });

  it('fails the day when half an hour on end is above what is allowed', () => {
    const allMs = FIRST_MS + HOUR_MS;
    const over = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [100 + i, { gets: 12 }]));
    const five = Object.fromEntries(Object.entries(over).slice(1));
    expect(stage('day', blocksOf(150, over), { allMs })).toMatchObject({ state: 'failed' });
    expect(stage('day', blocksOf(150, five), { allMs })).toMatchObject({ state: 'running' });
  });

  it('that failed on all machines is not counted for a day', () => {
    const allMs = FIRST_MS + HOUR_MS;
    const blocks = blocksOf(150, { 14: { trouble: 'alert: server errors' } });
    expect(stage('all', blocks, { allMs }).state).toBe('failed');
    expect(stage('day', blocks, { allMs })).toMatchObject({
      state: 'blocked',
      evidence: 'the stage before it failed',
    });
  });

  it('on all machines at once, or before its time, never had a first stage', () => {
    const blocks = blocksOf(20);
    expect(stage('first', blocks, { allMs: FIRST_MS })).toMatchObject({
      state: 'blocked',
      evidence: 'left out: all machines came back at once',
    });
    const early = stage('first', blocks, { allMs: FIRST_MS + 12 * MINUTE_MS });
    expect(early).toMatchObject({ state: 'blocked' });
    expect(early.evidence).toMatch(/^not told: all machines followed after 12\u00a0m$/);
  });

  const anyBlock = fc.record({
    gets: fc.oneof(fc.constant(null), fc.constant(0), fc.double({ min: 0.1, max: 20, noNaN: true })),
    limit: fc.oneof(fc.constant(null), fc.constant(10)),
    trouble: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant('x') },
    ),
    unseen: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant('y') }),
    limiterTold: fc.boolean(),
  });
  const anyBlocks = fc
    .array(anyBlock, { maxLength: 40 })
    .map((list) => list.map((block, i): StageBlock => ({ startMs: FIRST_MS + i * BLOCK_MS, ...block })));
  const anyAll = fc
    .oneof(fc.constant(null), fc.integer({ min: 0, max: 20 }))
    .map((n) => (n === null ? null : FIRST_MS + n * BLOCK_MS));

  it('never passes a stage of which too little was seen', () => {
    fc.assert(
      fc.property(anyBlocks, anyAll, (blocks, allMs) => {
        for (const { state, startedMs, decidedMs } of judgeStages({
          ...{ stretch: { ...BACK, allMs }, blocks },
          nowMs: FIRST_MS + blocks.length * BLOCK_MS,
        })) {
          if (state !== 'passed' || startedMs === null || decidedMs === null) continue;
          const seen = blocks.filter(
            ({ startMs, gets, limit, unseen }) =>
              startMs >= startedMs &&
              startMs < decidedMs &&
              (gets ?? 0) > 0 &&
              limit !== null &&
              unseen === null,
          );
          expect(seen.length).toBeGreaterThanOrEqual(4);
        }
      }),
    );
  });

  it('keeps what passed or failed, whatever comes later', () => {
    fc.assert(
      fc.property(anyBlocks, anyBlocks, (blocks, later) => {
        const joined = [
          ...blocks,
          ...later.map((block, i) => ({ ...block, startMs: FIRST_MS + (blocks.length + i) * BLOCK_MS })),
        ];
        const before = stage('first', blocks);
        if (before.state !== 'passed' && before.state !== 'failed') return;
        expect(stage('first', joined)).toEqual(before);
      }),
    );
  });

  it('never takes trouble after the warm-up for a pass', () => {
    fc.assert(
      fc.property(anyBlocks, fc.integer({ min: 1, max: 5 }), (blocks, place) => {
        if (blocks.length < 6) return;
        const bad = blocks.map((block, i) => (i === place ? { ...block, trouble: 'x' } : block));
        expect(stage('first', bad).state).toBe('failed');
      }),
    );
  });
});
