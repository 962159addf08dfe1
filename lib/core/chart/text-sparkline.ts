import type { MarkView, Point } from '../model/view.ts';
import type { TimeRange } from '../time/range.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** What stands where nothing was measured. No level looks like it, least of all that of zero. */
export const GAP_SIGN = '·';
/** Where more than one mark falls into a column. */
export const MANY_MARKS_SIGN = '+';
const COLUMNS = 60;

/** Levels that the lowest and the highest sign stand for. */
export interface SparkScale {
  bottom: number;
  top: number;
}

/** From zero, or below it where a value is, to the highest value of all lines; null when nothing was measured. */
export function sparkScale(lines: readonly (readonly Point[])[]): SparkScale | null {
  let bottom = 0;
  let top: number | null = null;
  for (const [, value] of lines.flat()) {
    if (value === null || !Number.isFinite(value)) continue;
    bottom = Math.min(bottom, value);
    top = top === null ? value : Math.max(top, value);
  }
  return top === null ? null : { bottom, top: Math.max(0, top) };
}

/** How many signs a line of so many buckets is drawn with. */
export function sparkColumns(buckets: number): number {
  return Math.min(COLUMNS, buckets);
}

/**
 * A line as signs of eight heights, one a bucket, or as many buckets a sign as it takes to be at most 60. Two
 * neighbouring signs tell the lowest and the highest of their buckets in the order in which they came, so that no peak
 * is lost. A sign without any measured bucket is a gap. Empty for a line without buckets.
 */
export function textSparkline(points: readonly Point[], scale: SparkScale | null): string {
  const columns = sparkColumns(points.length);
  const values = columns === points.length ? points.map(([, value]) => value) : shrink(points, columns);
  return values.map((value) => signOf(value, scale)).join('');
}

/** The letters of marks under such a line, `a` for the first; spaces where there is none. Empty without any in sight. */
export function markLine(
  marks: readonly Pick<MarkView, 'startMs'>[],
  range: TimeRange,
  columns: number,
): string {
  const signs: string[] = Array(columns).fill(' ');
  for (const [index, { startMs }] of marks.entries()) {
    if (startMs < range.startMs || startMs >= range.endMs) continue;
    const share = (startMs - range.startMs) / (range.endMs - range.startMs);
    const column = Math.min(columns - 1, Math.floor(share * columns));
    signs[column] = signs[column] === ' ' ? markLetter(index) : MANY_MARKS_SIGN;
  }
  return signs.join('').trimEnd();
}

/** The letter of the nth mark; beyond z they share one. */
export function markLetter(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : MANY_MARKS_SIGN;
}

function shrink(points: readonly Point[], columns: number): (number | null)[] {
  const values: (number | null)[] = [];
  const startOf = (column: number) => Math.floor((column * points.length) / columns);
  for (let column = 0; column < columns; column += 2) {
    const [from, middle, to] = [startOf(column), startOf(column + 1), startOf(column + 2)];
    values.push(...pairOf(points.slice(from, middle), points.slice(middle, to)));
  }
  return values;
}

/** What two neighbouring signs show: each nothing but a gap where its own buckets are one. */
function pairOf(first: readonly Point[], second: readonly Point[]): [number | null, number | null] {
  const all = [...first, ...second];
  const low = extreme(all, (a, b) => a < b);
  const high = extreme(all, (a, b) => a > b);
  if (low === null || high === null) return [null, null];
  const [isFirst, isSecond] = [hasValue(first), hasValue(second)];
  // One sign has room for one value: the peak.
  if (!isFirst || !isSecond) return [isFirst ? high.value : null, isSecond ? high.value : null];
  return low.index <= high.index ? [low.value, high.value] : [high.value, low.value];
}

const isMeasured = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);
const hasValue = (points: readonly Point[]) => points.some(([, value]) => isMeasured(value));

function extreme(
  points: readonly Point[],
  isBetter: (a: number, b: number) => boolean,
): { index: number; value: number } | null {
  let best: { index: number; value: number } | null = null;
  for (const [index, [, value]] of points.entries()) {
    if (isMeasured(value) && (best === null || isBetter(value, best.value))) best = { index, value };
  }
  return best;
}

function signOf(value: number | null, scale: SparkScale | null): string {
  if (!isMeasured(value) || scale === null) return GAP_SIGN;
  const { bottom, top } = scale;
  const share = top === bottom ? 0 : (value - bottom) / (top - bottom);
  // Only zero stands on the ground, or a little of something would look like nothing.
  const level = value === bottom ? 0 : Math.max(1, Math.min(7, Math.ceil(share * 7)));
  return LEVELS[level] ?? GAP_SIGN;
}
