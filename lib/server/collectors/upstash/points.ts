import 'server-only';
import { MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { RawPoint } from './schema.ts';
import { parseUpstashTime } from './timestamp.ts';

/** One sampled point, time and value checked. */
export interface Point {
  atMs: number;
  value: number;
}

/**
 * Reads the points of one answer. Its many series mostly share their times, so each is taken apart once. What had to be
 * left out is counted, so that it can be said.
 */
export class PointReader {
  badTimes = 0;
  badValues = 0;
  readonly #times = new Map<string, number | null>();

  /**
   * The points of one series inside `range`, ascending, one for each time (the later of two counts). A point without a
   * value is no point; one outside the range is left out, since a single time far ahead would end all counting.
   */
  read(raw: readonly RawPoint[] | null | undefined, range: TimeRange): readonly Point[] {
    const byTime = new Map<number, number>();
    // Times of one shape sort as text: what is far too old is passed over without being taken apart.
    const oldest = new Date(range.startMs - MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');
    for (const { x, y } of raw ?? []) {
      if (y === null || y === undefined || (x < oldest && x.endsWith(' +0000 UTC'))) continue;
      const atMs = this.#timeOf(x);
      if (atMs === null) this.badTimes += 1;
      else if (!isCountable(y)) this.badValues += 1;
      else if (atMs >= range.startMs && atMs < range.endMs) byTime.set(atMs, y);
    }
    return sorted(byTime);
  }

  #timeOf(text: string): number | null {
    const known = this.#times.get(text);
    if (known !== undefined) return known;
    const atMs = parseUpstashTime(text);
    this.#times.set(text, atMs);
    return atMs;
  }
}

/** Points by time as a series. */
export function sorted(byTime: ReadonlyMap<number, number>): readonly Point[] {
  return [...byTime].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs);
}

/** True for what a count, a size or a delay can be: nothing below 0, endless or beyond exact whole numbers. */
export function isCountable(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Mean of the points after `sinceMs`, else the newest point; null without any. */
export function meanSince(points: readonly Point[], sinceMs: number | null): number | null {
  const fresh = sinceMs === null ? [] : points.filter(({ atMs }) => atMs > sinceMs);
  if (fresh.length === 0) return points.at(-1)?.value ?? null;
  return fresh.reduce((sum, { value }) => sum + value, 0) / fresh.length;
}

/** The usual distance of two points next to each other; null with fewer than two. */
export function usualStepMs(timesMs: readonly number[]): number | null {
  const steps = timesMs.slice(1).map((atMs, i) => atMs - (timesMs[i] ?? atMs));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? null;
}

/** All times of several series, ascending, each once. */
export function unionTimes(series: Iterable<readonly Point[]>): readonly number[] {
  const times = new Set<number>();
  for (const points of series) for (const { atMs } of points) times.add(atMs);
  return [...times].sort((a, b) => a - b);
}

/** Older than this, the newest point says nothing of now. Where points lie further apart, three of their steps. */
const FRESH_MS = 10 * MINUTE_MS;

/** True while a point at `atMs` may stand for the present. */
export function isFresh(atMs: number, nowMs: number, stepMs: number | null): boolean {
  return nowMs - atMs <= Math.max(FRESH_MS, 3 * (stepMs ?? 0));
}
