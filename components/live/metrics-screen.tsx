'use client';

import type { ReactNode } from 'react';
import { set } from '@/lib/client/address.ts';
import {
  type MetricsAddress,
  type MetricsChange,
  metricsHref,
  onMetrics,
} from '@/lib/client/metrics-address.ts';
import { COMPARISON_WORDS } from '@/lib/client/window-words.ts';
import type { Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import { measureOf } from '@/lib/core/reconcile/measure.ts';
import type { MetricsPageView } from '@/lib/core/reconcile/metrics-page-view.ts';
import { METRICS_SORTS, type MetricsSort } from '@/lib/core/reconcile/sort-rows.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageControls } from '../layout/page-controls.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { Section } from '../layout/section.tsx';
import type { TableLook } from '../panels/commands-columns.tsx';
import { CommandsPanel, ComponentsPanel } from '../panels/commands-panel.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { FamiliesPanel } from '../panels/families-panel.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { ReconciliationPanel } from '../panels/reconciliation-panel.tsx';
import { Routes429Panel } from '../panels/routes-429-panel.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { Segmented, segmentLook } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';

interface MetricsScreenProps {
  view: MetricsPageView;
  address: MetricsAddress;
  /** The browser's clock when the view came in; null before that is known. */
  receivedAtMs: number | null;
  zone?: Zone;
  isBusy?: boolean;
  remarks?: readonly string[];
  notice?: ReactNode;
  onGo: (change: MetricsChange) => void;
  onCopyLink?: (address: MetricsAddress) => void;
}

const SORT_WORDS: Record<MetricsSort, string> = { share: 'Share', change: 'Change', name: 'Name' };

/** The metrics page as markup: where do commands, queries and 429s come from? */
export function MetricsScreen(props: Readonly<MetricsScreenProps>) {
  const { view, address, zone = 'UTC', isBusy = false, remarks = [], onGo } = props;
  const receivedAtMs = address.window.kind === 'live' ? props.receivedAtMs : null;
  const { scopes, comparison, reconcileBefore, asOfMs } = view;
  const beforeLabel = comparison === null ? null : COMPARISON_WORDS[comparison].long;
  const panel = { sort: address.sort, asOfMs };
  const look = (unit: Unit, window: RateWindow) => lookOf(view, address, beforeLabel, unit, window);
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <ScopeSelect
              scope={address.scope}
              scopes={scopes}
              onChoose={(scope) => onGo(onMetrics(set({ scope })))}
            />
            <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={
          <PageControls
            address={address}
            zone={zone}
            seen={view.range}
            asOfMs={asOfMs}
            nowMs={() => view.asOfMs}
            go={(change) => onGo(onMetrics(change))}
            hrefOf={(next) => metricsHref({ ...address, ...next }, scopes)}
            copyLink={(next) => props.onCopyLink?.({ ...address, ...next })}
          />
        }
      />
      <PageBody isBusy={isBusy}>
        {view.demo && <DemoBanner />}
        {props.notice}
        {remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <div className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="flex flex-wrap items-baseline gap-x-2 text-data font-normal text-ink-3">
            <span className="font-semibold text-ink">Metrics</span>
            <span>Where does it come from?</span>
          </h1>
          <div className="no-print flex flex-wrap items-center gap-x-4 gap-y-2 tablet:ml-auto">
            <Switch
              label="Per request"
              isOn={address.perRequest}
              onChange={(perRequest) => onGo((now) => ({ ...now, perRequest }))}
            />
            <Switch
              label="Numbers only"
              isOn={address.asTable}
              onChange={(asTable) => onGo((now) => ({ ...now, asTable }))}
            />
            <SortChoice {...props} />
          </div>
        </div>
        {address.perRequest && view.requestsPerSecond === null && (
          <p className="mb-3 text-ink-2">
            Nobody counts HTTP responses here, so nothing can be said per request.
          </p>
        )}
        <ReconciliationPanel
          view={view.reconcile}
          before={
            reconcileBefore === null || beforeLabel === null
              ? null
              : { view: reconcileBefore, label: beforeLabel }
          }
          zone={zone}
        />
        <Section>
          <CommandsPanel table={view.commands} look={look('commands', 'min')} {...panel} />
        </Section>
        {view.commands.components.length > 0 && (
          <Section>
            <ComponentsPanel table={view.commands} look={look('commands', 'min')} {...panel} />
          </Section>
        )}
        <Section>
          <FamiliesPanel table={view.families} look={look('queries', 'h')} {...panel} />
        </Section>
        <Section>
          <Routes429Panel table={view.limited} look={look('responses', 'h')} {...panel} />
        </Section>
      </PageBody>
    </>
  );
}

/** Each window is divided by its own requests. */
function lookOf(
  view: MetricsPageView,
  { perRequest, asTable }: MetricsAddress,
  beforeLabel: string | null,
  unit: Unit,
  window: RateWindow,
): TableLook {
  const measure = (requestsPerSecond: number | null) =>
    measureOf({ unit, window, isExact: asTable, perRequest, requestsPerSecond });
  return {
    now: measure(view.requestsPerSecond),
    before: measure(view.beforeRequestsPerSecond),
    beforeLabel,
    asTable,
  };
}

function SortChoice({ view, address, onGo }: Readonly<MetricsScreenProps>) {
  // Without a second window there is no change to sort by.
  const choices = METRICS_SORTS.filter((sort) => sort !== 'change' || view.comparison !== null);
  return (
    <Segmented label="Order">
      {choices.map((sort) => (
        <button
          key={sort}
          type="button"
          aria-pressed={sort === address.sort}
          className={segmentLook(sort === address.sort)}
          onClick={() => onGo((now) => ({ ...now, sort }))}
        >
          {SORT_WORDS[sort]}
        </button>
      ))}
    </Segmented>
  );
}
