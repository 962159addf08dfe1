import { DAY_MS, MINUTE_MS } from '../time/range.ts';
import { buildCountBaseline, type CountBaseline, LEAST_DISPERSION } from './count-baseline.ts';
import type { CountSeries } from './count-spike.ts';
import { DETECTOR_ALPHA, type Firing, joinSights, type Sight, shortNumber } from './firing.ts';

/** −ln of the chance of so long a silence that counts, looked at every minute of a day: 11.9 … */
const LEAST_EVIDENCE = Math.log(1_440 / DETECTOR_ALPHA);
/** … and more where events are many: each of them begins a silence that could be the one. */
const BUSY_ALPHA = DETECTOR_ALPHA / 10;
/** Longer by so much than any silence before: what a shop does on Sundays it may do again, a little longer. */
const LONGER = 1.1;
const LEAST_SAMPLES = 3;
const LEAST_MS = 2 * MINUTE_MS;

/** What a counter did between two samples; null where they are too far apart to say: no data is no stall. */
export interface CounterSpan {
  fromMs: number;
  toMs: number;
  increase: number | null;
}

/** What a deploy says of the level: its share of what was usual, or a level of its own. */
export type ClaimedLevel = { ratio: number } | { perSecond: number };

/**
 * Stall (method 3.7): nothing is counted while samples still arrive, for so long that it cannot be chance: −ln P₀ =
 * Λ·ln φ/(φ − 1) ≥ ln(1440/α), or ln(10·events a day/α) where that is more, over at least three samples and 2 min, and longer than any silence before. Λ, the events
 * that were due, goes by the lower of the baseline and what a deploy claims: a promised fall is no stall. `before` is the
 * baseline; a metric without events before has no stall. Linear.
 */
export function detectStalls(
  before: CountSeries,
  spans: readonly CounterSpan[],
  claimed: ClaimedLevel | null,
): Firing[] {
  const baseline = buildCountBaseline(before.counts, before.stepMs / MINUTE_MS);
  if (baseline === null || baseline.events < 1) return [];
  const dueIn = dueBy(before, baseline, claimed);
  const usualPerMs = meanOf(before.counts) / before.stepMs;
  const perMs = Math.min(usualPerMs, lowered(usualPerMs, claimed));
  const needed = Math.max(LEAST_EVIDENCE, Math.log((perMs * DAY_MS) / BUSY_ALPHA));
  const dispersion = dispersionFor({ perMs, usualPerMs, stepMs: before.stepMs, needed }, baseline);
  const longest = longestQuiet(before, baseline);
  const holding = { fireAfter: 1, clearBelow: 1, clearAfterMs: 0 };
  return joinSights(sightsOf(spans, dueIn, { needed: needed / weightOf(dispersion), longest }), holding);
}

function* sightsOf(
  spans: readonly CounterSpan[],
  dueIn: (fromMs: number, toMs: number) => number,
  { needed, longest }: { needed: number; longest: number },
): Generator<Sight> {
  let quiet = { samples: 0, ms: 0, due: 0 };
  for (const { fromMs, toMs, increase } of spans) {
    if (increase === null) {
      yield null;
      continue;
    }
    quiet =
      increase > 0
        ? { samples: 0, ms: 0, due: 0 }
        : { samples: quiet.samples + 1, ms: quiet.ms + toMs - fromMs, due: quiet.due + dueIn(fromMs, toMs) };
    const isLong = quiet.samples >= LEAST_SAMPLES && quiet.ms >= LEAST_MS && quiet.due > LONGER * longest;
    yield {
      startMs: fromMs,
      endMs: toMs,
      score: isLong ? quiet.due / needed : 0,
      value: 0,
      expected: quiet.due,
      what: `nothing in ${minutesOf(quiet.ms)}, ${shortNumber(quiet.due)} were due`,
    };
  }
}

function minutesOf(ms: number): string {
  return ms < 120 * MINUTE_MS
    ? `${shortNumber(ms / MINUTE_MS)} min`
    : `${shortNumber(ms / (60 * MINUTE_MS))} h`;
}

/** Events that are due in a span, by the clock profile and the claim. */
function dueBy(
  { startMs, stepMs, counts }: CountSeries,
  baseline: CountBaseline,
  claimed: ClaimedLevel | null,
): (fromMs: number, toMs: number) => number {
  const endMs = startMs + counts.length * stepMs;
  return (fromMs, toMs) => {
    // The profile is drawn over an hour on either side: one place of it speaks for a whole span.
    const perMs = baseline.expectedAt(Math.floor((fromMs - endMs) / stepMs)) / stepMs;
    return Math.min(perMs, lowered(perMs, claimed)) * (toMs - fromMs);
  };
}

function lowered(perMs: number, claimed: ClaimedLevel | null): number {
  if (claimed === null) return perMs;
  return 'ratio' in claimed ? perMs * claimed.ratio : claimed.perSecond / 1_000;
}

/**
 * φ of the shortest window in which enough events are due to tell a silence from chance; else the largest there is. What
 * is above 1 of it goes down with the level, as with every share of the same events.
 */
function dispersionFor(
  {
    perMs,
    usualPerMs,
    stepMs,
    needed,
  }: { perMs: number; usualPerMs: number; stepMs: number; needed: number },
  { windows }: CountBaseline,
): number {
  const ratio = usualPerMs > 0 ? perMs / usualPerMs : 1;
  const left = windows.map(({ length, dispersion }) => ({
    due: perMs * length * stepMs,
    dispersion: Math.max(LEAST_DISPERSION, 1 + (dispersion - 1) * ratio),
  }));
  const enough = left.find(({ due, dispersion }) => due >= needed / weightOf(dispersion));
  return enough?.dispersion ?? Math.max(LEAST_DISPERSION, ...left.map(({ dispersion }) => dispersion));
}

/** What one event that was due says against chance: ln φ/(φ − 1). */
function weightOf(dispersion: number): number {
  return Math.log(dispersion) / (dispersion - 1);
}

/** Most events that were due in a silence of the baseline itself: a shop that closes at night is no stall. */
function longestQuiet({ counts }: CountSeries, baseline: CountBaseline): number {
  let longest = 0;
  let due = 0;
  for (const [i, count] of counts.entries()) {
    if (count === null) continue;
    due = count > 0 ? 0 : due + baseline.expectedAt(i - counts.length);
    longest = Math.max(longest, due);
  }
  return longest;
}

function meanOf(counts: readonly (number | null)[]): number {
  const known = counts.flatMap((count) => count ?? []);
  return known.length === 0 ? 0 : known.reduce((sum, count) => sum + count, 0) / known.length;
}
