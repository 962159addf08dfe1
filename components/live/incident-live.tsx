'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { type IncidentActions, incidentActions } from '@/lib/client/incident-actions.ts';
import { incidentCommands } from '@/lib/client/incident-commands.ts';
import { loadName } from '@/lib/client/person-name.ts';
import { type IncidentAct, useIncidentActs } from '@/lib/client/use-incident-acts.ts';
import { useIncidentPrint } from '@/lib/client/use-incident-print.ts';
import { useIncident } from '@/lib/client/use-incidents.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import type { IncidentView } from '@/lib/core/model/incident.ts';
import type { OriginView } from '@/lib/core/model/view.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { IncidentExport } from '../panels/incident-export.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { type IncidentDialog, IncidentDialogs } from './incident-dialogs.tsx';
import { IncidentScreen } from './incident-screen.tsx';
import { ShareButton } from './share-button.tsx';
import { useChartShare } from './use-chart-share.tsx';

interface IncidentLiveProps {
  initial: IncidentView;
  /** The server's actions, unless a test answers in their place. */
  actions?: Omit<IncidentActions, 'readIncidents' | 'openIncident'>;
}

/** A dialog, and who waits for what comes of it. */
interface Asked {
  dialog: IncidentDialog;
  settle?: { done: (value?: unknown) => void; refused: (why: Error) => void };
}

/** The page of one incident in the browser: follows by ticks, and writes down what people know, by name. */
export function IncidentLive({ initial, actions = incidentActions }: Readonly<IncidentLiveProps>) {
  const { announce } = useCommandsContext();
  const isLocal = useSearchParams().get('tz') === 'local';
  const zone = useZone(isLocal);
  const [crosshair] = useState(createCrosshairStore);
  const [scale, setScale] = useState<ChartScale>('level');
  const [asTable, setAsTable] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [name, setName] = useState('');
  useEffect(() => setName(loadName()), []);
  const { view, receivedAtMs, failure, refetch } = useIncident(actions, initial);
  const { incident } = view;
  const acts = useIncidentActs(actions, incident.id, refetch, announce);
  const printed = useIncidentPrint();

  const ask = (dialog: IncidentDialog, settle?: Asked['settle']): void => {
    acts.reset();
    setAsked({ dialog, ...(settle === undefined ? {} : { settle }) });
  };
  /** Does it by the name that this browser knows; without one that is asked for first. */
  const sign = (act: IncidentAct): Promise<unknown> => {
    const by = name.trim();
    if (by !== '') return acts.run({ ...act, by });
    return new Promise((done, refused) => ask({ kind: 'sign', act }, { done, refused }));
  };
  // Why it was not done stands on the page.
  const signQuietly = (act: IncidentAct): void => void sign(act).catch(() => {});

  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  const copyMarkdown = async (): Promise<void> => {
    const { incidentMarkdown } = await import('@/lib/core/incidents/incident-markdown.ts');
    await copy(incidentMarkdown(view, { url: window.location.href.replace(/[?#].*$/, '') }));
  };
  const print = (): void => window.print();
  useCommands(
    'incident',
    incidentCommands({
      isLocal,
      onMarkdown: () => void copyMarkdown(),
      onPrint: print,
      onScale: () =>
        setScale((now) => CHART_SCALES[(CHART_SCALES.indexOf(now) + 1) % CHART_SCALES.length] ?? 'level'),
      onTable: () => setAsTable((now) => !now),
      onZone: () => window.history.pushState(null, '', isLocal ? window.location.pathname : '?tz=local'),
    }),
  );
  const { marks, release } = view;
  const { onShare, dialog: chartDialog } = useChartShare(view.scope, null);
  const page = useMemo(
    (): ChartPage => ({
      ...{ zone, scale, asTable, marks, onShare },
      onScale: setScale,
      onZoom: null,
      origin: originOf(marks, release),
    }),
    [zone, scale, asTable, marks, onShare, release],
  );
  return (
    <CrosshairContext value={crosshair}>
      <ChartPageContext value={page}>
        <IncidentScreen
          view={view}
          receivedAtMs={receivedAtMs}
          zone={zone}
          failure={asked === null ? acts.failure : null}
          printed={printed}
          tools={
            <>
              <IncidentExport
                incidentId={incident.id}
                onMarkdown={() => void copyMarkdown()}
                onPrint={print}
              />
              <ShareButton subject={{ kind: 'incident', incidentId: incident.id }} />
            </>
          }
          acts={{
            isBusy: acts.isBusy,
            name: name.trim() === '' ? null : name.trim(),
            onStatus: (status) => signQuietly({ kind: 'status', status }),
            onEdit: () => ask({ kind: 'edit' }),
            onMerge: () => ask({ kind: 'merge' }),
            onNote: (markdown) => sign({ kind: 'note', markdown }),
            onRename: () => ask({ kind: 'sign', act: null }),
            onHypothesis: () => ask({ kind: 'hypothesis' }),
            onJudge: (hypothesis) => ask({ kind: 'judge', hypothesis }),
            onAction: () => ask({ kind: 'action' }),
            onDone: ({ id, done }) => signQuietly({ kind: 'done', actionId: id, done: done === null }),
            onHide: (entryId) => signQuietly({ kind: 'hide', entryId }),
            onShow: (entryId) => signQuietly({ kind: 'show', entryId }),
          }}
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
        {chartDialog}
        {asked !== null && (
          <IncidentDialogs
            dialog={asked.dialog}
            incident={incident}
            others={view.others}
            nowMs={view.asOfMs}
            isBusy={acts.isBusy}
            failure={acts.failure}
            run={async (act) => {
              const done = await acts.run(act);
              asked.settle?.done();
              return done;
            }}
            onNamed={setName}
            onClose={() => {
              // After it was done this changes nothing.
              asked.settle?.refused(new Error('No name was given.'));
              setAsked(null);
            }}
          />
        )}
      </ChartPageContext>
    </CrosshairContext>
  );
}

/** Time is counted from the deploy that it is about; null where that is not on the charts. */
function originOf(marks: IncidentView['marks'], release: string | null): OriginView | null {
  const mark = release === null ? undefined : marks.find((one) => one.release === release);
  return mark === undefined ? null : { atMs: mark.startMs, release: mark.release };
}
