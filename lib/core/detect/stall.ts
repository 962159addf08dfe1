import { DAY_MS, MINUTE_MS } from '../time/range.ts';
import { buildCountBaseline, type CountBaseline, LEAST_DISPERSION } from './count-baseline.ts';
import type { CountSeries } from './count-spike.ts';
import { DETECTOR_ALPHA, type Firing, joinSights, type Seen, type Sight, shortNumber } from './firing.ts';

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
  const usual = stallUsual(before, claimed);
  if (usual === null) return [];
  const holding = { fireAfter: 1, clearBelow: 1, clearAfterMs: 0 };
  return joinSights(sightsOf(spans, usual), holding);
}

/** What a silence is held against. */
export interface StallUsual {
  /** Events due between two times. */
  dueIn: (fromMs: number, toMs: number) => number;
  /** Events due without one coming that cannot be chance any more, and the most that ever were. */
  needed: number;
  longest: number;
}

/** What is usual before, lowered to what a deploy claims; null for a metric without events: it has no stall. */
export function stallUsual(before: CountSeries, claimed: ClaimedLevel | null): StallUsual | null {
  const baseline = buildCountBaseline(before.counts, before.stepMs / MINUTE_MS);
  if (baseline === null || baseline.events < 1) return null;
  const usualPerMs = meanOf(before.counts) / before.stepMs;
  const perMs = Math.min(usualPerMs, lowered(usualPerMs, claimed));
  const needed = Math.max(LEAST_EVIDENCE, Math.log((perMs * DAY_MS) / BUSY_ALPHA));
  const dispersion = dispersionFor({ perMs, usualPerMs, stepMs: before.stepMs, needed }, baseline);
  return {
    dueIn: dueBy(before, baseline, claimed),
    needed: needed / weightOf(dispersion),
    longest: longestQuiet(before, baseline),
  };
}

/** A silence so far. */
interface Quiet {
  samples: number;
  ms: number;
  due: number;
}

const NO_QUIET: Quiet = { samples: 0, ms: 0, due: 0 };

function* sightsOf(spans: readonly CounterSpan[], usual: StallUsual): Generator<Sight> {
  let quiet = NO_QUIET;
  for (const span of spans) {
    quiet = quietAfter(quiet, span, usual);
    yield span.increase === null
      ? null
      : { ...quietLook(quiet, usual), startMs: span.fromMs, endMs: span.toMs };
  }
}

/** What is seen after the last span; null when it was not measured: then nobody knows. */
export function stallLook(spans: readonly CounterSpan[], usual: StallUsual): Seen | null {
  if ((spans.at(-1)?.increase ?? null) === null) return null;
  return quietLook(
    spans.reduce((quiet, span) => quietAfter(quiet, span, usual), NO_QUIET),
    usual,
  );
}

function quietAfter(
  quiet: Quiet,
  { fromMs, toMs, increase }: CounterSpan,
  { dueIn }: Pick<StallUsual, 'dueIn'>,
): Quiet {
  if (increase === null) return quiet;
  if (increase > 0) return NO_QUIET;
  return { samples: quiet.samples + 1, ms: quiet.ms + toMs - fromMs, due: quiet.due + dueIn(fromMs, toMs) };
}

function quietLook({ samples, ms, due }: Quiet, { needed, longest }: StallUsual): Seen {
  const isLong = samples >= LEAST_SAMPLES && ms >= LEAST_MS && due > LONGER * longest;
  return {
    score: isLong ? due / needed : 0,
    value: 0,
    expected: due,
    windowMs: ms,
    what: `nothing in ${minutesOf(ms)}, ${shortNumber(due)} were due`,
  };
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
