/** Something that wants to stand beside the plot at `y`. */
export interface Label {
  y: number;
  text: string;
  kind: 'goal' | 'value';
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

/** Width of a plot that is assumed when deciding how a gap is labelled; real plots are rarely narrower. */
const ASSUMED_PLOT_PX = 300;
const CHAR_PX = 6.4;

export interface GapLabel {
  layout: 'lines' | 'upright';
  lines: readonly string[];
}

/**
 * How the reason of a gap is written on it: on short lines where it is wide enough, upright where it is narrow,
 * null where there is no room (the reason is then in the summary, the crosshair and the table).
 * `share` is the gap's part of the plot's width, `heightPx` the plot's height.
 */
export function gapLabel(reason: string, share: number, heightPx: number): GapLabel | null {
  const width = share * ASSUMED_PLOT_PX;
  const words = reason.split(/\s+/).filter(Boolean);
  const lines = wrap(words, Math.floor((width - 8) / CHAR_PX));
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
