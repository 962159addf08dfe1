'use client';

import { releasesOf } from '@/lib/core/model/releases.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import { Section, TwoPanels } from '../layout/section.tsx';
import type { AlertActs } from '../panels/alert-buttons.tsx';
import { AlertsPanel } from '../panels/alerts-panel.tsx';
import { ChartPanel } from '../panels/chart-panel.tsx';
import { ClaimsPanel } from '../panels/claims-panel.tsx';
import { EmptyApp } from '../panels/empty-app.tsx';
import { MachinesPanel } from '../panels/machines-panel.tsx';
import { MoneyPanel } from '../panels/money-panel.tsx';
import { SourcesPanel } from '../panels/sources-panel.tsx';
import { WatchRail } from '../panels/watch-rail.tsx';

interface NowPanelsProps {
  view: NowView;
  receivedAtMs: number | null;
  /** What a reader may do to alerts; null while nothing can be done. */
  alertActs?: AlertActs | null;
  /** Id of the alert whose act is under way. */
  busyAlertId?: string | null;
}

/**
 * The panels of the Now page, one question each, in the order in which people ask. What nothing is known of yet is absent:
 * no watch, no rules, no prices leave no empty place.
 */
export function NowPanels({
  view,
  receivedAtMs,
  alertActs = null,
  busyAlertId = null,
}: Readonly<NowPanelsProps>) {
  const { charts, watch, alerts, money, machines, sources, asOfMs } = view;
  const chart = { asOfMs, receivedAtMs };
  if (sources.length === 0 && !view.demo) return <EmptyApp />;
  const sourcesPanel = <SourcesPanel sources={sources} receivedAtMs={receivedAtMs} />;
  return (
    <>
      {watch !== null && <WatchRail watch={watch} />}
      {alerts !== null && alerts.length > 0 && (
        <div className="mt-7 border-y border-line">
          <AlertsPanel
            alerts={alerts}
            nowMs={asOfMs}
            receivedAtMs={receivedAtMs}
            watchEndMs={watch?.endMs ?? null}
            acts={alertActs}
            busyId={busyAlertId}
          />
        </div>
      )}
      {watch !== null && (
        <div className="mt-9 pt-0.5">
          <ClaimsPanel watch={watch} />
        </div>
      )}
      <TwoPanels
        first={
          <ChartPanel
            title={view.redisGetsTitle}
            question="How hard is Redis asked?"
            chart={charts.redisGets}
            size="hero"
            lineTestId="chart-line"
            shareId="redis_gets"
            {...chart}
          />
        }
        second={
          <ChartPanel
            title="Database queries"
            question="Is the database quiet?"
            chart={charts.dbQueries}
            size="hero"
            lineTestId="chart-line"
            shareId="db_queries"
            {...chart}
          />
        }
      />
      <TwoPanels
        first={
          <ChartPanel
            title="429 responses"
            question="Is anyone being turned away?"
            chart={charts.responses429}
            size="small"
            variant="bars"
            shareId="responses_429"
            {...chart}
          />
        }
        second={
          <ChartPanel
            title="Cache hit ratio"
            question="Is the cache earning its keep?"
            chart={charts.hitRatio}
            size="small"
            firstSeries={2}
            shareId="hit_ratio"
            {...chart}
          />
        }
      />
      <Section>
        <MachinesPanel
          machines={machines}
          nowMs={asOfMs}
          releases={releasesOf(view.marks)}
          assumed={watch?.assumedMachines ?? null}
        />
      </Section>
      {money === null ? (
        <Section>{sourcesPanel}</Section>
      ) : (
        <TwoPanels first={<MoneyPanel money={money} nowMs={asOfMs} />} second={sourcesPanel} />
      )}
    </>
  );
}
