import 'server-only';
import type { DetectorLook, SeriesFact } from '@/lib/core/alerts/facts/series.ts';
import { countLook } from '@/lib/core/detect/count-spike.ts';
import { type Seen, shortNumber } from '@/lib/core/detect/firing.ts';
import { type FoundStep, heldSince } from '@/lib/core/detect/found-step.ts';
import { lumpedMinutes } from '@/lib/core/detect/lumped-minutes.ts';
import { plateauLook, plateauReachMs, type UsualTop } from '@/lib/core/detect/plateau.ts';
import { type CounterSpan, type StallUsual, stallLook } from '@/lib/core/detect/stall.ts';
import { alignDown, BLOCK_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';
import { type FineCounts, placeOf } from './series-fine.ts';
import { NO_RATES, type Rates, toLook } from './series-rates.ts';
import { LATE_MS, type SeriesRow } from './series-row.ts';
import { minuteSamples } from './series-top.ts';
import { type SeriesUsual, sameTime } from './series-usual.ts';
import type { Watched } from './series-watched.ts';

/** One series at one time, with all that its looks are held against. */
export interface LookQuestion {
  watched: Watched;
  row: SeriesRow;
  fine: FineCounts | null;
  /** Requests over the same time; null where none are counted. */
  requests: { row: SeriesRow; fine: FineCounts } | null;
  usual: SeriesUsual;
  /** What a silence is held against; null for what cannot stand still. */
  stall: StallUsual | null;
  top: UsualTop | null;
  /** What is seen in whole blocks. */
  rates: Rates;
  /** Block at which the baseline ends, and steps since. */
  origin: number;
  steps: readonly FoundStep[];
  atMs: number;
}

/** Older than that, nobody knows what is now. */
const STALE_MS = 3 * MINUTE_MS;
/** Before so much time only blocks are looked at. */
const FINE_BLOCKS = 2;
const RARE_MS = 6 * HOUR_MS;
const STALL_MS = 26 * HOUR_MS;
/** What a look needs of finer numbers: a flat top reaches back furthest, from the last whole minute that is known. */
export const FINE_REACH_MS = plateauReachMs(MINUTE_MS) + 2 * MINUTE_MS;

/** What each detector sees of the series; null where it cannot be told, or does not watch it. */
export function looksAt(question: LookQuestion): SeriesFact {
  const { watched, fine } = question;
  return {
    series: watched.series,
    title: watched.title,
    countSpike: watched.isNeutral ? null : toLook(countsAt(question)),
    ...question.rates,
    plateau: watched.isRare || watched.isLevel ? null : plateauAt(question),
    stall: toLook(silenceAt(question)),
    place: fine === null ? null : placeOf(fine.byTarget),
  };
}

/** The same series while nothing can be told of it. */
export function noLooks({ series, title }: Watched): SeriesFact {
  const none = { countSpike: null, plateau: null, stall: null, place: null };
  return { series, title, ...none, ...NO_RATES };
}

/** Rare events of the last 6 h: by blocks, and of the last minutes by minute. */
function countsAt({ watched, row, fine, requests, usual, origin, atMs }: LookQuestion): Seen | null {
  if (row.blocks === null || fine === null) return null;
  if (usual.count === null) {
    return watched.series === 'server_errors' ? plainLook(fine, requests?.fine ?? null, atMs) : null;
  }
  const fineMs = alignDown(atMs, BLOCK_MS) - FINE_BLOCKS * BLOCK_MS;
  const startMs = fineMs - RARE_MS;
  const length = RARE_MS / BLOCK_MS;
  const minutes = minutesOf(fine, fineMs, atMs);
  if (minutes === null) return null;
  const lately = { row: sameTime(row, startMs, length) ?? [], minutes };
  const asked =
    requests === null || usual.count.share === null ? null : sameTime(requests.row, startMs, length);
  const askedMinutes = requests === null ? null : minutesOf(requests.fine, fineMs, atMs, minutes.length);
  const originMs = row.startMs + origin * BLOCK_MS;
  return countLook(
    {
      startMs,
      stepMs: MINUTE_MS,
      counts: joined(lately.row, lately.minutes),
      requests: asked === null || askedMinutes === null ? null : joined(asked, askedMinutes),
    },
    usual.count,
    (startMs - originMs) / MINUTE_MS,
  );
}

/** Levels that hold while nothing is known of what is usual: so many in 5 min, and such a share of all. */
const PLAIN = { count: 5, share: 0.01 };

function plainLook(fine: FineCounts, all: FineCounts | null, atMs: number): Seen | null {
  const fromMs = alignDown(atMs, MINUTE_MS) - BLOCK_MS;
  const sum = (counts: FineCounts) =>
    minutesOf(counts, fromMs, atMs)?.reduce<number>((total, count) => total + (count ?? 0), 0) ?? null;
  const seen = sum(fine);
  const asked = all === null ? null : sum(all);
  if (seen === null || asked === null) return null;
  const trigger = Math.max(PLAIN.count, PLAIN.share * asked);
  const what = `${shortNumber(seen)} in 5 min; what is usual is not known yet`;
  return { score: seen / trigger, value: seen, expected: 0, windowMs: BLOCK_MS, what };
}

function joined(blocks: readonly CountBlock[], minutes: readonly (number | null)[]): (number | null)[] {
  return [...lumpedMinutes(blocks), ...minutes];
}

/** Up to when finer numbers are looked at: what is newer may still come in, and of the past nothing newer was known. */
function knownToMs(stepMs: number, atMs: number): number {
  return alignDown(atMs - LATE_MS, stepMs);
}

/**
 * Counts by minute from `fromMs` to now, up to the last minute of which something is known; the minute that still runs
 * counts as far as it went. Null where nothing of the last minutes is known. `length`: exactly so many.
 */
function minutesOf(
  { startMs, stepMs, counts }: FineCounts,
  fromMs: number,
  atMs: number,
  length: number | null = null,
): (number | null)[] | null {
  const toMs = knownToMs(stepMs, atMs);
  const minutes: (number | null)[] = [];
  for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
    let sum = 0;
    for (let ms = minuteMs; ms < Math.min(minuteMs + MINUTE_MS, toMs); ms += stepMs) {
      sum += counts[(ms - startMs) / stepMs] ?? Number.NaN;
    }
    minutes.push(Number.isNaN(sum) ? null : sum);
  }
  if (length !== null) return minutes.slice(0, length);
  const last = minutes.findLastIndex((count) => count !== null);
  if (last === -1 || atMs - (fromMs + (last + 1) * MINUTE_MS) > STALE_MS) return null;
  return minutes.slice(0, last + 1);
}

