import 'server-only';
import type { SourceState } from '@/lib/core/model/source-state.ts';
import type { ModeView } from '@/lib/core/model/view.ts';
import type { Runtime } from '../runtime.ts';
import { readFiring } from './alerts.ts';
import { readMode } from './mode.ts';
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
  }[];
  store: { id: string; engine: string; healthy: boolean };
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
  watch: null;
  observer: { commands: number; connects: number; queries: number; requests: number; since: string };
}

export async function readStatus(runtime: Runtime): Promise<StatusView> {
  const nowMs = runtime.clock.wallMs();
  const statuses = runtime.poller.statuses(nowMs);
  const sources = readSources(runtime, statuses, nowMs);
  const observer = { commands: 0, connects: 0, queries: 0, requests: 0 };
  for (const { costToday } of sources) {
    observer.commands += costToday.commands;
    observer.connects += costToday.connects;
    observer.queries += costToday.queries;
    observer.requests += costToday.requests;
  }
  return {
    mode: await readMode(runtime, statuses, nowMs),
    sources: sources.map(({ id, kind, name, state, ageMs, lastError, fix, notices }) => ({
      id,
      kind,
      name,
      state,
      ageSeconds: ageMs === null ? null : Math.round(ageMs / 100) / 10,
      lastError: lastError?.text ?? null,
      fix,
      notices,
    })),
    store: storeState(runtime),
    alerts: readFiring(runtime, nowMs).map(({ id, scope, title, detail, sinceMs, acknowledged }) => ({
      id,
      ...scope,
      title,
      detail,
      since: new Date(sinceMs).toISOString(),
      acknowledged: acknowledged !== null,
    })),
    watch: null,
    observer: { ...observer, since: `${new Date(nowMs).toISOString().slice(0, 10)}T00:00:00Z` },
  };
}

function storeState({ store }: Runtime): StatusView['store'] {
  const { engine, lastError } = store.stats();
  return { id: store.id, engine, healthy: lastError === null };
}
