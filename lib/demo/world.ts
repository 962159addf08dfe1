import { FaultRuns, isWithin, type Span } from './faults.ts';
import { type Counted, countOfKind, countSince } from './flow.ts';
import { wobble } from './noise.ts';
import * as story from './story.ts';
import { type FaultFlows, faultFlows, faultStart, isDown } from './world-faults.ts';
import { eraAt, type MachineFlows, machineFlows, type Origin } from './world-machine.ts';
import { PLATEAU_HIT_PARTS, redisAt, redisWork, serverFlows } from './world-redis.ts';
import type {
  BilledState,
  MachineState,
  PostgresState,
  ProcessState,
  RedisState,
  WorldState,
} from './world-state.ts';

/** The whole made-up world. */
export interface World {
  readonly startMs: number;
  readonly seed: number;
  /** What was broken on purpose; a change reaches the time after it only. */
  readonly faults: FaultRuns;
  /** Everything at `atMs`: the same for the same seed, start, faults and time. Whole counters, never falling while a process lives. */
  at(atMs: number): WorldState;
  /** Redis alone: what `at` says of it, for less. */
  redis(atMs: number): RedisState;
  /** What Redis was asked since long before the story, whatever process served it: what its provider bills. */
  billed(atMs: number): BilledState;
  /** Responses of each machine by status, in the order of the story, over all of its processes. */
  served(atMs: number): readonly Readonly<Record<string, number>>[];
  /** The newest processes of a machine that had begun by `atMs`, newest first. */
  processes(name: string, atMs: number): readonly ProcessState[];
}

const POOL_BEFORE = 15;
const POOL_AFTER = 12;
const MB = 1_048_576;
const LOCAL_CACHE_MAX_BYTES = 48 * MB;
const KNOWN_MOMENTS = 8;
const NEWEST_RELEASE = story.RELEASES.at(-1)?.version ?? 0;
/** Before everything that a provider can be asked for. */
const BILLED_SINCE_MS = -90 * 86_400_000;
const WARM_CACHE_MS = 180_000;
/** Parts of 1000 of the 200s that a slow API stalls. */
const STALLED_PARTS = 100;
const STALLED_OFFSET = 500;

/** A small made-up world around the app `harbor`; see `story.ts` for what happens in it. */
export function createWorld(origin: Origin): World {
  const { seed, startMs } = origin;
  const faults = new FaultRuns();
  const machines: Told[] = story.MACHINES.map((machine) => ({
    machine,
    flows: machineFlows(machine, origin, faults),
    slow: () => faults.of('slow'),
  }));
  const ownGets = (atMs: number): number =>
    machines.reduce((sum, { flows }) => sum + flows.getHits(atMs) + flows.getMisses(atMs), 0);
  const extra = faultFlows(faults, origin, ownGets);
  const server = serverFlows(machines, extra, origin);
  // The servers of one visit ask for the same moment.
  const known = new Map<number, WorldState>();
  let version = faults.version;

  return {
    seed,
    startMs,
    faults,
    at(atMs) {
      if (version !== faults.version) known.clear();
      version = faults.version;
      const before = known.get(atMs);
      if (before !== undefined) return before;
      const state: WorldState = {
        atMs,
        redis: redisAt(server, faults, origin, atMs),
        postgres: postgresAt(machines, origin, atMs),
        machines: machines.map((one) => machineAt(one, extra, origin, atMs)),
      };
      if (known.size >= KNOWN_MOMENTS) known.clear();
      known.set(atMs, state);
      return state;
    },
    redis: (atMs) => redisAt(server, faults, origin, atMs),
    billed: (atMs) => redisWork(server, startMs + BILLED_SINCE_MS, atMs),
    served: (atMs) => machines.map((told) => responsesOf(told, extra, startMs + BILLED_SINCE_MS, atMs)),
    processes(name, atMs) {
      const told = machines.find(({ machine }) => machine.name === name);
      return told === undefined ? [] : processesOf(told, faults, startMs, atMs);
    },
  };
}

interface Told {
  machine: story.MachineStory;
  flows: MachineFlows;
  /** When the API is slow. */
  slow: () => readonly Span[];
}

