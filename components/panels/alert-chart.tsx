'use client';

import { useMemo } from 'react';
import type { NamedChart } from '@/lib/core/alerts/alerts-view.ts';
import type { StretchView } from '@/lib/core/chart/geometry.ts';
import { ChartPageContext, useChartPage } from '../charts/chart-page.ts';
import { ChartPanel } from './chart-panel.tsx';

/** What a rule looks at over a fixed range, with deploys, and with the times at which it fired under the line. */
export function AlertChart({
  chart,
  stretches,
  asOfMs,
  receivedAtMs,
}: Readonly<{
  chart: NamedChart;
  stretches: readonly StretchView[];
  asOfMs: number;
  receivedAtMs: number | null;
}>) {
  const page = useChartPage();
  const own = useMemo(
    () => ({ ...page, marks: chart.marks, stretches, onZoom: null, onScale: null }),
    [page, chart.marks, stretches],
  );
  return (
    <ChartPageContext value={own}>
      <ChartPanel
        title={chart.title}
        question={chart.question}
        chart={chart.view}
        size="small"
        variant={chart.variant}
        asOfMs={asOfMs}
        receivedAtMs={receivedAtMs}
      />
    </ChartPageContext>
  );
}
