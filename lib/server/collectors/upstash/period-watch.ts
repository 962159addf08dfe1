import 'server-only';
import type { StartMarker } from '@/lib/core/model/sample.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';

export type Period = 'day' | 'month';

/** For so long after a boundary the totals of the period before may still be served. */
const LAG_MS = 15 * MINUTE_MS;
/** Right after a boundary only a fall below this share is the new period, and no correction of the old one. */
const CLEAR_FALL = 0.5;

/**
 * Tells which period a running total belongs to. Upstash’s numbers lag, so the clock alone would take yesterday’s
 * whole total for today’s first minute: a new period is believed once the total fell. Where it never falls (yesterday
 * was quieter than today already is) the old marker stays, which can only count too little, never a spike.
 */
export class PeriodWatch {
  #seen: { value: number; startMs: number; marker: StartMarker } | null = null;
  /** The total first seen so soon after a boundary that it may be of either period. */
  #early: number | null = null;

  constructor(private readonly period: Period) {}

  /**
   * Start of the period that `value` counts from; null while nobody can tell, when the value is better left out.
   * `serverMs`: the provider’s clock; `skewMs`: its clock minus ours.
   */
  step(value: number, serverMs: number, skewMs: number): StartMarker | null {
    const nowStartMs = periodStartMs(this.period, serverMs);
    const soon = serverMs - nowStartMs < LAG_MS;
    const startMs = this.#startOf(value, nowStartMs, soon);
    if (startMs === null) {
      this.#early = value;
      return null;
    }
    this.#early = null;
    // The first reading of the skew stands: a start that moved with it would be told anew at each visit.
    const marker =
      this.#seen?.startMs === startMs
        ? this.#seen.marker
        : { marker: `${this.period}:${periodName(this.period, startMs)}`, atMs: startMs - skewMs };
    this.#seen = { value, startMs, marker };
    return marker;
  }

  #startOf(value: number, nowStartMs: number, soon: boolean): number | null {
    const seen = this.#seen;
    if (seen === null) {
      const fell = this.#early !== null && value < this.#early;
      return soon && !fell ? null : nowStartMs;
    }
    if (nowStartMs <= seen.startMs) return seen.startMs;
    const fell = soon ? value < CLEAR_FALL * seen.value : value < seen.value;
    return fell ? nowStartMs : seen.startMs;
  }
}

/** Start of the UTC day or month that holds `atMs`. */
export function periodStartMs(period: Period, atMs: number): number {
  switch (period) {
    case 'day':
      return Math.floor(atMs / DAY_MS) * DAY_MS;
    case 'month': {
      const date = new Date(atMs);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    }
    default:
      return period satisfies never;
  }
}

function periodName(period: Period, startMs: number): string {
  return new Date(startMs).toISOString().slice(0, period === 'day' ? 10 : 7);
}
