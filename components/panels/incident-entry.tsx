'use client';

import { clsx } from 'clsx';
import { memo, useContext } from 'react';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatDate, formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { CrosshairContext } from '../charts/crosshair-store.ts';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { Markdown } from '../ui/markdown.tsx';
import type { TimelineActs, TimelineEntry } from './incident-timeline.tsx';
import { entryGlyph } from './incident-words.ts';

/** Written down so much later, it says when. */
const LATE_MS = 5 * MINUTE_MS;

function isWrittenLate({ atMs, writtenMs }: TimelineEntry): boolean {
  return writtenMs !== undefined && writtenMs - atMs > LATE_MS;
}

function isNear(aMs: number | undefined, bMs: number | null): boolean {
  return aMs !== undefined && bMs !== null && Math.abs(aMs - bMs) <= LATE_MS;
}

/** When what had been seen before the incident was opened was written down, all at once; null where nothing was. */
export function backfilledMs(entries: readonly TimelineEntry[]): number | null {
  const late = entries.filter((entry) => entry.by === null && isWrittenLate(entry));
  return late.length === 0 ? null : Math.min(...late.map(({ writtenMs }) => writtenMs ?? 0));
}

/** A note is written once: no tick needs to read it again. */
const NoteText = memo(Markdown);

interface EntryProps {
  entry: TimelineEntry;
  /** Where the strip under the charts leads to. */
  domId: string;
  /** When what was seen before was written down; null where none was. */
  backMs: number | null;
  isFirstOfDay: boolean;
  /** Not on the screen until asked for, or led to from the strip. */
  isFolded: boolean;
  isLast: boolean;
  /** True where the timeline lies on several days. */
  hasDays: boolean;
  acts?: TimelineActs;
}

/** One line of the timeline: when, its shape, what it was, who did it. */
export function Entry(props: Readonly<EntryProps>) {
  const { entry, domId, backMs, isFirstOfDay, isFolded, isLast, hasDays, acts } = props;
  const { zone } = useChartPage();
  const { fact, title, detail, by, atMs, writtenMs, id } = entry;
  const isLate = isWrittenLate(entry) && !(by === null && isNear(writtenMs, backMs));
  const said = [
    by === null ? null : `by ${by}`,
    isLate && writtenMs !== undefined ? `written down ${formatStamp(writtenMs, 'minutes', zone)}` : null,
  ].filter((part) => part !== null);
  return (
    <li
      id={domId}
      tabIndex={-1}
      className={clsx(
        'group grid scroll-mt-18 grid-cols-[48px_16px_minmax(0,1fr)] gap-x-2 rounded-control outline-none target:bg-hover',
        isFolded && 'hidden target:grid print:grid',
      )}
    >
      <span className="text-right whitespace-nowrap text-ink-3">
        {hasDays && isFirstOfDay && (
          <span className="block text-label text-ink-2">{formatDate(atMs, zone)}</span>
        )}
        <EntryTime entry={entry} />
      </span>
      <span className={clsx('relative flex flex-col items-center', hasDays && isFirstOfDay && 'pt-4')}>
        <span className="relative bg-canvas py-0.5 group-target:bg-hover">
          <Glyph name={entryGlyph(fact)} />
        </span>
        {!isLast && <span aria-hidden="true" className="w-px grow bg-line-strong" />}
      </span>
      <div className={clsx('flex min-w-0 items-start gap-x-2 pb-3', hasDays && isFirstOfDay && 'pt-4')}>
        <div className="min-w-0 grow">
          <p className="font-medium break-words">{title}</p>
          {detail !== null && <p className="text-label break-words text-ink-3">{detail}</p>}
          {fact.kind === 'note' && (
            <div className="mt-1 break-words text-ink-2">
              <NoteText markdown={fact.markdown} headingLevel={3} />
            </div>
          )}
          {said.length > 0 && <p className="text-label break-words text-ink-3">{said.join(', ')}</p>}
        </div>
        {acts !== undefined && id !== undefined && (
          <Button
            look="ghost"
            size="small"
            className="no-print -my-0.5 text-ink-3! tablet:opacity-0 tablet:group-focus-within:opacity-100 tablet:group-hover:opacity-100"
            aria-label={`Hide: ${title}`}
            disabled={acts.isBusy}
            onClick={() => acts.onHide(id)}
          >
            Hide
          </Button>
        )}
      </div>
    </li>
  );
}

/** Its time; where charts share a crosshair, pointing at it moves that to the time. */
function EntryTime({ entry: { atMs, title } }: Readonly<{ entry: TimelineEntry }>) {
  const { zone } = useChartPage();
  const crosshair = useContext(CrosshairContext);
  const text = formatClock(atMs, 'minutes', zone);
  const time = (
    <time dateTime={new Date(atMs).toISOString()} title={formatStamp(atMs, 'seconds', zone)}>
      {text}
    </time>
  );
  if (crosshair === null) return time;
  const point = () => crosshair.set({ atMs, chartId: 'timeline' });
  const leave = () => crosshair.get()?.chartId === 'timeline' && crosshair.set(null);
  return (
    <button
      type="button"
      aria-label={`${text}, show on the charts: ${title}`}
      className="rounded-tag underline-offset-2 hover:text-ink hover:underline"
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
      onClick={point}
    >
      {time}
    </button>
  );
}
