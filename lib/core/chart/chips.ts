import type { ChipGeometry, MarkGeometry } from './geometry-types.ts';
import { LEAST_PLOT_PX, type PlotWidth } from './plot-width.ts';

/** A chip is this high and begins this far above the plot. */
export const CHIP_PX = 20;
export const CHIP_RISE_PX = 30.5;

const CHAR_PX = 6.6;
/** Room in a chip for all but its name. */
const CHIP_FRAME_PX = 27;
/** Width of a chip with its glyph alone. */
export const GLYPH_CHIP_PX = 23;
/** How far a chip that grows to one side still reaches over to the other one of its line. */
export const CHIP_HOLD_PX = 11;
const DIAMOND_PX = 10;
const CHIP_GAP_PX = 2;
/** How far a chip may reach over the sides of the plot: the margins there are free in the headroom. */
const OVERHANG_LEFT_PX = 40;
const OVERHANG_RIGHT_PX: Readonly<Record<PlotWidth, number>> = { narrow: 6, wide: 104, roomy: 104 };

/** What stands in the chip of a mark: its release, with an arrow when it lies outside. */
export function chipText(release: string, side: MarkGeometry['side']): string {
  return side === 'before' ? `◂ ${release}` : side === 'after' ? `${release} ▸` : release;
}

/** Width of a chip with its name, px. */
export function chipWidthPx(text: string): number {
  return Math.round(text.length * CHAR_PX + CHIP_FRAME_PX);
}

/** Where a chip begins, px from the line of its mark. */
export function chipLeftPx(widthPx: number, anchor: ChipGeometry['anchor']): number {
  return anchor === 'middle' ? -widthPx / 2 : anchor === 'start' ? -CHIP_HOLD_PX : CHIP_HOLD_PX - widthPx;
}

const ANCHORS = ['middle', 'start', 'end'] as const;

/** A mark that wants a chip. */
export interface ChipWish {
  index: number;
  /** Percent of the plot's width. */
  x: number;
  minor: boolean;
  /** Width of the chip with its name. */
  textPx: number;
}

interface Span {
  from: number;
  to: number;
}

const touch = (a: Span, b: Span) => a.from < b.to + CHIP_GAP_PX && b.from < a.to + CHIP_GAP_PX;

function spanOf(atPx: number, widthPx: number, anchor: ChipGeometry['anchor']): Span {
  const from = atPx + chipLeftPx(widthPx, anchor);
  return { from, to: from + widthPx };
}

/**
 * Newest first: chips keep their names as long as these touch no other chip and hide no older glyph. From the first that
 * cannot on, older ones show their glyph alone, or where even that would touch only their line. The newest always keeps
 * its name.
 */
export function placeChips(wishes: readonly ChipWish[], width: PlotWidth): ChipGeometry[] {
  const plotPx = LEAST_PLOT_PX[width];
  const atPx = (wish: ChipWish) => (wish.x / 100) * plotPx;
  const bounds: Span = { from: -OVERHANG_LEFT_PX, to: plotPx + OVERHANG_RIGHT_PX[width] };
  const taken: Span[] = [];
  const chips = wishes.map((): ChipGeometry => ({ form: 'line', anchor: 'middle' }));
  const major = wishes.filter(({ minor }) => !minor).toReversed();
  let areNamed: boolean = true;
  for (const [rank, wish] of major.entries()) {
    const older = major.slice(rank + 1).map((other) => spanOf(atPx(other), GLYPH_CHIP_PX, 'middle'));
    const fits = (span: Span, clear: readonly Span[]) =>
      span.from >= bounds.from && span.to <= bounds.to && !clear.some((other) => touch(span, other));
    const spans = ANCHORS.map((anchor) => ({ anchor, span: spanOf(atPx(wish), wish.textPx, anchor) }));
    const free = spans.find(({ span }) => fits(span, [...taken, ...older]));
    const named: (typeof spans)[number] | undefined =
      rank === 0 ? (free ?? spans.find(({ span }) => fits(span, taken))) : areNamed ? free : undefined;
    areNamed = named !== undefined;
    const glyph = spanOf(atPx(wish), GLYPH_CHIP_PX, 'middle');
    if (named) {
      taken.push(named.span);
      chips[wish.index] = { form: 'text', anchor: named.anchor };
    } else if (!taken.some((other) => touch(glyph, other))) {
      taken.push(glyph);
      chips[wish.index] = { form: 'glyph', anchor: 'middle' };
    }
  }
  for (const wish of wishes.filter(({ minor }) => minor).toReversed()) {
    const diamond = spanOf(atPx(wish), DIAMOND_PX, 'middle');
    if (taken.some((other) => touch(diamond, other))) continue;
    taken.push(diamond);
    chips[wish.index] = { form: 'glyph', anchor: 'middle' };
  }
  return chips;
}
