'use client';

import { lazy, Suspense, useId, useRef, useState } from 'react';
import { describeChart } from '@/lib/core/chart/describe.ts';
import type { FrozenChartId } from '@/lib/core/model/share.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { ScaleSwitch } from '../charts/scale-switch.tsx';
import { TimeSeriesChart } from '../charts/time-series-chart.tsx';
import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { HatchPattern } from '../ui/hatch.tsx';
import { Icon } from '../ui/icon.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { ChartExportMenu } from './chart-export-menu.tsx';
import { ChartFigure } from './chart-figure.tsx';

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
  /** What the chart is called in a shared copy; left out where it cannot be shared by itself. */
  shareId?: FrozenChartId;
  /** When the view was made, and the browser's clock when it came in. */
  asOfMs: number;
  receivedAtMs: number | null;
  /** Said by the caller when it knows better than the data: the first load, or a read that failed. */
  state?: PanelState;
}

const SIZES = {
  hero: { heightPx: 278, box: 'min-h-71.5', table: 'h-71.5' },
  small: { heightPx: 170, box: 'min-h-44.5', table: 'h-44.5' },
} as const;

/** One question about one series: figure, where it stands, one sentence, the picture (or its table). */
export function ChartPanel(props: Readonly<ChartPanelProps>) {
  const { title, question, chart, size, variant = 'line', window = 'h', firstSeries = 0 } = props;
  const { scale, onScale, asTable: pageAsTable, stretches = [] } = useChartPage();
  // The newest wish counts, whether it was for this chart or for the page.
  const [asTable, setAsTable] = useState(pageAsTable);
  const [followed, setFollowed] = useState(pageAsTable);
  if (followed !== pageAsTable) {
    setFollowed(pageAsTable);
    setAsTable(pageAsTable);
  }
  const picture = useRef<HTMLDivElement>(null);
  const { heightPx, box, table } = SIZES[size];
  const drawn = (
    <TimeSeriesChart
      title={title}
      chart={chart}
      variant={variant}
      window={window}
      heightPx={heightPx}
      firstSeries={firstSeries}
      {...(props.lineTestId === undefined ? {} : { lineTestId: props.lineTestId })}
    />
  );
  // What is marked on the axis is known though nothing was measured beside it.
  const isMarked = stretches.some(
    ({ startMs, endMs }) => startMs < chart.range.endMs && endMs > chart.range.startMs,
  );
  const hasScales = onScale !== null && (chart.change !== null || size === 'hero');
  return (
    <PanelFrame
      title={title}
      question={question}
      state={props.state ?? stateOf(chart, props.asOfMs, props.receivedAtMs)}
      aside={
        chart.missing === null && (
          <>
            {hasScales && <ScaleSwitch title={title} scale={scale} onScale={onScale} />}
            <span className="flex">
              <TableSwitch isOn={asTable} onChange={setAsTable} title={title} />
              <ChartExportMenu
                {...{ title, chart, window, firstSeries }}
                picture={asTable ? null : picture}
                shareId={props.shareId}
              />
            </span>
          </>
        )
      }
      placeholder={
        isMarked ? <div className={`mt-auto shrink-0 pt-2 ${box}`}>{drawn}</div> : <EmptyPlot box={table} />
      }
    >
      <ChartFigure chart={chart} window={window} />
      <p className="mt-0.5 min-h-5 text-ink-3">{sentenceOf(chart, window)}</p>
      {notesOf(chart, size).map((note) => (
        <p key={note} className="text-label text-ink-3">
          {note}
        </p>
      ))}
      {/* At the foot of its panel, so that plots side by side stand on one line. */}
      <div ref={picture} className={`mt-auto shrink-0 pt-2 ${asTable ? table : box}`}>
        {asTable ? (
          <Suspense fallback={null}>
            <ChartTable title={title} chart={chart} window={window} />
          </Suspense>
        ) : (
          drawn
        )}
      </div>
    </PanelFrame>
  );
}

/** What the picture shows. The change itself stands in the figures above; here only how its two sides were made. */
function sentenceOf(chart: ChartView, window: RateWindow): string | null {
  const rest = describeChart({ ...chart, change: null }, window);
  const made = [chart.change?.beforeWords, chart.change?.afterWords].filter(Boolean).join(', then ');
  return rest === null || made === '' ? rest : `${made[0]?.toUpperCase()}${made.slice(1)}. ${rest}`;
}

/** What must be known to read the picture, and in the large ones how far the usual line has come. */
function notesOf({ note, usualForming }: ChartView, size: ChartPanelProps['size']): string[] {
  const forming =
    usualForming === undefined || size !== 'hero'
      ? []
      : [`Baseline forming, ${usualForming.days} of ${usualForming.needed} days.`];
  return note === null ? forming : [note, ...forming];
}

function stateOf(chart: ChartView, asOfMs: number, receivedAtMs: number | null): PanelState {
  if (chart.missing !== null) return { kind: 'empty', text: chart.missing.reason, fix: chart.missing.fix };
  if (!chart.stale) return { kind: 'ready' };
  // A window of the past is judged as it was when it ended.
  const seenMs = Math.min(asOfMs, chart.range.endMs);
  const ageMs = chart.latest === null ? null : Math.max(0, seenMs - chart.latest.atMs);
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
      className="no-print"
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
