import { judgeClaim } from '../../lib/core/verdict/judge.ts';
import { FAMILIES, NO_EFFECT, stepTo } from '../../lib/core/verdict/test-series.ts';
import { baselineOfCounts } from '../../lib/core/verdict/watch.ts';
import { judgeInputOf } from './judged.ts';
import { looksOf, makeWatch } from './made.ts';

/** Median CPU milliseconds for one watch of 288 blocks with a baseline of 14 days, 4,032 blocks. */
export interface Cost {
  /** One judgement at the end of the watch: the baseline, and all looks from T₀ on. */
  judgeMs: number;
  /** The same at any time of the watch, on average: what the engine does once a block. */
  meanJudgeMs: number;
  baselineMs: number;
  /** All looks of the watch, and one of them. */
  looksMs: number;
  lookMs: number;
}

const WATCHES = 30;
const WARM_UP = 10;
/** Blocks after T₀ at which a watch is judged; the last is its end. */
const TIMES = [12, 60, 108, 156, 204, 252, 288] as const;

/** Measures what evaluation costs. Nothing else may run in the process: CPU time is told for all of its threads. */
export function measureCost(seed: number): Cost {
  const rows = Array.from({ length: WARM_UP + WATCHES }, (_, i) => costOf(seed + i)).slice(WARM_UP);
  const middle = (pick: (row: Cost) => number) =>
    rows.map(pick).sort((a, b) => a - b)[WATCHES / 2] ?? Number.NaN;
  return {
    judgeMs: middle((row) => row.judgeMs),
    meanJudgeMs: middle((row) => row.meanJudgeMs),
    baselineMs: middle((row) => row.baselineMs),
    looksMs: middle((row) => row.looksMs),
    lookMs: middle((row) => row.lookMs),
  };
}

function costOf(seed: number): Cost {
  const family = FAMILIES[seed % FAMILIES.length] ?? null;
  const made = makeWatch({ family, days: 14, effect: seed % 2 === 0 ? NO_EFFECT : stepTo(0.033) }, seed);
  // The judge remembers what it made of a baseline; the engine reads it anew each time.
  const inputAt = (blocks: number) =>
    judgeInputOf(
      { ...made.series, before: [...made.series.before] },
      { kind: 'change', ratio: 0.033 },
      blocks,
    );
  const looksMs = cpuMsOf(() => looksOf(made));
  const judgeMs = TIMES.map((blocks) => cpuMsOf(() => judgeClaim(inputAt(blocks))));
  return {
    judgeMs: judgeMs.at(-1) ?? Number.NaN,
    meanJudgeMs: judgeMs.reduce((sum, ms) => sum + ms, 0) / judgeMs.length,
    baselineMs: cpuMsOf(() => baselineOfCounts(made.series.before)),
    looksMs,
    lookMs: looksMs / made.series.after.length,
  };
}

function cpuMsOf(act: () => unknown): number {
  const from = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
