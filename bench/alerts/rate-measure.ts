import type { BlockSeries } from '../../lib/core/detect/block-series.ts';
import type { Firing } from '../../lib/core/detect/firing.ts';
import { detectRegressions } from '../../lib/core/detect/regression.ts';
import { detectSpikes } from '../../lib/core/detect/spike.ts';
import { BLOCK_MS, DAY_MS, MINUTE_MS } from '../../lib/core/time/range.ts';
import { type CountBlock, logsOfCounts } from '../../lib/core/verdict/blocks.ts';
import { deviationsOf } from '../../lib/core/verdict/interval.ts';
import { makeSeries, type SeriesFamily } from '../../lib/core/verdict/test-series.ts';
import { baselineOfCounts } from '../../lib/core/verdict/watch.ts';
import { type Alarms, delayOf, episodesOf } from './episodes.ts';
import { RATE_RULES } from './fixed-rules.ts';

const DAYS = 14;
const ORIGIN_MS = Date.UTC(2026, 0, 5) + DAYS * DAY_MS;
const BLOCK_MINUTES = 5;
/** Where in the watch the trouble begins: at hour 10. */
const TROUBLE_AT = 120;

/** What is done to a rate from hour 10 on. */
export interface RateTrouble {
  name: string;
  ratio: number;
  blocks: number;
}

export const RATE_TROUBLES: readonly RateTrouble[] = [
  { name: '×5 for 15 min', ratio: 5, blocks: 3 },
  { name: '×2 from then on', ratio: 2, blocks: 168 },
  { name: '+60 % from then on', ratio: 1.6, blocks: 168 },
];

/** Our two detectors of rates, then the fixed rules in their order. */
export const RATE_NAMES: readonly string[] = [
  'ours: spike',
  'ours: regression',
  ...RATE_RULES.map(({ name }) => name),
];

/** One watch of 24 h after 14 days, alone and with each trouble, judged by every rule. More is worse. */
export function measureRates(family: SeriesFamily, seed: number): Alarms[] {
  const { before, after } = makeSeries(family, seed, { days: DAYS });
  const baseline = baselineOfCounts(before);
  if (baseline === null) throw new Error('the generator made no comparable day');
  const troubled = RATE_TROUBLES.map(({ ratio, blocks }) =>
    after.map((block, i) =>
      block === null || i < TROUBLE_AT || i >= TROUBLE_AT + blocks
        ? block
        : { ...block, increase: Math.round(block.increase * ratio) },
    ),
  );
  const seriesOf = (blocks: readonly CountBlock[]): BlockSeries => ({
    startMs: ORIGIN_MS,
    leadBlocks: 0,
    deviations: deviationsOf(logsOfCounts(blocks), baseline.expected),
    baseline,
    levelOf: Math.exp,
  });
  const ours = (detect: (series: BlockSeries, way: 'up') => Firing[]): Alarms => ({
    falseOnes: detect(seriesOf(after), 'up').length,
    delays: troubled.map((blocks) => firstDelay(detect(seriesOf(blocks), 'up'))),
  });
  const counts = (blocks: readonly CountBlock[]) => blocks.map((block) => block?.increase ?? 0);
  return [
    ours(detectSpikes),
    ours(detectRegressions),
    ...RATE_RULES.map(({ stands }) => ({
      falseOnes: episodesOf(stands(counts(before), counts(after)), BLOCK_MINUTES),
      delays: troubled.map((blocks) =>
        delayOf(stands(counts(before), counts(blocks)), TROUBLE_AT, BLOCK_MINUTES),
      ),
    })),
  ];
}

function firstDelay(firings: readonly Firing[]): number | null {
  const troubleMs = ORIGIN_MS + TROUBLE_AT * BLOCK_MS;
  const found = firings.find(
    ({ startMs, endMs }) => endMs === null || endMs > troubleMs || startMs >= troubleMs,
  );
  if (found === undefined) return null;
  return Math.max(BLOCK_MINUTES, (found.startMs + BLOCK_MS - troubleMs) / MINUTE_MS);
}
