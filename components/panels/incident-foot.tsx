'use client';

import type { IncidentView } from '@/lib/core/model/incident.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';

/** Where it came from, what went into it, and on paper when and from where it was printed. */
export function IncidentFoot({ view, printed }: Readonly<{ view: IncidentView; printed: string | null }>) {
  const { zone } = useChartPage();
  const { openedMs, openedBy, origin, merged } = view.incident;
  return (
    <footer className="mt-9 border-t border-line pt-3.5 text-label break-words text-ink-3">
      <p>
        Opened {formatStamp(openedMs, 'minutes', zone)} by {openedBy},{' '}
        <Origin view={view} kind={origin.kind} />.
      </p>
      {merged.length > 0 && (
        <p className="mt-1">
          {merged.length} {merged.length === 1 ? 'incident' : 'incidents'} went into it:{' '}
          {merged.map((id, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <a href={`/incidents/${id}`} className="underline underline-offset-2">
                {id}
              </a>
            </span>
          ))}
          .
        </p>
      )}
      {printed !== null && <p className="mt-1 hidden print:block">{printed}</p>}
    </footer>
  );
}

function Origin({
  view: { release, deployHref, incident },
  kind,
}: Readonly<{ view: IncidentView; kind: IncidentView['incident']['origin']['kind'] }>) {
  switch (kind) {
    case 'hand':
      return 'by hand';
    case 'alert':
      return (
        <>
          from{' '}
          <a
            href={`/alerts?alert=${encodeURIComponent(incident.origin.ref ?? '')}`}
            className="underline underline-offset-2"
          >
            an alert
          </a>
        </>
      );
    case 'verdict':
      return deployHref === null ? (
        'from a verdict'
      ) : (
        <>
          from the verdict of{' '}
          <a href={deployHref} className="underline underline-offset-2">
            {release ?? 'a deploy'}
          </a>
        </>
      );
    default:
      return kind satisfies never;
  }
}
