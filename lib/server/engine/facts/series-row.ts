import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { BLOCK_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { BASELINE_DAYS } from '@/lib/core/verdict/baseline.ts';
import {
  type CountBlock,
  isUsable,
  type LogBlocks,
  logsOfCounts,
  logsOfLevels,
} from '@/lib/core/verdict/blocks.ts';
import { historyRevision } from '../../queries/history.ts';
import { keep, recall, remember } from '../../queries/remember.ts';
import type { Reading } from '../../runtime.ts';
import { type ClaimSource, chooseSource } from '../../watch/claim-source.ts';
import { readClaimNumbers } from '../../watch/numbers.ts';
import type { Watched } from './series-watched.ts';

/** A watched series in blocks of 5 min, from days before `midMs` on. */
export interface SeriesRow {
  startMs: number;
  midMs: number;
  logs: LogBlocks;
  /** Null for a level. */
  blocks: readonly CountBlock[] | null;
  /** Steps of remembered numbers, in blocks; 1 where all was measured. */
  stepBlocks: number;
  /** What its samples are read from; empty for what is worked out from others. */
  sources: readonly Exclude<ClaimSource, { how: 'derived' }>[];
}

const MEMORY = { name: 'alert-rows', most: 64 };
const LIFE_MS = MINUTE_MS;
/** The visit that ends a stretch of time comes in a little after it. */
export const LATE_MS = 15 * SECOND_MS;

/** The blocks that are over by `atMs`, with the days before `midMs` (a multiple of 5 min). Null where nothing tells them. */
export function readRow(
  reading: Reading,
  scope: Scope,
  watched: Watched,
  midMs: number,
  atMs: number,
): Promise<SeriesRow | null> {
  const untilMs = Math.max(midMs, Math.floor((atMs - LATE_MS) / BLOCK_MS) * BLOCK_MS);
  const { app, environment } = scope;
  const key = JSON.stringify([app, environment, watched.metrics, midMs, untilMs, historyRevision(reading)]);
  return remember(reading, MEMORY, key, LIFE_MS, () => readAnew(reading, scope, watched, { midMs, untilMs }));
}

async function readAnew(
  reading: Reading,
  scope: Scope,
  { metrics }: Watched,
  { midMs, untilMs }: { midMs: number; untilMs: number },
): Promise<SeriesRow | null> {
  const span = { originMs: midMs, days: BASELINE_DAYS, untilMs };
  const all = await Promise.all(metrics.map((metric) => readClaimNumbers(reading, scope, metric, span)));
  const known = all.flatMap((one) => ('unmeasurable' in one ? [] : [one]));
  const [first] = known;
  if (first === undefined || known.length < all.length) return null;
  const chosen = await Promise.all(metrics.map((metric) => chooseSource(reading, scope, metric, midMs)));
  const common = {
    midMs,
    stepBlocks: Math.max(1, ...known.map(({ backfilledStepMs }) => (backfilledStepMs ?? 0) / BLOCK_MS)),
    sources: chosen.flatMap((one) => ('unmeasurable' in one || one.how === 'derived' ? [] : [one])),
  };
  if (first.blocks.kind === 'levels') {
    const { before, after } = first.blocks;
    const logs = logsOfLevels([...before, ...after], null);
    return { ...common, startMs: first.startMs, logs, blocks: null };
  }
  const startMs = Math.max(...known.map((one) => one.startMs));
  const rows = known.flatMap(({ blocks, startMs: ownMs }) =>
    blocks.kind === 'counts' ? [[...blocks.before, ...blocks.after].slice((startMs - ownMs) / BLOCK_MS)] : [],
  );
  const blocks = sumOf(rows);
  return { ...common, startMs, logs: logsOfCounts(blocks), blocks };
}

/** Rows over the same time as one: null where one of them was not measured. */
function sumOf(rows: readonly (readonly CountBlock[])[]): readonly CountBlock[] {
  const [only, ...more] = rows;
  if (only === undefined || more.length === 0) return only ?? [];
  return only.map((_, i) => {
    let sum: CountBlock = { increase: 0, coveredMs: 0 };
    for (const row of rows) {
      const block = row[i] ?? null;
      if (!isUsable(block) || sum === null) return null;
      const coveredMs = Math.max(sum.coveredMs, block.coveredMs);
      sum = { increase: sum.increase + block.increase, coveredMs };
    }
    return sum;
  });
}

/** A look of now waits so long for the days before; on a large fleet they take longer, and a later look finds them. */
const PATIENCE_MS = 3_000;
const READING = { name: 'alert-rows-reading', most: 64 };

/** The same for a look of now: null also while it is still being read. */
export async function readRowNow(
  reading: Reading,
  scope: Scope,
  watched: Watched,
  midMs: number,
  atMs: number,
): Promise<SeriesRow | null> {
  const key = JSON.stringify([scope.app, scope.environment, watched.series, midMs]);
  if (recall<boolean>(reading, READING, key) === true) return null;
  const read = readRow(reading, scope, watched, midMs, atMs);
  keep(reading, READING, key, true, LONGEST_MS);
  const over = () => keep(reading, READING, key, false, 0);
  read.then(over, over);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
    timer.unref();
  });
  return Promise.race([read, patience]).finally(() => clearTimeout(timer));
}

/** What hangs for longer is begun anew. */
const LONGEST_MS = 10 * MINUTE_MS;
