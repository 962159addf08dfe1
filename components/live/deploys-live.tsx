'use client';

import { useSearchParams } from 'next/navigation';
import { copyText } from '@/lib/client/copy-text.ts';
import { type DeployActions, deployActions } from '@/lib/client/deploy-actions.ts';
import { type DeploysAddress, deploysHref, readDeploysAddress } from '@/lib/client/deploys-address.ts';
import { useDeploys } from '@/lib/client/use-deploys.ts';
import type { DeploysView } from '@/lib/server/queries/deploys.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { DeploysScreen } from './deploys-screen.tsx';

interface DeploysLiveProps {
  initial: DeploysView;
  /** What the server drew it for. */
  initialAddress: DeploysAddress;
  base: string;
  actions?: Pick<DeployActions, 'readDeploys'>;
}

/** The list of deploys in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function DeploysLive({
  initial,
  initialAddress,
  base,
  actions = deployActions,
}: Readonly<DeploysLiveProps>) {
  const { announce } = useCommandsContext();
  const params = useSearchParams();
  const { address, remarks } = readDeploysAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, isPlaceholder, failure, retry } = useDeploys(
    actions,
    address,
    initial,
    initialAddress,
  );
  const hrefOf = (to: Partial<DeploysAddress>) => deploysHref({ ...address, ...to }, view.scopes);
  const go = (to: Partial<DeploysAddress>): void => window.history.pushState(null, '', hrefOf(to));
  const newHref = deploysHref({ ...address, kind: null }, view.scopes, '/deploys/new');
  const move = (by: 1 | -1): void => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-deploy]')];
    const { activeElement } = document;
    const at = activeElement instanceof HTMLAnchorElement ? links.indexOf(activeElement) : -1;
    (links[at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by] ?? null)?.focus();
  };
  const always = () => true;
  useCommands('deploys', [
    {
      id: 'deploy-next',
      keys: 'j',
      title: 'Next deploy in the list',
      group: 'Page',
      isAvailable: always,
      run: () => move(1),
    },
    {
      id: 'deploy-previous',
      keys: 'k',
      title: 'Previous deploy in the list',
      group: 'Page',
      isAvailable: always,
      run: () => move(-1),
    },
    {
      id: 'deploy-new',
      keys: 'n',
      title: 'New deploy',
      group: 'Page',
      isAvailable: always,
      run: () => window.location.assign(newHref),
    },
  ]);
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  return (
    <DeploysScreen
      view={view}
      address={address}
      remarks={remarks}
      isBusy={isPlaceholder && failure === null}
      base={base}
      newHref={newHref}
      hrefOf={(kind) => hrefOf({ kind })}
      onKind={(kind) => go({ kind })}
      onScope={(scope) => go({ scope })}
      onCopy={(text) => void copy(text)}
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
  );
}
