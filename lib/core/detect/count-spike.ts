import { MINUTE_MS } from '../time/range.ts';
import { countUpperTail } from '../verdict/distributions.ts';
import {
  type BucketCounts,
  buildCountBaseline,
  type CountBaseline,
  type CountSums,
  SPIKE_FLOORS,
  SPIKE_WINDOWS,
  sumCounts,
} from './count-baseline.ts';
import { DETECTOR_ALPHA, type Firing, joinSights, type Seen, type Sight, shortNumber } from './firing.ts';

const MINUTES_PER_DAY = 1_440;
/** A spike is this many times what was expected, and so is a window of up to 5 min that is still hot. */
const LEAST_FACTOR = 2;
const HOT_MINUTES = 5;
/**
 * A window that slides is looked at more often than windows of its length fit into a day. Without this the families of
 * negative binomial counts alarm falsely on 2.2 % of quiet days, with it on 1.2 %; it costs up to a minute of delay.
 */
const OVERLAP = 2;
/** It ends when it was not hot for so long. */
const CLEAR_AFTER_MS = 15 * MINUTE_MS;

/** Rare events by bucket (a minute, or longer where rows are further apart). */
export interface CountSeries {
  startMs: number;
  stepMs: number;
  counts: BucketCounts;
  /** Requests in the same buckets, where they are counted: the share is tested too. */
  requests: BucketCounts | null;
}

/**
 * Spikes of rare events (method 3.6). `before` makes the baseline, `after` is walked bucket by bucket; both lie on one
 * grid and `after` begins where `before` ends. A window fires when its count is a tail of the negative binomial beyond
 * α/(5·1440/w), half of that where windows overlap, reaches its floor, is twice what was expected, and is above all that the baseline has shown; and while
 * 1–5 min are hot. What belonged to a spike that is over counts for no other. Linear in the length of both.
 */
export function detectCountSpikes(before: CountSeries, after: CountSeries): Firing[] {
  const usual = countUsual(before);
  if (usual === null) return [];
  const holding = { fireAfter: 1, clearBelow: 1, clearAfterMs: CLEAR_AFTER_MS };
  return joinSights(sightsOf(after, usual), holding);
}

/** What is usual of rare events: of their number, and of their share where requests are counted. */
export interface CountUsual {
  count: CountBaseline;
  share: CountBaseline | null;
}

/** Null without a measured bucket. It can be kept for a while. */
export function countUsual({ counts, requests, stepMs }: CountSeries): CountUsual | null {
  const bucketMinutes = stepMs / MINUTE_MS;
  const count = buildCountBaseline(counts, bucketMinutes);
  if (count === null) return null;
  return { count, share: requests === null ? null : buildCountBaseline(counts, bucketMinutes, requests) };
}

/**
 * What is seen in the last bucket of `after`, which begins `offset` buckets after the baseline ended: the buckets before it
 * are walked, since what belonged to a spike that is over counts for no other. Null where it was not measured.
 */
export function countLook(after: CountSeries, usual: CountUsual, offset = 0): Seen | null {
  let last: Seen | null = null;
  for (const seen of walkCounts(after, usual, offset)) last = seen;
  return last;
}

/** One of the two questions: are there more events, are there more for each request. */
interface Test {
  baseline: CountBaseline;
  sums: CountSums;
}

function testOf(
  after: BucketCounts,
  baseline: CountBaseline,
  exposure: BucketCounts | null,
  offset: number,
): Test {
  const sums = sumCounts(after, (i) => {
    const held = exposure === null ? 1 : (exposure[i] ?? null);
    return held === null ? null : held * baseline.expectedAt(offset + i);
  });
  return { baseline, sums };
}

function* sightsOf(after: CountSeries, usual: CountUsual): Generator<Sight> {
  let startMs = after.startMs;
  for (const seen of walkCounts(after, usual, 0)) {
    yield seen === null ? null : { ...seen, startMs, endMs: startMs + after.stepMs };
    startMs += after.stepMs;
  }
}

