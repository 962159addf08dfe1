'use client';

import { Fragment, useState } from 'react';
import type { EntryFact, IncidentEntry } from '@/lib/core/model/incident.ts';
import { formatDate, formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { backfilledMs, Entry } from './incident-entry.tsx';
import { daysText } from './incident-words.ts';

/** A line of a timeline, living or frozen. */
export interface TimelineEntry {
  atMs: number;
  fact: EntryFact;
  title: string;
  detail: string | null;
  by: string | null;
  /** Of a living one only. */
  id?: string;
  writtenMs?: number;
  hidden?: IncidentEntry['hidden'];
}

/** What can be done with a line; left out where it can only be read. */
export interface TimelineActs {
  isBusy: boolean;
  onHide: (entryId: string) => void;
  onShow: (entryId: string) => void;
}

interface IncidentTimelineProps {
  /** Oldest first. */
  entries: readonly TimelineEntry[];
  acts?: TimelineActs;
  /** Nothing in the middle is folded away, for a reader without scripts. */
  isWhole?: boolean;
}

/** So many at each end are shown at once; those between on demand, and always on paper. */
const AT_ENDS = 20;
/** Id on the page of a shown line; the strip under the charts leads to it. */
export const entryDomId = (index: number) => `entry-${index}`;

/** The lines that are shown, oldest first. */
export function shownEntries<T extends TimelineEntry>(entries: readonly T[]): readonly T[] {
  return entries.filter(({ hidden }) => hidden == null);
}

/** What happened, in order: a glyph, what it was, what was seen. Lines can be hidden, never rewritten. */
export function IncidentTimeline({ entries, acts, isWhole = false }: Readonly<IncidentTimelineProps>) {
  const { zone } = useChartPage();
  const [showsAll, setShowsAll] = useState(false);
  const shown = shownEntries(entries);
  const between = isWhole ? 0 : Math.max(0, shown.length - 2 * AT_ENDS);
  const [first, last] = [shown[0], shown.at(-1)];
  const backMs = backfilledMs(shown);
  const firstLive = backMs === null ? -1 : shown.findIndex(({ atMs }) => atMs >= backMs);
  return (
    <PanelFrame
      title="What happened"
      {...(first === undefined || last === undefined
        ? {}
        : { question: daysText({ startMs: first.atMs, endMs: last.atMs }, zone) })}
      state={
        shown.length === 0
          ? { kind: 'empty', text: 'Nothing has been seen or written yet.' }
          : { kind: 'ready' }
      }
    >
      <ol className="relative">
        {shown.map((entry, index) => {
          const isBetween = index >= AT_ENDS && index < AT_ENDS + between;
          return (
            <Fragment key={entry.id ?? `${entry.atMs} ${index}`}>
              {between > 0 && index === AT_ENDS && (
                <li className="no-print py-2 pl-18">
                  <Button size="small" onClick={() => setShowsAll(!showsAll)}>
                    {showsAll ? `Hide ${between} in the middle` : `Show ${between} more in between`}
                  </Button>
                </li>
              )}
              {backMs !== null && index === firstLive && (
                <li className="pb-3 pl-18 text-label text-ink-3">
                  Up to here written down {formatStamp(backMs, 'minutes', zone)}, from what was stored
                </li>
              )}
              <Entry
                entry={entry}
                domId={entryDomId(index)}
                backMs={backMs}
                isFirstOfDay={
                  formatDate(entry.atMs, zone) !== formatDate(shown[index - 1]?.atMs ?? null, zone)
                }
                isFolded={isBetween && !showsAll}
                isLast={index === shown.length - 1}
                hasDays={formatDate(first?.atMs ?? null, zone) !== formatDate(last?.atMs ?? null, zone)}
                {...(acts === undefined ? {} : { acts })}
              />
            </Fragment>
          );
        })}
      </ol>
      <Hidden entries={entries} {...(acts === undefined ? {} : { acts })} />
    </PanelFrame>
  );
}

/** What was taken from sight, by whom and when: it is not gone. */
function Hidden({ entries, acts }: Readonly<IncidentTimelineProps>) {
  const { zone } = useChartPage();
  const hidden = entries.flatMap(({ hidden: by, ...entry }) =>
    by == null ? [] : [{ ...entry, hidden: by }],
  );
  if (hidden.length === 0) return null;
  return (
    <details className="no-print mt-2 border-t border-line pt-2">
      <summary className="w-fit cursor-pointer rounded-tag text-ink-2">
        {hidden.length} {hidden.length === 1 ? 'entry is' : 'entries are'} hidden
      </summary>
      <ul>
        {hidden.map((entry, index) => (
          <li
            key={entry.id ?? index}
            className="flex items-start gap-x-2 border-line py-2 not-first:border-t"
          >
            <div className="min-w-0 grow">
              <p className="break-words text-ink-2">
                {formatStamp(entry.atMs, 'minutes', zone)} {entry.title}
              </p>
              <p className="text-label break-words text-ink-3">
                hidden by {entry.hidden.by}, {formatStamp(entry.hidden.atMs, 'minutes', zone)}
              </p>
            </div>
            {acts !== undefined && entry.id !== undefined && (
              <Button
                size="small"
                aria-label={`Show: ${entry.title}`}
                disabled={acts.isBusy}
                onClick={() => acts.onShow(entry.id ?? '')}
              >
                Show
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
