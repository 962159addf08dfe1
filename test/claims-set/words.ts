/** Least likeness of two texts that are one, and of two that stand on one line. */
const ALIKE = 0.55;
const ALIKE_ON_LINE = 0.3;
/** A text that holds nearly all words of a shorter one is the same one, with something around it. */
const HELD = 0.85;

/**
 * How alike two texts are by their words, 0–1; marks, case and order do not count. 0 where they are too different to be
 * one, with a lower bar when both stand on one line.
 */
export function likeness(a: string, b: string, isOnOneLine: boolean): number {
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)];
  const shared = [...wordsA].filter((word) => wordsB.has(word)).length;
  const smaller = Math.min(wordsA.size, wordsB.size);
  if (smaller === 0) return 0;
  const dice = (2 * shared) / (wordsA.size + wordsB.size);
  const isHeld = smaller >= 2 && shared / smaller >= HELD;
  if (dice >= ALIKE || isHeld) return dice;
  return isOnOneLine && dice >= ALIKE_ON_LINE ? dice : 0;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** One pair of a best-first pairing, by index. */
export interface Pair {
  readonly left: number;
  readonly right: number;
}

/** Pairs lefts with rights, the highest rank first and each at most once; a rank of 0 is no pair. */
export function pairUp(
  leftCount: number,
  rightCount: number,
  rank: (left: number, right: number) => number,
): Pair[] {
  const ranked = Array.from({ length: leftCount }, (_, left) =>
    Array.from({ length: rightCount }, (_, right) => ({ left, right, rank: rank(left, right) })),
  ).flat();
  const takenLeft = new Set<number>();
  const takenRight = new Set<number>();
  const pairs: Pair[] = [];
  for (const { left, right, rank: value } of ranked.sort((a, b) => b.rank - a.rank)) {
    if (value <= 0 || takenLeft.has(left) || takenRight.has(right)) continue;
    takenLeft.add(left);
    takenRight.add(right);
    pairs.push({ left, right });
  }
  return pairs;
}
