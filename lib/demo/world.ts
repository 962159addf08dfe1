import { type Counted, countSince, flow, rareEvents } from './flow.ts';
import { hash01, hexOf, keyOf } from './noise.ts';
import * as story from './story.ts';
import { type MachineFlows, machineFlows, type Origin } from './world-machine.ts';
import type { MachineState, PostgresState, WorldState } from './world-state.ts';

/** The whole made-up world. */
export interface World {
  readonly startMs: number;
  readonly seed: number;
  /** Everything at `atMs`: the same for the same seed, start and time. Whole counters, never falling while a process lives. */
  at(atMs: number): WorldState;
}

const POOL_BEFORE = 15;
const POOL_AFTER = 12;
const MB = 1_048_576;
const KNOWN_MOMENTS = 8;

/** A small made-up world around the app `harbor`; see `story.ts` for what happens in it. */
export function createWorld(origin: Origin): World {
  const { seed, startMs } = origin;
  const machines = story.MACHINES.map((machine) => ({ machine, flows: machineFlows(machine, origin) }));
  const expired = flow(
    'expired',
    [
      { fromMs: startMs + story.REDIS_FIRST_START_MS, perSecond: 27, noise: 0.3 },
      { fromMs: startMs + story.DEPLOY_MS, perSecond: 0.48, noise: 0.3 },
    ],
    { seed, originMs: startMs + story.DEPLOY_MS },
  );
  const connects = rareEvents('connects', 171_000, seed);
  // The servers of one visit ask for the same moment.
  const known = new Map<number, WorldState>();

  return {
    seed,
    startMs,
    at(atMs) {
      const before = known.get(atMs);
      if (before !== undefined) return before;
      const redisStartMs = redisStart(atMs, startMs);
      const state: WorldState = {
        atMs,
        redis: {
          runId: hexOf(seed, `run ${redisStartMs}`, 40),
          startedMs: redisStartMs,
          reachable: !within(atMs, startMs + story.REDIS_RESTART_MS, story.REDIS_DOWN_MS),
          ...redisWork(machines, redisStartMs, atMs),
          connectionsReceived: 28 + countSince(connects, redisStartMs, atMs),
          expiredKeys: countSince(expired, redisStartMs, atMs),
          ...redisSize(seed, redisStartMs, atMs),
        },
        postgres: postgresAt(machines, origin, atMs),
        machines: machines.map(({ machine, flows }) => machineAt(machine, flows, origin, atMs)),
      };
      if (known.size >= KNOWN_MOMENTS) known.clear();
      known.set(atMs, state);
      return state;
    },
  };
}

interface Told {
  machine: story.MachineStory;
  flows: MachineFlows;
}

/** When anything began again or became (un)reachable; open connections do not live through a change of this. */
export function processKeys(state: WorldState): { redis: string; machines: readonly string[] } {
  return {
    redis: `${state.redis.runId} ${state.redis.reachable}`,
    machines: state.machines.map((machine) => `${machine.startedMs} ${machine.reachable}`),
  };
}

function redisStart(atMs: number, startMs: number): number {
  const restartedMs = startMs + story.REDIS_RESTART_MS + story.REDIS_DOWN_MS;
  return atMs >= restartedMs ? restartedMs : startMs + story.REDIS_FIRST_START_MS;
}

/** Commands that reached Redis are exactly those that the machines sent. */
function redisWork(machines: readonly Told[], sinceMs: number, atMs: number) {
  const commands: Record<string, number> = {};
  let hits = 0;
  let misses = 0;
  for (const { flows } of machines) {
    hits += countSince(flows.getHits, sinceMs, atMs);
    misses += countSince(flows.getMisses, sinceMs, atMs);
    for (const [cmd, counted] of flows.commands) {
      commands[cmd] = (commands[cmd] ?? 0) + countSince(counted, sinceMs, atMs);
    }
  }
  commands.get = hits + misses;
  return { commands, hits, misses };
}

/** Fills up again after a start that emptied it. */
function redisSize(seed: number, startedMs: number, atMs: number) {
  const filled = 1 - Math.exp(-(atMs - startedMs) / 260_000);
  const keys = Math.round((41_200 + 900 * wobble(seed, 'keys', atMs, 47_000)) * filled);
  const bytesFor = (count: number) => Math.round(1.9 * MB + count * 812);
  return {
    keys,
    keysExpiring: Math.round(keys * 0.93),
    usedBytes: bytesFor(keys),
    peakBytes: bytesFor(42_100 * filled),
    connectedClients: 26 + Math.round(3 * wobble(seed, 'clients', atMs, 31_000)),
  };
}

