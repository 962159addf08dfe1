'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { alertActions } from '@/lib/client/alert-actions.ts';
import { type AlertsAddress, alertsHref, readAlertsAddress } from '@/lib/client/alerts-address.ts';
import { alertsCommands } from '@/lib/client/alerts-commands.ts';
import { useTellFiring } from '@/lib/client/firing-count.ts';
import { type AlertWrites, useAlertActs } from '@/lib/client/use-alert-acts.ts';
import { type AlertReads, useAlertsView } from '@/lib/client/use-alerts-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import type { AlertActs } from '../panels/alerts-panel.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { AlertsScreen } from './alerts-screen.tsx';

interface AlertsLiveProps {
  initial: AlertsView;
  /** What the server drew it for. */
  initialAddress: AlertsAddress;
  /** The server's actions, unless a test answers in their place. */
  actions?: AlertReads & AlertWrites;
}

/** The Alerts page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function AlertsLive({ initial, initialAddress, actions = alertActions }: Readonly<AlertsLiveProps>) {
  const { announce } = useCommandsContext();
  const params = useSearchParams();
  const { address, remarks } = readAlertsAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, failure, refetch } = useAlertsView(actions, address, initial, initialAddress);
  const writes = useAlertActs(actions, address.scope, refetch, announce);
  const zone = useZone(address.isLocal);
  useTellFiring(view.alerts && countFiring(view.alerts, view.asOfMs));

  const selectedId = address.selected ?? view.detail?.id ?? null;
  const hrefOf = (to: Partial<AlertsAddress>): string => alertsHref({ ...address, ...to }, view.scopes);
  const go = (to: Partial<AlertsAddress>): void => window.history.pushState(null, '', hrefOf(to));
  // What was acted on stays chosen, though the order of the list changes: the next key must not meet another alert.
  // Neither this nor moving through the list is a step of the history: Back leaves the page.
  const hold = (id: string): void => window.history.replaceState(null, '', hrefOf({ selected: id }));
  const acts: AlertActs = {
    acknowledge: (id) => {
      hold(id);
      writes.acts.acknowledge(id);
    },
    silence: (id, span) => {
      hold(id);
      writes.acts.silence(id, span);
    },
    wake: (id) => {
      hold(id);
      writes.acts.wake(id);
    },
  };
  useCommands(
    'alerts',
    alertsCommands({
      alerts: view.alerts ?? [],
      selectedId,
      isLocal: address.isLocal,
      hasWatch: false,
      select: (id) => {
        hold(id);
        linkOf(id)?.focus();
      },
      ...acts,
      setLocal: (isLocal) => go({ isLocal }),
    }),
  );
  const page = useMemo(
    (): ChartPage => ({
      zone,
      scale: 'level',
      onScale: null,
      asTable: false,
      onZoom: null,
      marks: [],
      origin: null,
    }),
    [zone],
  );
  const isGone = address.selected !== null && view.detail === null && view.alerts !== null;
  return (
    <ChartPageContext value={page}>
      <AlertsScreen
        view={view}
        receivedAtMs={receivedAtMs}
        zone={zone}
        remarks={[
          ...remarks,
          ...(isGone ? ['The alert of this link is not in the list any more.'] : []),
          ...(writes.failure === null ? [] : [writes.failure]),
        ]}
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
        acts={acts}
        busyId={writes.busyId}
        openingOf={(id) => ({
          href: hrefOf({ selected: id }),
          isSelected: id === selectedId,
          onOpen: () => {
            go({ selected: id });
            document.getElementById('alert-detail')?.focus();
          },
        })}
        onScope={(scope) => go({ scope, selected: null })}
      />
    </ChartPageContext>
  );
}

/** The link of an alert in the list, found by where it leads. */
function linkOf(id: string): HTMLAnchorElement | null {
  const links = document.querySelectorAll<HTMLAnchorElement>('a[href^="/alerts?"]');
  return [...links].find((link) => new URL(link.href).searchParams.get('alert') === id) ?? null;
}
