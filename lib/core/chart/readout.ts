import type { ChartView } from '../model/view.ts';
import { formatClock, formatStamp } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { exactRateText, type RateWindow, rateText, WINDOW_SECONDS } from '../units/format-rate.ts';
import { exactText, valueText } from '../units/format-value.ts';
import { nearestPoint, pointAtMs } from './timeline.ts';

/** What a chart says at one instant. */
export interface Readout {
  index: number;
  /** Where it is drawn. */
  atMs: number;
  time: string;
  /** One entry a line; `value` null where nothing was measured. */
  values: readonly { key: string; label: string; value: number | null; short: string; exact: string }[];
  /** Why there is no value, or that the bucket is still open. Null when there is nothing to add. */
  remark: string | null;
}

/** A value of this chart in words: rates with their window, increases with their bucket. */
export function chartValueText(chart: ChartView, value: number | null, window: RateWindow): string {
  if (chart.as === 'rate') return rateText(value, chart.unit, window);
  const text = valueText(value, chart.unit);
  return chart.as === 'increase' && value !== null ? `${text} in ${formatDuration(chart.stepMs)}` : text;
}

function exactValueText(chart: ChartView, value: number | null, window: RateWindow): string {
  const isCount = chart.unit !== 'ratio' && chart.unit !== 'seconds' && chart.unit !== 'bytes';
  if (value === null || !isCount) return chartValueText(chart, value, window);
  if (chart.as === 'rate' && value * WINDOW_SECONDS[window] >= 999.5) return exactRateText(value, window);
  return value >= 999.5 ? exactText(value) : chartValueText(chart, value, window);
}

/** What every line shows at the bucket nearest to `atMs`; null for a chart without points. */
export function readoutAt(chart: ChartView, atMs: number, window: RateWindow): Readout | null {
  const grid = chart.lines[0]?.points ?? [];
  const index = nearestPoint(grid, atMs, chart.stepMs);
  return index === null ? null : readoutOf(chart, index, window);
}

/** What every line shows at the bucket with this index on the first line; null when there is none. */
export function readoutOf(chart: ChartView, index: number, window: RateWindow): Readout | null {
  const grid = chart.lines[0]?.points ?? [];
  const startMs = grid[index]?.[0];
  if (startMs === undefined) return null;
  const values = chart.lines.map((line) => {
    const value = line.points.find(([atMs]) => atMs === startMs)?.[1] ?? null;
    return {
      key: line.key,
      label: line.label,
      value,
      short: value === null ? 'no data' : chartValueText(chart, value, window),
      exact: value === null ? 'no data' : exactValueText(chart, value, window),
    };
  });
  const drawnAtMs = pointAtMs(startMs, chart);
  const gap = chart.gaps.find((candidate) => drawnAtMs >= candidate.startMs && drawnAtMs < candidate.endMs);
  const isOpen = chart.lastIsPartial && index === grid.length - 1;
  const spansDays = chart.range.endMs - chart.range.startMs > 86_400_000;
  const precision = chart.stepMs < 60_000 ? 'seconds' : 'minutes';
  return {
    index,
    atMs: drawnAtMs,
    time: spansDays ? formatStamp(startMs, precision) : formatClock(startMs, precision),
    values,
    remark: values.every(({ value }) => value === null)
      ? (gap?.reason ?? null)
      : isOpen
        ? 'still counting'
        : null,
  };
}

/** The readout as one sentence, for people who hear it: `20:03Z, 735K/h`. */
export function readoutText({ time, values, remark }: Readout): string {
  const several = values.length > 1;
  const said = values.map(({ label, exact }) => (several ? `${label} ${exact}` : exact)).join(', ');
  return [time, said, ...(remark === null ? [] : [remark])].join(', ');
}
