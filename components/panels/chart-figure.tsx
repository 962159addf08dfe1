import type { ReactNode } from 'react';
import { describeGoal } from '@/lib/core/chart/describe.ts';
import { describeChange } from '@/lib/core/chart/describe-change.ts';
import { comparisonSource } from '@/lib/core/chart/history-stretches.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { Formatted } from '@/lib/core/units/decimal.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { formatDelta } from '@/lib/core/units/format-delta.ts';
import { formatRate, type RateWindow } from '@/lib/core/units/format-rate.ts';
import { formatValue } from '@/lib/core/units/format-value.ts';
import { Tag } from '../ui/chip.tsx';
import { Figure } from '../ui/figure.tsx';

/** The figure of a chart: its newest level, or before and after the deploy; then where that stands, in words. */
export function ChartFigure({ chart, window }: Readonly<{ chart: ChartView; window: RateWindow }>) {
  const standings = chart.goals.flatMap((goal): ReactNode[] => {
    const text = describeGoal(chart, goal, window);
    return text === null ? [] : [<span key={goal.text}>{text}</span>];
  });
  const [line] = chart.lines;
  // The figure of one of several lines would stand for all of them.
  if (chart.lines.length > 1 && chart.latest === null && chart.overall === null) return null;
  return (
    <div className="flex flex-wrap items-baseline gap-x-2.5 text-ink-2">
      <Level chart={chart} window={window} />
      <Compared chart={chart} window={window} />
      {standings}
      {line !== undefined && line.quality !== 'measured' && (
        <Tag {...(chart.note === null ? {} : { title: chart.note })}>{line.quality}</Tag>
      )}
    </div>
  );
}

function Level({ chart, window }: Readonly<{ chart: ChartView; window: RateWindow }>) {
  const change = describeChange(chart, window);
  if (change === null) {
    const figure = figureOf(chart, window);
    return (
      <>
        <Figure value={figure.value} muted={chart.stale} />
        {figure.window !== null && <span>{figure.window}</span>}
      </>
    );
  }
  const told = [change.delta === NO_DATA ? null : change.delta, change.factor].filter((one) => one !== null);
  return (
    <>
      <span
        className="inline-flex items-baseline gap-x-2"
        title={`${chart.change?.beforeWords ?? ''} → ${chart.change?.afterWords ?? ''}`}
      >
        <Figure value={change.before} muted={chart.stale} />
        <span aria-hidden="true" className="text-figure-phone text-ink-4 tablet:text-figure">
          →
        </span>
        <span className="sr-only">to</span>
        <Figure value={change.after} muted={chart.stale} />
      </span>
      {told.length > 0 && <span>{told.join(', ')}</span>}
    </>
  );
}

/** The same measure over the whole range and over the second window: never the newest level against a mean. */
function Compared({ chart, window }: Readonly<{ chart: ChartView; window: RateWindow }>) {
  const { comparison, overall } = chart;
  if (comparison === null) return null;
  const here = levelText(chart, overall, window);
  const there = levelText(chart, comparison.overall, window);
  const source = comparisonSource(comparison);
  const delta = formatDelta(comparison.overall, overall, chart.unit);
  return (
    <span>
      {chart.as === 'increase' ? '' : 'on average '}
      <span className="font-medium text-ink">{here}</span> vs {there} {comparison.label}
      {source !== null && `, ${source}`}
      {delta !== NO_DATA && `, ${delta}`}
    </span>
  );
}

function levelText(chart: ChartView, value: number | null, window: RateWindow): string {
  if (value === null) return 'no data';
  const { text, suffix } =
    chart.as === 'rate' ? formatRate(value, chart.unit, window) : formatValue(value, chart.unit);
  return text + suffix;
}

/** The figure that answers the question: the newest level, or for counts the whole range. */
function figureOf(chart: ChartView, window: RateWindow): { value: Formatted; window: string | null } {
  if (chart.as === 'increase') {
    return {
      value: formatValue(chart.overall, chart.unit),
      window: chart.overall === null ? null : `in ${formatDuration(chart.range.endMs - chart.range.startMs)}`,
    };
  }
  const latest = chart.latest?.value ?? null;
  const value =
    chart.as === 'rate' ? formatRate(latest, chart.unit, window) : formatValue(latest, chart.unit);
  // The level, as the query defines it: single buckets of rare statements jump about.
  return { value, window: latest === null ? null : 'last 5 min' };
}
