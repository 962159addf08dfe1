import { describe, expect, test } from 'vitest';
import { WorkerWatch } from './workers.ts';

const START = 1_700_000_000_000;
const STEP = 15_000;

/** Runs visits 15 s apart; a visit is the start of who answers, or that and its processor seconds. */
function run(visits: (number | null | [start: number, cpu: number])[], skewMs = 0) {
  const watch = new WorkerWatch();
  return visits.map((visit, i) => {
    const [startMs, cpuSeconds] = Array.isArray(visit) ? visit : [visit, null];
    return watch.step({ startMs, skewMs, cpuSeconds }, START + i * STEP);
  });
}
const usable = (verdicts: ReturnType<typeof run>) => verdicts.map(({ countersUsable }) => countersUsable);
const multi = (verdicts: ReturnType<typeof run>) => verdicts.map(({ multiWorker }) => multiWorker);

const A = START - 3_600_000;
const B = START - 3_500_000;

describe('who answers', () => {
  test('one process is followed, with its start a second off now and then', () => {
    const verdicts = run([A, A + 1_000, A - 1_000, A]);
    expect(usable(verdicts)).toEqual([true, true, true, true]);
    expect(new Set(verdicts.map(({ startMs }) => startMs)).size).toBe(1);
    expect(multi(verdicts)).not.toContain(true);
  });

  test('a start that drifts by a second at a time stays the same process', () => {
    const verdicts = run([A, A + 1_500, A + 3_000, A + 4_500, A + 6_000]);
    expect(new Set(verdicts.map(({ startMs }) => startMs))).toEqual(new Set([A]));
  });

  test('a page without a start is taken as it is', () => {
    expect(usable(run([null, null, A, null]))).toEqual([true, true, true, true]);
  });

  test('a restart is no second worker', () => {
    const verdicts = run([A, A, START + STEP + 5_000, START + STEP + 5_000, START + 3 * STEP + 2_000]);
    expect(usable(verdicts)).toEqual([true, true, true, true, true]);
    expect(multi(verdicts)).not.toContain(true);
  });

  test('a restart is seen through a clock that is ten minutes off', () => {
    const skewMs = -600_000;
    const verdicts = run([A + skewMs, A + skewMs, START + STEP + 5_000 + skewMs], skewMs);
    expect(usable(verdicts)).toEqual([true, true, true]);
  });

  test('two workers in turn: only one is followed, from the second change on it is said', () => {
    const verdicts = run([A, B, A, B, B, A]);
    expect(usable(verdicts)).toEqual([true, false, true, false, false, true]);
    expect(multi(verdicts)).toEqual([false, false, true, true, true, true]);
    expect(verdicts[1]?.handover).toBe(true);
  });

  test('a worker that is replaced is followed on, since its counters begin after our last visit', () => {
    const C = START + 2 * STEP + 3_000;
    const verdicts = run([A, B, A, C, B, C]);
    expect(usable(verdicts)).toEqual([true, false, true, true, false, true]);
    expect(multi(verdicts).at(-1)).toBe(true);
  });

  test('a process that was already running and stays is believed after a minute', () => {
    const verdicts = run([A, A, B, B, B, B, B]);
    expect(usable(verdicts)).toEqual([true, true, false, false, false, true, true]);
    expect(multi(verdicts)).not.toContain(true);
  });

  test('workers with the same start are told by processor time that falls; then no counter is kept', () => {
    const verdicts = run([
      [A, 10],
      [A, 3],
      [A, 11],
      [A, 4],
    ]);
    expect(multi(verdicts)).toEqual([false, true, true, true]);
    expect(usable(verdicts)).toEqual([true, false, false, false]);
  });

  test('after twenty calm visits the address counts as one process again', () => {
    const verdicts = run([A, B, A, ...Array.from({ length: 21 }, () => A)]);
    expect(multi(verdicts)[2]).toBe(true);
    expect(multi(verdicts).at(-1)).toBe(false);
  });
});

test('a version that changes at each visit stops being believed, and those of before stay so', () => {
  const watch = new WorkerWatch();
  const believed = Array.from({ length: 200 }, (_, i) => watch.believes(`v${i}`)).filter((one) => one);
  expect(believed).toHaveLength(50);
  expect([watch.believes('v7'), watch.believes('v150')]).toEqual([true, false]);
});
