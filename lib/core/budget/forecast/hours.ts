import { HOUR_MS } from '../../time/range.ts';

/** What was used, by steps of the same width: 5 min or 1 h, or what else divides an hour. Null: not covered. */
export interface UseHistory {
  startMs: number;
  stepMs: number;
  /** Oldest first; the last one ends at or before now. */
  increments: readonly (number | null)[];
}

/** More is not looked at. */
export const MOST_HOURS = 30 * 24;
/** An hour of which less is covered is a gap. */
const LEAST_COVER = 0.5;

/**
 * A history by whole hours, counted back from its end, oldest first. What is missing of an hour is filled up by the rest
 * of it; an hour of which less than half is covered is null. Hours before the first covered one are left out.
 */
export function toHours({ stepMs, increments }: UseHistory): (number | null)[] {
  const perHour = HOUR_MS / stepMs;
  if (!Number.isInteger(perHour)) throw new Error('a step of use must divide an hour');
  const hours: (number | null)[] = [];
  for (let end = increments.length; end > 0 && hours.length < MOST_HOURS; end -= perHour) {
    let sum = 0;
    let covered = 0;
    for (let i = Math.max(0, end - perHour); i < end; i += 1) {
      const value = increments[i] ?? null;
      if (value === null || !Number.isFinite(value)) continue;
      sum += Math.max(0, value);
      covered += 1;
    }
    hours.push(covered < LEAST_COVER * perHour || covered === 0 ? null : (sum * perHour) / covered);
  }
  const oldest = hours.findLastIndex((hour) => hour !== null);
  return hours.slice(0, oldest + 1).reverse();
}

/** Sums over stretches of hours in no time; gaps are filled up by what is known of the stretch. */
export class HourSums {
  readonly length: number;
  private readonly sums: Float64Array;
  private readonly covers: Uint32Array;

  constructor(hours: readonly (number | null)[]) {
    this.length = hours.length;
    this.sums = new Float64Array(hours.length + 1);
    this.covers = new Uint32Array(hours.length + 1);
    for (const [i, hour] of hours.entries()) {
      this.sums[i + 1] = (this.sums[i] ?? 0) + (hour ?? 0);
      this.covers[i + 1] = (this.covers[i] ?? 0) + (hour === null ? 0 : 1);
    }
  }

  /** Mean of the known hours; 0 without any. */
  mean(): number {
    const covered = this.covers[this.length] ?? 0;
    return covered === 0 ? 0 : (this.sums[this.length] ?? 0) / covered;
  }

  /** Of hours `[from, to)`; NaN where they are not there, or less than half of them is known. Nothing for no hours. */
  sum(from: number, to: number): number {
    if (to === from) return 0;
    if (from < 0 || to > this.length) return Number.NaN;
    const length = to - from;
    const covered = (this.covers[to] ?? 0) - (this.covers[from] ?? 0);
    const sum = (this.sums[to] ?? 0) - (this.sums[from] ?? 0);
    if (covered === length) return sum;
    return covered < LEAST_COVER * length ? Number.NaN : (sum * length) / covered;
  }
}

/** An hour counts for no more than so many times what was usual in the two days before it. */
const CAP_TIMES = 3;
const CAP_HOURS = 48;
/** From so many hours on it can be said what is usual. */
const LEAST_USUAL = 12;

/** The same hours with bursts cut off: what a single burst used is not taken for what is to come. */
export function capBursts(hours: readonly (number | null)[]): (number | null)[] {
  const capped: (number | null)[] = [];
  // A day at a time, by what was usual before it.
  for (let start = 0; start < hours.length; start += 24) {
    const most = mostUsual(hours.slice(Math.max(0, start - CAP_HOURS), start));
    for (const hour of hours.slice(start, start + 24))
      capped.push(hour === null ? null : Math.min(hour, most));
  }
  return capped;
}

function mostUsual(hours: readonly (number | null)[]): number {
  const known = hours.filter((hour): hour is number => hour !== null).sort((a, b) => a - b);
  const usual = known.length < LEAST_USUAL ? 0 : (known[Math.floor(0.75 * known.length)] ?? 0);
  return usual > 0 ? CAP_TIMES * usual : Number.POSITIVE_INFINITY;
}
