'use client';

import type { ReactNode } from 'react';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { FiringChip } from '../layout/header-chips.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { Section } from '../layout/section.tsx';
import { BudgetAwakeHours } from '../panels/budget-awake.tsx';
import { BudgetCalculator } from '../panels/budget-calculator.tsx';
import { BudgetCosts, BudgetObserver } from '../panels/budget-costs.tsx';
import { BudgetLimits } from '../panels/budget-limits.tsx';
import { BudgetPlans } from '../panels/budget-plans.tsx';
import { BudgetPools } from '../panels/budget-pools.tsx';
import { BudgetPrices } from '../panels/budget-prices.tsx';
import { BudgetTargets } from '../panels/budget-targets.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { SuspensionPanel } from '../panels/suspension-panel.tsx';

interface BudgetScreenProps {
  view: BudgetView;
  /** When the view came, by the browser's clock; null where the server draws. */
  receivedAtMs: number | null;
  zone: Zone;
  /** What could not be shown as asked: one sentence each. */
  remarks: readonly string[];
  notice: ReactNode;
  onScope: (scope: Scope) => void;
  onCopy: (text: string) => void;
}

/** The Budget page as markup: what runs out first, and what does it cost? */
export function BudgetScreen(props: Readonly<BudgetScreenProps>) {
  const { view, receivedAtMs, zone, remarks, onCopy } = props;
  const { asOfMs, prices } = view;
  const commandPrice = prices.find(({ id }) => id === 'upstash_command');
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <FiringChip firing={view.firing ?? null} />
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
        <SuspensionPanel suspension={view.suspension ?? null} nowMs={asOfMs} zone={zone} onCopy={onCopy} />
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Budget</span>
          <span>What runs out first, and what does it cost?</span>
        </p>
        <Sentence sentence={view.sentence} />
        <Section>
          <BudgetLimits view={view} />
        </Section>
        <Section>
          <BudgetCosts view={view} />
        </Section>
        <Section>
          <BudgetTargets view={view} />
          {commandPrice !== undefined && <BudgetCalculator price={commandPrice} nowMs={asOfMs} />}
        </Section>
        <Section>
          <BudgetPlans view={view} />
        </Section>
        <Section>
          <BudgetPools view={view} />
        </Section>
        <Section>
          <BudgetAwakeHours view={view} />
        </Section>
        <Section>
          <BudgetObserver view={view} />
        </Section>
        <Section>
          <BudgetPrices prices={prices} onCopy={onCopy} />
        </Section>
      </PageBody>
    </>
  );
}
