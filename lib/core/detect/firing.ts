/** A stretch of time in which a detector fires. All detectors give this shape, oldest first, never overlapping. */
export interface Firing {
  /** Start of the bucket that made it fire: what is known at the end of that bucket. */
  startMs: number;
  /** End of the last bucket that kept it firing; null while it lasts. */
  endMs: number | null;
  /** How far beyond its own threshold it went, at the most: 1 just fires. */
  score: number;
  /** What was seen where it went furthest, and what was usual there; units are those of the series. */
  value: number;
  expected: number;
  /** What happened, one plain clause without units: `8 in 5 min, 0.2 are usual`. */
  what: string;
  /** True where something beside the series makes it worse: a flat top while requests are refused. */
  isSevere: boolean;
}

/** Error of every detector, for one metric over 24 h (method 3.6, 3.7). */
export const DETECTOR_ALPHA = 0.01;

/** What a detector sees at one instant; a score of at least 1 fires. */
export interface Seen {
  score: number;
  /** What was seen and what is usual then; units are those of the series. */
  value: number;
  expected: number;
  /** Over how long it was seen, ms. */
  windowMs: number;
  /** What happened, one plain clause without units. */
  what: string;
}

/** One evaluation of a detector: null where nothing was measured, so that it neither fires nor recovers. */
export type Sight = {
  startMs: number;
  endMs: number;
  /** At least 1 fires; below `clearBelow` it recovers. */
  score: number;
  value: number;
  expected: number;
  what: string;
  isSevere?: boolean;
} | null;

export interface Holding {
  /** Evaluations in a row that make it fire. */
  fireAfter: number;
  /** It recovers when it stayed below this score … */
  clearBelow: number;
  /** … for so long. */
  clearAfterMs: number;
}

/**
 * Joins evaluations into firings: it fires on some in a row, and stays until it was below for a while. Missing ones
 * change nothing. The last firing is open unless it recovered.
 */
export function joinSights(
  sights: Iterable<Sight>,
  { fireAfter, clearBelow, clearAfterMs }: Holding,
): Firing[] {
  const firings: Firing[] = [];
  let open: Firing | null = null;
  let row = 0;
  /** End of the last evaluation that kept it, and since when it has been below. */
  let keptMs = 0;
  for (const sight of sights) {
    if (sight === null) continue;
    const { score, value, expected, what, isSevere = false } = sight;
    row = score >= 1 ? row + 1 : 0;
    if (open === null) {
      if (row < fireAfter) continue;
      open = { startMs: sight.startMs, endMs: null, score, value, expected, what, isSevere };
      firings.push(open);
      keptMs = sight.endMs;
      continue;
    }
    if (score > open.score) Object.assign(open, { score, value, expected, what });
    open.isSevere ||= isSevere && score >= 1;
    if (score >= clearBelow) keptMs = sight.endMs;
    else if (sight.endMs - keptMs >= clearAfterMs) {
      open.endMs = keptMs;
      open = null;
    }
  }
  return firings;
}

/** A number in a sentence of a detector: three digits that count. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
