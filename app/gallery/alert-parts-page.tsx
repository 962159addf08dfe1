'use client';

import type { ReactNode } from 'react';
import {
  alertRowOf,
  backtestOf,
  detailOf,
  maintenanceWindows,
  storyChart,
} from '@/components/fixtures/alerts.ts';
import { STORY_NOW_MS } from '@/components/fixtures/story.ts';
import { AlertBacktest } from '@/components/panels/alert-backtest.tsx';
import { AlertDetail } from '@/components/panels/alert-detail.tsx';
import { AlertList } from '@/components/panels/alert-list.tsx';
import { AlertReceivers } from '@/components/panels/alert-receivers.tsx';
import { AlertRules } from '@/components/panels/alert-rules.tsx';
import { MaintenanceForm } from '@/components/panels/maintenance-form.tsx';
import { MaintenancePanel } from '@/components/panels/maintenance-panel.tsx';
import { listAlerts } from '@/lib/core/alerts/alert-groups.ts';
import type { AlertRow, RuleView } from '@/lib/core/alerts/alerts-view.ts';
import { RULES } from '@/lib/core/alerts/rules/index.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from '@/lib/core/alerts/settings.ts';
import type { ReceiverView } from '@/lib/core/model/receiver.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { GalleryBody, Row, SharedCharts } from './frame.tsx';

const LONG =
  'averyveryverylongnamewithoutanyblankthatnobodycouldeverbreak/of/a/thing/that/a/person/has/called/so';
const nothing = () => {};
const ACTS = { acknowledge: nothing, silence: nothing, wake: nothing };
const COMMON = { receivedAtMs: null, watchEndMs: STORY_NOW_MS + DAY_MS, acts: ACTS, busyId: null };

/** Everything long at once. */
function longRow(): AlertRow {
  return alertRowOf({
    id: 'long',
    title: LONG,
    detail: LONG,
    source: LONG,
    release: LONG,
    deployHref: '/deploys/long',
    deployAtMs: STORY_NOW_MS - 40 * DAY_MS,
    means: [{ what: LONG, text: LONG }],
    acknowledged: { by: LONG, atMs: STORY_NOW_MS - 3 * DAY_MS },
    silencedUntilMs: STORY_NOW_MS + 3 * DAY_MS,
    silencedBy: `maintenance: ${LONG}`,
    actions: ['acknowledge', 'silence', 'wake'],
  });
}

function receiverOf(over: Partial<ReceiverView>): ReceiverView {
  return {
    name: 'ops',
    kind: 'slack',
    address: 'hooks.slack.example:443',
    topics: ['alerts'],
    waiting: 0,
    oldestMs: null,
    delivered: 12,
    lastDeliveredMs: STORY_NOW_MS,
    lastError: null,
    nextTryMs: null,
    givenUp: [],
    ...over,
  };
}

/** The parts of the Alerts page in the states that a quiet evening does not show. */
export function AlertPartsPage() {
  return (
    <SharedCharts page={{ marks: [], origin: null }} scale="level">
      <GalleryBody title="Alerts." note="What stands on the page on other evenings.">
        <Row title="List">
          <Lists />
        </Row>
        <Row title="Detail" note="long texts">
          <AlertDetail
            {...COMMON}
            alert={longRow()}
            detail={detailOf('long', {
              words: LONG,
              reads: LONG,
              runbook: [{ text: LONG, command: LONG }],
              events: [
                {
                  atMs: STORY_NOW_MS,
                  id: 'long',
                  title: LONG,
                  what: 'silenced',
                  by: LONG,
                  untilMs: STORY_NOW_MS,
                },
              ],
            })}
            asOfMs={STORY_NOW_MS}
            onCopy={nothing}
          />
        </Row>
        <Row title="Backtest">
          <Backtests />
        </Row>
        <Row title="Who is told">
          <AlertReceivers
            receivers={[
              receiverOf({}),
              receiverOf({
                name: 'pager',
                kind: 'pagerduty',
                waiting: 4,
                lastError: 'PagerDuty answered 429.',
              }),
              receiverOf({ name: LONG, kind: 'webhook' }),
              receiverOf({ name: 'mail', kind: 'email' }),
            ]}
            settingsHref="/settings"
            testing="mail"
            tests={{ ops: { ok: true, text: 'Slack answered 200.' }, [LONG]: { ok: false, text: LONG } }}
            onTest={nothing}
          />
        </Row>
        <Row title="Maintenance">
          <Maintenance />
        </Row>
        <Row title="Rules">
          <AlertRules rules={rulesOf()} backtestOf={() => null} />
        </Row>
      </GalleryBody>
    </SharedCharts>
  );
}

function rulesOf(): RuleView[] {
  return ALERT_RULES.map((id) => {
    const { group, words, reads } = RULES[id];
    return { id, group, reads, words: words(DEFAULT_ALERT_SETTINGS), isOff: id === 'cost' };
  });
}

function Lists() {
  const of = (rows: readonly AlertRow[] | null) => (
    <AlertList
      {...COMMON}
      tab="open"
      listing={rows === null ? null : listAlerts(rows, 'open', 'long', STORY_NOW_MS)}
      nowMs={STORY_NOW_MS}
      openingOf={(id) => ({
        href: `?show=alert-parts&alert=${id}`,
        isSelected: id === 'long',
        onOpen: nothing,
      })}
      moreResolved={(count) => `${count} more resolved in 24 h`}
    />
  );
  const over = Array.from({ length: 8 }, (_, i) =>
    alertRowOf({ id: `over-${i}`, title: `Restart storm ${i + 1}`, state: 'resolved', actions: [] }),
  );
  return (
    <Stack>
      {of([longRow()])}
      {of(over)}
      {of([])}
      {of(null)}
    </Stack>
  );
}

function Backtests() {
  const run = { days: 15, isRunning: false, failure: null, onRun: nothing };
  const none = backtestOf({ firings: [], limit: null });
  const unknown = none.days.map((day) => ({ ...day, firings: 0, isKnown: false }));
  return (
    <Stack>
      <AlertBacktest {...run} view={null} />
      <AlertBacktest {...run} view={null} isRunning />
      <AlertBacktest {...run} view={null} failure="Another backtest is running: try again in a minute." />
      <AlertBacktest {...run} view={backtestOf({ chart: storyChart() })} />
      <AlertBacktest
        {...run}
        view={backtestOf({
          firings: backtestOf().firings.map((one) => ({ ...one, title: LONG, inhibitedBy: LONG })),
          limit: LONG,
        })}
      />
      <AlertBacktest {...run} view={{ ...none, days: none.days.map((day) => ({ ...day, firings: 0 })) }} />
      <AlertBacktest {...run} view={{ ...none, days: unknown }} />
    </Stack>
  );
}

function Maintenance() {
  const long = maintenanceWindows().map((one) => ({ ...one, reason: LONG, by: LONG }));
  const common = { nowMs: STORY_NOW_MS, isBusy: false, onEnd: nothing };
  return (
    <Stack>
      <MaintenancePanel windows={maintenanceWindows()} {...common} />
      <MaintenancePanel windows={long} {...common} />
      <MaintenancePanel windows={[]} {...common} />
      <MaintenanceForm
        rules={rulesOf()}
        readTime={() => ({ fault: 'Type a time, such as 2026-04-09 20:40.' })}
        isBusy={false}
        failure="A window is at most 7 days long."
        onPlan={() => Promise.reject(new Error('refused'))}
      />
    </Stack>
  );
}

function Stack({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="flex flex-col gap-9">{children}</div>;
}
