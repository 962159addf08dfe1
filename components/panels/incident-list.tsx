'use client';

import type { IncidentLine } from '@/lib/core/model/incident.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { useLongList } from '../ui/long-list.tsx';
import { Status } from '../ui/status.tsx';
import { STATUS_WORDS, spanText } from './incident-words.ts';

const SHOWN = 30;

/** True for one that people still work on. */
export function isOpenIncident({ status, mergedInto }: IncidentLine): boolean {
  return status !== 'resolved' && mergedInto === null;
}

/** Incidents by whether they last: those that do first, a line each. Nothing where there is none. */
export function IncidentList({
  title,
  incidents,
  asOfMs,
}: Readonly<{ title: string; incidents: readonly IncidentLine[]; asOfMs: number }>) {
  const { shown, more } = useLongList(incidents, SHOWN, 'incidents');
  if (incidents.length === 0) return null;
  return (
    <section aria-label={`Incidents: ${title}`} className="mt-7 border-t border-line pt-3.5">
      <h2 className="text-section">{title}</h2>
      <ul>
        {shown.map((incident) => (
          <Line key={incident.id} incident={incident} asOfMs={asOfMs} />
        ))}
      </ul>
      {more}
    </section>
  );
}

function Line({ incident, asOfMs }: Readonly<{ incident: IncidentLine; asOfMs: number }>) {
  const { zone } = useChartPage();
  const { id, title, status, release, mergedInto, actionsOpen } = incident;
  const facts = [
    spanText(incident, asOfMs, zone),
    release,
    actionsOpen === 0 ? null : `${actionsOpen} ${actionsOpen === 1 ? 'action' : 'actions'} open`,
  ].filter((part) => part !== null);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-5 gap-y-1 border-line py-3.5 not-first:border-t tablet:grid-cols-[128px_minmax(0,1fr)]">
      {mergedInto === null ? (
        <Status {...STATUS_WORDS[status]} />
      ) : (
        <Status glyph="mark_outline" word="Merged" />
      )}
      <div className="min-w-0">
        <p className="text-prose font-medium wrap-anywhere">
          <a
            href={`/incidents/${id}`}
            data-incident=""
            className="underline decoration-line-ink underline-offset-2"
          >
            {title}
          </a>
        </p>
        <p className="break-words text-ink-3">{facts.join(' · ')}</p>
        {mergedInto !== null && (
          <p className="text-ink-3">
            It goes on in{' '}
            <a href={`/incidents/${mergedInto}`} className="underline underline-offset-2">
              another incident
            </a>
            .
          </p>
        )}
      </div>
    </li>
  );
}
