'use client';

import { useState } from 'react';
import {
  emptyView,
  firstMinuteView,
  longTextView,
  quarterView,
  staleView,
  storyView,
  troubledView,
} from '@/components/fixtures/story.ts';
import { NowScreen } from '@/components/live/now-screen.tsx';
import { LiveNotice } from '@/components/panels/live-notice.tsx';
import { watchChipWords } from '@/components/panels/watch-words.ts';
import type { NowAddress } from '@/lib/client/address.ts';
import type { ChartScale } from '@/lib/core/chart/scale.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { SharedCharts } from './frame.tsx';
import type { Show } from './search-params.ts';

type Screen = Exclude<
  Show,
  | 'parts'
  | 'charts'
  | 'panels'
  | 'header'
  | 'bench'
  | 'config'
  | 'budget'
  | 'incidents'
  | 'alerts'
  | 'alert-parts'
  | 'shares'
>;

const VIEWS: Record<Screen, () => NowView> = {
  story: storyView,
  first: firstMinuteView,
  trouble: troubledView,
  stale: staleView,
  // A read that failed after a good one: the page is the last good one, a notice says so.
  error: storyView,
  empty: emptyView,
  long: longTextView,
  quarter: quarterView,
};

/** The Now page, whole, with one of the stories. Its controls change what is shown here and nothing else. */
export function ScreenPage({ show, scale }: Readonly<{ show: Screen; scale: ChartScale }>) {
  const [view] = useState(VIEWS[show]);
  const [isPolling, setIsPolling] = useState(false);
  // The browser's own clock: it is shown only once that is known.
  const [fourMinutesAgoMs] = useState(() => Date.now() - 4 * MINUTE_MS);
  const [address, setAddress] = useState<NowAddress>({
    scope: view.scope,
    window: view.window,
    comparison: view.comparison,
    isLocal: false,
    scale,
    asTable: false,
    hasMarks: true,
  });
  const page = {
    marks: view.marks,
    origin: view.origin,
    scale: address.scale,
    asTable: address.asTable,
    onScale: (next: ChartScale) => setAddress({ ...address, scale: next }),
  };
  return (
    <SharedCharts page={page} scale={scale}>
      <NowScreen
        view={view}
        address={address}
        receivedAtMs={null}
        watch={view.watch && watchChipWords(view.watch)}
        firing={view.alerts && countFiring(view.alerts, view.asOfMs)}
        remarks={show === 'trouble' ? ['“2x” is no time range here; shown: the last 6h.'] : []}
        onGo={setAddress}
        poll={{ run: () => setIsPolling(!isPolling), isRunning: isPolling, failure: null }}
        notice={
          (show === 'trouble' || show === 'error') && (
            <LiveNotice
              failure={{ text: 'The server does not answer.', action: 'retry' }}
              receivedAtMs={fourMinutesAgoMs}
              onAct={() => {}}
            />
          )
        }
      />
    </SharedCharts>
  );
}
