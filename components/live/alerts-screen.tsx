'use client';

import type { ReactNode } from 'react';
import type { AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { FiringChip } from '../layout/header-chips.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { AlertDetail } from '../panels/alert-detail.tsx';
import { AlertList } from '../panels/alert-list.tsx';
import type { AlertActs, AlertOpening } from '../panels/alerts-panel.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { Keys } from '../ui/kbd.tsx';

interface AlertsScreenProps {
  view: AlertsView;
  receivedAtMs: number;
  zone: Zone;
  /** What could not be shown or done as asked: one sentence each. */
  remarks: readonly string[];
  notice: ReactNode;
  acts: AlertActs;
  busyId: string | null;
  openingOf: (id: string) => AlertOpening;
  onScope: (scope: Scope) => void;
}

/** The Alerts page as markup: what needs a person now? */
export function AlertsScreen(props: Readonly<AlertsScreenProps>) {
  const { view, receivedAtMs, zone, remarks, acts, busyId } = props;
  const { alerts, detail, asOfMs, rules } = view;
  const chosen = alerts?.find(({ id }) => id === detail?.id);
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <FiringChip firing={alerts && countFiring(alerts, asOfMs)} />
            <ScopeSelect scope={view.scope} scopes={view.scopes} onChoose={props.onScope} />
            <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={null}
      />
      <PageBody>
        {props.notice}
        {remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Alerts</span>
          <span>What needs a person now?</span>
        </p>
        <Sentence sentence={view.sentence} />
        <div className="mt-7 grid grid-cols-1 gap-x-12 gap-y-7 border-t border-line pt-4 duo:grid-cols-[minmax(0,1fr)_408px]">
          <div className="min-w-0 self-start">
            <KeyHints isShown={(alerts?.length ?? 0) > 0} />
            <AlertList
              alerts={alerts}
              nowMs={asOfMs}
              receivedAtMs={receivedAtMs}
              watchEndMs={null}
              acts={acts}
              busyId={busyId}
              openingOf={props.openingOf}
            />
          </div>
          <div className="min-w-0">
            {detail !== null && chosen !== undefined && (
              <AlertDetail alert={chosen} detail={detail} asOfMs={asOfMs} receivedAtMs={receivedAtMs} />
            )}
          </div>
        </div>
        <details className="mt-9 border-t border-line pt-4">
          <summary className="cursor-pointer font-semibold">
            Rules <span className="font-normal text-ink-3">{rules.length}</span>
          </summary>
          <ul>
            {rules.map(({ id, group, words, reads }) => (
              <li key={id} className="border-line py-3 not-first:border-t">
                <p className="text-ink-2">{words}</p>
                <p className="text-ink-3">
                  {group} · Reads: {reads}
                </p>
              </li>
            ))}
          </ul>
        </details>
      </PageBody>
    </>
  );
}

function KeyHints({ isShown }: Readonly<{ isShown: boolean }>) {
  if (!isShown) return null;
  return (
    <p
      aria-hidden="true"
      className="no-print mb-3 flex flex-wrap items-center justify-end gap-x-3 text-label text-ink-3 max-tablet:hidden"
    >
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="j k" /> move
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="e" /> acknowledge
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="s 1" /> silence
      </span>
    </p>
  );
}
