import { z } from 'zod';
import type { Block } from '../metrics/blocks.ts';
import { BLOCK_MS } from '../time/range.ts';

/** Blocks of one request: the server is held up for few ms by each. */
export const BLOCKS_A_PART = 1_000;
export const SERIES_A_PART = 200;

const name = z.string().min(1).max(200);
const amount = z.number().nonnegative();
const columns = z
  .strictObject({
    startMs: z.array(z.int().nonnegative().multipleOf(BLOCK_MS)).min(1).max(BLOCKS_A_PART),
    n: z.array(amount),
    sum: z.array(z.number()),
    min: z.array(z.number().nullable()),
    max: z.array(z.number().nullable()),
    last: z.array(z.number().nullable()),
    increase: z.array(amount),
    gapIncrease: z.array(amount),
    coveredMs: z.array(amount.max(BLOCK_MS)),
  })
  .superRefine((given, context) => {
    const { length } = given.startMs;
    if (Object.values(given).some((column) => column.length !== length))
      context.addIssue({ code: 'custom', message: 'columns of one length were expected' });
    if (given.startMs.some((atMs, i) => atMs <= (given.startMs[i - 1] ?? -1)))
      context.addIssue({ code: 'custom', message: 'blocks in ascending order were expected' });
  });

/** A part of an import: 5-minute blocks of some series. Sent again it changes nothing. */
export const historyPartSchema = z.strictObject({
  series: z
    .array(
      z.strictObject({
        target: name,
        metric: name,
        labels: z.record(z.string().max(200), z.string().max(2_000)),
        /** Usual distance of the samples that the blocks were made of. */
        sampleMs: z.int().positive(),
        blocks: columns,
      }),
    )
    .max(SERIES_A_PART),
});
export type HistoryPart = z.output<typeof historyPartSchema>;
export type PartSeries = HistoryPart['series'][number];

/** Names that are about to be imported: what of them would be refused is told before anything is sent. */
export const historyNamesSchema = z.strictObject({
  targets: z.array(name).max(10_000),
  metrics: z.array(name).max(10_000),
});
export type HistoryNames = z.output<typeof historyNamesSchema>;

/** What an import is told of its names. */
export const namesAnswerSchema = z.looseObject({
  /** Each a sentence that names what is unknown. */
  faults: z.array(z.string()),
  /** Blocks before this are left out; nothing may lie after `untilMs`. */
  fromMs: z.number(),
  untilMs: z.number(),
});

/** What became of a part, in blocks. */
export const partAnswerSchema = z.looseObject({
  blocks: z.number(),
  /** Older than blocks are kept. */
  tooOld: z.number(),
});

export function toColumns(blocks: readonly Block[]): PartSeries['blocks'] {
  const column = <K extends keyof Block>(key: K) => blocks.map((block) => block[key]);
  return {
    ...{ startMs: column('startMs'), n: column('n'), sum: column('sum') },
    ...{ min: column('min'), max: column('max'), last: column('last') },
    ...{ increase: column('increase'), gapIncrease: column('gapIncrease'), coveredMs: column('coveredMs') },
  };
}

/** The blocks that columns of one length hold. */
export function toBlocks(given: PartSeries['blocks']): Block[] {
  return given.startMs.map((startMs, i) => ({
    startMs,
    n: given.n[i] ?? 0,
    sum: given.sum[i] ?? 0,
    min: given.min[i] ?? null,
    max: given.max[i] ?? null,
    last: given.last[i] ?? null,
    increase: given.increase[i] ?? 0,
    gapIncrease: given.gapIncrease[i] ?? 0,
    coveredMs: given.coveredMs[i] ?? 0,
  }));
}
