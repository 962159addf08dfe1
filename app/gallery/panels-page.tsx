'use client';

import { type ReactNode, useState } from 'react';
import { alertOf, manyAlerts, storyAlerts } from '@/components/fixtures/alerts.ts';
import { storyMoney } from '@/components/fixtures/money.ts';
import {
  longTextView,
  machineOf,
  observerOf,
  STORY_MARKS,
  STORY_NOW_MS,
  sourceOf,
  storyView,
} from '@/components/fixtures/story.ts';
import { interruptedWatch, storyWatch, watchOf } from '@/components/fixtures/watch.ts';
import type { AlertActs } from '@/components/panels/alert-buttons.tsx';
import { AlertsPanel } from '@/components/panels/alerts-panel.tsx';
import { ClaimsPanel } from '@/components/panels/claims-panel.tsx';
import { EmptyApp } from '@/components/panels/empty-app.tsx';
import { MachinesPanel } from '@/components/panels/machines-panel.tsx';
import { MoneyPanel } from '@/components/panels/money-panel.tsx';
import { SourcesPanel } from '@/components/panels/sources-panel.tsx';
import { WatchRail } from '@/components/panels/watch-rail.tsx';
import type { PanelState } from '@/components/ui/panel-frame.tsx';
import type { AlertView } from '@/lib/core/model/alert.ts';
import { countClaims } from '@/lib/core/model/claim.ts';
import { releasesOf } from '@/lib/core/model/releases.ts';
import type { WatchView } from '@/lib/core/model/watch.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { GalleryBody, Row } from './frame.tsx';
import { SuspensionRows } from './suspension-rows.tsx';
import { WatchRows } from './watch-rows.tsx';

const LOADING: PanelState = { kind: 'loading' };
const FAILED: PanelState = {
  kind: 'error',
  text: 'The server answered 503. Shown: what was true 4 min ago.',
  fix: 'It tries again at the next tick.',
};
const STALE: PanelState = { kind: 'stale', detail: '6 m old' };

/** Every panel in its five states. */
export function PanelsPage() {
  return (
    <GalleryBody
      title="Panels."
      note="One question each, and five states: loading, error, empty, stale, ready."
    >
      <Row title="Watch rail">
        <Rails />
      </Row>
      <Row title="Claims">
        <Stack>
          <ClaimsPanel watch={storyWatch()} />
          <ClaimsPanel watch={interruptedWatch()} />
          <ClaimsPanel watch={longTextView().watch ?? storyWatch()} />
          <ClaimsPanel watch={watchOf()} />
          <ClaimsPanel watch={few(interruptedWatch())} state={STALE} />
          <ClaimsPanel watch={few(storyWatch())} state={FAILED} />
          <ClaimsPanel watch={storyWatch()} state={LOADING} />
        </Stack>
      </Row>
      <WatchRows />
      <Row title="Alerts">
        <Alerts />
      </Row>
      <SuspensionRows />
      <Row title="Machines">
        <Machines />
      </Row>
      <Row title="Money and quota">
        <Money />
      </Row>
      <Row title="Sources">
        <Sources />
      </Row>
      <Row title="Empty app">
        <EmptyApp />
      </Row>
    </GalleryBody>
  );
}

