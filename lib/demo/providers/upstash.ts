import { hash01, keyOf } from '../noise.ts';
import type { UpstashCounted, UpstashDatabaseWorld, UpstashLevels, UpstashWorld } from '../upstash/world.ts';
import type { World } from '../world.ts';

export const UPSTASH_EMAIL = 'crew@harbor.example';
export const UPSTASH_KEY = 'demo-upstash-key';
export const UPSTASH_DATABASE = '7c1f0a52-4b6e-4a57-9c55-0d2f4f4f7c88';

const DAY_MS = 86_400_000;
/** Points of the API stand on such a grid: the same moments are asked for again and again. */
const GRID_MS = 10_000;
const MOST_KNOWN = 1_500;

/** The cache of the story as its provider counts and describes it. */
export function upstashWorld(world: World): UpstashWorld {
  const counted = remembered(world, (atMs) => countedAt(world, atMs));
  const database: UpstashDatabaseWorld = {
    id: UPSTASH_DATABASE,
    name: 'harbor-cache',
    plan: 'payg',
    createdMs: world.startMs - 212 * DAY_MS,
    region: 'eu-central-1',
    readRegions: [],
    budgetUsd: 1_200,
    requestLimit: null,
    maxClients: 10_000,
    maxDiskBytes: 107_374_182_400,
    // Past its budget it still calls itself active; what it refuses says more.
    stateAt: () => 'active',
    countedAt: counted,
    levelsAt: remembered(world, (atMs) => levelsAt(world, atMs)),
  };
  return { email: UPSTASH_EMAIL, apiKey: UPSTASH_KEY, databases: [database] };
}

function levelsAt(world: World, atMs: number): UpstashLevels {
  const redis = world.redis(atMs);
  const chance = hash01(world.seed, keyOf('upstash latency'), Math.floor(atMs / 60_000));
  return {
    connections: redis.connectedClients,
    keys: redis.keys,
    diskBytes: redis.usedBytes,
    latencyMs: { mean: 0.2 + 0.1 * chance, p99: 1.1 + 0.9 * chance },
  };
}

function countedAt(world: World, atMs: number): UpstashCounted {
  const { commands, hits, misses } = world.billed(atMs);
  let all = 0;
  for (const count of Object.values(commands)) all += count;
  const writes = all - hits - misses;
  return { commands, hits, misses, bytes: hits * 448 + misses * 51 + writes * 127 };
}

/** What lies in the past stays as it is; what faults may still change is worked out each time. */
function remembered<T>(world: World, make: (atMs: number) => T): (atMs: number) => T {
  const known = new Map<number, T>();
  let version = world.faults.version;
  return (atMs) => {
    if (version !== world.faults.version) known.clear();
    version = world.faults.version;
    const before = known.get(atMs);
    if (before !== undefined) return before;
    const counted = make(atMs);
    if (known.size >= MOST_KNOWN) known.clear();
    if (atMs % GRID_MS === 0) known.set(atMs, counted);
    return counted;
  };
}
