import 'server-only';
import type { WatchedSeries } from '@/lib/core/alerts/facts/series.ts';
import { type CountUsual, countUsual } from '@/lib/core/detect/count-spike.ts';
import { type FoundStep, heldSince, moveBySteps } from '@/lib/core/detect/found-step.ts';
import { lumpedMinutes } from '@/lib/core/detect/lumped-minutes.ts';
import { type RateUsual, usualRate } from '@/lib/core/detect/rate-look.ts';
import { type ClaimedLevel, type StallUsual, stallUsual } from '@/lib/core/detect/stall.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { BASELINE_DAYS, BLOCKS_PER_DAY } from '@/lib/core/verdict/baseline.ts';
import { type CountBlock, isUsable, type LogBlocks } from '@/lib/core/verdict/blocks.ts';
import { LEAST_EVENTS } from '@/lib/core/verdict/count-route.ts';
import { keep, recall } from '../../queries/remember.ts';
import type { Reading } from '../../runtime.ts';
import type { SeriesRow } from './series-row.ts';
import type { Watched } from './series-watched.ts';

/** What is usual of one series on one day, at the level that the steps up to it left. */
export interface SeriesUsual {
  /** Null for rare events, and without a comparable day. */
  rate: RateUsual | null;
  /** Of rare events only. */
  count: CountUsual | null;
}

/** A row with what the days before a time are made of. */
export interface UsualQuestion {
  /** Names the series and the memory that it was read from. */
  key: string;
  watched: Watched;
  row: SeriesRow;
  /** Requests over the same time; null where none are counted. */
  requests: SeriesRow | null;
  /** Stretches in which Redis was suspended: they say nothing of a usual day. */
  suspended: readonly TimeRange[];
}

const MEMORY = { name: 'alert-usual', most: 120 };
const LIFE_MS = 2 * HOUR_MS;

/** Whether a block says nothing of what is usual. */
export function isMasked({ watched, row, suspended }: UsualQuestion, block: number): boolean {
  const startMs = row.startMs + block * BLOCK_MS;
  return (
    !watched.isNeutral && suspended.some((span) => span.startMs < startMs + BLOCK_MS && span.endMs > startMs)
  );
}

/**
 * Prepared once for all looks of a day that find the same steps and promises: 14 days up to block `origin`, each moved
 * by the `steps` that followed it.
 */
export function usualAt(
  reading: Reading,
  question: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
): SeriesUsual {
  return remembered(reading, question, origin, steps, null, () => makeUsual(question, origin, steps));
}

/**
 * What a silence is held against: the same days, at the level that steps left or that a deploy of now claims. Null for what
 * cannot stand still.
 */
export function stallAt(
  reading: Reading,
  question: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
  claimed: ClaimedLevel | null,
): StallUsual | null {
  if (question.watched.isRare || question.row.blocks === null) return null;
  return remembered(reading, question, origin, steps, claimed ?? 'stall', () => {
    const { startMs, blocks } = blocksBefore(question, origin, steps);
    return stallUsual({ startMs, stepMs: BLOCK_MS, counts: countsOf(blocks), requests: null }, claimed);
  });
}

function remembered<T>(
  reading: Reading,
  { key, row, suspended }: UsualQuestion,
  origin: number,
  steps: readonly FoundStep[],
  more: unknown,
  make: () => T,
): T {
  const moves = steps.map(({ at, log }) => [row.startMs + at * BLOCK_MS, log]);
  const originMs = row.startMs + origin * BLOCK_MS;
  const masks = suspended.flatMap(({ startMs, endMs }) =>
    startMs < originMs ? [[startMs, Math.min(endMs, originMs)]] : [],
  );
  const name = JSON.stringify([key, row.startMs, origin, moves, masks, more]);
  const known = recall<{ made: T }>(reading, MEMORY, name);
  if (known !== undefined) return known.made;
  const made = make();
  keep(reading, MEMORY, name, { made }, LIFE_MS);
  return made;
}

/** Whole days before block `origin`, so that the clock of what is left begins there. */
function daysOf(origin: number): number {
  return Math.min(BASELINE_DAYS, Math.floor(origin / BLOCKS_PER_DAY)) * BLOCKS_PER_DAY;
}

/** Counts of those days, each moved by the steps that followed it. */
function blocksBefore(question: UsualQuestion, origin: number, steps: readonly FoundStep[]) {
  const { row } = question;
  const first = origin - daysOf(origin);
  const blocks = (row.blocks ?? [])
    .slice(first, origin)
    .map((block, i) => (isMasked(question, first + i) ? null : moved(block, steps, first + i)));
  return { startMs: row.startMs + first * BLOCK_MS, blocks };
}

function makeUsual(question: UsualQuestion, origin: number, steps: readonly FoundStep[]): SeriesUsual {
  const { watched, row, requests } = question;
  const masked = row.logs.slice(0, origin).map((log, i) => (isMasked(question, i) ? null : log));
  const logs = moveBySteps(masked, steps).slice(origin - daysOf(origin));
  const events = watched.isLevel ? null : eventsOf(logs);
  if (!watched.isRare && (events === null || events >= LEAST_EVENTS)) {
    return { rate: usualRate(logs, events, row.stepBlocks), count: null };
  }
  const { startMs, blocks } = blocksBefore(question, origin, steps);
  const asked = requests === null || !watched.isRare ? null : sameTime(requests, startMs, blocks.length);
  const count = countUsual({
    startMs,
    stepMs: MINUTE_MS,
    counts: lumpedMinutes(blocks),
    requests: asked === null ? null : lumpedMinutes(asked),
  });
  return { rate: null, count };
}

/** Events of a whole block at the level that was left; null without one. */
function eventsOf(logs: LogBlocks): number | null {
  const known = logs.flatMap((log) => log ?? []);
  if (known.length === 0) return null;
  return (known.reduce((sum, log) => sum + Math.exp(log), 0) / known.length) * (BLOCK_MS / 1000);
}

function moved(block: CountBlock, steps: readonly FoundStep[], i: number): CountBlock {
  return block === null || steps.length === 0
    ? block
    : { ...block, increase: block.increase * Math.exp(heldSince(steps, i)) };
}

function countsOf(blocks: readonly CountBlock[]): (number | null)[] {
  return blocks.map((block) => (isUsable(block) ? (block.increase * BLOCK_MS) / block.coveredMs : null));
}

/** Blocks of another row over `length` blocks from `startMs` on; null where it is a level. */
export function sameTime(row: SeriesRow, startMs: number, length: number): CountBlock[] | null {
  const { blocks } = row;
  if (blocks === null) return null;
  const offset = (startMs - row.startMs) / BLOCK_MS;
  return Array.from({ length }, (_, i) => blocks[offset + i] ?? null);
}

/** Names a series of a scope and the memory that is read of it. */
export function usualKey(
  scope: { app: string; environment: string },
  series: WatchedSeries,
  revision: number,
): string {
  return `${scope.app}/${scope.environment}/${series}/${revision}`;
}

/** The midnight (UTC) at which the baseline of looks at `atMs` ends. */
export function originMsOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
