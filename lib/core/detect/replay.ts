import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import {
  type Baseline,
  type BaselineInput,
  BLOCKS_PER_DAY,
  buildBaseline,
  daysBefore,
} from '../verdict/baseline.ts';
import type { LogBlocks } from '../verdict/blocks.ts';
import { TRAILING_BLOCKS } from '../verdict/boundary.ts';
import { leaveOneOut } from '../verdict/profile.ts';
import type { BlockSeries } from './block-series.ts';
import { daysOfResiduals } from './drift.ts';
import type { Firing } from './firing.ts';

/** Four weeks, where there are so many: enough to tell weekends from weekdays. */
const REPLAY_DAYS = 28;
/** Two firings closer than this are one that the change of its baseline interrupted. */
const JOIN_MS = 15 * 60_000;

/** A whole series of blocks, to be walked as it would have been watched. */
export interface ReplaySeries {
  startMs: number;
  /** Logarithms (or scaled levels) of all blocks; null where not measured. */
  logs: LogBlocks;
  /** What baselines need to know of blocks `[from, to)`. */
  facts: (from: number, to: number) => Pick<BaselineInput, 'eventsPerBlock' | 'relativeStep'>;
  levelOf: (y: number) => number;
  /** Whether a block lies on a weekend; null where nobody can say. */
  isWeekend: ((blockStartMs: number) => boolean) | null;
}

/** A detector over one stretch, with the residuals of its baseline days. */
export type BlockDetector = (series: BlockSeries, placeboDays: readonly LogBlocks[]) => Firing[];

/**
 * Walks a series. With a deploy at `originMs` the days before it are the baseline of all that follows; without one each
 * day is held against the (up to 28) days before it, from the second day on. Linear in days. Null without a comparable day.
 */
export function replayBlocks(
  series: ReplaySeries,
  originMs: number | null,
  detect: BlockDetector,
): Firing[] | null {
  const count = series.logs.length;
  const origin = originMs === null ? null : Math.floor((originMs - series.startMs) / BLOCK_MS);
  const starts = origin === null ? dayStarts(count) : [origin];
  let wasHeld = false;
  const found: Firing[][] = [];
  for (const [i, from] of starts.entries()) {
    const to = starts[i + 1] ?? count;
    const stretch = from < 0 ? null : stretchOf(series, from, to);
    if (stretch === null) continue;
    wasHeld = true;
    const firings = detect(stretch.watched, stretch.placeboDays);
    const endMs = series.startMs + to * BLOCK_MS;
    found.push(to === count ? firings : firings.map((one) => ({ ...one, endMs: one.endMs ?? endMs })));
  }
  return wasHeld ? joinFirings(found.flat()) : null;
}

/** One day after another, from the second on. */
function dayStarts(count: number): number[] {
  const days = Math.max(0, Math.ceil(count / BLOCKS_PER_DAY) - 1);
  return Array.from({ length: days }, (_, day) => (day + 1) * BLOCKS_PER_DAY);
}

function stretchOf(
  { startMs, logs, facts, levelOf, isWeekend }: ReplaySeries,
  from: number,
  to: number,
): { watched: BlockSeries; placeboDays: LogBlocks[] } | null {
  const first = Math.max(0, from - REPLAY_DAYS * BLOCKS_PER_DAY);
  const before = logs.slice(first, from);
  const fromMs = startMs + from * BLOCK_MS;
  const baseline = buildBaseline({
    before,
    ...facts(first, from),
    isWeekend: isWeekend === null ? null : (index) => isWeekend(fromMs + index * BLOCK_MS),
  });
  if (baseline === null) return null;
  const leadBlocks = Math.min(TRAILING_BLOCKS, from);
  return {
    watched: {
      startMs: fromMs,
      leadBlocks,
      deviations: deviationsFrom(logs.slice(from - leadBlocks, to), baseline, leadBlocks),
      baseline,
      levelOf,
    },
    placeboDays: daysOfResiduals(leaveOneOut(daysBefore(before), null)),
  };
}

function deviationsFrom(logs: LogBlocks, { expected }: Baseline, leadBlocks: number): LogBlocks {
  return logs.map((log, i) => {
    const usual = expected[(i - leadBlocks + expected.length) % expected.length] ?? null;
    return log === null || usual === null ? null : log - usual;
  });
}

/** Firings in time order with those that only a new baseline parted put together again. */
export function joinFirings(firings: readonly Firing[]): Firing[] {
  const joined: Firing[] = [];
  for (const firing of firings) {
    const last = joined.at(-1);
    if (last === undefined || last.endMs === null || firing.startMs - last.endMs > JOIN_MS) {
      joined.push({ ...firing });
      continue;
    }
    const { score, value, expected, what } = firing.score > last.score ? firing : last;
    Object.assign(last, {
      endMs: firing.endMs,
      score,
      value,
      expected,
      what,
      isSevere: last.isSevere || firing.isSevere,
    });
  }
  return joined;
}

/**
 * Where a detector with a baseline of its own begins anew: at the deploy, or else as soon as there is something before
 * (2, 4, 8, 16 h), then every day.
 */
export function replayStarts(startMs: number, endMs: number, originMs: number | null): number[] {
  if (originMs !== null) return [originMs];
  const starts: number[] = [];
  for (let at = DAY_MS / 12; at < DAY_MS; at *= 2) starts.push(startMs + at);
  for (let at = startMs + DAY_MS; at < endMs; at += DAY_MS) starts.push(at);
  return starts.filter((at) => at < endMs);
}
