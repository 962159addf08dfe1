'use client';

import { chartCsv } from '@/lib/core/chart/csv.ts';
import { describeAxes, describeChart } from '@/lib/core/chart/describe.ts';
import { goalText } from '@/lib/core/chart/geometry.ts';
import type { ChartView, MarkView } from '@/lib/core/model/view.ts';
import { formatDate, formatStamp } from '@/lib/core/units/clock.ts';
import type { RateWindow } from '@/lib/core/units/format-rate.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { pictureOf } from './chart-picture.ts';
import { copyText, fileName, saveFile } from './save.ts';

export interface ExportedChart {
  title: string;
  chart: ChartView;
  window: RateWindow;
  zone: Zone;
  /** Index of the first series colour. */
  firstSeries: number;
  marks: readonly MarkView[];
}

const seriesToken = (index: number) => `s${(index % 8) + 1}`;
const csvOf = ({ chart, title, marks }: ExportedChart) => chartCsv(chart, title, { marks });

/** Saves the picture that stands in `box`; gives what to tell the reader. Rejects when the browser cannot draw it. */
export async function savePicture(exported: ExportedChart, box: Element | null): Promise<string> {
  const { title, chart, window, zone, firstSeries } = exported;
  const plot = box?.querySelector('[role="slider"] svg');
  if (!(plot instanceof SVGSVGElement)) throw new Error('there is no picture to save');
  const { endMs } = chart.range;
  const picture = await pictureOf(plot, {
    title,
    axes: `${describeAxes(chart, window, zone)}, ${formatDate(endMs, zone)}${zone === 'UTC' ? '' : `, ${zone}`}`,
    sentence: describeChart(chart, window),
    legend: [
      ...chart.lines.map(({ label }, index) => ({ label, colour: seriesToken(firstSeries + index) })),
      ...chart.goals.map((goal) => ({ label: goalText(goal), colour: 'ink-2' })),
    ],
    source: `Afterwatch at ${location.host}, ${formatStamp(chart.latest?.atMs ?? endMs, 'minutes', 'UTC')}`,
  });
  const name = fileName(title, endMs, 'png');
  saveFile(name, picture);
  return `Saved ${name}.`;
}

/** Saves the numbers; where files cannot be saved they can still be copied. */
export async function saveCsv(exported: ExportedChart): Promise<string> {
  const name = fileName(exported.title, exported.chart.range.endMs, 'csv');
  saveFile(name, new Blob([csvOf(exported)], { type: 'text/csv;charset=utf-8' }));
  return `Saved ${name}.`;
}

/** Puts the numbers on the clipboard. */
export async function copyCsv(exported: ExportedChart): Promise<string> {
  if (!(await copyText(csvOf(exported)))) throw new Error('the browser keeps its clipboard to itself');
  return `Copied ${exported.title} as CSV.`;
}
