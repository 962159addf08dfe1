'use client';

import { useId, useMemo, useRef, useState } from 'react';
import { describeAxes } from '@/lib/core/chart/describe.ts';
import { type ChartInput, chartGeometry, type StretchView } from '@/lib/core/chart/geometry.ts';
import { readoutOf, readoutText } from '@/lib/core/chart/readout.ts';
import { nearestPoint } from '@/lib/core/chart/timeline.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { useChartPage } from './chart-page.ts';
import { ChartPlot } from './chart-plot.tsx';
import type { Chosen } from './crosshair.tsx';
import { CrosshairLayer } from './crosshair-layer.tsx';
import { useCrosshairStore } from './crosshair-store.ts';
import { MarkLinks } from './mark-links.tsx';
import { useRichChart } from './rich-loader.ts';
import { type Selection, useChartInput } from './use-chart-input.ts';
import { useIsPrinting } from './use-is-printing.ts';
import { usePlotWidth } from './use-plot-width.ts';
import { useTurn } from './use-turn.ts';
import { zoomRange } from './zoom-range.ts';

interface TimeSeriesChartProps {
  /** What is drawn, for people who do not see it. */
  title: string;
  chart: ChartView;
  variant?: 'line' | 'bars';
  /** Window that rates are written with, the same for the life of the chart. */
  window: RateWindow;
  heightPx: number;
  firstSeries?: number;
  lineTestId?: string;
}

const NO_STRETCHES: readonly StretchView[] = [];

/**
 * Lines or bars over time. The server draws them as SVG; in the browser, once idle, Recharts takes over the same layout
 * without a jump. Gaps stay gaps, the open bucket is dashed. Pointer and arrow keys move a crosshair that all charts
 * of the page share; by keyboard its value is spoken, as a slider's is. Dragging, or Shift with the arrows, zooms.
 */
export function TimeSeriesChart({
  title,
  chart,
  variant = 'line',
  window,
  heightPx,
  firstSeries = 0,
  lineTestId,
}: Readonly<TimeSeriesChartProps>) {
  const chartId = useId();
  const store = useCrosshairStore();
  const { scale, zone, marks, origin, stretches = NO_STRETCHES, onZoom } = useChartPage();
  const plotBox = useRef<HTMLDivElement>(null);
  const widthPx = usePlotWidth(plotBox);
  const Loaded = useRichChart();
  const isPrinting = useIsPrinting();
  const newest = useMemo(() => {
    const input: ChartInput = { chart, variant, window, scale, zone, marks, origin, stretches, heightPx };
    return { input, rich: Loaded === null || widthPx === null ? null : { Chart: Loaded, widthPx } };
  }, [chart, variant, window, scale, zone, marks, origin, stretches, heightPx, Loaded, widthPx]);
  const { input, rich } = useTurn(newest, plotBox);
  const geometry = useMemo(() => chartGeometry(input), [input]);
  const { range, stepMs, lines, stale } = input.chart;

  // An instant and not an index: with every tick points leave at the left, and the crosshair must not drift.
  const [keyboardAtMs, setKeyboardAtMs] = useState<number | null>(null);
  const points = lines[0]?.points ?? [];
  const lastIndex = Math.max(0, points.length - 1);
  const index = (keyboardAtMs === null ? null : nearestPoint(points, keyboardAtMs, stepMs)) ?? lastIndex;
  const readout = readoutOf(input.chart, index, window, input);
  const atMsOf = (at: number) => readoutOf(input.chart, at, window, input)?.atMs ?? null;
  const { selection, handlers } = useChartInput({
    chartId,
    store,
    range,
    stepMs,
    index,
    lastIndex,
    atMsOf,
    onStep: (at) => setKeyboardAtMs(atMsOf(at)),
    onZoom,
  });
  const chosen = chosenOf(selection, input);
  const valueText = readout === null ? 'no data' : readoutText(readout);
  // A scale is never changed silently.
  const remark = geometry.scaleRemark === null ? null : `${geometry.scale}: ${geometry.scaleRemark}`;
  const paint = { geometry, variant, stale, firstSeries, lineTestId };
  return (
    // A chart out of sight is drawn anew only when it is seen: until then an old, wider drawing must not widen the page.
    <div className="@container overflow-x-clip" data-chart-frame="">
      <div className="pr-2 pl-11.5 @[460px]:pr-28">
        <div ref={plotBox} className="relative">
          <div
            role="slider"
            tabIndex={0}
            aria-label={`${title} ${describeAxes(input.chart, window, input.zone)}${remark === null ? '' : `, ${remark}`}`}
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={lastIndex}
            aria-valuenow={index}
            aria-valuetext={chosen === null ? valueText : `${chosen.text} selected, Enter zooms`}
            {...handlers}
            className="relative touch-pan-y rounded-tag select-none"
          >
            {rich === null || isPrinting ? (
              <ChartPlot {...paint} />
            ) : (
              <rich.Chart {...paint} range={range} widthPx={rich.widthPx} />
            )}
            {remark !== null && (
              <svg
                width="100%"
                height={heightPx}
                aria-hidden="true"
                className="pointer-events-none absolute inset-0 text-axis"
              >
                <text x={6} y={geometry.topY + 14} className="halo fill-ink-2">
                  {remark}
                </text>
              </svg>
            )}
            <CrosshairLayer
              input={input}
              geometry={geometry}
              firstSeries={firstSeries}
              chosen={chosen}
              store={store}
              chartId={chartId}
            />
          </div>
          <MarkLinks geometry={geometry} />
        </div>
      </div>
    </div>
  );
}

/** What is being chosen, in whole buckets and in words: `18:38Z to 21:20Z, 2 h 42 m`. */
function chosenOf(selection: Selection | null, { chart, zone }: ChartInput): Chosen | null {
  if (selection === null) return null;
  const range = zoomRange(selection.anchorMs, selection.headMs, chart.stepMs, chart.range);
  if (range === null) return null;
  const { startMs, endMs } = range;
  const [from, to] = [startMs, endMs].map((atMs) => formatClock(atMs, 'minutes', zone));
  return { startMs, endMs, text: `${from} to ${to}, ${formatDuration(endMs - startMs)}` };
}
