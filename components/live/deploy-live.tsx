'use client';

import { useMemo, useState } from 'react';
import type { Command } from '@/lib/client/commands.ts';
import { copyText } from '@/lib/client/copy-text.ts';
import { type DeployActions, deployActions } from '@/lib/client/deploy-actions.ts';
import { useDeploy } from '@/lib/client/use-deploys.ts';
import { useWatchActs } from '@/lib/client/use-watch-acts.ts';
import { type WatchWrites, watchActions } from '@/lib/client/watch-actions.ts';
import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { DeployView } from '@/lib/server/queries/deploys.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { DeployScreen } from './deploy-screen.tsx';
import { type WatchDialog, WatchDialogs } from './deploy-watch.tsx';
import { ShareButton } from './share-button.tsx';

interface DeployLiveProps {
  initial: DeployView;
  sources: readonly SourceKind[];
  actions?: Pick<DeployActions, 'readDeploy' | 'saveClaims' | 'confirmClaims'> & WatchWrites;
}

const REAL = { ...deployActions, ...watchActions };

/** The page of one deploy in the browser: follows by ticks, keeps and confirms claims, signs and overrides. */
export function DeployLive({ initial, sources, actions = REAL }: Readonly<DeployLiveProps>) {
  const { announce } = useCommandsContext();
  const [crosshair] = useState(createCrosshairStore);
  const [scale, setScale] = useState<ChartScale>('level');
  const [asTable, setAsTable] = useState(false);
  const [dialog, setDialog] = useState<WatchDialog | null>(null);
  const { view, receivedAtMs, failure, retry, refetch, change, isBusy, changeFailure } = useDeploy(
    actions,
    initial,
  );
  const { watch, deploy } = view;
  const acts = useWatchActs(actions, deploy.id, refetch, announce);
  const open = (next: WatchDialog): void => {
    acts.reset();
    setDialog(next);
  };
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  const copyMarkdown = async (): Promise<void> => {
    if (watch === null) return;
    const { watchMarkdown } = await import('@/lib/core/watch/markdown.ts');
    await copy(watchMarkdown(watch, { url: window.location.href.replace(/#.*$/, '') }));
  };
  useCommands(
    'deploy',
    commandsOf({
      previousId: view.previous?.id ?? null,
      nextId: view.next?.id ?? null,
      isWatched: watch !== null,
      onMarkdown: () => void copyMarkdown(),
      onOverride: () => open({ kind: 'override' }),
      onScale: () =>
        setScale((now) => CHART_SCALES[(CHART_SCALES.indexOf(now) + 1) % CHART_SCALES.length] ?? 'level'),
      onTable: () => setAsTable((now) => !now),
    }),
  );
  const originMs = watch?.view.originMs ?? null;
  const marks = watch?.marks ?? null;
  const page = useMemo(
    (): ChartPage => ({
      zone: 'UTC',
      scale,
      onScale: setScale,
      asTable,
      onZoom: null,
      marks: marks ?? [],
      origin: originMs === null ? null : { atMs: originMs, release: deploy.release },
    }),
    [scale, asTable, marks, originMs, deploy.release],
  );
  return (
    <CrosshairContext value={crosshair}>
      <ChartPageContext value={page}>
        <DeployScreen
          view={view}
          receivedAtMs={receivedAtMs}
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
          share={<ShareButton subject={{ kind: 'deploy', deployId: deploy.id }} />}
          watchActs={{
            isBusy: acts.isBusy,
            onMarkdown: () => void copyMarkdown(),
            onOverride: () => open({ kind: 'override' }),
            onWithdraw: () => open({ kind: 'withdraw' }),
            onSign: (check) => open({ kind: 'sign', check }),
            onUnsign: (check) => open({ kind: 'unsign', check }),
            onFollowUp: (followUp) => open({ kind: 'follow_up', followUp }),
          }}
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
        {dialog !== null && watch !== null && (
          <WatchDialogs
            dialog={dialog}
            detail={watch}
            run={acts.run}
            isBusy={acts.isBusy}
            failure={acts.failure}
            onClose={() => setDialog(null)}
          />
        )}
      </ChartPageContext>
    </CrosshairContext>
  );
}

interface CommandInput {
  previousId: string | null;
  nextId: string | null;
  isWatched: boolean;
  onMarkdown: () => void;
  onOverride: () => void;
  onScale: () => void;
  onTable: () => void;
}

function commandsOf(input: CommandInput): readonly Command[] {
  const { previousId, nextId, isWatched } = input;
  const make = (
    id: string,
    keys: string | null,
    title: string,
    isAvailable: boolean,
    run: () => void,
    group: Command['group'] = 'Page',
  ): Command => ({ id, keys, title, group, isAvailable: () => isAvailable, run });
  const to = (id: string | null) => () => id !== null && window.location.assign(`/deploys/${id}`);
  return [
    make('deploy-before', '[', 'Previous deploy', previousId !== null, to(previousId)),
    make('deploy-after', ']', 'Next deploy', nextId !== null, to(nextId)),
    make('markdown', 'm', 'Copy the verdict as Markdown', isWatched, input.onMarkdown),
    make('override', null, 'Override the verdict', isWatched, input.onOverride),
    make('next-scale', 'l', 'Next axis: level, index, log', isWatched, input.onScale, 'Charts'),
    make('table', 'v', 'All charts as tables, or as charts again', isWatched, input.onTable, 'Charts'),
  ];
}
