import 'server-only';
import { type Acts, NO_ACTS } from '@/lib/core/budget/acts.ts';
import { dayOf } from '@/lib/core/budget/day.ts';
import type { ReceiverKind } from '@/lib/core/model/receiver.ts';
import type { SourceState } from '@/lib/core/model/source-state.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import type { ModeView, ObserverView, SourceView } from '@/lib/core/model/view.ts';
import type { InstanceRole } from '@/lib/core/sources/settings-view.ts';
import type { Runtime } from '../runtime.ts';
import { readFiring } from './alerts.ts';
import { readMode } from './mode.ts';
import { type ObserverDay, readObserverDays } from './observer.ts';
import { readReceivers } from './receivers.ts';
import { readScopes } from './scope.ts';
import { readSources } from './sources.ts';

/** What `/api/status` and `afterwatch status --json` print. */
export interface StatusView {
  mode: ModeView | null;
  sources: {
    id: string;
    kind: string;
    name: string;
    state: SourceState;
    ageSeconds: number | null;
    lastError: string | null;
    fix: string | null;
    notices: readonly string[];
    /** What watching it costs; money at list price, null where nothing is billed. */
    cost: {
      today: Acts;
      yesterday: Acts | null;
      aDay: Acts | null;
      usdToday: number | null;
      usdADay: number | null;
      /** Our own limit of commands and connects a day; null where there is none. */
      contactsADay: number | null;
      pausedUntil: string | null;
    };
  }[];
  store: { id: string; engine: string; role: InstanceRole; healthy: boolean };
  /** What fires and is neither silenced nor held back. */
  alerts: {
    id: string;
    app: string;
    environment: string;
    title: string;
    detail: string | null;
    since: string;
    acknowledged: boolean;
  }[];
  /** Whom others are told by, and whether it arrives. */
  notify: {
    receivers: {
      name: string;
      kind: ReceiverKind;
      waiting: number;
      oldestAgeSeconds: number | null;
      delivered: number;
      lastDelivered: string | null;
      lastError: string | null;
      givenUp: number;
    }[];
    /** Null where none is configured. */
    heartbeat: { lastOk: string | null; lastError: string | null } | null;
  };
  /** The watch of the newest deploy that is watched; null while none is. */
  watch: {
    deploy: string;
    release: string;
    app: string;
    environment: string;
    state: WatchRecord['state'];
    provisional: boolean;
    reason: WatchRecord['reason'];
    /** Claims that are met or mostly met, and all that count. */
    met: number;
    of: number;
    since: string | null;
    origin: string;
    ends: string;
    /** A person’s own verdict over it. */
    override: WatchRecord['state'] | null;
  } | null;
  /** What watching has cost since midnight UTC, and on up to 14 days before, newest first. */
  observer: Acts & { since: string; usdToday: number | null; days: readonly ObserverDay[] };
}

export async function readStatus(runtime: Runtime): Promise<StatusView> {
  const nowMs = runtime.clock.wallMs();
  const statuses = runtime.poller.statuses(nowMs);
  const sources = readSources(runtime, statuses, nowMs);
  return {
    mode: await readMode(runtime, statuses, nowMs),
    sources: sources.map(
      ({ id, kind, name, state, ageMs, lastError, fix, notices, costToday, observer }) => ({
        id,
        kind,
        name,
        state,
        ageSeconds: ageMs === null ? null : Math.round(ageMs / 100) / 10,
        lastError: lastError?.text ?? null,
        fix,
        notices,
        cost: costOf(costToday, observer),
      }),
    ),
    store: storeState(runtime),
    alerts: readFiring(runtime, nowMs).map(({ id, scope, title, detail, sinceMs, acknowledged }) => ({
      id,
      ...scope,
      title,
      detail,
      since: new Date(sinceMs).toISOString(),
      acknowledged: acknowledged !== null,
    })),
    notify: notifyOf(runtime, nowMs),
    watch: watchOf(runtime),
    observer: observerOf(runtime, sources, nowMs),
  };
}

function notifyOf(runtime: Runtime, nowMs: number): StatusView['notify'] {
  const isoOf = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());
  const beat = runtime.notify?.heartbeat() ?? null;
  return {
    receivers: readReceivers(runtime).map(
      ({ name, kind, waiting, oldestMs, delivered, lastDeliveredMs, lastError, givenUp }) => ({
        ...{ name, kind, waiting, delivered, lastError },
        oldestAgeSeconds: oldestMs === null ? null : Math.max(0, Math.round((nowMs - oldestMs) / 1_000)),
        lastDelivered: isoOf(lastDeliveredMs),
        givenUp: givenUp.length,
      }),
    ),
    heartbeat: beat === null ? null : { lastOk: isoOf(beat.lastOkMs), lastError: beat.lastError },
  };
}

function watchOf(runtime: Runtime): StatusView['watch'] {
  const current = readScopes(runtime).flatMap((scope) => {
    const record = runtime.watches?.currentNow(scope) ?? null;
    return record === null ? [] : [record];
  });
  const [newest] = current.sort((a, b) => b.originMs - a.originMs);
  if (newest === undefined) return null;
  const { deployId, release, app, environment, state, provisional, reason, claims, override } = newest;
  const all = Object.values(claims);
  const iso = (atMs: number) => new Date(atMs).toISOString();
  return {
    deploy: deployId,
    ...{ release, app, environment, state, provisional, reason },
    met: all.filter((claim) => claim.state === 'met' || claim.state === 'mostly_met').length,
    of: all.length,
    since: newest.sinceMs === null ? null : iso(newest.sinceMs),
    origin: iso(newest.originMs),
    ends: iso(newest.endMs),
    override: override?.state ?? null,
  };
}

function costOf(
  today: Acts,
  { yesterday, aDay, usdToday, usdADay, contactsADay, pausedUntilMs }: ObserverView,
): StatusView['sources'][number]['cost'] {
  const pausedUntil = pausedUntilMs === null ? null : new Date(pausedUntilMs).toISOString();
  return { today, yesterday, aDay, usdToday, usdADay, contactsADay, pausedUntil };
}

function observerOf(runtime: Runtime, sources: readonly SourceView[], nowMs: number): StatusView['observer'] {
  const [today, ...days] = readObserverDays(runtime);
  const { commands, connects, queries, requests } = today ?? NO_ACTS;
  const billed = sources.flatMap(({ observer }) => observer.usdToday ?? []);
  return {
    commands,
    connects,
    queries,
    requests,
    since: `${dayOf(nowMs)}T00:00:00Z`,
    usdToday: billed.length === 0 ? null : billed.reduce((sum, usd) => sum + usd, 0),
    days,
  };
}

function storeState({ store, role }: Runtime): StatusView['store'] {
  const { engine, lastError, outage } = store.stats();
  return { id: store.id, engine, role: role ?? 'alone', healthy: lastError === null && outage === null };
}