function Stack({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="flex flex-col gap-9">{children}</div>;
}

function few(watch: WatchView): WatchView {
  const claims = watch.claims.slice(0, 2);
  return { ...watch, claims, counts: countClaims(claims) };
}

function Rails() {
  const at = (elapsedMs: number): WatchView => {
    const watch = storyWatch();
    const nowMs = watch.originMs + elapsedMs;
    const stops = watch.stops.map((stop) => ({
      ...stop,
      state: stop.offsetMs <= elapsedMs ? ('done' as const) : ('waiting' as const),
    }));
    return { ...watch, nowMs, stops, evidence: null, decidable: null };
  };
  return (
    <Stack>
      <WatchRail watch={storyWatch()} />
      <WatchRail watch={interruptedWatch()} />
      <WatchRail watch={at(20_000)} />
      <WatchRail watch={at(14 * MINUTE_MS)} />
      <WatchRail watch={at(HOUR_MS + MINUTE_MS)} />
      <WatchRail watch={at(23 * HOUR_MS + 50 * MINUTE_MS)} />
      <WatchRail watch={{ ...at(26 * HOUR_MS), nextLookMs: null, state: 'met' }} />
    </Stack>
  );
}

function Alerts() {
  const [alerts, setAlerts] = useState<readonly AlertView[]>(manyAlerts);
  const change = (id: string, over: Partial<AlertView>) =>
    setAlerts(alerts.map((alert) => (alert.id === id ? { ...alert, ...over } : alert)));
  const acts: AlertActs = {
    acknowledge: (id) => change(id, { acknowledged: { by: null, atMs: STORY_NOW_MS }, actions: ['silence'] }),
    silence: (id) => change(id, { silencedUntilMs: STORY_NOW_MS + HOUR_MS, actions: ['wake'] }),
    wake: (id) => change(id, { silencedUntilMs: null, actions: ['acknowledge', 'silence'] }),
  };
  const common = { nowMs: STORY_NOW_MS, receivedAtMs: null, watchEndMs: storyWatch().endMs, acts };
  return (
    <Stack>
      <AlertsPanel alerts={storyAlerts()} {...common} />
      <AlertsPanel alerts={alerts} {...common} />
      <AlertsPanel
        alerts={manyAlerts()
          .slice(3)
          .map((alert) => alertOf(alert))}
        {...common}
        acts={null}
      />
      <AlertsPanel alerts={longTextView().alerts ?? []} {...common} busyId="long" />
      <AlertsPanel alerts={[]} {...common} />
      <AlertsPanel alerts={storyAlerts()} {...common} state={STALE} />
      <AlertsPanel alerts={storyAlerts()} {...common} state={FAILED} />
      <AlertsPanel alerts={[]} {...common} state={LOADING} />
    </Stack>
  );
}

function Machines() {
  const { machines } = storyView();
  const common = { nowMs: STORY_NOW_MS, releases: releasesOf(STORY_MARKS) };
  const bare = { mode: null, localCache: null, getsPerRequest: null, restarts24h: null, startedAtMs: null };
  return (
    <Stack>
      <MachinesPanel machines={machines} assumed={3} {...common} />
      <MachinesPanel machines={machines.map((machine) => ({ ...machine, ...bare }))} {...common} />
      <MachinesPanel
        machines={[
          machineOf({ id: 'a', version: null, health: 'unknown', localCache: null, requestsPerSecond: null }),
          machineOf({ id: 'b', name: '9185e2bc', state: 'down', version: 'v1203', getsPerRequest: null }),
          machineOf({ id: 'c', name: 'c72e9810', state: 'asleep', mode: null, restarts24h: null }),
          machineOf({ id: 'd', name: 'e5b1d07f', health: 'warning', region: null, restarts24h: 41 }),
        ]}
        {...common}
      />
      <MachinesPanel machines={longTextView().machines} {...common} />
      <MachinesPanel machines={[]} {...common} />
      <MachinesPanel machines={machines} {...common} state={STALE} />
      <MachinesPanel machines={machines} {...common} state={FAILED} />
      <MachinesPanel machines={[]} {...common} state={LOADING} />
    </Stack>
  );
}

function Money() {
  const money = storyMoney();
  const [quota, ...rest] = money.rows;
  const limit = quota?.kind === 'limit' ? quota : null;
  const common = { nowMs: STORY_NOW_MS };
  return (
    <div className="grid grid-cols-1 gap-x-12 gap-y-9 duo:grid-cols-2">
      <MoneyPanel money={money} {...common} />
      {limit !== null && (
        <>
          <MoneyPanel
            money={{ ...money, rows: [{ ...limit, endsAtMs: null, lasts: true }, ...rest], priceNote: null }}
            {...common}
          />
          <MoneyPanel
            money={{ rows: [{ ...limit, endsAtMs: STORY_NOW_MS - 1 }], priceNote: null }}
            {...common}
          />
          <MoneyPanel
            money={{
              rows: [
                { ...limit, endsAtMs: null, perSecond: null, used: null },
                {
                  ...limit,
                  id: 'b',
                  name: 'Bandwidth',
                  unit: 'bytes',
                  allowed: 200e9,
                  used: 61.2e9,
                  endsAtMs: null,
                },
                {
                  kind: 'price',
                  id: 'c',
                  name: 'Redis',
                  price: { usd: 0.2, per: 100_000 },
                  beforeUsd: null,
                  afterUsd: 1.15,
                  period: 'day',
                },
                {
                  kind: 'pool',
                  id: 'd',
                  name: 'Connections',
                  machines: null,
                  perMachine: null,
                  steady: 24,
                  deployPeak: null,
                  allowed: null,
                },
              ],
              priceNote: null,
            }}
            {...common}
          />
        </>
      )}
      <MoneyPanel money={{ rows: [], priceNote: null }} {...common} />
      <MoneyPanel money={money} {...common} state={STALE} />
      <MoneyPanel money={money} {...common} state={FAILED} />
      <MoneyPanel money={money} {...common} state={LOADING} />
    </div>
  );
}

function Sources() {
  const { sources } = storyView();
  const billed = {
    aDay: { commands: 288, connects: 0, queries: 0, requests: 0 },
    usdToday: 0.000408,
    usdADay: 0.000576,
    contactsADay: 500,
  };
  const asked = sourceOf({
    id: 'x',
    state: 'ok',
    lagMs: 5 * MINUTE_MS,
    intervalMs: 5 * MINUTE_MS,
    name: 'metered-cache',
    observer: observerOf(billed),
  });
  const paused = sourceOf({
    ...asked,
    id: 'y',
    name: 'restarted-cache',
    state: 'paused_budget',
    ageMs: 40 * MINUTE_MS,
    lastError: {
      text: 'redis: restarted-cache is paused until midnight UTC: 494 of 500 commands and connects of our budget are used today, and a visit may take 7',
      atMs: STORY_NOW_MS,
    },
    fix: 'Nothing to do: it goes on at midnight UTC. A longer interval costs less.',
    costToday: { commands: 402, connects: 92, queries: 0, requests: 0 },
    observer: observerOf({ ...billed, usdToday: 0.000804, pausedUntilMs: Date.UTC(2026, 3, 11) }),
  });
  return (
    <Stack>
      <SourcesPanel sources={[...sources, asked, paused]} receivedAtMs={null} />
      <SourcesPanel sources={longTextView().sources} receivedAtMs={null} />
      <SourcesPanel sources={[]} receivedAtMs={null} />
      <SourcesPanel sources={sources.slice(0, 2)} receivedAtMs={null} state={STALE} />
      <SourcesPanel sources={sources.slice(0, 2)} receivedAtMs={null} state={FAILED} />
      <SourcesPanel sources={[]} receivedAtMs={null} state={LOADING} />
    </Stack>
  );
}
