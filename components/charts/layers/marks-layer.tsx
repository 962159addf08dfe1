import type { ChipGeometry, MarkGeometry } from '@/lib/core/chart/geometry.ts';
import {
  CHIP_PX,
  CHIP_RISE_PX,
  chipLeftPx,
  chipText,
  chipWidthPx,
  GLYPH_CHIP_PX,
} from '@/lib/core/chart/marks.ts';
import { PLOT_WIDTHS, type PlotWidth } from '@/lib/core/chart/plot-width.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';
import type { LayerProps } from './layer-props.ts';
import { onWidth } from './on-width.ts';

/** Deploys and like events: a dashed line, over it a chip in the headroom; a band where they took their time. */
export function MarksLayer({ geometry }: Readonly<LayerProps>) {
  const { marks, topY, baseY } = geometry;
  return marks.map((mark) => (
    <g key={mark.id}>
      {mark.endX !== null && (
        <rect
          x={`${mark.x}%`}
          width={`${mark.endX - mark.x}%`}
          y={topY}
          height={baseY - topY}
          fillOpacity={0.06}
          className="fill-info"
        />
      )}
      {mark.side === 'inside' && (
        <line
          x1={`${mark.x}%`}
          x2={`${mark.x}%`}
          y1={topY - (mark.minor ? 6 : CHIP_RISE_PX - CHIP_PX)}
          y2={baseY}
          strokeDasharray={mark.minor ? '2 3' : '3 3'}
          strokeOpacity={mark.minor ? 0.4 : 1}
          className="stroke-info"
        />
      )}
      <svg aria-hidden="true" x={`${mark.x}%`} y={topY - CHIP_RISE_PX} overflow="visible">
        <title>{mark.title}</title>
        {formsOf(mark).map(({ chip, on }) => (
          <g key={on.join()} className={onWidth(on)}>
            {mark.minor ? <Diamond chip={chip} /> : <Chip mark={mark} chip={chip} />}
          </g>
        ))}
      </svg>
    </g>
  ));
}

/** The forms of a chip with the plots that show them; equal ones are drawn once. */
function formsOf({ chips }: MarkGeometry): { chip: ChipGeometry; on: PlotWidth[] }[] {
  const forms: { chip: ChipGeometry; on: PlotWidth[] }[] = [];
  for (const width of PLOT_WIDTHS) {
    const chip = chips[width];
    if (chip.form === 'line') continue;
    const same = forms.find((other) => other.chip.form === chip.form && other.chip.anchor === chip.anchor);
    if (same) same.on.push(width);
    else forms.push({ chip, on: [width] });
  }
  return forms;
}

function glyphOf(kind: MarkKind): GlyphName {
  switch (kind) {
    case 'suspend':
      return 'paused';
    case 'resume':
      return 'runs';
    case 'code':
    case 'config':
    case 'secret':
    case 'scale':
      return 'mark';
    default:
      return kind satisfies never;
  }
}

function Chip({ mark, chip }: Readonly<{ mark: MarkGeometry; chip: ChipGeometry }>) {
  const text = chip.form === 'text' ? chipText(mark.release, mark.side) : null;
  const width = text === null ? GLYPH_CHIP_PX : chipWidthPx(text);
  const left = chipLeftPx(width, chip.anchor);
  return (
    <>
      <rect
        x={left + 0.5}
        y={0}
        width={width - 1}
        height={CHIP_PX}
        rx={4}
        className="fill-surface stroke-line-strong"
      />
      <svg aria-hidden="true" x={left + 6} y={4.5} width={11} height={11} viewBox="0 0 16 16">
        <Glyph name={glyphOf(mark.kind)} />
      </svg>
      {text !== null && (
        <text x={left + 21} y={14} className="fill-ink font-medium">
          {text}
        </text>
      )}
    </>
  );
}

/** A minor change: hollow, without a chip. */
function Diamond({ chip }: Readonly<{ chip: ChipGeometry }>) {
  return (
    chip.form !== 'line' && (
      <path d="M0 15.5 4.5 20 0 24.5-4.5 20Z" className="fill-canvas stroke-info-edge" strokeWidth={1.2} />
    )
  );
}
