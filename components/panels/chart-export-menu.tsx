'use client';

import type { FrozenChartId } from '@/lib/core/model/share.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import { ChartMenu, type ChartMenuItem } from '../charts/chart-menu.tsx';
import { useChartPage } from '../charts/chart-page.ts';

interface ChartExportMenuProps {
  title: string;
  chart: ChartView;
  window: RateWindow;
  firstSeries: number;
  /** Null while there is no picture to save. */
  picture: { readonly current: HTMLElement | null } | null;
  /** What the chart is called in a shared copy; left out where it cannot be shared by itself. */
  shareId?: FrozenChartId | undefined;
}

/** The menu of a chart: save, copy, share. What it takes to save one is loaded when somebody asks for it. */
export function ChartExportMenu({ picture, shareId, ...shown }: Readonly<ChartExportMenuProps>) {
  const { zone, marks, marksSwitch, onShare } = useChartPage();
  const chart = { ...shown, zone, marks };
  const load = () => import('../charts/chart-export.ts');
  const items: ChartMenuItem[] = [
    { label: 'Save as CSV', run: async () => (await load()).saveCsv(chart) },
    { label: 'Copy CSV', run: async () => (await load()).copyCsv(chart) },
  ];
  if (picture !== null) {
    items.unshift({
      label: 'Save as PNG',
      run: async () => (await load()).savePicture(chart, picture.current),
    });
  }
  if (onShare !== undefined && shareId !== undefined) {
    items.push({
      label: 'Share this chart…',
      run: async () => {
        onShare({ chart: shareId, title: shown.title, range: shown.chart.range });
        return '';
      },
    });
  }
  if (marksSwitch !== undefined) {
    const { isOn, onSwitch } = marksSwitch;
    items.push({
      label: isOn ? 'Hide deploys on all charts' : 'Show deploys on all charts',
      run: async () => {
        onSwitch();
        return isOn ? 'Deploys are hidden' : 'Deploys are marked';
      },
    });
  }
  return <ChartMenu title={shown.title} items={items} />;
}
