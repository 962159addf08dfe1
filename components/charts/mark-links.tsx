import type { ChartGeometry, MarkGeometry } from '@/lib/core/chart/geometry.ts';
import {
  CHIP_PX,
  CHIP_RISE_PX,
  chipLeftPx,
  chipText,
  chipWidthPx,
  GLYPH_CHIP_PX,
} from '@/lib/core/chart/marks.ts';
import { PLOT_WIDTHS, type PlotWidth } from '@/lib/core/chart/plot-width.ts';
import { onWidth } from './layers/on-width.ts';

/**
 * What chips say when they are pointed at, and the way to the page of their deploy. They lie over the drawn chips and
 * beside the slider: what stands inside a slider cannot be reached by keyboard.
 */
export function MarkLinks({ geometry }: Readonly<{ geometry: ChartGeometry }>) {
  if (geometry.marks.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: every link in it has its own name.
    <svg
      width="100%"
      height={geometry.topY}
      className="pointer-events-none absolute inset-x-0 top-0 overflow-visible"
    >
      {geometry.marks.map((mark) => {
        const target = (
          <>
            <title>{mark.title}</title>
            <svg aria-hidden="true" x={`${mark.x}%`} y={geometry.topY - CHIP_RISE_PX} overflow="visible">
              {PLOT_WIDTHS.map((width) => (
                <Target key={width} mark={mark} width={width} />
              ))}
            </svg>
          </>
        );
        return mark.href === null ? (
          <g key={mark.id} className="pointer-events-auto">
            {target}
          </g>
        ) : (
          <a key={mark.id} href={mark.href} aria-label={mark.title} className="pointer-events-auto">
            {target}
          </a>
        );
      })}
    </svg>
  );
}

/** Where the chip can be hit on plots of this width; a mark that is only a line there keeps a narrow place for keys. */
function Target({ mark, width }: Readonly<{ mark: MarkGeometry; width: PlotWidth }>) {
  const { form, anchor } = mark.chips[width];
  const widthPx =
    form === 'text' ? chipWidthPx(chipText(mark.release, mark.side)) : form === 'glyph' ? GLYPH_CHIP_PX : 9;
  return (
    <rect
      x={chipLeftPx(widthPx, form === 'text' ? anchor : 'middle')}
      width={widthPx}
      height={CHIP_PX}
      rx={4}
      fill="transparent"
      className={onWidth([width])}
    />
  );
}
