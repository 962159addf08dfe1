'use client';

import { clsx } from 'clsx';
import { useMemo } from 'react';
import type { BacktestFiring, BacktestView } from '@/lib/core/alerts/alerts-view.ts';
import { formatDate, formatStamp } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { AlertChart } from './alert-chart.tsx';

const FIRINGS_SHOWN = 8;

interface AlertBacktestProps {
  /** What the rule would have done; null until somebody asks. */
  view: BacktestView | null;
  days: number;
  isRunning: boolean;
  /** Why it could not be walked; null when it was, or was not asked. */
  failure: string | null;
  onRun: () => void;
}

/** What a rule would have done over what is stored: asked for, since it walks days. */
export function AlertBacktest({ view, days, isRunning, failure, onRun }: Readonly<AlertBacktestProps>) {
  return (
    <div aria-busy={isRunning}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Button size="small" className="no-print" disabled={isRunning} onClick={onRun}>
          {isRunning ? `Walking ${days} days…` : `Would it have fired before? ${days} days`}
        </Button>
        <span role="status" className="text-ink-2">
          {view !== null && !isRunning && `${countText(view)}.`}
        </span>
      </div>
      {failure !== null && (
        <p role="alert" className="mt-1.5 break-words text-ink-2">
          {failure}
        </p>
      )}
      {view !== null && <Walked view={view} />}
    </div>
  );
}

/** `Would have fired 3 times`. Where a part is not known, what is said holds for the rest only, and says so. */
function countText({ firings, days, limit }: BacktestView): string {
  const count = firings.filter(({ inhibitedBy }) => inhibitedBy === null).length;
  const held = firings.length - count;
  const known = days.filter(({ isKnown }) => isKnown).length;
  if (known === 0) return 'Can’t tell: nothing it reads is stored for these days';
  const where = known === days.length && limit === null ? '' : ' in what is known';
  const told = `${count === 0 ? 'Would not have fired' : `Would have fired ${timesText(count)}`}${where}`;
  return held === 0 ? told : `${told}, and ${held} more held back`;
}

function Walked({ view }: Readonly<{ view: BacktestView }>) {
  const { zone } = useChartPage();
  const { firings, endMs, days, chart, limit, stepMs } = view;
  // Beside the same chart of another time it needs a name of its own.
  const titled = useMemo(
    () => (chart === null ? null : { ...chart, title: `${chart.title} over ${days.length} days` }),
    [chart, days.length],
  );
  const { shown, more } = useLongList(firings, FIRINGS_SHOWN, 'firings');
  const stretches = useMemo(
    () =>
      firings.map((firing) => ({
        startMs: firing.startMs,
        endMs: firing.endMs ?? endMs,
        title: `${firing.title}: ${spanText(firing, endMs)}`,
      })),
    [firings, endMs],
  );
  return (
    <>
      <Days view={view} />
      <p className="mt-1.5 text-label break-words text-ink-3">
        Days in UTC, looked at every {formatDuration(stepMs)}. {limit}
      </p>
      {firings.length > 0 && (
        <>
          <ul className="mt-2">
            {shown.map((firing) => (
              <li
                key={`${firing.alertId} ${firing.startMs}`}
                className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 border-line py-1.5 text-ink-2 not-first:border-t"
              >
                <time dateTime={new Date(firing.startMs).toISOString()} className="text-ink-3">
                  {formatStamp(firing.startMs, 'minutes', zone)}
                </time>
                <span className="min-w-0 break-words">
                  {firing.title}
                  <span className="block text-ink-3">
                    {spanText(firing, endMs)}
                    {firing.inhibitedBy !== null && `, held back: ${firing.inhibitedBy}`}
                  </span>
                </span>
              </li>
            ))}
          </ul>
          {more}
        </>
      )}
      {titled !== null && (
        <div className="mt-3">
          <AlertChart chart={titled} stretches={stretches} asOfMs={endMs} receivedAtMs={null} />
        </div>
      )}
    </>
  );
}

function spanText({ startMs, endMs }: BacktestFiring, untilMs: number): string {
  return endMs === null ? `${formatDuration(untilMs - startMs)} so far` : formatDuration(endMs - startMs);
}

/** A box for each day: filled where it would have fired, empty where it would not, hollow where nothing is known. */
function Days({ view: { days } }: Readonly<{ view: BacktestView }>) {
  const last = days.length - 1;
  return (
    <>
      <ol aria-label="Day by day" className="mt-3 flex gap-1">
        {days.map((day) => (
          <li key={day.startMs} title={dayText(day)} className="min-w-0 grow">
            <span
              aria-hidden="true"
              className={clsx(
                'block h-5 rounded-tag border',
                !day.isKnown && 'border-dashed border-line-strong',
                day.isKnown && day.firings === 0 && 'border-transparent bg-hover',
                day.isKnown && day.firings > 0 && 'border-bad-edge bg-bad',
              )}
            />
            <span className="sr-only">{dayText(day)}</span>
          </li>
        ))}
      </ol>
      <div aria-hidden="true" className="mt-1 flex justify-between text-label text-ink-3">
        <span>{formatDate(days[0]?.startMs ?? null)}</span>
        <span>{formatDate(days[last]?.startMs ?? null)}</span>
      </div>
    </>
  );
}

/** `9 Apr: fired 2 times`. */
function dayText({ startMs, firings, isKnown }: BacktestView['days'][number]): string {
  const told = firings > 0 ? `fired ${timesText(firings)}` : isKnown ? 'did not fire' : 'not known';
  return `${formatDate(startMs)}: ${told}`;
}

function timesText(count: number): string {
  return ['never', 'once', 'twice'][count] ?? `${count} times`;
}
