'use client';

import type { AlertEvent } from '@/lib/core/alerts/alert-book.ts';
import type { AlertDetail as Detail } from '@/lib/core/alerts/alerts-view.ts';
import type { AlertView } from '@/lib/core/model/alert.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Status } from '../ui/status.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { alertWords } from './words.ts';

interface AlertDetailProps {
  alert: AlertView;
  detail: Detail;
  asOfMs: number;
  receivedAtMs: number | null;
}

/** One alert, whole: what is the case, what the rule looked at when it fired, the rule in words, and what happened. */
export function AlertDetail({ alert, detail, asOfMs, receivedAtMs }: Readonly<AlertDetailProps>) {
  const { zone } = useChartPage();
  const { chart, words, reads, events, firedAtMs } = detail;
  return (
    // Focused when it is opened by a key, so that reading goes on here.
    <section id="alert-detail" tabIndex={-1} aria-labelledby="alert-detail-title" className="outline-none">
      <p className="flex flex-wrap items-center gap-x-2">
        <Status {...alertWords(alert, asOfMs)} />
        <span className="text-ink-3">since {formatStamp(alert.sinceMs, 'minutes', zone)}</span>
      </p>
      <h2 id="alert-detail-title" className="mt-2 text-section break-words">
        {alert.title}
      </h2>
      {alert.detail !== null && <p className="mt-1 break-words text-ink-2">{alert.detail}</p>}
      {alert.inhibitedBy !== null && <p className="mt-1 text-ink-2">Held back: {alert.inhibitedBy}.</p>}
      {chart !== null && (
        <div className="mt-5 border-t border-line pt-4">
          <p className="mb-2 text-ink-3">
            {firedAtMs === null
              ? 'Around now'
              : `When it fired, ${formatClock(firedAtMs, 'minutes', zone)}, 30 min on both sides`}
          </p>
          <ChartPanel
            key={detail.id}
            title={chart.title}
            question={chart.question}
            chart={chart.view}
            size="small"
            variant={chart.variant}
            asOfMs={asOfMs}
            receivedAtMs={receivedAtMs}
          />
        </div>
      )}
      <div className="mt-5 border-t border-line pt-4">
        <h3 className="font-semibold">The rule, in words</h3>
        <p className="mt-1.5 text-ink-2">{words}</p>
        <p className="mt-1.5 text-ink-3">Reads: {reads}</p>
      </div>
      <div className="mt-5 border-t border-line pt-4">
        <h3 className="font-semibold">History</h3>
        {events.length === 0 ? (
          <p className="mt-1.5 text-ink-3">It has not fired yet.</p>
        ) : (
          <ol className="mt-1.5">
            {events.map((event) => (
              <li
                key={`${event.atMs} ${event.what}`}
                className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 py-1 text-ink-2"
              >
                <time dateTime={new Date(event.atMs).toISOString()} className="text-ink-3">
                  {formatStamp(event.atMs, 'minutes', zone)}
                </time>
                <span>{eventText(event, zone)}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

const EVENT_WORDS: Record<AlertEvent['what'], string> = {
  firing: 'Fired',
  recovering: 'Began to clear',
  resolved: 'Resolved',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  woken: 'Woken',
  retired: 'No longer watched',
};

function eventText({ what, by, untilMs }: AlertEvent, zone: Parameters<typeof formatClock>[2]): string {
  const until = untilMs === null ? '' : ` until ${formatClock(untilMs, 'minutes', zone)}`;
  return `${EVENT_WORDS[what]}${until}${by === null ? '' : ` by ${by}`}`;
}
