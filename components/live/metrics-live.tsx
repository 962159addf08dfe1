'use client';

import { useMemo } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { readMetrics } from '@/lib/client/metrics-actions.ts';
import {
  type AskedMetrics,
  type MetricsAddress,
  metricsHref,
  onMetrics,
  type ReadMetricsAddress,
} from '@/lib/client/metrics-address.ts';
import { nowCommands } from '@/lib/client/now-commands.ts';
import { useMetricsAddress, useMetricsView } from '@/lib/client/use-metrics-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { openPopover } from '../ui/popover.tsx';
import { MetricsScreen } from './metrics-screen.tsx';

interface MetricsLiveProps {
  initial: MetricsPageView;
  /** What the server was asked, and how it read that. */
  initialAsked: AskedMetrics;
  initialAddress: ReadMetricsAddress;
}

/** The metrics page in the browser: starts from what the server drew, then follows by ticks. */
export function MetricsLive({ initial, initialAsked, initialAddress }: Readonly<MetricsLiveProps>) {
  const { announce } = useCommandsContext();
  const { address, remarks, current, go } = useMetricsAddress({
    asked: initialAsked,
    read: initialAddress,
    scopes: initial.scopes,
    fallback: initial.scope,
  });
  const { view, receivedAtMs, isPlaceholder, failure, retry } = useMetricsView(
    readMetrics,
    address,
    initial,
    initialAddress.address,
  );
  const zone = useZone(address.isLocal);

  const copyLink = async (to: MetricsAddress): Promise<void> => {
    const copied = await copyText(new URL(metricsHref(to, view.scopes), window.location.href).href);
    announce(
      copied ? 'Link copied' : 'This browser does not let a page copy. Copy the address above instead.',
    );
  };
  const shared = nowCommands({
    address,
    current,
    scopes: view.scopes,
    seen: view.range,
    nowMs: () => view.asOfMs,
    go: (change) => go(onMetrics(change)),
    copyLink: (to) => void copyLink({ ...current(), ...to }),
    pollNow: () => {},
    open: openPopover,
  });
  const { perRequest } = address;
  useCommands(
    'metrics',
    useMemo(
      () => [
        // Scales are of charts, and visits are asked for on the Now page.
        ...shared.filter(({ group, id }) => id !== 'poll' && (group !== 'Charts' || id === 'table')),
        {
          id: 'per-request',
          title: perRequest ? 'Show numbers by time' : 'Show numbers per request',
          group: 'Charts',
          keys: null,
          isAvailable: () => true,
          run: () => go((now) => ({ ...now, perRequest: !now.perRequest })),
        },
      ],
      [shared, perRequest, go],
    ),
  );

  return (
    <MetricsScreen
      view={view}
      address={address}
      receivedAtMs={receivedAtMs}
      zone={zone}
      isBusy={isPlaceholder && failure === null}
      remarks={remarks}
      onGo={go}
      onCopyLink={(to) => void copyLink(to)}
      notice={
        failure && (
          <LiveNotice
            failure={failure}
            receivedAtMs={receivedAtMs}
            onAct={(action) => {
              if (action === 'retry') retry();
              else window.location.reload();
            }}
          />
        )
      }
    />
  );
}
