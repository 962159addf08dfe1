import type { ChartView, OriginView, Point } from '../model/view.ts';
import { rememberedAt } from '../series/history.ts';
import { DAY_MS, MINUTE_MS } from '../time/range.ts';
import { formatClock, formatSinceOrigin, formatStamp } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { exactRateText, type RateWindow, rateText, WINDOW_SECONDS } from '../units/format-rate.ts';
import { exactText, valueText } from '../units/format-value.ts';
import type { Zone } from '../units/zone.ts';
import { historyRemark, usualSource } from './history-stretches.ts';
import { nearestPoint, pointAtMs } from './timeline.ts';

/** Where clock times are read, and the deploy that time is counted from. */
export interface ReadoutOptions {
  zone?: Zone;
  origin?: OriginView | null;
}

/** What a chart says at one instant. */
export interface Readout {
  index: number;
  /** Where it is drawn. */
  atMs: number;
  time: string;
  /** `T−02:07`; null when no deploy is followed. */
  since: string | null;
  /** One entry a line; `value` null where nothing was measured. */
  values: readonly { key: string; label: string; value: number | null; short: string; exact: string }[];
  /** What is usual here, and the second window: name and value, both in words; only those that have one. */
  context: readonly { label: string; text: string }[];
  /** True where the value of the first line is a provider's memory and no measurement. */
  remembered: boolean;
  /** Why there is no value, whose memory it is, or that the bucket is still open. Null when there is nothing to add. */
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
export function readoutAt(
  chart: ChartView,
  atMs: number,
  window: RateWindow,
  options: ReadoutOptions = {},
): Readout | null {
  const grid = chart.lines[0]?.points ?? [];
  const index = nearestPoint(grid, atMs, chart.stepMs);
  return index === null ? null : readoutOf(chart, index, window, options);
}

/** What every line shows at the bucket with this index on the first line; null when there is none. */
export function readoutOf(
  chart: ChartView,
  index: number,
  window: RateWindow,
  { zone = 'UTC', origin = null }: ReadoutOptions = {},
): Readout | null {
  const grid = chart.lines[0]?.points ?? [];
  const startMs = grid[index]?.[0];
  if (startMs === undefined) return null;
  const values = chart.lines.map((line) => {
    const value = valueAt(line.points, startMs, index);
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
  const memory = rememberedAt(chart.history, startMs);
  const isOpen = chart.lastIsPartial && index === grid.length - 1;
  const spansDays = chart.range.endMs - chart.range.startMs > DAY_MS;
  const precision = chart.stepMs < MINUTE_MS ? 'seconds' : 'minutes';
  return {
    index,
    atMs: drawnAtMs,
    time: (spansDays ? formatStamp : formatClock)(startMs, precision, zone),
    since: origin === null ? null : formatSinceOrigin(startMs, origin.atMs),
    values,
    context: contextAt(chart, startMs, index, window),
    remembered: memory !== null,
    remark: values.every(({ value }) => value === null)
      ? (gap?.reason ?? null)
      : memory !== null
        ? historyRemark(memory)
        : isOpen
          ? 'still counting'
          : null,
  };
}

/** Value of the bucket that starts at `startMs`; lines share their grid, so it is nearly always at `index`. */
function valueAt(points: readonly Point[], startMs: number, index: number): number | null {
  const guess = points[index];
  return (guess?.[0] === startMs ? guess : points.find(([atMs]) => atMs === startMs))?.[1] ?? null;
}

function contextAt(chart: ChartView, startMs: number, index: number, window: RateWindow): Readout['context'] {
  const { usual, comparison } = chart;
  const said: { label: string; text: string }[] = [];
  if (usual !== null) {
    const value = valueAt(usual.points, startMs, index);
    const band = usual.band.find(([atMs]) => atMs === startMs);
    const [, low = null, high = null] = band ?? [];
    const spread =
      low === null || high === null
        ? ''
        : ` (${chartValueText(chart, low, window)} to ${chartValueText(chart, high, window)})`;
    if (value !== null)
      said.push({
        label: usual.label,
        text: withSource(chartValueText(chart, value, window) + spread, usualSource(usual)),
      });
  }
  if (comparison !== null) {
    const value = valueAt(comparison.points, startMs, index);
    const memory = rememberedAt(comparison.history, startMs);
    const source = memory === null ? null : `from ${memory.provider}`;
    if (value !== null)
      said.push({
        label: comparison.label,
        text: withSource(chartValueText(chart, value, window), source),
      });
  }
  return said;
}

const withSource = (text: string, source: string | null) => (source === null ? text : `${text}, ${source}`);

/** The readout as one sentence, for people who hear it: `20:03Z, T−02:07, 735K/h`. */
export function readoutText({ time, since, values, remark }: Readout): string {
  const several = values.length > 1;
  const said = values.map(({ label, exact }) => (several ? `${label} ${exact}` : exact)).join(', ');
  return [time, ...(since === null ? [] : [since]), said, ...(remark === null ? [] : [remark])].join(', ');
}
