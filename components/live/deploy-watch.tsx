'use client';

import type { ReactNode } from 'react';
import { keepName, loadName } from '@/lib/client/person-name.ts';
import type { WatchAct } from '@/lib/client/use-watch-acts.ts';
import { needsWayBack } from '@/lib/core/deploys/way-back.ts';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { FollowUpState, WatchCheck } from '@/lib/core/model/verdict.ts';
import type { ClaimForecastView, WatchDetail } from '@/lib/core/model/watch.ts';
import { Section } from '../layout/section.tsx';
import { DeployChanged } from '../panels/deploy-changed.tsx';
import { DeployRollback } from '../panels/deploy-rollback.tsx';
import { WatchCharts } from '../panels/watch-charts.tsx';
import { WatchChecks } from '../panels/watch-checks.tsx';
import { WatchClaims } from '../panels/watch-claims.tsx';
import {
  FollowUpDialog,
  OverrideDialog,
  SignDialog,
  UnsignDialog,
  WithdrawDialog,
} from '../panels/watch-dialogs.tsx';
import { WatchFollowUps } from '../panels/watch-follow-ups.tsx';
import { WatchGuards, WatchHistory } from '../panels/watch-history.tsx';
import { WatchMachines } from '../panels/watch-machines.tsx';
import { WatchRail } from '../panels/watch-rail.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';

interface DeployWatchProps {
  detail: WatchDetail;
  deploy: Deploy;
  forecasts: readonly ClaimForecastView[];
  /** True before the first evaluation is done. */
  isUnjudged: boolean;
  asOfMs: number;
  receivedAtMs: number | null;
  onCopy: (text: string) => void;
  isBusy: boolean;
  onSign: (check: WatchCheck) => void;
  onUnsign: (check: WatchCheck) => void;
  onFollowUp: (followUp: FollowUpState) => void;
}

const FIRST_LOOK =
  'The first look at them is under way; it takes a moment where days before it have to be read.';

/** What became of a deploy: the way back first where it is needed, then how far it is, its claims and what they rest on. */
export function DeployWatch(props: Readonly<DeployWatchProps>) {
  const { detail, deploy, forecasts, asOfMs, receivedAtMs, isBusy } = props;
  const steps = deploy.document?.rollback ?? [];
  const isBad = needsWayBack(detail.view);
  const wayBack = <DeployRollback steps={steps} onCopy={props.onCopy} />;
  return (
    <>
      {isBad && <div className="mt-7 border-y border-line py-4">{wayBack}</div>}
      <WatchRail watch={detail.view} />
      <Section>
        <WatchClaims
          detail={detail}
          forecasts={forecasts}
          {...(props.isUnjudged ? { state: { kind: 'empty', text: FIRST_LOOK } } : {})}
        />
      </Section>
      <div className="mt-7 grid grid-cols-1 gap-x-12 gap-y-7 border-t border-line pt-4 tablet:mt-9 tablet:pt-4.5 desk:grid-cols-[minmax(0,1fr)_320px]">
        {/* Beside the charts where there is room; before them where there is none. */}
        <div className="flex min-w-0 flex-col gap-7 desk:col-start-2 desk:row-start-1 desk:border-l desk:border-line desk:pl-6">
          {!isBad && steps.length > 0 && <Part>{wayBack}</Part>}
          <Part>
            <WatchChecks detail={detail} isBusy={isBusy} onSign={props.onSign} onUnsign={props.onUnsign} />
          </Part>
          {detail.followUps.length > 0 && (
            <Part>
              <WatchFollowUps
                followUps={detail.followUps}
                nowMs={asOfMs}
                isBusy={isBusy}
                onChange={props.onFollowUp}
              />
            </Part>
          )}
          {detail.notChecked.length > 0 && (
            <Part>
              <WatchGuards notChecked={detail.notChecked} />
            </Part>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-7 desk:row-start-1">
          {detail.charts.length > 0 && (
            <Part>
              <WatchCharts
                detail={detail}
                claims={deploy.claims}
                asOfMs={asOfMs}
                receivedAtMs={receivedAtMs}
              />
            </Part>
          )}
          <Part>
            <WatchMachines detail={detail} />
          </Part>
          <Part>
            <PanelFrame title="What changed" question="What is known of it?" state={{ kind: 'ready' }}>
              <DeployChanged deploy={deploy} asOfMs={asOfMs} />
            </PanelFrame>
          </Part>
          <Part>
            <WatchHistory detail={detail} />
          </Part>
        </div>
      </div>
    </>
  );
}

/** A panel of a column: a hairline over it where it is not the first. */
function Part({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="border-line not-first:border-t not-first:pt-4.5">{children}</div>;
}

/** What a person is about to do to a watch. */
export type WatchDialog =
  | { kind: 'sign' | 'unsign'; check: WatchCheck }
  | { kind: 'override' | 'withdraw' }
  | { kind: 'follow_up'; followUp: FollowUpState };

const PERSON = { load: loadName, keep: keepName };

/** The dialog for what a person is about to do; it is put away once that is done. */
export function WatchDialogs({
  dialog,
  detail,
  run,
  ...page
}: Readonly<{
  dialog: WatchDialog;
  detail: WatchDetail;
  run: (act: WatchAct) => Promise<unknown>;
  isBusy: boolean;
  failure: string | null;
  onClose: () => void;
}>) {
  const common = { ...page, person: PERSON };
  switch (dialog.kind) {
    case 'sign':
      return (
        <SignDialog
          check={dialog.check}
          {...common}
          onSign={(said) => run({ kind: 'sign', checkId: dialog.check.id, ...said })}
        />
      );
    case 'unsign':
      return (
        <UnsignDialog
          check={dialog.check}
          {...common}
          onUnsign={(by) => run({ kind: 'unsign', checkId: dialog.check.id, by })}
        />
      );
    case 'override':
      return (
        <OverrideDialog
          release={detail.view.release}
          {...common}
          onOverride={(said) => run({ kind: 'override', ...said })}
        />
      );
    case 'withdraw':
      return detail.override === null ? null : (
        <WithdrawDialog
          override={detail.override}
          {...common}
          onWithdraw={(by) => run({ kind: 'withdraw', by })}
        />
      );
    case 'follow_up':
      return (
        <FollowUpDialog
          followUp={dialog.followUp}
          {...common}
          onSave={(said) => run({ kind: 'follow_up', followUpId: dialog.followUp.id, ...said })}
        />
      );
    default:
      return dialog satisfies never;
  }
}
