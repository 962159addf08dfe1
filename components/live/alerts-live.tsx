'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { type AlertsAddress, alertsHref, readAlertsAddress } from '@/lib/client/alerts-address.ts';
import { alertsCommands } from '@/lib/client/alerts-commands.ts';
import { type AlertsPageActions, alertsPageActions } from '@/lib/client/alerts-page-actions.ts';
import { copyText } from '@/lib/client/copy-text.ts';
import { useTellFiring } from '@/lib/client/firing-count.ts';
import { useAlertActs } from '@/lib/client/use-alert-acts.ts';
import { BACKTEST_DAYS } from '@/lib/client/use-alert-backtest.ts';
import { useAlertsView } from '@/lib/client/use-alerts-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import { type AlertsTab, inOrder, listAlerts } from '@/lib/core/alerts/alert-groups.ts';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import type { AlertActs } from '../panels/alert-buttons.tsx';
import { AlertRules } from '../panels/alert-rules.tsx';
import { AlertSection } from '../panels/alert-section.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { SuspensionPanel } from '../panels/suspension-panel.tsx';
import { AlertsBacktest } from './alerts-backtest.tsx';
import { AlertsMaintenance } from './alerts-maintenance.tsx';
import { AlertsReceivers } from './alerts-receivers.tsx';
import { AlertsScreen } from './alerts-screen.tsx';
import { IncidentOpener } from './incident-open.tsx';

interface AlertsLiveProps {
  initial: AlertsView;
  /** What the server drew it for. */
  initialAddress: AlertsAddress;
  /** The server's actions, unless a test answers in their place. */
  actions?: AlertsPageActions;
}

/** The Alerts page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function AlertsLive({
  initial,
  initialAddress,
  actions = alertsPageActions,
}: Readonly<AlertsLiveProps>) {
  const { announce } = useCommandsContext();
  const params = useSearchParams();
  const { address, remarks } = readAlertsAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, failure, refetch } = useAlertsView(actions, address, initial, initialAddress);
  const writes = useAlertActs(actions, address.scope, refetch, announce);
  const zone = useZone(address.isLocal);
  useTellFiring(view.alerts && countFiring(view.alerts, view.asOfMs));

  const [linked] = useState(initialAddress.selected);
  // A link to one alert shows it at once, also where the list stands above it.
  useEffect(() => {
    const detail = linked === null ? null : document.getElementById('alert-detail');
    if (detail !== null && detail.getBoundingClientRect().top > window.innerHeight) detail.scrollIntoView();
  }, [linked]);

  const { tab } = address;
  const listing = view.alerts === null ? null : listAlerts(view.alerts, tab, address.selected, view.asOfMs);
  const listed = listing === null ? [] : inOrder(listing);
  const selectedId = address.selected ?? listed.find(({ id }) => id === view.detail?.id)?.id ?? null;
  const hrefOf = (to: Partial<AlertsAddress>): string => alertsHref({ ...address, ...to }, view.scopes);
  const go = (to: Partial<AlertsAddress>): void => window.history.pushState(null, '', hrefOf(to));
  // What was acted on stays chosen, though the order of the list changes: the next key must not meet another alert.
  // Neither this nor moving through the list is a step of the history: Back leaves the page.
  const hold = (id: string): void => window.history.replaceState(null, '', hrefOf({ selected: id }));
  // What was chosen in one list need not be in the other.
  const toTab = (to: AlertsTab): Partial<AlertsAddress> => ({
    tab: to,
    selected:
      to === 'resolved'
        ? (inOrder(listAlerts(view.alerts ?? [], to, null, view.asOfMs))[0]?.id ?? null)
        : null,
  });
  const setTab = (to: AlertsTab): void => go(toTab(to));
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
      alerts: listed,
      selectedId,
      tab,
      isLocal: address.isLocal,
      hasWatch: view.watchEndMs !== null,
      select: (id) => {
        hold(id);
        linkOf(id)?.focus();
      },
      ...acts,
      setLocal: (isLocal) => go({ isLocal }),
      setTab,
    }),
  );
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
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
        tab={tab}
        listing={listing}
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
        banner={
          <SuspensionPanel
            suspension={view.suspension ?? null}
            nowMs={view.asOfMs}
            onCopy={(text) => void copy(text)}
          />
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
        hrefOf={(to) => hrefOf(toTab(to))}
        onTab={setTab}
        onScope={(scope) => go({ scope, selected: null })}
        onCopy={(text) => void copy(text)}
        incidentOf={({ id, title }) => (
          <IncidentOpener
            key={`incident of ${id}`}
            scope={address.scope}
            origin={{ kind: 'alert', ref: id, about: title }}
            className="max-w-full"
          />
        )}
        below={({ rule }) => (
          <>
            <AlertSection title={`Last ${BACKTEST_DAYS} days`}>
              <AlertsBacktest key={rule} actions={actions} scope={address.scope} rule={rule} />
            </AlertSection>
            <AlertsReceivers actions={actions} receivers={view.receivers} />
          </>
        )}
        maintenance={
          <AlertsMaintenance
            view={view}
            receivedAtMs={receivedAtMs}
            zone={zone}
            actions={actions}
            onDone={refetch}
            announce={announce}
          />
        }
        rules={
          <AlertRules
            rules={view.rules}
            backtestOf={(rule) => <AlertsBacktest actions={actions} scope={address.scope} rule={rule} />}
          />
        }
      />
    </ChartPageContext>
  );
}

/** The link of an alert in the list, found by where it leads. */
function linkOf(id: string): HTMLAnchorElement | null {
  const links = document.querySelectorAll<HTMLAnchorElement>('a[data-alert-link]');
  return [...links].find((link) => new URL(link.href).searchParams.get('alert') === id) ?? null;
}
