'use client';

import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { describeAxes } from '@/lib/core/chart/describe.ts';
import { chartGeometry } from '@/lib/core/chart/geometry.ts';
import { readoutOf, readoutText } from '@/lib/core/chart/readout.ts';
import { nearestPoint } from '@/lib/core/chart/timeline.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { ChartPlot } from './chart-plot.tsx';
import { CrosshairLayer } from './crosshair-layer.tsx';
import { useCrosshairStore } from './crosshair-store.ts';

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

/** How far one press of a key moves the crosshair, in buckets. */
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
const HEADROOM_PX = 12;

/**
 * Lines or bars over time, drawn as SVG on the server and again, unchanged, in the browser. Gaps stay gaps, the open
 * bucket is dashed. Pointer and arrow keys move a crosshair; by keyboard its value is spoken, as a slider's is.
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
  // An instant and not an index: with every tick points leave at the left, and the crosshair must not drift.
  const [keyboardAtMs, setKeyboardAtMs] = useState<number | null>(null);
  const geometry = useMemo(
    () => chartGeometry(chart, variant, window, { heightPx, headroomPx: HEADROOM_PX }),
    [chart, variant, window, heightPx],
  );
  const points = chart.lines[0]?.points ?? [];
  const lastIndex = Math.max(0, points.length - 1);
  const index =
    (keyboardAtMs === null ? null : nearestPoint(points, keyboardAtMs, chart.stepMs)) ?? lastIndex;
  const readout = readoutOf(chart, index, window);

  function point(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const share = box.width > 0 ? (event.clientX - box.left) / box.width : 0;
    const { startMs, endMs } = chart.range;
    store.set({ atMs: startMs + Math.min(1, Math.max(0, share)) * (endMs - startMs), chartId });
  }

  function move(event: KeyboardEvent<HTMLDivElement>) {
    if (event.key === 'Escape') {
      store.set(null);
      return;
    }
    const step = STEPS[event.key];
    const target =
      event.key === 'Home' ? 0 : event.key === 'End' ? lastIndex : step === undefined ? null : index + step;
    if (target === null) return;
    event.preventDefault();
    const next = Math.min(lastIndex, Math.max(0, target));
    const at = readoutOf(chart, next, window);
    if (at === null) return;
    setKeyboardAtMs(at.atMs);
    store.set({ atMs: at.atMs, chartId });
  }

  return (
    <div className="@container">
      <div className="pr-2 pl-11.5 @[460px]:pr-28">
        <div
          role="slider"
          tabIndex={0}
          aria-label={`${title} ${describeAxes(chart, window)}`}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={lastIndex}
          aria-valuenow={index}
          aria-valuetext={readout === null ? 'no data' : readoutText(readout)}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => store.set(null)}
          onKeyDown={move}
          onBlur={() => store.set(null)}
          className="relative touch-pan-y rounded-tag"
        >
          <ChartPlot
            geometry={geometry}
            variant={variant}
            stale={chart.stale}
            firstSeries={firstSeries}
            lineTestId={lineTestId}
          />
          <CrosshairLayer
            variant={variant}
            firstSeries={firstSeries}
            chart={chart}
            geometry={geometry}
            window={window}
            store={store}
            chartId={chartId}
          />
        </div>
      </div>
    </div>
  );
}