/** When anything began again or became (un)reachable; open connections do not live through a change of this. */
export function processKeys(state: WorldState): { redis: string; machines: readonly string[] } {
  return {
    redis: `${state.redis.runId} ${state.redis.reachable}`,
    machines: state.machines.map((machine) => `${machine.startedMs} ${machine.reachable}`),
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

function machineAt(told: Told, extra: FaultFlows, origin: Origin, atMs: number): MachineState {
  const { machine, flows } = told;
  const { seed, startMs } = origin;
  const faults = flows.faults();
  const startedMs = processStart(told, startMs, atMs);
  const count = (counted: Counted) => countSince(counted, startedMs, atMs);
  const isFirst = machine === story.MACHINES[0];
  const era = eraAt(machine, startedMs - startMs);
  const isAwake = faults.unsuspended.some((span) => startedMs >= span.fromMs && startedMs < span.toMs);
  const manner = isAwake && era.manner === 'suspended' ? 'v1203' : era.manner;

  const plateau = isFirst ? count(extra.plateau) : 0;
  const plateauHits = countOfKind(plateau, 0, PLATEAU_HIT_PARTS);
  const [ownHits, ownMisses] = [count(flows.getHits), count(flows.getMisses)];
  const redisHits = ownHits + plateauHits;
  const redisMisses = ownMisses + plateau - plateauHits;
  const redisCommands: Record<string, number> = { get: redisHits + redisMisses };
  for (const [cmd, counted] of flows.commands) redisCommands[cmd] = count(counted);
  const responses = responsesOf(told, extra, startedMs, atMs);
  let requests = 0;
  for (const served of Object.values(responses)) requests += served;
  const statements = flows.statements.map(count);
  const dbQueries = statements.reduce((all, calls) => all + calls, 0);

  const filled = 1 - Math.exp(-(atMs - startedMs) / WARM_CACHE_MS);
  const hasCache = manner === 'suspended' || manner === 'v1206';
  const ok = responses['200'] ?? 0;
  return {
    name: machine.name,
    region: machine.region,
    release: `v${secretRelease(faults.secretStarts, startedMs) ?? era.release}`,
    manner,
    switchValue: isAwake ? story.BAD_VALUE : switchAt(startedMs - startMs, manner),
    startedMs,
    reachable: isReachable(told, startMs, atMs),
    redisCommands,
    getsByComponent: byComponent(manner, ownHits + ownMisses, plateau),
    redisHits,
    redisMisses,
    local: hasCache
      ? {
          hits: count(flows.localHits),
          bytes: Math.round(machine.cacheBytes * filled),
          maxBytes: LOCAL_CACHE_MAX_BYTES,
        }
      : null,
    responses,
    slowOk: countOfKind(ok, 0, story.SLOW_PARTS[manner]),
    stalledOk: stalledOk(told, startedMs, atMs),
    dbQueries,
    statements,
    // A suspended machine decides by itself, and asks nobody.
    failedOpen: manner === 'suspended' ? 0 : count(flows.failedOpen),
    connects:
      manner === 'suspended'
        ? { ok: 0, failed: count(flows.connects) }
        : { ok: 1 + count(flows.connects), failed: 0 },
    dbPoolUsed: 1 + Math.round((hasCache ? 2 : 5) * wobble(seed, `${machine.name} pool`, atMs, 8_000) ** 2),
    dbPoolMax: poolOf(machine, startMs, atMs),
    residentBytes: Math.round(
      (171 + 12 * wobble(seed, `${machine.name} rss`, atMs, 61_000)) * MB +
        (hasCache ? machine.cacheBytes * filled : 0),
    ),
    cpuSeconds: requests * 0.0021 + (redisHits + redisMisses) * 0.000_11 + (atMs - startedMs) * 0.000_004,
    eventLoopLagSeconds: 0.002 + 0.006 * wobble(seed, `${machine.name} lag`, atMs, 5_000) ** 3,
  };
}

/** A status appears with its first response. */
function responsesOf(
  { machine, flows }: Told,
  extra: FaultFlows,
  sinceMs: number,
  atMs: number,
): Record<string, number> {
  const responses: Record<string, number> = {};
  const isFirst = machine === story.MACHINES[0];
  for (const [status, counted] of flows.responses) {
    const more = isFirst && status === '429' ? countSince(extra.limited, sinceMs, atMs) : 0;
    const served = countSince(counted, sinceMs, atMs) + more;
    if (served > 0) responses[status] = served;
  }
  return responses;
}

const PROCESSES_TOLD = 5;

/** Starts by the story and by faults; those of faults are requested unless they are a crash. */
function processesOf(
  { machine, flows }: Told,
  faults: FaultRuns,
  startMs: number,
  atMs: number,
): readonly ProcessState[] {
  const told = machine.eras.slice(1).map(({ fromMs }) => ({
    endedMs: startMs + fromMs,
    startedMs: startMs + fromMs + story.REPLACE_DOWN_MS,
    crashed: false,
  }));
  const crashes = [...faults.of('kill'), ...faults.of('storm')];
  const broken = flows.faults().downs.map(({ fromMs, toMs }) => ({
    endedMs: fromMs,
    startedMs: toMs,
    crashed: crashes.some((run) => isWithin(run, fromMs)),
  }));
  return [...told, ...broken]
    .filter(({ endedMs }) => endedMs <= atMs)
    .toSorted((a, b) => b.endedMs - a.endedMs)
    .slice(0, PROCESSES_TOLD);
}

/** A part of the 200s while the API is slow; never one of those that are slow anyway. */
function stalledOk({ flows, slow }: Told, startedMs: number, atMs: number): number {
  const ok = flows.responses.get('200') ?? (() => 0);
  let sum = 0;
  for (const span of slow()) {
    const fromMs = Math.max(span.fromMs, startedMs);
    const toMs = Math.min(span.toMs, atMs);
    if (fromMs >= toMs) continue;
    const [before, after] = [countSince(ok, startedMs, fromMs), countSince(ok, startedMs, toMs)];
    sum +=
      countOfKind(after, STALLED_OFFSET, STALLED_PARTS) - countOfKind(before, STALLED_OFFSET, STALLED_PARTS);
  }
  return sum;
}

/** Reads of a process by the part of the app; a plateau is the quota asking the cache that asks for the quota. */
function byComponent(manner: story.Manner, gets: number, plateau: number): Record<string, number> {
  const counts: Record<string, number> = {};
  let offset = 0;
  for (const [component, part] of Object.entries(story.COMPONENTS[manner])) {
    counts[component] = countOfKind(gets, offset, part);
    offset += part;
  }
  if (plateau > 0) counts.quota = (counts.quota ?? 0) + plateau;
  return counts;
}

/** What the switch was set to when a process began; a machine that was left behind has the value before. */
function switchAt(relativeMs: number, manner: story.Manner): string | null {
  if (manner === 'suspended') return 'true';
  return story.SWITCH_VALUES.findLast(({ atMs }) => atMs <= relativeMs)?.value ?? null;
}

/** Each change of a secret is a release of its own; null while none came after the story. */
function secretRelease(secretStarts: readonly number[], startedMs: number): number | null {
  const changes = secretStarts.filter((atMs) => atMs <= startedMs).length;
  return changes === 0 ? null : NEWEST_RELEASE + changes;
}

function processStart({ machine, flows }: Told, startMs: number, atMs: number): number {
  const starts = machine.eras.map(
    ({ fromMs }, i) => startMs + fromMs + (i === 0 ? 0 : story.REPLACE_DOWN_MS),
  );
  // While it is replaced, the process before is the last one that there was.
  const storyMs = starts.findLast((one) => one <= atMs) ?? starts[0] ?? startMs;
  return Math.round(Math.max(storyMs, faultStart(flows.faults(), atMs) ?? Number.NEGATIVE_INFINITY));
}

function isReachable({ machine, flows }: Told, startMs: number, atMs: number): boolean {
  const relativeMs = atMs - startMs;
  const isOut =
    machine.outage &&
    relativeMs >= story.OUTAGE_FROM_MS &&
    relativeMs < story.OUTAGE_FROM_MS + story.OUTAGE_MS;
  const era = eraAt(machine, relativeMs);
  const isReplaced = era !== machine.eras[0] && relativeMs < era.fromMs + story.REPLACE_DOWN_MS;
  return !isOut && !isReplaced && !isDown(flows.faults(), atMs);
}

function poolOf(machine: story.MachineStory, startMs: number, atMs: number): number {
  return eraAt(machine, atMs - startMs).manner === 'old' ? POOL_BEFORE : POOL_AFTER;
}
