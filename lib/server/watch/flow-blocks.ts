import 'server-only';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { Flow } from '@/lib/core/series/family-sum.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { CountBlock } from '@/lib/core/verdict/blocks.ts';
import { BEGAN_DAYS, readBegan } from '../queries/began.ts';
import { readFlowsOnce, readFlowsSince } from '../queries/flows.ts';
import { gridOf } from '../queries/grid.ts';
import { readLineHistory } from '../queries/history.ts';
import type { Reading } from '../runtime.ts';
import type { FlowSource } from './claim-source.ts';
import { sumCounts } from './sum-blocks.ts';

/** Blocks of a stretch of time, and whose memory tells a part of them. */
export interface FlowBlocks {
  blocks: CountBlock[];
  /** Finest step that the remembered part is told in; null where all was measured. */
  rememberedStepMs: number | null;
  provider: string | null;
  quality: Quality;
}

/** A day is read at a time, so that two weeks of a large fleet never lie in memory at once. */
const CHUNK_MS = DAY_MS;

/** Counts over the days before T₀. `range` is a multiple of a day. */
export async function readFlowDays(
  runtime: Reading,
  source: FlowSource,
  range: TimeRange,
): Promise<FlowBlocks> {
  const lastSeen = new Map<TargetId, number>();
  for (const id of await begunBefore(runtime, source, range.startMs)) lastSeen.set(id, range.startMs);
  const all: FlowBlocks = { blocks: [], rememberedStepMs: null, provider: null, quality: 'unavailable' };
  for (let startMs = range.startMs; startMs < range.endMs; startMs += CHUNK_MS) {
    const day = { startMs, endMs: startMs + CHUNK_MS };
    const begun = new Set(
      [...lastSeen].flatMap(([id, seenMs]) => (startMs - seenMs <= BEGAN_DAYS * DAY_MS ? [id] : [])),
    );
    const { seen, ...part } = await readPart(runtime, source, day, begun, true);
    for (const id of seen) lastSeen.set(id, day.endMs);
    for (const block of part.blocks) all.blocks.push(block);
    all.quality = part.quality;
    all.provider ??= part.provider;
    if (part.rememberedStepMs !== null)
      all.rememberedStepMs = Math.max(all.rememberedStepMs ?? 0, part.rememberedStepMs);
  }
  return all;
}

/** Counts since T₀. Machines that counted before it count from its first block on. */
export async function readFlowSince(
  runtime: Reading,
  source: FlowSource,
  range: TimeRange,
): Promise<FlowBlocks> {
  const begun = await begunBefore(runtime, source, range.startMs);
  return readPart(runtime, source, range, begun, false);
}

function begunBefore(
  runtime: Reading,
  { metric, targetIds }: FlowSource,
  beforeMs: number,
): Promise<ReadonlySet<TargetId>> {
  return readBegan(runtime, { metric, targetIds }, beforeMs);
}

async function readPart(
  runtime: Reading,
  source: FlowSource,
  range: TimeRange,
  begun: ReadonlySet<TargetId>,
  isOnce: boolean,
): Promise<FlowBlocks & { seen: readonly TargetId[] }> {
  const grid = gridOf(range, BLOCK_MS);
  const { kind, metric, labels, targetIds, gone } = source;
  const read = isOnce ? readFlowsOnce : readFlowsSince;
  const { byTarget, quality } = await read(runtime, { metric, labels, targetIds }, grid);
  const blocks = sumCounts(
    [...byTarget].map(([id, flow]) => ({ flow, begun: begun.has(id) && !gone.has(id), gone: gone.has(id) })),
    grid.starts.length,
  );
  const watched = targetIds.filter((id) => !gone.has(id));
  const history = await readLineHistory(
    runtime,
    { kind, metric, labels, targetIds: watched, as: 'rate' },
    grid,
    { part: [...byTarget.values()], rest: [] },
  );
  const seen = [...byTarget].filter(([, flow]) => flow.some((one) => one !== null)).map(([id]) => id);
  // A memory of whole days says nothing of the time of day.
  if (history === null || history.resolutionMs > HOUR_MS) {
    return { blocks, rememberedStepMs: null, provider: null, quality, seen };
  }
  return {
    blocks: fill(blocks, history.part, history.fill),
    rememberedStepMs: history.resolutionMs,
    provider: history.provider,
    quality,
    seen,
  };
}

function fill(blocks: readonly CountBlock[], history: Flow, where: readonly boolean[]): CountBlock[] {
  return blocks.map((block, i) => {
    const known = where[i] === true ? (history[i] ?? null) : null;
    return known === null ? block : { increase: known.increase, coveredMs: known.coveredMs };
  });
}
