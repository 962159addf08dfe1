/** Something that wants to stand beside the plot with its middle at `y`. */
export interface Label {
  y: number;
  text: string;
  kind: 'goal' | 'plan' | 'value' | 'context' | 'gap';
}

/**
 * Moves labels apart until each has `gap` px, in their order from the top, none below `maxY` if they fit at all.
 * Where a value would touch a goal, the goal stands first.
 */
export function spreadLabels(labels: readonly Label[], gap: number, maxY: number): Label[] {
  const placed = goalsFirst(
    [...labels].sort((a, b) => a.y - b.y),
    gap,
  );
  let floor = Number.NEGATIVE_INFINITY;
  for (const label of placed) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = maxY;
  for (const label of placed.toReversed()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  return placed;
}

/**
 * Labels that stand on the plot itself: each on its own level, lifted over any line that would run through it (`lineYs`)
 * and over the labels below it, `gap` px apart, none above `minY` if they fit at all.
 */
export function stackLabels(
  labels: readonly Label[],
  lineYs: readonly number[],
  { gap, riseY, minY }: { gap: number; riseY: number; minY: number },
): Label[] {
  const lines = [...lineYs].sort((a, b) => b - a);
  const placed: Label[] = [];
  let ceiling = Number.POSITIVE_INFINITY;
  for (const label of [...labels].sort((a, b) => b.y - a.y)) {
    let y = Math.min(label.y - riseY, ceiling);
    // From the lowest line up, so that a label lifted over one is then lifted over the next as well.
    for (const line of lines) if (Math.abs(line - y) < riseY) y = line - riseY;
    ceiling = y - gap;
    placed.unshift({ ...label, y });
  }
  let floor = minY;
  for (const label of placed) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  return placed;
}

/** Swaps a goal before the value above it when the two would touch; the value takes the goal's lower place. */
function goalsFirst(sorted: readonly Label[], gap: number): Label[] {
  const placed = sorted.map((label) => ({ ...label }));
  for (let index = 1; index < placed.length; index++) {
    const [above, below] = [placed[index - 1], placed[index]];
    if (above?.kind !== 'value' || below?.kind !== 'goal' || below.y - above.y >= gap) continue;
    [above.y, below.y] = [below.y, above.y];
    placed.splice(index - 1, 2, below, above);
  }
  return placed;
}

const CHAR_PX = 6.4;
/** A narrower gap has its reason upright. */
const LEAST_LINES_PX = 60;

export interface GapLabel {
  layout: 'lines' | 'upright';
  lines: readonly string[];
}

/**
 * How the reason of a gap is written on it: on short lines where it is wide enough, upright where it is narrow,
 * null where there is no room (the reason is then in the summary, the crosshair and the table).
 * `width` and `heightPx` are the gap's, in px.
 */
export function gapLabel(reason: string, width: number, heightPx: number): GapLabel | null {
  const words = reason.split(/\s+/).filter(Boolean);
  const lines = width >= LEAST_LINES_PX ? wrap(words, Math.floor((width - 8) / CHAR_PX)) : null;
  if (lines !== null && lines.length <= 3 && lines.length * 14 <= heightPx - 12)
    return { layout: 'lines', lines };
  const text = words.join(' ');
  return width >= 16 && text.length * CHAR_PX <= heightPx - 8 ? { layout: 'upright', lines: [text] } : null;
}

/** Words on lines of at most `maxChars`; null when one word is longer than that. */
function wrap(words: readonly string[], maxChars: number): string[] | null {
  const lines: string[] = [];
  for (const word of words) {
    if (word.length > maxChars) return null;
    const current = lines.at(-1);
    if (current !== undefined && `${current} ${word}`.length <= maxChars)
      lines[lines.length - 1] = `${current} ${word}`;
    else lines.push(word);
  }
  return lines.length > 0 ? lines : null;
}