function* walkCounts(
  { stepMs, counts, requests }: CountSeries,
  usual: CountUsual,
  offset: number,
): Generator<Seen | null> {
  const bucketMinutes = stepMs / MINUTE_MS;
  const count = testOf(counts, usual.count, null, offset);
  const share =
    usual.share === null || requests === null ? null : testOf(counts, usual.share, requests, offset);
  const alpha = share === null ? DETECTOR_ALPHA : DETECTOR_ALPHA / 2;
  /** First bucket that may count: the end of the last spike. */
  let from = 0;
  let lastHot = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === null) {
      yield null;
      continue;
    }
    const isHot = isHotAt(count.sums, i, from, bucketMinutes);
    const byCount = isHot ? worstWindow(count, i, from, bucketMinutes, alpha) : null;
    const byShare = isHot && share !== null ? worstWindow(share, i, from, bucketMinutes, alpha) : null;
    const worst = byCount ?? byShare;
    if (worst !== null) lastHot = i;
    else if ((i - lastHot) * stepMs >= CLEAR_AFTER_MS && Number.isFinite(lastHot)) {
      from = i + 1;
      lastHot = Number.NEGATIVE_INFINITY;
    }
    yield {
      score: worst?.score ?? 0,
      value: worst?.seen ?? 0,
      expected: worst?.mean ?? 0,
      windowMs: (worst?.minutes ?? 0) * MINUTE_MS,
      what: worst === null ? '' : wordsOf(worst, share === null ? null : { byCount, byShare }),
    };
  }
}

/** Whether 1 or 5 min before the end of bucket `i` hold twice what was expected of them. */
function isHotAt({ events, expected }: CountSums, i: number, from: number, bucketMinutes: number): boolean {
  for (const minutes of [1, HOT_MINUTES]) {
    const start = Math.max(from, i + 1 - Math.max(1, Math.round(minutes / bucketMinutes)));
    const seen = (events[i + 1] ?? 0) - (events[start] ?? 0);
    if (seen > 0 && seen >= LEAST_FACTOR * ((expected[i + 1] ?? 0) - (expected[start] ?? 0))) return true;
  }
  return false;
}

interface Hit {
  minutes: number;
  seen: number;
  mean: number;
  chance: number;
  score: number;
}

/** The window that is least likely of those that fire; null when none does. */
function worstWindow(
  { baseline, sums: { events, expected } }: Test,
  i: number,
  from: number,
  bucketMinutes: number,
  alpha: number,
): Hit | null {
  let worst: Hit | null = null;
  for (const { length, dispersion, largest } of baseline.windows) {
    const minutes = Math.round(length * bucketMinutes);
    const floor = SPIKE_FLOORS[SPIKE_WINDOWS.findIndex((window) => window >= minutes)] ?? 12;
    const start = Math.max(from, i + 1 - length);
    const seen = (events[i + 1] ?? 0) - (events[start] ?? 0);
    const mean = (expected[i + 1] ?? 0) - (expected[start] ?? 0);
    if (seen < floor || seen < LEAST_FACTOR * mean || seen <= largest) continue;
    const looks = (SPIKE_WINDOWS.length * MINUTES_PER_DAY * (length === 1 ? 1 : OVERLAP)) / minutes;
    const threshold = alpha / looks;
    const variance = dispersion * mean + mean ** 2 / baseline.events;
    const chance = countUpperTail(Math.floor(seen), mean, variance);
    if (chance >= threshold) continue;
    if (worst !== null && chance >= worst.chance) continue;
    const score = Math.log(Math.max(chance, Number.MIN_VALUE)) / Math.log(threshold);
    worst = { minutes, seen, mean, chance, score };
  }
  return worst;
}

function wordsOf(
  { minutes, seen, mean }: Hit,
  both: { byCount: Hit | null; byShare: Hit | null } | null,
): string {
  const time = minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  const words = `${shortNumber(seen)} in ${time}, ${shortNumber(mean)} are usual`;
  if (both === null) return words;
  if (both.byCount === null) return `${words} of so many requests: the share rose, the number did not`;
  return `${words}; ${both.byShare === null ? 'requests rose with them, the share did not' : 'their share of requests rose too'}`;
}
