'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import type { Command } from '@/lib/client/commands.ts';
import { type IncidentActions, incidentActions } from '@/lib/client/incident-actions.ts';
import { readScopeAddress, type ScopeAddress, scopeHref } from '@/lib/client/scope-address.ts';
import { useIncidents } from '@/lib/client/use-incidents.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { IncidentsView } from '@/lib/core/model/incident.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { useCommands } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { IncidentOpener } from './incident-open.tsx';
import { IncidentsScreen } from './incidents-screen.tsx';

interface IncidentsLiveProps {
  initial: IncidentsView;
  /** The server's actions, unless a test answers in their place. */
  actions?: Pick<IncidentActions, 'readIncidents' | 'openIncident'>;
  /** Leads to the page of an incident that was opened. */
  onOpened?: (id: string) => void;
}

/** The list of incidents in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function IncidentsLive({
  initial,
  actions = incidentActions,
  onOpened,
}: Readonly<IncidentsLiveProps>) {
  const params = useSearchParams();
  const { address, remarks } = readScopeAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, isPlaceholder, failure, refetch } = useIncidents(
    actions,
    address.scope,
    initial,
  );
  const zone = useZone(address.isLocal);
  const go = (to: Partial<ScopeAddress>): void =>
    window.history.pushState(null, '', scopeHref('/incidents', { ...address, ...to }, view.scopes));
  useCommands(
    'incidents',
    commandsOf(address.isLocal, () => go({ isLocal: !address.isLocal })),
  );
  const page = useMemo(() => zonePage(zone), [zone]);
  return (
    <ChartPageContext value={page}>
      <IncidentsScreen
        view={view}
        receivedAtMs={receivedAtMs}
        zone={zone}
        remarks={remarks}
        isBusy={isPlaceholder && failure === null}
        opener={
          <IncidentOpener
            scope={address.scope}
            open={actions.openIncident}
            {...(onOpened === undefined ? {} : { onOpened })}
          />
        }
        onScope={(scope) => go({ scope })}
        notice={
          failure && (
            <LiveNotice
              failure={failure}
              receivedAtMs={receivedAtMs}
              onAct={(action) => {
                if (action === 'retry') void refetch();
                // A page without a session leads to the login, and back here.
                else window.location.reload();
              }}
            />
          )
        }
      />
    </ChartPageContext>
  );
}

/** A page without charts: only its zone counts. */
function zonePage(zone: Zone): ChartPage {
  return { zone, scale: 'level', onScale: null, asTable: false, onZoom: null, marks: [], origin: null };
}

function commandsOf(isLocal: boolean, onZone: () => void): readonly Command[] {
  const make = (id: string, keys: string, title: string, run: () => void): Command => ({
    ...{ id, keys, title, run },
    group: 'Page',
    isAvailable: () => true,
  });
  return [
    make('incident-next', 'j', 'Next incident in the list', () => move(1)),
    make('incident-previous', 'k', 'Previous incident in the list', () => move(-1)),
    make('zone', 'u', isLocal ? 'Show times in UTC' : 'Show times in the local zone', onZone),
  ];
}

/** Focuses the next link of the list; Enter opens what is focused. */
function move(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-incident]')];
  const { activeElement } = document;
  const at = activeElement instanceof HTMLAnchorElement ? links.indexOf(activeElement) : -1;
  (links[at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by] ?? null)?.focus();
}
