'use client';

import { useState } from 'react';
import { backtestOf, detailOf, manyRows, storyChart } from '@/components/fixtures/alerts.ts';
import { STORY_NOW_MS, storyView } from '@/components/fixtures/story.ts';
import { storyWatch } from '@/components/fixtures/watch.ts';
import { AlertsScreen } from '@/components/live/alerts-screen.tsx';
import { AlertBacktest } from '@/components/panels/alert-backtest.tsx';
import { AlertReceivers } from '@/components/panels/alert-receivers.tsx';
import { AlertSection } from '@/components/panels/alert-section.tsx';
import { type AlertsTab, listAlerts } from '@/lib/core/alerts/alert-groups.ts';
import { writeAlertsSentence } from '@/lib/core/alerts/alerts-sentence.ts';
import type { AlertRow, AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { orderAlerts } from '@/lib/core/model/alert.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { SharedCharts } from './frame.tsx';

const nothing = () => {};

function viewOf(rows: readonly AlertRow[], selectedId: string): AlertsView {
  const { scope, scopes, mode, sources } = storyView();
  const alerts = orderAlerts(rows, STORY_NOW_MS) as AlertRow[];
  return {
    ...{ asOfMs: STORY_NOW_MS, scope, scopes, demo: false, mode, sources },
    sentence: writeAlertsSentence(alerts, STORY_NOW_MS),
    alerts,
    detail: detailOf(selectedId, { chart: storyChart() }),
    rules: [],
    maintenance: [],
    watchEndMs: storyWatch().endMs,
    receivers: [],
    refreshMs: 10_000,
  };
}

/** The Alerts page, whole, with an alert in every standing. What is done here changes this page and nothing else. */
export function AlertsPage() {
  const [rows, setRows] = useState(manyRows);
  const [tab, setTab] = useState<AlertsTab>('open');
  const [selectedId, setSelectedId] = useState('mixed-modes');
  const view = viewOf(rows, selectedId);
  const change = (id: string, over: Partial<AlertRow>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...over } : row)));
  const noReceivers = { receivers: [], settingsHref: '/settings', testing: null, tests: {}, onTest: nothing };
  return (
    <SharedCharts page={{ marks: [], origin: null }} scale="level">
      <AlertsScreen
        view={view}
        tab={tab}
        listing={listAlerts(rows, tab, selectedId, STORY_NOW_MS)}
        receivedAtMs={null}
        zone="UTC"
        remarks={[]}
        notice={null}
        acts={{
          acknowledge: (id) =>
            change(id, { acknowledged: { by: null, atMs: STORY_NOW_MS }, actions: ['silence'] }),
          silence: (id) => change(id, { silencedUntilMs: STORY_NOW_MS + HOUR_MS, actions: ['wake'] }),
          wake: (id) => change(id, { silencedUntilMs: null, actions: ['acknowledge', 'silence'] }),
        }}
        busyId={null}
        openingOf={(id) => ({
          href: `?show=alerts&alert=${id}`,
          isSelected: id === selectedId,
          onOpen: () => setSelectedId(id),
        })}
        hrefOf={(to) => `?show=alerts&tab=${to}`}
        onTab={setTab}
        onScope={nothing}
        onCopy={nothing}
        below={() => (
          <>
            <AlertSection title="Last 15 days">
              <AlertBacktest view={backtestOf()} days={15} isRunning={false} failure={null} onRun={nothing} />
            </AlertSection>
            <AlertReceivers {...noReceivers} />
          </>
        )}
        maintenance={null}
        rules={null}
      />
    </SharedCharts>
  );
}