function postgresAt(machines: readonly Told[], origin: Origin, atMs: number): PostgresState {
  const { seed, startMs } = origin;
  const startedMs = startMs + story.POSTGRES_START_MS;
  const statements = story.STATEMENTS.map(({ query, meanMs, rowsPerCall }, i) => {
    let calls = 0;
    for (const { flows } of machines) calls += countSince(flows.statements[i] ?? (() => 0), startedMs, atMs);
    return { query, calls, totalMs: calls * meanMs, rows: calls * rowsPerCall };
  });
  let pool = 0;
  for (const { machine } of machines) pool += poolOf(machine, startMs, atMs);
  const active = wobble(seed, 'active', atMs, 9_000) > 0.4 ? 1 : 0;
  return {
    startedMs,
    statements,
    connections: {
      active,
      idle: pool - active,
      longestQuerySeconds: 0.001 + 0.02 * wobble(seed, 'longest', atMs, 7_000) ** 2,
    },
    sessions: 412 + Math.floor((atMs - startedMs) / 1_900_000),
    sizeBytes: 214 * MB + Math.floor((atMs - startedMs) / 60_000) * 8_192,
  };
}

function machineAt(
  machine: story.MachineStory,
  flows: MachineFlows,
  origin: Origin,
  atMs: number,
): MachineState {
  const { seed, startMs } = origin;
  const startedMs = processStart(machine, startMs, atMs);
  const count = (counted: Counted) => countSince(counted, startedMs, atMs);
  const redisHits = count(flows.getHits);
  const redisMisses = count(flows.getMisses);
  const redisCommands: Record<string, number> = { get: redisHits + redisMisses };
  for (const [cmd, counted] of flows.commands) redisCommands[cmd] = count(counted);
  const responses: Record<string, number> = {};
  let requests = 0;
  for (const [status, counted] of flows.responses) {
    const served = count(counted);
    if (served > 0) responses[status] = served;
    requests += served;
  }
  let dbQueries = 0;
  for (const counted of flows.statements) dbQueries += count(counted);

  const isNew = machine.replacedMs !== null && startedMs > startMs + machine.replacedMs;
  const filled = isNew ? 1 - Math.exp(-(atMs - startedMs) / 180_000) : 0;
  const dbPoolMax = poolOf(machine, startMs, atMs);
  return {
    name: machine.name,
    region: machine.region,
    release: isNew ? story.NEW_RELEASE : story.OLD_RELEASE,
    startedMs,
    reachable: isReachable(machine, startMs, atMs),
    redisCommands,
    redisHits,
    redisMisses,
    local: isNew
      ? {
          hits: count(flows.localHits),
          bytes: Math.round(38.2 * MB * filled * Math.min(1, machine.share * 2)),
        }
      : null,
    responses,
    // A share of a counter, so that the fast rest never falls either.
    slowOk: Math.floor((responses['200'] ?? 0) * story.SLOW_OK_SHARE[isNew ? 'new' : 'old']),
    dbQueries,
    dbPoolUsed: 1 + Math.round((isNew ? 2 : 5) * wobble(seed, `${machine.name} pool`, atMs, 8_000) ** 2),
    dbPoolMax,
    residentBytes: Math.round(
      (171 + 12 * wobble(seed, `${machine.name} rss`, atMs, 61_000)) * MB + 38 * MB * filled,
    ),
    cpuSeconds: requests * 0.0021 + (redisHits + redisMisses) * 0.000_11 + (atMs - startedMs) * 0.000_004,
    eventLoopLagSeconds: 0.002 + 0.006 * wobble(seed, `${machine.name} lag`, atMs, 5_000) ** 3,
  };
}

function processStart(machine: story.MachineStory, startMs: number, atMs: number): number {
  const replacedMs = machine.replacedMs;
  const upMs = replacedMs === null ? Number.POSITIVE_INFINITY : startMs + replacedMs + story.REPLACE_DOWN_MS;
  return Math.round(atMs >= upMs ? upMs : startMs + machine.firstStartMs);
}

function isReachable(machine: story.MachineStory, startMs: number, atMs: number): boolean {
  if (machine.outage && within(atMs, startMs + story.OUTAGE_FROM_MS, story.OUTAGE_MS)) return false;
  return machine.replacedMs === null || !within(atMs, startMs + machine.replacedMs, story.REPLACE_DOWN_MS);
}

function poolOf(machine: story.MachineStory, startMs: number, atMs: number): number {
  return machine.replacedMs !== null && atMs >= startMs + machine.replacedMs ? POOL_AFTER : POOL_BEFORE;
}

function within(atMs: number, fromMs: number, forMs: number): boolean {
  return atMs >= fromMs && atMs < fromMs + forMs;
}

/** A gauge between 0 and 1 that wanders, with a new aim every `everyMs`. */
function wobble(seed: number, name: string, atMs: number, everyMs: number): number {
  const key = keyOf(name);
  const step = Math.floor(atMs / everyMs);
  const inside = atMs / everyMs - step;
  const from = hash01(seed, key, step);
  return from + (hash01(seed, key, step + 1) - from) * inside;
}
