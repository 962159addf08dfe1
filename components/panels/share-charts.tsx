'use client';

import { type ReactNode, useId, useMemo, useRef } from 'react';
import { describeChart } from '@/lib/core/chart/describe.ts';
import { describeChange } from '@/lib/core/chart/describe-change.ts';
import type { FrozenChart, FrozenCopy } from '@/lib/core/model/share.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { type ChartPage, ChartPageContext, useChartPage } from '../charts/chart-page.ts';
import ChartTable from '../charts/chart-table.tsx';
import { ScaleSwitch } from '../charts/scale-switch.tsx';
import { TimeSeriesChart } from '../charts/time-series-chart.tsx';
import { ChartExportMenu } from './chart-export-menu.tsx';
import { ChartFigure } from './chart-figure.tsx';
import { IncidentStrip } from './incident-strip.tsx';
import { ShareBlock } from './share-block.tsx';
import { coarseChart } from './share-rows.ts';

interface ShareChartsProps {
  copy: FrozenCopy;
  /** True in a browser that runs scripts: only there something can be pressed. */
  isAlive: boolean;
  /** True where the timeline is drawn on the axis of the charts too. */
  hasStrip: boolean;
}

/** What the lines show: each chart with its sentence, its picture as the server draws it, and its numbers. */
export function ShareCharts({ copy, isAlive, hasStrip }: Readonly<ShareChartsProps>) {
  const { charts, timeline } = copy;
  const [first] = charts;
  if (first === undefined) return null;
  return (
    <ShareBlock
      hasLine={copy.impact.length === 0}
      title={charts.length === 1 ? 'What the line shows' : 'What the lines show'}
      question={changeText(copy, first) ?? (charts.length === 1 ? first.question : '')}
    >
      <div className="flex flex-col gap-7">
        {charts.map((chart, n) => (
          <OneChart key={chart.id} copy={copy} chart={chart} isFirst={n === 0} isAlive={isAlive} />
        ))}
        {hasStrip && timeline.length > 0 && (
          <div className="no-print">
            <IncidentStrip entries={timeline} range={first.view.range} />
          </div>
        )}
      </div>
    </ShareBlock>
  );
}

/** `733K/h before, 731K/h after v1203`; null where the chart knows no level on both sides. */
function changeText(copy: FrozenCopy, chart: FrozenChart): string | null {
  const words = describeChange(chart.view, windowOf(copy, chart));
  if (words === null) return null;
  const after = copy.deploy === null ? 'after' : `after ${copy.deploy.release}`;
  return `${words.before.text}${words.before.suffix} before, ${words.after.text}${words.after.suffix} ${after}`;
}

/** A claim is told in its own window, and so is its chart. */
function windowOf({ claims }: FrozenCopy, { id }: FrozenChart): RateWindow {
  return claims.find((claim) => `claim:${claim.id}` === id)?.window ?? 'h';
}

function OneChart({
  copy,
  chart,
  isFirst,
  isAlive,
}: Readonly<{ copy: FrozenCopy; chart: FrozenChart; isFirst: boolean; isAlive: boolean }>) {
  const id = useId();
  const page = useChartPage();
  const picture = useRef<HTMLDivElement>(null);
  const { deploy } = copy;
  const own = useMemo(
    (): ChartPage => ({
      ...page,
      marks: chart.marks,
      origin: deploy === null ? null : { atMs: deploy.startMs, release: deploy.release },
      onZoom: null,
    }),
    [page, chart.marks, deploy],
  );
  const { title, question, variant, view } = chart;
  const window = windowOf(copy, chart);
  const hasFigure = copy.kind !== 'incident';
  // Before and after stand in the figure, or beside the heading above.
  const isTold = hasFigure || isFirst;
  return (
    <ChartPageContext value={own}>
      <section aria-labelledby={id} className="min-w-0">
        <div className="flex min-h-7 flex-wrap items-center gap-x-2.5">
          <h3 id={id} className="min-w-0 font-medium wrap-anywhere">
            {title}
          </h3>
          <span className="min-w-0 wrap-anywhere text-ink-3">{question}</span>
          {isAlive && view.missing === null && (
            <span className="no-print ml-auto flex shrink-0 items-center gap-3">
              {isFirst && page.onScale !== null && (
                <ScaleSwitch title={title} scale={page.scale} onScale={page.onScale} />
              )}
              <ChartExportMenu {...{ title, window }} chart={view} firstSeries={0} picture={picture} />
            </span>
          )}
        </div>
        {view.missing !== null ? (
          <Missing>{view.missing.reason}</Missing>
        ) : (
          <>
            {hasFigure && <ChartFigure chart={view} window={window} />}
            <p className="text-ink-3">{describeChart(isTold ? { ...view, change: null } : view, window)}</p>
            {view.note !== null && <p className="text-label text-ink-3">{view.note}</p>}
            {view.stale && <p className="text-label text-ink-3">{staleText(copy, chart)}</p>}
            <div ref={picture} className="pt-2">
              <TimeSeriesChart
                title={title}
                chart={view}
                variant={variant}
                window={window}
                heightPx={isFirst ? 270 : 170}
                lineTestId="chart-line"
              />
            </div>
            <Numbers title={title} chart={view} window={window} />
          </>
        )}
      </section>
    </ChartPageContext>
  );
}

function staleText({ frozenAtMs }: FrozenCopy, { view }: FrozenChart): string {
  return view.latest === null
    ? 'Nothing new came in when this was frozen.'
    : `Its newest numbers were ${formatDuration(Math.max(0, frozenAtMs - view.latest.atMs))} old when this was frozen.`;
}

/** Says in words why there is no picture. */
function Missing({ children }: Readonly<{ children: ReactNode }>) {
  return <p className="text-prose text-ink-2 first-letter:uppercase">{children}</p>;
}

/** The numbers behind the picture, in the page itself: a reader without scripts has nothing else. */
function Numbers({
  title,
  chart,
  window,
}: Readonly<{ title: string; chart: FrozenChart['view']; window: RateWindow }>) {
  const coarse = useMemo(() => coarseChart(chart), [chart]);
  return (
    <details className="no-print mt-1">
      <summary className="min-h-6 w-fit cursor-pointer wrap-anywhere text-ink-2">
        {title} in numbers, every {formatDuration(coarse.stepMs)}
      </summary>
      <div className="mt-1.5 h-72">
        <ChartTable title={title} chart={coarse} window={window} />
      </div>
    </details>
  );
}
