'use client';

import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { nowActions } from '@/lib/client/now-actions.ts';
import {
  type AskedParams,
  addressRemarks,
  type NowAddress,
  nowHref,
  readNowAddress,
} from '@/lib/client/now-address.ts';
import { useNowView } from '@/lib/client/use-now-view.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { LiveNotice } from '../panels/live-notice.tsx';
import { NowScreen } from './now-screen.tsx';

/** The Now page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function NowLive({
  initial,
  initialAddress,
}: Readonly<{ initial: NowView; initialAddress: NowAddress }>) {
  const params = useSearchParams();
  const [crosshair] = useState(createCrosshairStore);
  const asked: AskedParams = { range: params.get('range'), app: params.get('app'), env: params.get('env') };
  const address = readNowAddress(asked, initial.scopes, initial.scope);
  const { view, receivedAtMs, isPlaceholder, failure, retry, poll } = useNowView(
    nowActions,
    address,
    initial,
    initialAddress,
  );

  // The address changes without a round trip for the page: the next tick brings the whole new range.
  const go = (next: NowAddress) => window.history.pushState(null, '', nowHref(next, view.scopes));

  return (
    <CrosshairContext value={crosshair}>
      <NowScreen
        view={view}
        address={address}
        receivedAtMs={receivedAtMs}
        isBusy={isPlaceholder}
        remarks={addressRemarks(asked, address, initial.scopes)}
        onGo={go}
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
    </CrosshairContext>
  );
}
