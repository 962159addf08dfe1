'use client';

import { metricTitle, shortNames } from '@/lib/core/deploys/claim-names.ts';
import type { HeldClaim } from '@/lib/core/model/deploy.ts';
import type { WatchDetail } from '@/lib/core/model/watch.ts';
import { useLongList } from '../ui/long-list.tsx';
import { ChartPanel } from './chart-panel.tsx';

const SHOWN = 8;

interface WatchChartsProps {
  detail: Pick<WatchDetail, 'view' | 'charts'>;
  /** Of the deploy: what each is measured by. */
  claims: readonly HeldClaim[];
  asOfMs: number;
  receivedAtMs: number | null;
}

/** What moved, and when: each measured claim before and after its deploy, on one time axis. */
export function WatchCharts({ detail, claims, asOfMs, receivedAtMs }: Readonly<WatchChartsProps>) {
  const { view, charts } = detail;
  const { shown, more } = useLongList(charts, SHOWN, 'charts');
  const named = new Map(claims.map((claim) => [claim.id, metricTitle(claim)]));
  const names = shortNames(charts.map(({ claimId, title }) => named.get(claimId) ?? title));
  if (charts.length === 0) return null;
  return (
    <section aria-labelledby="before-and-after">
      <div className="mb-3.5 flex min-h-6.5 flex-wrap items-center gap-x-2.5">
        <h2 id="before-and-after" className="text-section">
          Before and after
        </h2>
        <span className="text-ink-3">What moved, and when?</span>
      </div>
      <div className="@container">
        <div className="grid grid-cols-1 gap-x-7 gap-y-8 @[740px]:grid-cols-2">
          {shown.map(({ claimId, title, chart }, n) => {
            const claim = view.claims.find(({ id }) => id === claimId);
            return (
              <ChartPanel
                key={claimId}
                title={names[n] ?? title}
                // Where it stands is told in the table above; beside a small picture there is no room for words.
                question=""
                chart={chart}
                size="small"
                variant={chart.as === 'increase' ? 'bars' : 'line'}
                window={claim?.window ?? 'h'}
                asOfMs={asOfMs}
                receivedAtMs={receivedAtMs}
              />
            );
          })}
        </div>
      </div>
      {more}
    </section>
  );
}
