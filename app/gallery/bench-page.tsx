'use client';

import { useState } from 'react';
import { BENCH, benchCharts } from '@/components/fixtures/bench.ts';
import { STORY_NOW_MS } from '@/components/fixtures/story.ts';
import { ChartPanel } from '@/components/panels/chart-panel.tsx';
import { Button } from '@/components/ui/button.tsx';
import type { ChartScale } from '@/lib/core/chart/scale.ts';
import { GalleryBody, Pair, SharedCharts } from './frame.tsx';

/** A busy page that moves on by a button: what a tick costs is measured here. */
export function BenchPage({ scale }: Readonly<{ scale: ChartScale }>) {
  const [tick, setTick] = useState(0);
  return (
    <SharedCharts page={{ marks: [], origin: null }} scale={scale}>
      <GalleryBody
        title={`${BENCH.charts} charts of ${BENCH.lines} lines of ${BENCH.points} points.`}
        note="Each tick, one bucket leaves on the left and one comes in on the right."
      >
        <div className="mb-6 flex items-center gap-3">
          <Button onClick={() => setTick(tick + 1)}>Tick</Button>
          <output data-testid="tick" className="text-ink-3">
            {tick}
          </output>
        </div>
        <Pair>
          {benchCharts(tick).map((chart, index) => (
            <ChartPanel
              // biome-ignore lint/suspicious/noArrayIndexKey: the charts never change places
              key={index}
              title={`Chart ${index + 1}`}
              question="How fast is a tick?"
              chart={chart}
              size="hero"
              lineTestId="bench-line"
              asOfMs={STORY_NOW_MS}
              receivedAtMs={null}
            />
          ))}
        </Pair>
      </GalleryBody>
    </SharedCharts>
  );
}
