'use client';

import type { ReactNode } from 'react';
import { goLive } from '@/lib/client/window-moves.ts';
import { PageBody } from '../layout/app-frame.tsx';
import type { AlertActs } from '../panels/alert-buttons.tsx';
import type { LiveFailure } from '../panels/live-notice.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SuspensionPanel } from '../panels/suspension-panel.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { FaultLive } from './fault-live.tsx';
import { NowHeader, type NowHeaderProps } from './now-header.tsx';
import { NowPanels } from './now-panels.tsx';

interface NowScreenProps extends NowHeaderProps {
  /** True while data of another address stand in. */
  isBusy?: boolean;
  /** What of the address could not be shown as asked. */
  remarks?: readonly string[];
  notice?: ReactNode;
  poll: { run: () => void; isRunning: boolean; failure: LiveFailure | null };
  /** Puts a command where it can be pasted; absent where nothing can be copied. */
  onCopy?: (text: string) => void;
  /** Somebody opened or closed what a tick brings only on request. */
  onDetails?: (shows: boolean) => void;
  /** What this reader may do to alerts; absent where nothing can be done. */
  alerts?: { acts: AlertActs; busyId: string | null; failure: string | null };
}

/** The Now page as markup: is anything wrong, and what do the sources say right now? */
export function NowScreen(props: Readonly<NowScreenProps>) {
  const { view, address, isBusy = false, remarks = [], poll } = props;
  // A frozen page does not get older while it is looked at: ages stand still with everything else.
  const isLive = address.window.kind === 'live';
  const receivedAtMs = isLive ? props.receivedAtMs : null;
  return (
    <>
      <NowHeader {...props} receivedAtMs={receivedAtMs} />
      <PageBody isBusy={isBusy}>
        {view.demo && <FaultLive />}
        {props.notice}
        {[
          ...remarks,
          ...(poll.failure === null ? [] : [`Poll now: ${poll.failure.text}`]),
          ...(props.alerts?.failure == null ? [] : [`Alerts: ${props.alerts.failure}`]),
        ].map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <div className="mb-2.5 flex min-h-9 items-center gap-x-3 tablet:min-h-8">
          <p className="flex flex-wrap items-baseline gap-x-2 text-ink-3">
            <span className="font-semibold text-ink">Now</span>
            <span>
              {view.watch === null
                ? 'Is anything wrong?'
                : 'Is anything wrong, and did the last deploy hold?'}
            </span>
          </p>
          <span className="no-print ml-auto shrink-0">
            {isLive ? (
              <Button size="small" className="max-tablet:h-9" disabled={poll.isRunning} onClick={poll.run}>
                <Icon name="again" size={14} />
                {poll.isRunning ? 'Polling…' : 'Poll now'}
              </Button>
            ) : (
              <Button
                size="small"
                className="max-tablet:h-9"
                onClick={() => props.onGo((now) => ({ ...now, window: goLive(now.window) }))}
              >
                Back to now
              </Button>
            )}
          </span>
        </div>
        <SuspensionPanel
          suspension={view.suspension ?? null}
          nowMs={view.asOfMs}
          onCopy={props.onCopy}
          onToggle={props.onDetails}
        />
        <Sentence sentence={view.sentence} />
        <NowPanels
          view={view}
          receivedAtMs={receivedAtMs}
          alertActs={props.alerts?.acts ?? null}
          busyAlertId={props.alerts?.busyId ?? null}
        />
      </PageBody>
    </>
  );
}
