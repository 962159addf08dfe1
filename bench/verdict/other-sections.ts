import { countOf } from './bounds.ts';
import { measureCost } from './cost-measure.ts';
import type { GateRow, Plan, Section } from './plan.ts';

/** Counters with every fault that there is: what is counted must be what could be. */
export async function countersSection({ pool, seeds }: Plan): Promise<Section> {
  const outcomes = await pool.run('counter', {}, seeds(200, 2));
  const kept = countOf(outcomes, (one) => one.holds);
  const exact = countOf(outcomes, (one) => one.counted === one.knowable);
  return {
    gates: [
      {
        name: 'counters with resets, glitches, duplicates, gaps: the total',
        measured: `${kept.hits} of ${kept.of}; exact in ${exact.hits}`,
        gate: 'exact, but for ≤ 1 scrape interval per unmarked reset',
        holds: kept.hits === kept.of,
      },
    ],
    tables: [],
  };
}

/** Fewer watches cannot show the bound of 4 % that the spike detector must keep. */
const DETECTOR_WATCHES = 300;

/** Spikes, stalls, flat tops, relapses, drifts, by their own simulations. What has no gate is told in a table. */
export async function detectorsSection({ pool, options }: Plan): Promise<Section> {
  const watches = options.isFull ? options.watches : Math.min(options.watches, DETECTOR_WATCHES);
  const parts = await Promise.all(
    (['spike', 'plateau', 'stall', 'block'] as const).map(async (part) =>
      (await pool.run('detectors', { part }, [watches])).flat(),
    ),
  );
  const rows = parts.flat();
  return {
    gates: rows.filter(({ gate }) => gate !== ''),
    tables: [
      {
        title: 'Detectors',
        note: `What has no gate, told all the same: spikes of rare events, flat tops, stalls, relapses and drifts on ${watches} made watches a row; share found, median / nine tenths of the time until then.`,
        head: ['what', 'measured'],
        rows: rows.filter(({ gate }) => gate === '').map(({ name, measured }) => [name, measured]),
      },
    ],
  };
}

const MOST_MS = 20;
const MOST_WATCH_MS = 50;

/** What one evaluation costs; nothing else may run meanwhile. */
export function costSection({ options }: Plan): Section {
  const cost = measureCost(options.seed);
  const ms = (value: number) => `${value.toFixed(value < 1 ? 3 : 1)} ms`;
  const gate = (name: string, value: number, most: number): GateRow => ({
    name,
    measured: ms(value),
    gate: `< ${most} ms`,
    holds: value < most,
  });
  return {
    gates: [
      gate('CPU of one evaluation, baseline of 4,032 blocks', cost.meanJudgeMs, MOST_MS),
      gate('CPU of a whole watch of 288 looks', cost.judgeMs, MOST_WATCH_MS),
    ],
    tables: [
      {
        title: 'What it costs',
        note: 'Median CPU time of one claim with 14 days of baseline (4,032 blocks) and a watch of 288 blocks. The engine judges each claim once a block, and builds the baseline and walks all of its looks anew.',
        head: ['what', 'CPU'],
        rows: [
          ['one judgement, mean over the watch', ms(cost.meanJudgeMs)],
          ['one judgement at the end of the watch', ms(cost.judgeMs)],
          ['of that, the baseline', ms(cost.baselineMs)],
          ['of that, all 288 looks', ms(cost.looksMs)],
          ['one look', ms(cost.lookMs)],
        ],
      },
    ],
  };
}
