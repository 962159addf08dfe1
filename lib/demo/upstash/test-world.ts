import { DAY_MS } from '../../core/time/range.ts';
import type { UpstashDatabaseWorld, UpstashWorld } from './world.ts';

const ORIGIN_MS = Date.UTC(2026, 0, 1);
export const PAID_ID = '96ad0856-03b1-4ee7-9666-e81abd0349e1';
export const FREE_ID = '5f0c1a52-6b1e-4a57-9c55-0d2f4f4f7c11';

/** Steady calls a second by command: exact to work with in one’s head. */
export function steadyDatabase(
  perSecond: Readonly<Record<string, number>>,
  given: Partial<UpstashDatabaseWorld> = {},
): UpstashDatabaseWorld {
  const since = (atMs: number, rate: number) => Math.floor(((atMs - ORIGIN_MS) / 1_000) * rate);
  return {
    id: PAID_ID,
    name: 'main-cache',
    plan: 'payg',
    createdMs: ORIGIN_MS - 30 * DAY_MS,
    region: 'eu-west-1',
    readRegions: [],
    budgetUsd: 360,
    requestLimit: null,
    maxClients: 10_000,
    maxDiskBytes: 107_374_182_400,
    stateAt: () => 'active',
    countedAt: (atMs) => ({
      commands: Object.fromEntries(Object.entries(perSecond).map(([cmd, rate]) => [cmd, since(atMs, rate)])),
      hits: since(atMs, 9),
      misses: since(atMs, 1),
      bytes: since(atMs, 4_096),
    }),
    levelsAt: () => ({ connections: 45, keys: 310, diskBytes: 619_520, latencyMs: { mean: 0.25, p99: 1.5 } }),
    ...given,
  };
}

/** An account with one busy database, or with these. */
export function steadyWorld(
  databases: readonly UpstashDatabaseWorld[] = [steadyDatabase({ get: 10, setex: 2, evalsha: 1 })],
): UpstashWorld {
  return { email: 'owner@harbor.example', apiKey: 'k3y-of-the-account', databases };
}
