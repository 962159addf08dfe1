'use client';

import { useMemo } from 'react';
import { type ChartGeometry, xPercent } from '@/lib/core/chart/geometry.ts';
import { type Readout, readoutAt } from '@/lib/core/chart/readout.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import { type RateWindow, rateText } from '@/lib/core/units/format-rate.ts';
import type { CrosshairState } from './crosshair-store.ts';
import { seriesLook } from './series-look.ts';

export interface CrosshairProps {
  variant: 'line' | 'bars';
  firstSeries: number;
  state: CrosshairState;
  chart: ChartView;
  geometry: ChartGeometry;
  window: RateWindow;
  chartId: string;
}

/** The line at the pointed instant, and what the chart says there. A default export, because it is loaded lazily. */
export default function Crosshair({
  state,
  chart,
  geometry,
  window,
  chartId,
  variant,
  firstSeries,
}: Readonly<CrosshairProps>) {
  const { atMs } = state;
  const readout = useMemo(
    () => (atMs < chart.range.startMs || atMs > chart.range.endMs ? null : readoutAt(chart, atMs, window)),
    [chart, atMs, window],
  );
  if (readout === null) return null;
  const x = xPercent(readout.atMs, chart.range);
  return (
    <>
      <svg
        width="100%"
        height={geometry.heightPx}
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 overflow-visible text-axis"
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
        {state.chartId !== chartId && <Pill x={x} y={geometry.baseY - 24} readout={readout} />}
      </svg>
      {state.chartId === chartId && <Tooltip x={x} readout={readout} chart={chart} window={window} />}
    </>
  );
}

/** Which side of the line something stands on, so that it stays inside the plot. */
function side(x: number): 'left' | 'right' {
  return x > 50 ? 'left' : 'right';
}

function Pill({ x, y, readout }: Readonly<{ x: number; y: number; readout: Readout }>) {
  const text = `${readout.time}  ${readout.values[0]?.short ?? ''}`;
  const isLeft = side(x) === 'left';
  return (
    <text
      x={`${x}%`}
      dx={isLeft ? -6 : 6}
      y={y + 13}
      textAnchor={isLeft ? 'end' : 'start'}
      xmlSpace="preserve"
      className="halo fill-ink font-medium"
    >
      {text}
    </text>
  );
}

function Tooltip({
  x,
  readout,
  chart,
  window,
}: Readonly<{ x: number; readout: Readout; chart: ChartView; window: RateWindow }>) {
  const only = readout.values.length === 1 ? readout.values[0] : undefined;
  const others: [string, string][] =
    only && only.value !== null && chart.as === 'rate'
      ? (['s', 'min', 'h', 'day'] as const)
          .filter((other) => other !== window && other !== 'min')
          .map((other) => [WINDOW_LABELS[other], rateText(only.value, chart.unit, other)])
      : [];
  return (
    <div
      aria-hidden="true"
      style={{ left: `${x}%` }}
      className={`pointer-events-none absolute top-2 z-10 min-w-40 rounded-control border border-line-strong bg-surface px-3 py-2 shadow-float ${
        side(x) === 'left' ? '-translate-x-full -ml-3' : 'ml-3'
      }`}
    >
      <p className="mb-1 text-label text-ink-3">{readout.time}</p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 whitespace-nowrap">
        {readout.values.map(({ key, label, exact, value }) => (
          <Row key={key} term={only ? 'measured' : label} text={exact} isStrong={value !== null} />
        ))}
        {others.map(([term, text]) => (
          <Row key={term} term={term} text={text} isStrong={false} />
        ))}
      </dl>
      {readout.remark !== null && (
        <p className="mt-1 text-label whitespace-nowrap text-ink-3">{readout.remark}</p>
      )}
    </div>
  );
}

const WINDOW_LABELS: Record<RateWindow, string> = {
  s: 'a second',
  min: 'a minute',
  h: 'an hour',
  day: 'a day',
};

function Row({ term, text, isStrong }: Readonly<{ term: string; text: string; isStrong: boolean }>) {
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd className={`text-right ${isStrong ? 'font-medium' : 'text-ink-2'}`}>{text}</dd>
    </>
  );
}