function silenceAt({ row, fine, stall, atMs }: LookQuestion): Seen | null {
  if (stall === null || row.blocks === null || fine === null) return null;
  const fineMs = alignDown(atMs, BLOCK_MS) - FINE_BLOCKS * BLOCK_MS;
  const length = STALL_MS / BLOCK_MS;
  const startMs = fineMs - STALL_MS;
  const spans = (sameTime(row, startMs, length) ?? []).map((block, i): CounterSpan => {
    const fromMs = startMs + i * BLOCK_MS;
    return { fromMs, toMs: fromMs + BLOCK_MS, increase: isUsable(block) ? block.increase : null };
  });
  for (let fromMs = fineMs; fromMs < knownToMs(fine.stepMs, atMs); fromMs += fine.stepMs) {
    const count = fine.counts[(fromMs - fine.startMs) / fine.stepMs] ?? Number.NaN;
    spans.push({ fromMs, toMs: fromMs + fine.stepMs, increase: Number.isNaN(count) ? null : count });
  }
  const known = spans.slice(0, spans.findLastIndex(({ increase }) => increase !== null) + 1);
  if (atMs - (known.at(-1)?.toMs ?? 0) > STALE_MS) return null;
  return stallLook(known, stall);
}

function plateauAt({ fine, top, steps, atMs }: LookQuestion): DetectorLook | null {
  if (top === null || fine === null) return null;
  const nowMs = atMs - LATE_MS;
  const samples = minuteSamples(fine, { startMs: nowMs - FINE_REACH_MS, endMs: nowMs });
  const held = heldSince(steps, Number.NEGATIVE_INFINITY);
  const usual = { ...top, level: top.level * Math.exp(held) };
  const seen = plateauLook(samples, { sampleMs: MINUTE_MS, nowMs, quota: null }, usual);
  if (seen === null) return null;
  const { score, value, expected, windowMs, spread, usualSpread } = seen;
  const percent = (share: number) =>
    share < 0.0001 ? 'less than 0.01\u00a0%' : `${shortNumber(100 * share)}\u00a0%`;
  const what = `its top moves by ${percent(spread)}, at least ${percent(usualSpread)} is usual there`;
  return { score, value, expected, windowMs, what, isSevere: false };
}
