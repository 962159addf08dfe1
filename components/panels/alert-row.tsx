'use client';

import { clsx } from 'clsx';
import type { MouseEvent } from 'react';
import { type AlertView, alertStanding } from '@/lib/core/model/alert.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Age } from '../ui/age.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';
import { type AlertActs, AlertButtons } from './alert-buttons.tsx';
import { acknowledgedText, heldText, timeText } from './alert-words.ts';
import { alertWords } from './words.ts';

/** Where a row is a way to its detail. */
export interface AlertOpening {
  href: string;
  isSelected: boolean;
  onOpen: () => void;
}

export interface AlertRowProps {
  alert: AlertView;
  nowMs: number;
  /** The browser's clock when the alerts came in. */
  receivedAtMs: number | null;
  watchEndMs: number | null;
  acts: AlertActs | null;
  busyId?: string | null;
}

/** One alert: its standing, what is the case, since when, and what can be done. */
export function AlertRow({
  alert,
  nowMs,
  receivedAtMs,
  watchEndMs,
  acts,
  busyId = null,
}: Readonly<AlertRowProps>) {
  const canAct = acts !== null && alert.actions.length > 0;
  return (
    <li
      aria-label={alert.title}
      className={clsx(
        'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 border-line py-3.5 not-first:border-t tablet:gap-x-5',
        canAct
          ? 'tablet:grid-cols-[104px_minmax(0,1fr)_auto_auto]'
          : 'tablet:grid-cols-[104px_minmax(0,1fr)_auto]',
      )}
    >
      <Status {...alertWords(alert, nowMs)} />
      <div className="min-w-0 break-words max-tablet:order-3 max-tablet:col-span-2">
        <p className="text-prose font-medium">{alert.title}</p>
        <Facts alert={alert} nowMs={nowMs} withRelease />
      </div>
      <span className="whitespace-nowrap text-ink-2">
        <Age ageMs={Math.max(0, nowMs - alert.sinceMs)} receivedAtMs={receivedAtMs} ago={false} />
      </span>
      {canAct && (
        <div className="no-print flex flex-wrap justify-end gap-1.5 tablet:min-w-42 max-tablet:order-4 max-tablet:col-span-2">
          <AlertButtons
            alert={alert}
            acts={acts}
            isBusy={busyId === alert.id}
            nowMs={nowMs}
            watchEndMs={watchEndMs}
            look="row"
          />
        </div>
      )}
    </li>
  );
}

interface ListedRowProps extends AlertRowProps {
  acts: AlertActs;
  opening: AlertOpening;
  /** The value over the last hour as a share of its trigger. */
  spark: readonly (number | null)[];
}

/** One alert of the inbox: the same with the last hour of its value beside the level at which it fires, and a way to its detail. */
export function ListedAlertRow(props: Readonly<ListedRowProps>) {
  const { alert, nowMs, receivedAtMs, opening, spark } = props;
  const standing = alertStanding(alert, nowMs);
  const isQuiet = standing === 'inhibited' || standing === 'resolved';
  return (
    <li
      aria-label={alert.title}
      className={clsx(
        'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 border-line py-3.5 not-first:border-t tablet:grid-cols-[104px_minmax(0,1fr)_76px_64px_auto] tablet:gap-x-4',
        opening.isSelected && '-mx-3 rounded-control bg-hover px-3',
      )}
    >
      <Status {...alertWords(alert, nowMs)} />
      <div className="min-w-0 break-words max-tablet:order-3 max-tablet:col-span-2">
        <p className={clsx('text-prose font-medium', isQuiet && 'text-ink-2')}>
          <OpeningLink {...opening}>{alert.title}</OpeningLink>
        </p>
        <Facts alert={alert} nowMs={nowMs} />
      </div>
      <Sparkline points={spark} level={1} className="w-19 max-tablet:hidden" />
      <span
        className={clsx(
          'text-right whitespace-nowrap text-ink-2',
          standing === 'resolved' && 'max-tablet:hidden',
        )}
      >
        {standing !== 'resolved' && (
          <Age ageMs={Math.max(0, nowMs - alert.sinceMs)} receivedAtMs={receivedAtMs} ago={false} />
        )}
      </span>
      <div
        className={clsx(
          'flex flex-wrap justify-end gap-1.5 tablet:min-w-31.5',
          standing !== 'resolved' && 'no-print max-tablet:order-4 max-tablet:col-span-2',
        )}
      >
        <RowEnd {...props} />
      </div>
    </li>
  );
}

/** What can be done, or why nothing is to be done. */
function RowEnd({ alert, nowMs, watchEndMs, acts, busyId = null, opening }: Readonly<ListedRowProps>) {
  const { zone } = useChartPage();
  const standing = alertStanding(alert, nowMs);
  if (standing === 'resolved') {
    return (
      <span className="whitespace-nowrap text-ink-3">
        <span className="sr-only">Resolved at </span>
        {timeText(alert.sinceMs, nowMs, zone)}
      </span>
    );
  }
  if (standing === 'inhibited') {
    return (
      <a
        href={opening.href}
        aria-label={`Why ${alert.title} is held back`}
        className={buttonLook({ look: 'ghost', size: 'small' })}
        onClick={(event) => openHere(event, opening)}
      >
        Why
      </a>
    );
  }
  return (
    <AlertButtons
      alert={alert}
      acts={acts}
      isBusy={busyId === alert.id}
      nowMs={nowMs}
      watchEndMs={watchEndMs}
      look="short"
    />
  );
}

/** What it means, where it was seen, and who or what holds it. */
function Facts({
  alert,
  nowMs,
  withRelease = false,
}: Readonly<{ alert: AlertView; nowMs: number; withRelease?: boolean }>) {
  const { zone } = useChartPage();
  const { detail, source, release, severity } = alert;
  const standing = alertStanding(alert, nowMs);
  const facts = [
    // What can wait needs no word; what cannot says so, as long as it matters.
    severity === 'critical' && (standing === 'firing' || standing === 'pending') ? 'critical' : null,
    source,
    withRelease && release !== null ? `since ${release}` : null,
    heldText(alert, nowMs, zone),
    acknowledgedText(alert, nowMs, zone),
  ].filter((fact) => fact !== null);
  return (
    <p className="text-ink-3">
      {detail !== null && <span className="text-ink-2">{detail} </span>}
      {facts.join(' · ')}
    </p>
  );
}

/** A real link, so that it can be copied and opened elsewhere; here it opens without a reload. */
function OpeningLink({ children, ...opening }: Readonly<AlertOpening & { children: string }>) {
  return (
    <a
      href={opening.href}
      data-alert-link=""
      aria-current={opening.isSelected ? 'true' : undefined}
      className="hover:underline"
      onClick={(event) => openHere(event, opening)}
    >
      {children}
    </a>
  );
}

function openHere(event: MouseEvent, { onOpen }: AlertOpening): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  onOpen();
}
