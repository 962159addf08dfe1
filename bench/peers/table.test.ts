import { expect, it } from 'vitest';
import type { Answers } from './asking.ts';
import { printPeersPart } from './report.ts';
import { betterPeers, judgeGoal, type PeersFigures, rowsOf } from './table.ts';

const at = (p50: number) => ({ p50, p95: 2 * p50, bytes: 100 });
const answers: Answers = {
  q1: { store: at(1), product: at(9), prometheus: at(6), victoria: at(2) },
  q2: { store: at(3), product: at(4), prometheus: at(20), victoria: at(4) },
  'q2 raw': { store: at(30), product: at(40), prometheus: at(20), victoria: at(5) },
  q3: { store: at(1), prometheus: at(10), victoria: at(9) },
};
const watching = { samplesPerSecond: 800, cpuMsPer1000: 10, cpuShare: 0.01, rssMb: 150 };
const figures: PeersFigures = {
  watching: {
    ours: watching,
    prometheus: { ...watching, cpuMsPer1000: 26 },
    victoria: { ...watching, cpuMsPer1000: 5 },
  },
  holding: {
    samples: 1_000,
    bytes: { ours: 1_080, prometheus: 2_700, victoria: 900 },
    weight: { lying: 1_100, compact: 1_000, samples: 800, blocks: 150, visits: 10 },
    answers,
    idleMs: { product: 4, prometheus: 1, victoria: 1 },
    latestMs: 0.4,
    rssMb: { ours: 180, store: 100, prometheus: 120, victoria: 60 },
    versions: { prometheus: '2', victoria: '1' },
  },
};
const rowOf = (name: string) => {
  const row = rowsOf(figures).find((one) => one.name.startsWith(name));
  if (row === undefined) throw new Error(`no line begins with ${name}`);
  return row;
};

it('a goal is met only when all of its parts are, and missed by the worst of them', () => {
  expect(judgeGoal({ words: '', shares: [1, 0.2] })).toBe('met');
  expect(judgeGoal({ words: '', shares: [0.5, 1.3, 1.1] })).toBe('missed by ×1.30');
  expect(judgeGoal(null)).toBe('');
});

it('what was not measured is never met', () => {
  expect(judgeGoal({ words: '', shares: [0.5, null] })).toBe('not measured');
  expect(judgeGoal({ words: '', shares: [] })).toBe('not measured');
  expect(judgeGoal({ words: '', shares: [Number.NaN] })).toBe('not measured');
  expect(judgeGoal({ words: '', shares: [null, 2] })).toBe('missed by ×2.00');
});

it('each line is held against the right engine and its own figures', () => {
  expect(judgeGoal(rowOf('bytes per sample').goal)).toBe('missed by ×1.20');
  expect(judgeGoal(rowOf('… samples alone').goal)).toBe('met');
  expect(judgeGoal(rowOf('q1 through').goal)).toBe('missed by ×4.50');
  expect(judgeGoal(rowOf('q2, the store').goal)).toBe('met');
  expect(judgeGoal(rowOf('q2 from samples, the store').goal)).toBe('missed by ×1.50');
  // A tenth of the faster of both.
  expect(judgeGoal(rowOf('q3, newest').goal)).toBe('missed by ×1.11');
  expect(judgeGoal(rowOf('CPU per 1,000').goal)).toBe('met');
});

it('every line where a peer is better is named with a reason, and no other', () => {
  const options = {
    ...{ samples: 1, machines: 1, windows: 1, seconds: 1, settle: 1, rounds: 1, repeats: 1 },
    writes: false,
  };
  const text = printPeersPart(figures, { date: '2026-01-05', machine: 'a machine', minutes: 1, options });
  const [, whys = ''] = text.split('### Where a peer is better, and why');
  for (const row of rowsOf(figures)) {
    const better = betterPeers(row);
    expect(whys.includes(`${row.name} (${better.join(' and ')})`), row.name).toBe(better.length > 0);
  }
  expect(betterPeers(rowOf('q1 through'))).toEqual(['Prometheus', 'VictoriaMetrics']);
  expect(betterPeers(rowOf('q2, the store'))).toEqual([]);
});
