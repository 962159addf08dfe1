'use client';

import { useMemo } from 'react';
import { type ChartGeometry, type ChartInput, xPercent } from '@/lib/core/chart/geometry.ts';
import { type Readout, readoutAt } from '@/lib/core/chart/readout.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { CrosshairState } from './crosshair-store.ts';
import { seriesLook } from './series-look.ts';
import { Tooltip } from './tooltip.tsx';

/** A stretch that is being chosen, and in words. */
export interface Chosen extends TimeRange {
  text: string;
}

export interface CrosshairProps {
  state: CrosshairState;
  /** What the chart draws. */
  input: ChartInput;
  geometry: ChartGeometry;
  firstSeries: number;
  chartId: string;
  /** On this chart. */
  chosen: Chosen | null;
}

/** The line at the pointed instant, and what the chart says there. A default export, because it is loaded lazily. */
export default function Crosshair({
  state,
  input,
  geometry,
  firstSeries,
  chartId,
  chosen,
}: Readonly<CrosshairProps>) {
  const { chart, window, variant } = input;
  const { atMs } = state;
  const readout = useMemo(
    () =>
      atMs < chart.range.startMs || atMs > chart.range.endMs ? null : readoutAt(chart, atMs, window, input),
    [chart, atMs, window, input],
  );
  if (chosen !== null) return <ChosenBand chosen={chosen} range={chart.range} geometry={geometry} />;
  if (readout === null) return null;
  const x = xPercent(readout.atMs, chart.range);
  return (
    <>
      <svg
        width="100%"
        height={geometry.heightPx}
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 overflow-visible"
      >
        <line x1={`${x}%`} x2={`${x}%`} y1={geometry.topY} y2={geometry.baseY} className="stroke-ink-3" />
        {variant === 'line' &&
          readout.values.map(
            ({ key, value }, index) =>
              value !== null && (
                <circle
                  key={key}
                  cx={`${x}%`}
                  cy={geometry.yOf(value)}
                  r={3.5}
                  strokeWidth={1.5}
                  className={`stroke-canvas ${seriesLook(firstSeries + index, chart.stale).fill}`}
                />
              ),
          )}
      </svg>
      <Pill x={x} topPx={geometry.baseY - 24} words={[readout.time, readout.since, shortText(readout)]} />
      {state.chartId === chartId && (
        <Tooltip topPx={geometry.topY + 6} {...{ x, readout, chart, window, firstSeries }} />
      )}
    </>
  );
}

/** The one value of the chart, or why there is none; several lines are told apart in the tooltip only. */
function shortText({ values, remark }: Readout): string {
  const [only] = values;
  if (only === undefined || values.every(({ value }) => value === null)) return remark ?? 'no data';
  return values.length === 1 ? only.short : `${values.length} lines`;
}

/** `20:03Z T−02:07 735K/h`, on the axis of every chart. */
function Pill({ x, topPx, words }: Readonly<{ x: number; topPx: number; words: (string | null)[] }>) {
  const shown = words.filter((word) => word !== null);
  // Near an edge it stands beside the line instead of around it, so that it stays on the plot.
  const side = x < 20 ? '' : x > 80 ? '-translate-x-full' : '-translate-x-1/2';
  return (
    <p
      aria-hidden="true"
      data-testid="crosshair-label"
      style={{ left: `${x}%`, top: `${topPx}px` }}
      className={`pointer-events-none absolute z-10 flex gap-x-2 rounded-tag bg-primary px-1.75 text-axis leading-4.75 font-medium whitespace-nowrap text-on-primary ${side}`}
    >
      {shown.map((word) => (
        <span key={word}>{word}</span>
      ))}
    </p>
  );
}

/** The stretch that is being chosen, and what choosing it will show. */
function ChosenBand({
  chosen,
  range,
  geometry,
}: Readonly<{ chosen: Chosen; range: TimeRange; geometry: ChartGeometry }>) {
  const { topY, baseY } = geometry;
  const fromX = xPercent(chosen.startMs, range);
  const toX = xPercent(chosen.endMs, range);
  return (
    <>
      <div
        aria-hidden="true"
        data-testid="chart-selection"
        style={{
          left: `${fromX}%`,
          width: `${toX - fromX}%`,
          top: `${topY}px`,
          height: `${baseY - topY}px`,
        }}
        className="pointer-events-none absolute border-x border-info bg-info/15"
      />
      <Pill x={(fromX + toX) / 2} topPx={baseY - 24} words={[chosen.text]} />
    </>
  );
}
