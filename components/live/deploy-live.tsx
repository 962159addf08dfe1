'use client';

import { useMemo } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { type DeployActions, deployActions } from '@/lib/client/deploy-actions.ts';
import { useDeploy } from '@/lib/client/use-deploys.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { DeployView } from '@/lib/server/queries/deploys.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { DeployScreen } from './deploy-screen.tsx';

interface DeployLiveProps {
  initial: DeployView;
  sources: readonly SourceKind[];
  actions?: Pick<DeployActions, 'readDeploy' | 'saveClaims' | 'confirmClaims'>;
}

/** The page of one deploy in the browser: follows by ticks while it rolls, keeps and confirms claims. */
export function DeployLive({ initial, sources, actions = deployActions }: Readonly<DeployLiveProps>) {
  const { announce } = useCommandsContext();
  const { view, receivedAtMs, failure, retry, change, isBusy, changeFailure } = useDeploy(actions, initial);
  const previousId = view.previous?.id ?? null;
  const nextId = view.next?.id ?? null;
  useCommands(
    'deploy',
    useMemo(() => {
      const to = (id: string | null) => () => id !== null && window.location.assign(`/deploys/${id}`);
      return [
        {
          id: 'deploy-before',
          keys: '[',
          title: 'Previous deploy',
          group: 'Page' as const,
          isAvailable: () => previousId !== null,
          run: to(previousId),
        },
        {
          id: 'deploy-after',
          keys: ']',
          title: 'Next deploy',
          group: 'Page' as const,
          isAvailable: () => nextId !== null,
          run: to(nextId),
        },
      ];
    }, [previousId, nextId]),
  );
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  return (
    <DeployScreen
      view={view}
      sources={sources}
      isBusy={isBusy}
      failure={changeFailure}
      onSave={async (claims) => {
        await change({ claims, confirm: false });
        announce('Saved');
      }}
      onConfirm={async () => {
        await change({ claims: view.deploy.claims, confirm: true });
        announce('Confirmed');
      }}
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
