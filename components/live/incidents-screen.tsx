'use client';

import type { ReactNode } from 'react';
import type { IncidentsView } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { IncidentEmpty } from '../panels/incident-empty.tsx';
import { IncidentList, isOpenIncident } from '../panels/incident-list.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';

interface IncidentsScreenProps {
  view: IncidentsView;
  receivedAtMs: number | null;
  zone: Zone;
  /** What could not be shown as asked: one sentence each. */
  remarks: readonly string[];
  notice: ReactNode;
  isBusy: boolean;
  /** Opens one by hand. */
  opener: ReactNode;
  onScope: (scope: Scope) => void;
}

/** The list of incidents as markup: what happened, in what order? */
export function IncidentsScreen(props: Readonly<IncidentsScreenProps>) {
  const { view, receivedAtMs, zone, opener } = props;
  const { incidents, asOfMs } = view;
  const open = incidents.filter(isOpenIncident);
  const over = incidents.filter((one) => !isOpenIncident(one));
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <ScopeSelect scope={view.scope} scopes={view.scopes} onChoose={props.onScope} />
            <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={incidents.length > 0 && opener}
      />
      <PageBody isBusy={props.isBusy}>
        {view.demo && <DemoBanner />}
        {props.notice}
        {props.remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Incidents</span>
          <span>What happened, in what order?</span>
        </p>
        <Sentence sentence={view.sentence} />
        {incidents.length === 0 ? (
          <IncidentEmpty action={opener} />
        ) : (
          <>
            <IncidentList title="Open" incidents={open} asOfMs={asOfMs} />
            <IncidentList title="Over" incidents={over} asOfMs={asOfMs} />
          </>
        )}
      </PageBody>
    </>
  );
}
