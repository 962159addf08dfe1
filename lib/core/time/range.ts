/** Half-open span of time in Unix ms: `startMs ≤ t < endMs`. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** Width of a stored block. */
export const BLOCK_MS = 300_000;

/** The largest multiple of `stepMs` that is not after `atMs`. */
export function alignDown(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs;
}

/** The smallest multiple of `stepMs` that is not before `atMs`. */
export function alignUp(atMs: number, stepMs: number): number {
  return Math.ceil(atMs / stepMs) * stepMs;
}

/** Steps offered by screens and the API; each divides a day. */
export const STEPS_MS = [
  5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  21_600_000, 86_400_000,
] as const;

/** The finest offered step that keeps a line at or under `maxPoints` and is no finer than `minStepMs`. */
export function chooseStepMs(range: TimeRange, maxPoints: number, minStepMs: number = STEPS_MS[0]): number {
  const wanted = Math.max((range.endMs - range.startMs) / maxPoints, minStepMs);
  return STEPS_MS.find((step) => step >= wanted) ?? DAY_MS;
}

/** Overlap of two ranges in ms; 0 when they do not meet. */
export function overlapMs(a: TimeRange, b: TimeRange): number {
  return Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
}
