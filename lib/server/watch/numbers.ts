import 'server-only';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { Scope, TargetId } from '@/lib/core/model/target.ts';
import type { ClaimVerdict } from '@/lib/core/model/verdict.ts';
import {
  alignDown,
  BLOCK_MS,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type TimeRange,
} from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';
import type { ClaimBlocks, JudgeInput } from '@/lib/core/verdict/judge-types.ts';
import { subjectOf } from '@/lib/core/watch/subject.ts';
import { historyRevision } from '../queries/history.ts';
import { keep, recall, remember } from '../queries/remember.ts';
import type { Reading } from '../runtime.ts';
import { type ClaimMetric, type ClaimSource, chooseSource, othersOf } from './claim-source.ts';
import { type FlowBlocks, readFlowDays, readFlowSince } from './flow-blocks.ts';
import { type LevelFault, readLevels } from './level-blocks.ts';
import { countsOfRate } from './sum-blocks.ts';
import { readUncovered } from './uncovered.ts';

/** Blocks around a deploy: whole days before the block that holds T₀, and everything from that block to `untilMs`. */
export interface NumbersSpan {
  originMs: number;
  days: number;
  untilMs: number;
}

/** The numbers of one claim around its deploy, all from one way of counting. In the unit of the metric. */
export interface ClaimNumbers {
  blocks: ClaimBlocks;
  /** Start of the first block of `before`, and of the one that holds T₀. */
  startMs: number;
  midMs: number;
  baseline: ClaimVerdict['baseline']['kind'];
  /** Finest step of the remembered part of the days before; null where all was measured. */
  backfilledStepMs: number | null;
  /** Whose memory that is. */
  provider: string | null;
  quality: Quality;
  targetIds: readonly TargetId[];
  /** How the number is got, where that is not plain. */
  note: string | null;
  /** Why no more than a provisional verdict can come of it. */
  caps: readonly string[];
  /** Share of the time in which the database was awake and its queries were not counted, 0–1; null where it does not apply. */
  uncovered: { before: number | null; after: number | null } | null;
}

export type Unmeasurable = LevelFault;

/** What a source gave before T₀: it does not change any more, and the same row is given to everybody who asks. */
interface Before {
  blocks: ClaimBlocks['before'];
  kind: ClaimBlocks['kind'];
  rememberedStepMs: number | null;
  provider: string | null;
  quality: Quality;
}

const MEMORY = { name: 'watch-days', most: 64 };
/** What was counted since T₀ up to one block: of use while looks are made one after the other. */
const SINCE = { name: 'watch-since', most: 48 };
const SINCE_LIFE_MS = MINUTE_MS;
/** Numbers of a block come in until so long after its end. */
const LATE_MS = 90 * SECOND_MS;
/** Numbers of the last minutes before T₀ come in a little later. */
const SETTLED_MS = HOUR_MS;
const LIFE_MS = { settled: 12 * HOUR_MS, fresh: BLOCK_MS };

/**
 * The numbers of a claim in blocks of 5 min, before and after T₀ by the same way of counting. `unmeasurable`: a plain
 * sentence on why there are none.
 */
export async function readClaimNumbers(
  runtime: Reading,
  { app, environment }: Scope,
  claim: ClaimMetric,
  { originMs, days, untilMs }: NumbersSpan,
): Promise<ClaimNumbers | Unmeasurable> {
  const scope = { app, environment };
  const midMs = alignDown(originMs, BLOCK_MS);
  const source = await chooseSource(runtime, scope, claim, midMs);
  if ('unmeasurable' in source) return source;
  const range = { startMs: midMs - days * DAY_MS, endMs: midMs };
  const since = { startMs: midMs, endMs: Math.max(midMs, alignDown(untilMs, BLOCK_MS)) };
  const before = await rememberBefore(runtime, scope, source, range);
  if ('unmeasurable' in before) return before;
  const after = await rememberAfter(runtime, scope, source, since);
  if ('unmeasurable' in after) return after;
  const moved = await movedElsewhere(runtime, scope, claim, source, { before, after: after.blocks, since });
  if (moved !== null) return { unmeasurable: moved };
  return {
    blocks: joinBlocks(source, before, after.blocks),
    startMs: midMs - before.blocks.length * BLOCK_MS,
    midMs,
    baseline: baselineOf(before),
    backfilledStepMs: before.rememberedStepMs,
    provider: before.provider,
    quality: before.quality === 'unavailable' ? after.quality : before.quality,
    targetIds: source.targetIds,
    note: source.note,
    caps:
      after.rememberedStepMs === null
        ? source.caps
        : [
            ...source.caps,
            `a part of the numbers after it is what ${after.provider ?? 'a provider'} remembers`,
          ],
    uncovered: await readUncovered(runtime, scope, source, { before: range, after: since }),
  };
}

