import 'server-only';
import { inspect } from 'node:util';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { type NeonServer, startNeonServer } from '@/lib/demo/neon/server.ts';
import { type StillParts, stillWorld } from '@/lib/demo/neon/still-world.ts';
import type { NeonWorld, OperationState } from '@/lib/demo/neon/world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { NeonTarget } from '@/lib/server/config/types.ts';
import { type CountAct, type HistorySession, ScrapeError } from '../collector.ts';
import { neon } from './index.ts';

/** The only key that the fakes of these tests let in; it must show up in no text. */
export const API_KEY = 'napi_canary_0123456789abcdef';
/** The project of a world that stands still. */
export const PROJECT = 'quiet-river-028834';
/** The moment of these tests. */
export const NOW_MS = Date.UTC(2026, 10, 3, 9, 50);

/** A Neon target of the tests. */
export function neonTarget(apiUrl: string, more: Partial<NeonTarget> = {}): NeonTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'neon',
    name: 'shop-db',
    apiUrl,
    address: URL.canParse(apiUrl) ? new URL(apiUrl).host : apiUrl,
    apiKey: new Secret(API_KEY),
    project: null,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...more,
  };
}

/** A fake Neon and a session of ours that reads it. */
export interface Scene {
  api: NeonServer;
  session: HistorySession;
  /** Acts in the order in which they were counted. */
  sent: string[];
  /** One visit with the session's own deadline; the fake's clock is set to `nowMs`. */
  visit: (nowMs?: number) => Promise<CollectResult>;
  /** The error of a visit that must fail. */
  fail: (nowMs?: number) => Promise<ScrapeError>;
}

/** Starts both; what is to be closed is left in `closers`. `world`: a whole one, or parts of one that stands still. */
export async function startScene(
  closers: (() => Promise<unknown>)[],
  world: StillParts | { whole: NeonWorld } = {},
  more: { target?: Partial<NeonTarget>; keyScope?: 'project'; clock?: () => number } = {},
): Promise<Scene> {
  let nowMs = NOW_MS;
  const played = 'whole' in world ? world.whole : stillWorld(NOW_MS, world);
  const api = await startNeonServer(played, {
    nowMs: more.clock ?? (() => nowMs),
    apiKey: API_KEY,
    ...(more.keyScope !== undefined && { keyScope: more.keyScope }),
  });
  closers.push(() => api.close());
  const sent: string[] = [];
  const count: CountAct = (act) => sent.push(act);
  const session = neon.open(neonTarget(api.url, more.target), { count });
  closers.push(() => session.close());
  const visit = (atMs = NOW_MS) => {
    nowMs = atMs;
    const signal = AbortSignal.timeout(session.pace().timeoutSeconds * 1_000);
    return session.collect({ signal, nowMs: atMs });
  };
  return { api, session, sent, visit, fail: (atMs) => failureOf(visit(atMs)) };
}

/** The `ScrapeError` of a step that must fail; throws when it does not, or fails in another way. */
export async function failureOf(step: Promise<unknown>): Promise<ScrapeError> {
  const error = await step.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ScrapeError) return error;
  throw new Error(`expected a ScrapeError, got ${inspect(error)}`);
}

/** Codes of the notices, in order. */
export const codes = ({ notices }: CollectResult): string[] => notices.map(({ code }) => code);

/** Names of the metrics that have a sample. */
export const metrics = ({ samples }: CollectResult): Set<string> =>
  new Set(samples.map(({ metric }) => metric));

/** The first sample of a metric. */
export const value = ({ samples }: CollectResult, metric: string): number | undefined =>
  samples.find((one) => one.metric === metric)?.value;

/** A finished operation of the first compute. */
export function operation(n: number, createdMs: number, action: string): OperationState {
  return {
    id: `5c0ffee0-0000-4000-8000-${String(n).padStart(12, '0')}`,
    action,
    status: 'finished',
    branchId: 'br-quiet-hill-1',
    endpointId: 'ep-calm-lake-1',
    createdMs,
    updatedMs: createdMs + 800,
  };
}
