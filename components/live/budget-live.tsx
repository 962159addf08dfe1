'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { budgetActions } from '@/lib/client/budget-actions.ts';
import { copyText } from '@/lib/client/copy-text.ts';
import { useTellFiring } from '@/lib/client/firing-count.ts';
import { readScopeAddress, type ScopeAddress, scopeHref } from '@/lib/client/scope-address.ts';
import { type BudgetReads, useBudgetView } from '@/lib/client/use-budget-view.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { BudgetScreen } from './budget-screen.tsx';

interface BudgetLiveProps {
  initial: BudgetView;
  /** What the server drew it for. */
  initialAddress: ScopeAddress;
  /** The server's action, unless a test answers in its place. */
  actions?: BudgetReads;
}

/** The Budget page in the browser: starts from what the server drew, then follows by ticks. The address is its only state. */
export function BudgetLive({ initial, initialAddress, actions = budgetActions }: Readonly<BudgetLiveProps>) {
  const { announce } = useCommandsContext();
  const params = useSearchParams();
  const { address, remarks } = readScopeAddress((name) => params.get(name), initial.scopes, initial.scope);
  const { view, receivedAtMs, failure, refetch } = useBudgetView(
    actions,
    address.scope,
    initial,
    initialAddress.scope,
  );
  const zone = useZone(address.isLocal);
  useTellFiring(view.firing ?? null);

  const go = (to: Partial<ScopeAddress>): void =>
    window.history.pushState(null, '', scopeHref('/budget', { ...address, ...to }, view.scopes));
  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  useCommands('budget', [
    {
      id: 'zone',
      keys: 'u',
      title: address.isLocal ? 'Show times in UTC' : 'Show times in the local zone',
      group: 'Page',
      isAvailable: () => true,
      run: () => go({ isLocal: !address.isLocal }),
    },
  ]);
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
  return (
    <ChartPageContext value={page}>
      <BudgetScreen
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
    </ChartPageContext>
  );
}
