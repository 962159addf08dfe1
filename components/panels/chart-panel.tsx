'use client';

import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { describeChart, describeGoal } from '@/lib/core/chart/describe.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { Formatted } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { formatRate, type RateWindow } from '@/lib/core/units/format-rate.ts';
import { formatValue } from '@/lib/core/units/format-value.ts';
import { TimeSeriesChart } from '../charts/time-series-chart.tsx';
import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';
import { Figure } from '../ui/figure.tsx';
import { HatchPattern } from '../ui/hatch.tsx';
import { Icon } from '../ui/icon.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';

const ChartTable = lazy(() => import('../charts/chart-table.tsx'));

interface ChartPanelProps {
  title: string;
  question: string;
  chart: ChartView;
  size: 'hero' | 'small';
  variant?: 'line' | 'bars';
  /** Window that rates are written with, for the life of the panel. */
  window?: RateWindow;
  firstSeries?: number;
  lineTestId?: string;
  /** When the view was made, and the browser's clock when it came in. */
  asOfMs: number;
  receivedAtMs: number | null;
}

const SIZES = {
  hero: { heightPx: 278, box: 'h-71.5' },
  small: { heightPx: 170, box: 'h-44.5' },
} as const;

/** One question about one series: figure, where it stands, one sentence, the picture (or its table). */
export function ChartPanel(props: Readonly<ChartPanelProps>) {
  const { title, question, chart, size, variant = 'line', window = 'h', asOfMs, receivedAtMs } = props;
  const [asTable, setAsTable] = useState(false);
  const { heightPx, box } = SIZES[size];
  return (
    <PanelFrame
      title={title}
      question={question}
      state={panelState(chart, asOfMs, receivedAtMs)}
      aside={chart.missing === null && <TableSwitch isOn={asTable} onChange={setAsTable} title={title} />}
      placeholder={<EmptyPlot box={box} />}
    >
      <FigureRow chart={chart} window={window} />
      <p className="mt-0.5 min-h-5 text-ink-3">{describeChart(chart, window)}</p>
      {chart.note !== null && <p className="text-label text-ink-3">{chart.note}</p>}
      {/* At the foot of its panel, so that plots side by side stand on one line. */}
      <div className={`mt-auto shrink-0 pt-2 ${box}`}>
        {asTable ? (
          <Suspense fallback={null}>
            <ChartTable title={title} chart={chart} window={window} />
          </Suspense>
        ) : (
          <TimeSeriesChart
            title={title}
            chart={chart}
            variant={variant}
            window={window}
            heightPx={heightPx}
            {...(props.firstSeries === undefined ? {} : { firstSeries: props.firstSeries })}
            {...(props.lineTestId === undefined ? {} : { lineTestId: props.lineTestId })}
          />
        )}
      </div>
    </PanelFrame>
  );
}

function panelState(chart: ChartView, asOfMs: number, receivedAtMs: number | null): PanelState {
  if (chart.missing !== null) return { kind: 'empty', text: chart.missing.reason, fix: chart.missing.fix };
  if (!chart.stale) return { kind: 'ready' };
  const ageMs = chart.latest === null ? null : Math.max(0, asOfMs - chart.latest.atMs);
  return {
    kind: 'stale',
    detail:
      ageMs === null ? null : (
        <>
          <Age ageMs={ageMs} receivedAtMs={receivedAtMs} ago={false} /> old
        </>
      ),
  };
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

function FigureRow({ chart, window }: Readonly<{ chart: ChartView; window: RateWindow }>) {
  const figure = figureOf(chart, window);
  const standings = chart.goals.flatMap((goal): ReactNode[] => {
    const text = describeGoal(chart, goal, window);
    return text === null ? [] : [<span key={goal.text}>{text}</span>];
  });
  const [line] = chart.lines;
  return (
    <div className="flex flex-wrap items-baseline gap-x-2.5 text-ink-2">
      <Figure value={figure.value} muted={chart.stale} />
      {figure.window !== null && <span>{figure.window}</span>}
      {standings}
      {line !== undefined && line.quality !== 'measured' && (
        <Tag {...(chart.note === null ? {} : { title: chart.note })}>{line.quality}</Tag>
      )}
    </div>
  );
}

function TableSwitch({
  isOn,
  onChange,
  title,
}: Readonly<{ isOn: boolean; onChange: (isOn: boolean) => void; title: string }>) {
  const label = isOn ? `Show ${title} as a chart` : `Show ${title} as a table`;
  return (
    <Button
      look="ghost"
      size="icon"
      className="no-print -mr-1.5"
      aria-label={label}
      title={label}
      onClick={() => onChange(!isOn)}
    >
      <Icon name={isOn ? 'chart' : 'table'} />
    </Button>
  );
}

/** Stands where the picture will be. */
function EmptyPlot({ box }: Readonly<{ box: string }>) {
  const hatchId = useId();
  return (
    <div className={`mt-auto shrink-0 pt-3 ${box}`}>
      <svg width="100%" height="100%" aria-hidden="true" className="block">
        <defs>
          <HatchPattern id={hatchId} />
        </defs>
        <rect width="100%" height="100%" fill={`url(#${hatchId})`} />
        <line x1={0} x2="100%" y1="100%" y2="100%" className="stroke-line-strong" strokeWidth={2} />
      </svg>
    </div>
  );
}
