'use client';

import type { NowView } from '@/lib/core/model/view.ts';
import { Section, TwoPanels } from '../layout/section.tsx';
import { ChartPanel } from '../panels/chart-panel.tsx';
import { MachinesPanel } from '../panels/machines-panel.tsx';
import { SourcesPanel } from '../panels/sources-panel.tsx';

/** Charts, machines and sources of the Now page: one question each. */
export function NowPanels({ view, receivedAtMs }: Readonly<{ view: NowView; receivedAtMs: number | null }>) {
  const { charts, sources } = view;
  const chart = { asOfMs: view.asOfMs, receivedAtMs };
  return (
    <>
      <TwoPanels
        first={
          <ChartPanel
            title={view.redisGetsTitle}
            question="How hard is Redis asked?"
            chart={charts.redisGets}
            size="hero"
            lineTestId="chart-line"
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
            {...chart}
          />
        }
      />
      <Section>
        <MachinesPanel machines={view.machines} />
      </Section>
      <Section>
        <SourcesPanel sources={sources} receivedAtMs={receivedAtMs} />
      </Section>
    </>
  );
}
