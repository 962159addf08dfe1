import 'server-only';
import type { DetectorLook, SeriesFact } from '@/lib/core/alerts/facts/series.ts';
import type { Seen } from '@/lib/core/detect/firing.ts';
import type { FoundStep } from '@/lib/core/detect/found-step.ts';
import { DRIFT_REACH_MS, driftSince, type RateRow, rateLooks } from '@/lib/core/detect/rate-look.ts';
import { BLOCK_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { keep, recall } from '../../queries/remember.ts';
import type { Reading } from '../../runtime.ts';
import { LATE_MS, type SeriesRow } from './series-row.ts';
import type { SeriesUsual } from './series-usual.ts';
import type { Watched } from './series-watched.ts';

/** What is seen in whole blocks. */
export type Rates = Pick<SeriesFact, 'spike' | 'regression' | 'drift'>;
export const NO_RATES: Rates = { spike: null, regression: null, drift: null };

/** One series at one time, as far as whole blocks go. */
export interface RatesQuestion {
  /** Names the series and the memory that it was read from. */
  key: string;
  watched: Watched;
  row: SeriesRow;
  usual: SeriesUsual;
  /** Block at which the baseline ends, and steps since. */
  origin: number;
  steps: readonly FoundStep[];
  /** Where the last step of all had settled; null without any. */
  movedAt: number | null;
  /** Block in which the latest deploy had settled; null without one in two days. */
  deployAt: number | null;
  atMs: number;
}

const STALE_BLOCKS = 2;
/** Looks are four a minute, blocks one in five; the row itself is read anew every minute. */
const MEMORY = { name: 'alert-rates', most: 64 };
const LIFE_MS = MINUTE_MS;

/** What is seen in the blocks that are over by then: told once for all looks of a block. */
export function ratesAt(reading: Reading, question: RatesQuestion): Rates {
  const { key, watched, row, usual, origin, steps, movedAt, deployAt } = question;
  const until = untilOf(question);
  if (watched.isNeutral || usual.rate === null || until === null) return NO_RATES;
  const moves = steps.map(({ at, log }) => [at, log]);
  const name = JSON.stringify([key, row.startMs, origin, until, moves, movedAt, deployAt]);
  const known = recall<{ of: SeriesRow; rates: Rates }>(reading, MEMORY, name);
  if (known?.of === row) return known.rates;
  const rated: RateRow = {
    logs: row.logs,
    levelOf: Math.exp,
    way: watched.way,
    origin,
    until,
    steps,
    movedAt,
  };
  const looks = rateLooks(rated, usual.rate);
  const drift = deployAt === null ? NO_DRIFT : driftSince(rated, usual.rate, deployAt);
  const rates = { spike: toLook(looks.spike), regression: toLook(looks.regression), drift: toLook(drift) };
  keep(reading, MEMORY, name, { of: row, rates }, LIFE_MS);
  return rates;
}

/** Blocks that are over; null where the last of them is not of now. */
function untilOf({ row, atMs }: RatesQuestion): number | null {
  const over = Math.floor((atMs - LATE_MS - row.startMs) / BLOCK_MS);
  const until = Math.min(over, row.logs.length);
  return over - until > STALE_BLOCKS || until <= 0 ? null : until;
}

/** Without a deploy in two days there is nothing to drift from: an alert that stood is over. */
const NO_DRIFT: Seen = {
  score: 0,
  value: 0,
  expected: 0,
  windowMs: DRIFT_REACH_MS,
  what: 'no deploy in 48 h',
};

/** What a detector saw as a fact. */
export function toLook(seen: Seen | null): DetectorLook | null {
  return seen === null ? null : { ...seen, isSevere: false };
}
