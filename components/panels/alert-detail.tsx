'use client';

import { clsx } from 'clsx';
import { type ReactNode, useId, useMemo } from 'react';
import type { AlertRow, AlertDetail as Detail } from '@/lib/core/alerts/alerts-view.ts';
import { alertStanding } from '@/lib/core/model/alert.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Age } from '../ui/age.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';
import { type AlertActs, AlertButtons } from './alert-buttons.tsx';
import { AlertChart } from './alert-chart.tsx';
import { AlertRunbook } from './alert-runbook.tsx';
import { AlertSection } from './alert-section.tsx';
import { acknowledgedText, eventText, heldText } from './alert-words.ts';
import { alertWords } from './words.ts';

interface AlertDetailProps {
  alert: AlertRow;
  detail: Detail;
  asOfMs: number;
  receivedAtMs: number | null;
  watchEndMs: number | null;
  acts: AlertActs;
  busyId: string | null;
  onCopy: (text: string) => void;
  /** Opens an incident from it; absent where none can be opened. */
  incident?: ReactNode;
  /** Whom it is told, and what the rule would have done before. */
  children?: ReactNode;
}

/** One alert, whole: what is the case and what to do, what the rule looked at when it fired, the rule, and what happened. */
export function AlertDetail(props: Readonly<AlertDetailProps>) {
  const { alert, detail, asOfMs, receivedAtMs, onCopy, children } = props;
  const { words, reads, runbook } = detail;
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <Head {...props} titleId={titleId} />
      <FiredChart key={detail.id} {...{ alert, detail, asOfMs, receivedAtMs }} />
      <AlertSection title="The rule, in words">
        <p className="break-words text-ink-2">{words}</p>
        <p className="mt-1.5 break-words text-ink-3">Reads: {reads}</p>
      </AlertSection>
      {alert.means.length > 0 && (
        <AlertSection title="What it means">
          <dl>
            {alert.means.map(({ what, text }) => (
              <div
                key={what}
                className="grid grid-cols-[minmax(0,5fr)_minmax(0,9fr)] gap-x-3 border-line py-1.5 not-first:border-t"
              >
                <dt className="break-words text-ink-3">{what}</dt>
                <dd className="break-words">{text}</dd>
              </div>
            ))}
          </dl>
        </AlertSection>
      )}
      <AlertRunbook steps={runbook} onCopy={onCopy} />
      <History detail={detail} />
      {children}
    </section>
  );
}

/** Standing, title, place, and what can be done at once. */
function Head({
  alert,
  asOfMs,
  receivedAtMs,
  watchEndMs,
  acts,
  busyId,
  incident,
  titleId,
}: Readonly<Omit<AlertDetailProps, 'detail'> & { titleId: string }>) {
  const { zone } = useChartPage();
  const { title, detail, sinceMs, source, release, deployHref } = alert;
  const place = [source, release === null ? null : `since ${release}`].filter((part) => part !== null);
  const held = [heldText(alert, asOfMs, zone), acknowledgedText(alert, asOfMs, zone)].filter(
    (text) => text !== null,
  );
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <Status {...alertWords(alert, asOfMs)} />
        <span className="text-ink-3">
          {alert.severity}, for{' '}
          <Age ageMs={Math.max(0, asOfMs - sinceMs)} receivedAtMs={receivedAtMs} ago={false} />, since{' '}
          {formatStamp(sinceMs, 'minutes', zone)}
        </span>
      </p>
      <h2 id={titleId} className="mt-2 text-section break-words">
        {title}
      </h2>
      {detail !== null && <p className="mt-1 break-words text-ink-2">{detail}</p>}
      {place.length > 0 && <p className="mt-1 break-words text-ink-3">{place.join(' · ')}</p>}
      {held.map((text) => (
        <p key={text} className="mt-1 break-words text-ink-2 first-letter:uppercase">
          {text}
        </p>
      ))}
      {(alert.actions.length > 0 || incident !== undefined || (release !== null && deployHref !== null)) && (
        <div className="no-print mt-3.5 flex flex-wrap gap-1.5">
          <AlertButtons
            key={alert.id}
            alert={alert}
            acts={acts}
            isBusy={busyId === alert.id}
            nowMs={asOfMs}
            watchEndMs={watchEndMs}
            look="detail"
          />
          {release !== null && deployHref !== null && (
            <a href={deployHref} className={clsx(buttonLook({}), 'max-w-full')}>
              <span className="truncate">Open {release}</span>
            </a>
          )}
          {incident}
        </div>
      )}
    </>
  );
}

/** Its range stays where it fired, however long ago; the time in which it fired is marked. */
function FiredChart({
  alert,
  detail,
  asOfMs,
  receivedAtMs,
}: Readonly<Pick<AlertDetailProps, 'alert' | 'detail' | 'asOfMs' | 'receivedAtMs'>>) {
  const { zone } = useChartPage();
  const { chart, firedAtMs } = detail;
  const isFiring = alertStanding(alert, asOfMs) !== 'resolved' && alert.state !== 'recovering';
  const endMs = isFiring ? asOfMs : alert.sinceMs;
  const stretches = useMemo(
    () =>
      firedAtMs === null
        ? []
        : [
            {
              startMs: firedAtMs,
              endMs,
              title: `fired for ${formatDuration(Math.max(0, endMs - firedAtMs))}`,
            },
          ],
    [firedAtMs, endMs],
  );
  if (chart === null) return null;
  return (
    <AlertSection
      title={firedAtMs === null ? 'Around now' : 'When it fired'}
      aside={firedAtMs === null ? null : `${formatClock(firedAtMs, 'minutes', zone)}, 30 min on both sides`}
    >
      <AlertChart chart={chart} stretches={stretches} asOfMs={asOfMs} receivedAtMs={receivedAtMs} />
    </AlertSection>
  );
}

function History({ detail: { events } }: Readonly<{ detail: Detail }>) {
  const { zone } = useChartPage();
  return (
    <AlertSection title="History">
      {events.length === 0 ? (
        <p className="text-ink-3">It has not fired yet.</p>
      ) : (
        <ol>
          {events.map((event) => (
            <li
              key={`${event.atMs} ${event.what}`}
              className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 py-1 text-ink-2"
            >
              <time dateTime={new Date(event.atMs).toISOString()} className="text-ink-3">
                {formatStamp(event.atMs, 'minutes', zone)}
              </time>
              <span className="min-w-0 break-words">{eventText(event, zone)}</span>
            </li>
          ))}
        </ol>
      )}
    </AlertSection>
  );
}
