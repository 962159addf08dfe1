'use client';

import { useSearchParams } from 'next/navigation';
import { configActions } from '@/lib/client/config-actions.ts';
import { copyText } from '@/lib/client/copy-text.ts';
import { useTellFiring } from '@/lib/client/firing-count.ts';
import { readScopeAddress, type ScopeAddress, scopeHref } from '@/lib/client/scope-address.ts';
import { type ConfigReads, useConfigView } from '@/lib/client/use-config-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { ConfigScreen } from './config-screen.tsx';

interface ConfigLiveProps {
  initial: ConfigView;
  /** What the server drew it for. */
  initialAddress: ScopeAddress;
  /** The server's action, unless a test answers in its place. */
  actions?: ConfigReads;
}

/** The Config page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function ConfigLive({ initial, initialAddress, actions = configActions }: Readonly<ConfigLiveProps>) {
  const { announce } = useCommandsContext();
  const params = useSearchParams();
  const { address, remarks } = readScopeAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, failure, refetch } = useConfigView(
    actions,
    address.scope,
    initial,
    initialAddress.scope,
  );
  const zone = useZone(address.isLocal);
  useTellFiring(view.firing);

  const go = (to: Partial<ScopeAddress>): void =>
    window.history.pushState(null, '', scopeHref('/config', { ...address, ...to }, view.scopes));
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  useCommands('config', [
    {
      id: 'zone',
      keys: 'u',
      title: address.isLocal ? 'Show times in UTC' : 'Show times in the local zone',
      group: 'Page',
      isAvailable: () => true,
      run: () => go({ isLocal: !address.isLocal }),
    },
  ]);
  return (
    <ConfigScreen
      view={view}
      receivedAtMs={receivedAtMs}
      zone={zone}
      remarks={remarks}
      onScope={(scope) => go({ scope })}
      onCopy={(text) => void copy(text)}
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
  );
}
