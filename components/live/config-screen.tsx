'use client';

import type { ReactNode } from 'react';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { FiringChip } from '../layout/header-chips.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { Section } from '../layout/section.tsx';
import { ConfigFleet } from '../panels/config-fleet.tsx';
import { ConfigSettings } from '../panels/config-settings.tsx';
import { ConfigUntold } from '../panels/config-untold.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { SuspensionPanel } from '../panels/suspension-panel.tsx';

interface ConfigScreenProps {
  view: ConfigView;
  /** When the view came, by the browser's clock; null where the server draws. */
  receivedAtMs: number | null;
  zone: Zone;
  /** What could not be shown as asked: one sentence each. */
  remarks: readonly string[];
  notice: ReactNode;
  onScope: (scope: Scope) => void;
  onCopy: (text: string) => void;
}

/** The Config page as markup: is what runs what we meant? */
export function ConfigScreen(props: Readonly<ConfigScreenProps>) {
  const { view, receivedAtMs, zone, remarks, onCopy } = props;
  const { asOfMs, rows, left, fleet, untold } = view;
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <FiringChip firing={view.firing} />
            <ScopeSelect scope={view.scope} scopes={view.scopes} onChoose={props.onScope} />
            <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={null}
      />
      <PageBody>
        {view.demo && <DemoBanner />}
        {props.notice}
        {remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <SuspensionPanel suspension={view.suspension} nowMs={asOfMs} zone={zone} onCopy={onCopy} />
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Config</span>
          <span>Is what runs what we meant?</span>
        </p>
        <Sentence sentence={view.sentence} />
        <Section>
          <ConfigSettings rows={rows} left={left} nowMs={asOfMs} zone={zone} onCopy={onCopy} />
        </Section>
        <Section>
          <ConfigFleet fleet={fleet} nowMs={asOfMs} />
        </Section>
        {untold.length > 0 && (
          <Section>
            <ConfigUntold untold={untold} onCopy={onCopy} />
          </Section>
        )}
      </PageBody>
    </>
  );
}
