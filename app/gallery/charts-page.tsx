'use client';

import { chartStates, fallChart } from '@/components/fixtures/chart-states.ts';
import { responses429Chart, STORY_MARKS, STORY_NOW_MS, STORY_ORIGIN } from '@/components/fixtures/story.ts';
import { ChartPanel } from '@/components/panels/chart-panel.tsx';
import { CHART_SCALES, type ChartScale } from '@/lib/core/chart/scale.ts';
import type { ChartView } from '@/lib/core/model/view.ts';
import { GalleryBody, Pair, SharedCharts } from './frame.tsx';

const common = { asOfMs: STORY_NOW_MS, receivedAtMs: null } as const;

/** Every state of a chart, and one large drop in each of the three scales. */
export function ChartsPage({ scale }: Readonly<{ scale: ChartScale }>) {
  return (
    <GalleryBody title="Charts." note="Gaps stay gaps, and a fall to a thirtieth stays readable.">
      <h2 className="mb-4 text-section">
        One fall of 96.7&nbsp;% <span className="font-normal text-ink-3">in every scale</span>
      </h2>
      <div className="grid grid-cols-1 gap-x-8 gap-y-8 wall:grid-cols-3 duo:grid-cols-2">
        {CHART_SCALES.map((each) => (
          <SharedCharts
            key={each}
            scale={each}
            page={{ marks: STORY_MARKS, origin: STORY_ORIGIN, scale: each, onScale: () => {} }}
          >
            <ChartPanel
              title={each}
              question="Is the fall plain?"
              chart={fallChart()}
              size="hero"
              {...common}
            />
          </SharedCharts>
        ))}
      </div>
      <div className="mt-9 border-t border-line pt-6">
        <Pair>
          {chartStates().map(({ title, note, chart, marks, origin, variant = 'line' }) => (
            <SharedCharts key={`${title} ${scale}`} scale={scale} page={{ marks, origin }}>
              <ChartPanel
                title={title}
                question={note}
                chart={chart}
                size={variant === 'bars' ? 'small' : 'hero'}
                variant={variant}
                {...common}
              />
            </SharedCharts>
          ))}
          {BARS.map(({ title, chart }) => (
            <SharedCharts key={title} scale={scale} page={{ marks: STORY_MARKS, origin: STORY_ORIGIN }}>
              <ChartPanel
                title={title}
                question="Counts are bars."
                chart={chart}
                size="small"
                variant="bars"
                {...common}
              />
            </SharedCharts>
          ))}
        </Pair>
      </div>
    </GalleryBody>
  );
}

const counted = responses429Chart();
const BARS: readonly { title: string; chart: ChartView }[] = [
  {
    title: 'Counts with a limit',
    chart: { ...counted, goals: [{ direction: 'atMost', value: 5, text: '5 in 5 min' }] },
  },
  {
    title: 'Counted, and none',
    chart: {
      ...counted,
      lines: counted.lines.map((line) => ({
        ...line,
        points: line.points.map(([atMs]) => [atMs, 0] as const),
      })),
      overall: 0,
      latest: { atMs: STORY_NOW_MS, value: 0 },
    },
  },
];
