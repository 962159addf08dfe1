'use client';

import type { IncidentChart, IncidentEntry } from '@/lib/core/model/incident.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { useIsPrinting } from '../charts/use-is-printing.ts';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { IncidentStrip } from './incident-strip.tsx';

/** So many are drawn at once, and all on paper: the page is a story, and its next part must not be out of reach. */
const SHOWN = 3;

interface IncidentChartsProps {
  charts: readonly IncidentChart[];
  entries: readonly IncidentEntry[];
  range: TimeRange;
  span: { startMs: number; endMs: number | null };
  asOfMs: number;
  receivedAtMs: number | null;
}

/** What the lines show, one above the other on one axis of time, and on the same axis what happened. */
export function IncidentCharts(props: Readonly<IncidentChartsProps>) {
  const { charts, entries, range, span, asOfMs, receivedAtMs } = props;
  const drawn = charts.filter(({ view }) => view.missing === null);
  const missing = charts.filter(({ view }) => view.missing !== null);
  const { shown: first, more } = useLongList(drawn, SHOWN, 'charts');
  const isPrinting = useIsPrinting();
  const shown = isPrinting ? drawn : first;
  return (
    <>
      {drawn.length === 0 ? (
        <PanelFrame
          title="What the lines show"
          state={{ kind: 'empty', text: 'No chart can be drawn of this time.' }}
        />
      ) : (
        <div className="flex flex-col gap-7">
          {shown.map(({ id, title, question, variant, view }, index) => (
            <ChartPanel
              key={id}
              title={title}
              question={question}
              chart={view}
              variant={variant}
              size={index === 0 ? 'hero' : 'small'}
              shareId={id}
              asOfMs={asOfMs}
              receivedAtMs={receivedAtMs}
            />
          ))}
        </div>
      )}
      {drawn.length > 0 && (
        <div className="mt-3">
          <IncidentStrip entries={entries} range={range} span={span} />
        </div>
      )}
      {more !== null && <div className="no-print">{more}</div>}
      <Missing charts={missing} />
    </>
  );
}

/** Charts that cannot be drawn, each with its reason. */
function Missing({ charts }: Readonly<{ charts: readonly IncidentChart[] }>) {
  if (charts.length === 0) return null;
  return (
    <ul className="mt-3 text-label break-words text-ink-3">
      {charts.map(({ id, title, view }) => (
        <li key={id}>
          {title}: {view.missing?.reason}
        </li>
      ))}
    </ul>
  );
}