/** Requests that a scope served in the same blocks, as its machines counted them, or Fly; null where nobody does. */
export async function readRequestBlocks(
  runtime: Reading,
  scope: Scope,
  span: NumbersSpan,
): Promise<JudgeInput['requests']> {
  for (const metric of ['http_responses_total', 'fly_http_responses_total']) {
    const found = await readClaimNumbers(runtime, scope, { metric, labels: {} }, span);
    if ('unmeasurable' in found || found.blocks.kind !== 'counts') continue;
    const { before, after } = found.blocks;
    if ([...before, ...after].some(isUsable)) return { before, after };
  }
  return null;
}

/** The same numbers as they were when the block before `atMs` was over: for looks of the past. */
export function cutBlocks(blocks: ClaimBlocks, midMs: number, atMs: number): ClaimBlocks {
  if (midMs + blocks.after.length * BLOCK_MS <= atMs) return blocks;
  const length = Math.max(0, Math.floor((atMs - midMs) / BLOCK_MS));
  return blocks.kind === 'counts'
    ? { ...blocks, after: blocks.after.slice(0, length) }
    : { ...blocks, after: blocks.after.slice(0, length) };
}

async function rememberBefore(
  runtime: Reading,
  scope: Scope,
  source: ClaimSource,
  range: TimeRange,
): Promise<Before | LevelFault> {
  const key = JSON.stringify([scope, keyOf(source), range, historyRevision(runtime)]);
  const known = recall<Before>(runtime, MEMORY, key);
  if (known !== undefined) return known;
  const made = await readBefore(runtime, scope, source, range);
  if ('unmeasurable' in made) return made;
  const isSettled = runtime.clock.wallMs() >= range.endMs + SETTLED_MS;
  keep(runtime, MEMORY, key, made, isSettled ? LIFE_MS.settled : LIFE_MS.fresh);
  return made;
}

function keyOf(source: ClaimSource): unknown {
  const { how, labels, targetIds } = source;
  return [how, source.how === 'derived' ? source.name : [source.kind, source.metric], labels, targetIds];
}

async function readBefore(
  runtime: Reading,
  scope: Scope,
  source: ClaimSource,
  range: TimeRange,
): Promise<Before | LevelFault> {
  const isMasked = suspendedBlocks(runtime, scope, source, range);
  if (source.how === 'flow') {
    const { blocks, ...rest } = await readFlowDays(runtime, source, range);
    return { kind: 'counts', blocks: trimDays(mask(blocks, isMasked), isUsable), ...rest };
  }
  const found = await readLevels(runtime, source, range);
  if ('unmeasurable' in found) return found;
  const { values, ...rest } = found;
  const known = mask(values, isMasked);
  return source.isRate
    ? { kind: 'counts', blocks: trimDays(countsOfRate(known), isUsable), ...rest }
    : { kind: 'levels', blocks: trimDays(known, (value) => value !== null), ...rest };
}

type After = FlowBlocks | (Omit<FlowBlocks, 'blocks'> & { blocks: (number | null)[] });

