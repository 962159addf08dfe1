import type { ChartView, GoalView } from '../model/view.ts';
import { DAY_MS, overlapMs } from '../time/range.ts';
import { formatClock, formatStamp } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { formatFactor } from '../units/format-delta.ts';
import { type RateWindow, rateText, WINDOW_WORDS } from '../units/format-rate.ts';
import { valueText } from '../units/format-value.ts';
import type { Zone } from '../units/zone.ts';
import { describeChange } from './describe-change.ts';
import { historyText, usualSource } from './history-stretches.ts';
import { chartValueText } from './readout.ts';

interface Seen {
  low: number;
  high: number;
  /** Measured buckets of the line that has most of them. */
  buckets: number;
}

/** Lowest and highest measured value of the closed buckets, all lines together; null without any. */
function extent(chart: ChartView): Seen | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let buckets = 0;
  for (const line of chart.lines) {
    const closed = chart.lastIsPartial && line.points.length > 1 ? line.points.slice(0, -1) : line.points;
    let measured = 0;
    for (const [, value] of closed) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
      measured++;
    }
    buckets = Math.max(buckets, measured);
  }
  return buckets > 0 ? { low, high, buckets } : null;
}

/** The whole range, or the part of it that was measured when that is clearly less and no gap tells so. */
function rangeWords(chart: ChartView, seen: Seen | null): string {
  const lengthMs = chart.range.endMs - chart.range.startMs;
  const measuredMs = seen === null ? lengthMs : seen.buckets * chart.stepMs;
  const lostMs = chart.gaps.reduce((sum, gap) => sum + overlapMs(gap, chart.range), 0);
  const isPart = measuredMs < (lengthMs - lostMs) * 0.9 && measuredMs + 2 * chart.stepMs < lengthMs - lostMs;
  return isPart ? `over the ${formatDuration(measuredMs)} measured` : `over ${formatDuration(lengthMs)}`;
}

function describeValues(chart: ChartView, window: RateWindow): string {
  const seen = extent(chart);
  const over = rangeWords(chart, seen);
  if (seen === null) return `Nothing measured ${over}.`;
  if (chart.as === 'increase') {
    const total = chart.overall;
    if (total === 0) return `None counted ${over}.`;
    const most = chartValueText(chart, seen.high, window);
    return total === null ? `At most ${most}.` : `${valueText(total, chart.unit)} ${over}, at most ${most}.`;
  }
  const low = chartValueText(chart, seen.low, window);
  const high = chartValueText(chart, seen.high, window);
  if (low === high)
    return seen.buckets === 1 ? `One measurement so far: ${low}.` : `Steady at ${low} ${over}.`;
  const mean = chart.overall === null ? '' : `, ${chartValueText(chart, chart.overall, window)} on average`;
  return `Between ${low} and ${high} ${over}${mean}.`;
}

function describeGaps(chart: ChartView): string | null {
  const lostMs = chart.gaps.reduce((sum, gap) => sum + overlapMs(gap, chart.range), 0);
  if (lostMs === 0) return null;
  const reasons = [...new Set(chart.gaps.map((gap) => gap.reason))];
  const shown = reasons.slice(0, 2).join('; ');
  return `No data for ${formatDuration(lostMs)} (${shown}${reasons.length > 2 ? ' and more' : ''}).`;
}

/** How much of the picture nobody of ours has measured. */
function describeHistory({ history = [], coverage, usual }: ChartView): string | null {
  const [span] = history;
  const own =
    span === undefined || coverage === undefined
      ? null
      : `${formatDuration(coverage.backfilledMs)} of it ${historyText(span)}.`;
  const source = usual === null ? null : usualSource(usual);
  const said = [own, source === null ? null : `Usual: ${source}.`].filter((text) => text !== null);
  return said.length === 0 ? null : said.join(' ');
}

/** The change at T₀ as a sentence; null when the chart knows no level before and after. */
function describeChangeInWords(chart: ChartView, window: RateWindow): string | null {
  const words = describeChange(chart, window);
  if (words === null || chart.change === null) return null;
  const { beforeWords, afterWords } = chart.change;
  const how = [beforeWords, afterWords].every((text) => text !== '')
    ? ` (${beforeWords}; ${afterWords})`
    : '';
  return `${words.text}${how}.`;
}

/**
 * What the picture shows, in two or three short sentences: the change at the deploy first when there is one, then lowest,
 * highest and mean, then what is missing and why. Null when there is no picture.
 */
export function describeChart(chart: ChartView, window: RateWindow): string | null {
  if (chart.missing !== null) return null;
  return [
    describeChangeInWords(chart, window),
    describeValues(chart, window),
    describeHistory(chart),
    describeGaps(chart),
  ]
    .filter((part) => part !== null)
    .join(' ');
}

/** What is on the axes, for people who do not see them: `per hour, 23:50Z to 00:50Z`. */
export function describeAxes(chart: ChartView, window: RateWindow, zone: Zone = 'UTC'): string {
  const measure =
    chart.as === 'rate'
      ? WINDOW_WORDS[window]
      : chart.as === 'increase'
        ? `per ${formatDuration(chart.stepMs)}`
        : 'level';
  const { startMs, endMs } = chart.range;
  const format = endMs - startMs > DAY_MS ? formatStamp : formatClock;
  return `${measure}, ${format(startMs, 'minutes', zone)} to ${format(endMs, 'minutes', zone)}`;
}

/** Where the newest value stands against a goal: `within the target ≤ 24K/h`. Null without a value. */
export function describeGoal(chart: ChartView, goal: GoalView, window: RateWindow): string | null {
  const value = chart.latest?.value;
  if (value === undefined) return null;
  const sign = goal.direction === 'atMost' ? '≤' : '≥';
  const target = `the target ${sign} ${goal.text}`;
  // Closer than the third digit shows is neither over nor under for a reader.
  if (Math.abs(value - goal.value) < Math.abs(goal.value) * 0.005) return `at ${target}`;
  const isMet = goal.direction === 'atMost' ? value <= goal.value : value >= goal.value;
  if (isMet) return `within ${target}`;
  const side = goal.direction === 'atMost' ? 'over' : 'under';
  const factor =
    goal.direction === 'atMost' && value / goal.value >= 2 ? formatFactor(goal.value, value) : null;
  if (factor !== null) return `${factor.split(' ')[0]} ${target}`;
  const distance = Math.abs(value - goal.value);
  const by = chart.as === 'rate' ? rateText(distance, chart.unit, window) : valueText(distance, chart.unit);
  return `${by} ${side} ${target}`;
}
