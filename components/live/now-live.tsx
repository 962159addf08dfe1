'use client';

import { useMemo, useState } from 'react';
import {
  type AskedParams,
  addressHref,
  type NowAddress,
  type ReadAddress,
  set,
} from '@/lib/client/address.ts';
import { alertActions } from '@/lib/client/alert-actions.ts';
import { copyText } from '@/lib/client/copy-text.ts';
import { useTellFiring } from '@/lib/client/firing-count.ts';
import { nowActions } from '@/lib/client/now-actions.ts';
import { nowCommands } from '@/lib/client/now-commands.ts';
import { useAddress } from '@/lib/client/use-address.ts';
import { useAlertActs } from '@/lib/client/use-alert-acts.ts';
import { useNowView } from '@/lib/client/use-now-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import { zoomTo } from '@/lib/client/window-moves.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { MarkView, NowView } from '@/lib/core/model/view.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { watchChipWords } from '../panels/watch-words.ts';
import { openPopover } from '../ui/popover.tsx';
import { NowScreen } from './now-screen.tsx';
import { useChartShare } from './use-chart-share.tsx';

const NO_MARKS: readonly MarkView[] = [];

interface NowLiveProps {
  initial: NowView;
  /** What the server was asked, and how it read that. */
  initialAsked: AskedParams;
  initialAddress: ReadAddress;
}

/** The Now page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function NowLive({ initial, initialAsked, initialAddress }: Readonly<NowLiveProps>) {
  const { announce } = useCommandsContext();
  const [crosshair] = useState(createCrosshairStore);
  const { address, remarks, current, go } = useAddress({
    asked: initialAsked,
    read: initialAddress,
    scopes: initial.scopes,
    fallback: initial.scope,
  });
  const { view, receivedAtMs, isPlaceholder, failure, retry, refetch, nowMs, showDetails, poll } = useNowView(
    nowActions,
    address,
    initial,
    initialAddress.address,
  );
  const zone = useZone(address.isLocal);
  const firing = view.alerts && countFiring(view.alerts, view.asOfMs);
  useTellFiring(firing);
  const alerts = useAlertActs(alertActions, view.scope, refetch, announce);

  const copyLink = async (to: NowAddress): Promise<void> => {
    const copied = await copyText(new URL(addressHref(to, view.scopes), window.location.href).href);
    announce(
      copied ? 'Link copied' : 'This browser does not let a page copy. Copy the address above instead.',
    );
  };
  const copyCommand = async (text: string): Promise<void> => {
    announce((await copyText(text)) ? 'Copied' : 'Not copied: the browser does not allow it');
  };
  const { scale, asTable, hasMarks } = address;
  const { marks, origin } = view;
  const { onShare, dialog } = useChartShare(view.scope, {
    chart: 'redis_gets',
    title: view.redisGetsTitle,
    range: view.range,
  });
  const page = useMemo(
    (): ChartPage => ({
      zone,
      scale,
      onScale: (next) => go(set({ scale: next })),
      asTable,
      onZoom: (range) => go((now) => ({ ...now, window: zoomTo(now.window, range, nowMs()) })),
      marks: hasMarks ? marks : NO_MARKS,
      marksSwitch: { isOn: hasMarks, onSwitch: () => go((now) => ({ ...now, hasMarks: !now.hasMarks })) },
      onShare,
      origin,
    }),
    [zone, scale, asTable, hasMarks, marks, origin, go, nowMs, onShare],
  );
  useCommands(
    'now',
    nowCommands({
      address,
      current,
      scopes: view.scopes,
      seen: view.range,
      nowMs,
      go,
      copyLink: (to) => void copyLink(to),
      pollNow: poll.run,
      open: openPopover,
    }),
  );

  return (
    <CrosshairContext value={crosshair}>
      <ChartPageContext value={page}>
        <NowScreen
          view={view}
          address={address}
          receivedAtMs={receivedAtMs}
          zone={zone}
          nowMs={nowMs}
          watch={view.watch && watchChipWords(view.watch)}
          firing={firing}
          alerts={alerts}
          isBusy={isPlaceholder && failure === null}
          remarks={remarks}
          onGo={go}
          onCopyLink={(to) => void copyLink(to)}
          onCopy={(text) => void copyCommand(text)}
          onDetails={showDetails}
          poll={poll}
          notice={
            failure && (
              <LiveNotice
                failure={failure}
                receivedAtMs={receivedAtMs}
                onAct={(action) => {
                  if (action === 'retry') retry();
                  // A page without a session leads to the login, and back here.
                  else window.location.reload();
                }}
              />
            )
          }
        />
        {dialog}
      </ChartPageContext>
    </CrosshairContext>
  );
}