/** Claims, guards and the checklist of one look ask for the same; what may still come in is read anew. */
function rememberAfter(
  runtime: Reading,
  scope: Scope,
  source: ClaimSource,
  range: TimeRange,
): Promise<After | LevelFault> {
  const read = () => readAfter(runtime, source, range);
  if (runtime.clock.wallMs() < range.endMs + LATE_MS) return read();
  const key = JSON.stringify([scope, keyOf(source), range, historyRevision(runtime)]);
  return remember(runtime, SINCE, key, SINCE_LIFE_MS, read);
}

async function readAfter(
  runtime: Reading,
  source: ClaimSource,
  range: TimeRange,
): Promise<After | LevelFault> {
  if (range.endMs <= range.startMs)
    return { blocks: [], rememberedStepMs: null, provider: null, quality: 'unavailable' };
  if (source.how === 'flow') return readFlowSince(runtime, source, range);
  const found = await readLevels(runtime, source, range);
  if ('unmeasurable' in found) return found;
  const { values, ...rest } = found;
  return source.isRate ? { blocks: countsOfRate(values), ...rest } : { blocks: values, ...rest };
}

function joinBlocks(
  source: ClaimSource,
  before: Before,
  after: readonly (CountBlock | number | null)[],
): ClaimBlocks {
  // Both sides come from the same source, so they are of one kind.
  if (before.kind === 'counts') {
    return {
      kind: 'counts',
      before: before.blocks as readonly CountBlock[],
      after: after as readonly CountBlock[],
      countsEvents: source.how === 'flow' && source.countsEvents,
    };
  }
  return {
    kind: 'levels',
    before: before.blocks as readonly (number | null)[],
    after: after as readonly (number | null)[],
    // What is counted is exact, and a mean over a block is finer than the steps of its samples.
    resolution: null,
  };
}

function baselineOf(before: Before): ClaimVerdict['baseline']['kind'] {
  if (before.blocks.length === 0) return 'none';
  return before.rememberedStepMs === null ? 'measured' : 'backfilled';
}

/** Who counted before T₀ and is silent since, while another counts the same after it: the two sides do not compare. */
async function movedElsewhere(
  runtime: Reading,
  scope: Scope,
  claim: ClaimMetric,
  source: ClaimSource,
  { before, after, since }: { before: Before; after: readonly unknown[]; since: TimeRange },
): Promise<string | null> {
  if (source.how === 'derived' || before.blocks.length === 0 || after.some((one) => one !== null))
    return null;
  for (const other of othersOf(runtime, scope, claim, source)) {
    const found = await readAfter(runtime, other, since);
    if ('unmeasurable' in found || !found.blocks.some((one) => one !== null)) continue;
    return `It was counted by ${nameOf(source)} before the deploy and by ${nameOf(other)} after it; the two do not compare.`;
  }
  return null;
}

function nameOf(source: ClaimSource): string {
  return source.how === 'derived' ? source.name : `${source.metric} of ${source.kind}`;
}

function suspendedBlocks(
  runtime: Reading,
  scope: Scope,
  source: ClaimSource,
  range: TimeRange,
): (index: number) => boolean {
  const name = source.how === 'derived' ? source.name : source.metric;
  // What depends on Redis says nothing of a usual day while it was off.
  const { usesRedis } = subjectOf({ metric: name, labels: source.labels });
  const spans = usesRedis ? (runtime.modes?.suspended(scope, range, range.endMs) ?? []) : [];
  return (index) => {
    const startMs = range.startMs + index * BLOCK_MS;
    return spans.some((span) => span.startMs < startMs + BLOCK_MS && span.endMs > startMs);
  };
}

function mask<T>(blocks: readonly (T | null)[], isMasked: (index: number) => boolean): (T | null)[] {
  return blocks.map((block, i) => (isMasked(i) ? null : block));
}

/** Without whole days at the beginning of which nothing is known: they were not looked at, so they are not left out. */
function trimDays<T>(blocks: readonly T[], isKnown: (block: T) => boolean): T[] {
  const perDay = DAY_MS / BLOCK_MS;
  const first = blocks.findIndex(isKnown);
  return first === -1 ? [] : blocks.slice(Math.floor(first / perDay) * perDay);
}
