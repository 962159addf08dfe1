import type { FaultRuns } from './faults.ts';
import { type Counted, countOfKind, countSince, flow } from './flow.ts';
import { hash01, hexOf, keyOf, wobble } from './noise.ts';
import * as story from './story.ts';
import type { FaultFlows } from './world-faults.ts';
import { eraAt, type MachineFlows, type Origin } from './world-machine.ts';
import type { BilledState, RedisState } from './world-state.ts';

/** What a month's budget pays for, by command. */
const QUOTA_LIMIT = 600_000_000;
/** Parts of 1000 of the plateau's reads that find their key. */
export const PLATEAU_HIT_PARTS = 614;
const MB = 1_048_576;

/** What the one Redis server counts, from a fixed origin. */
interface ServerFlows {
  commands: ReadonlyMap<string, Counted>;
  hits: Counted;
  misses: Counted;
  connects: Counted;
  expired: Counted;
}

/** Commands that reached Redis are exactly those that the machines sent, and those of a machine that nobody knows. */
export function serverFlows(
  machines: readonly { flows: MachineFlows }[],
  extra: FaultFlows,
  { seed, startMs }: Origin,
): ServerFlows {
  const total =
    (pick: (told: { flows: MachineFlows }) => Counted): Counted =>
    (atMs) =>
      machines.reduce((sum, told) => sum + pick(told)(atMs), 0);
  const own = { hits: total(({ flows }) => flows.getHits), misses: total(({ flows }) => flows.getMisses) };
  const more = (atMs: number) => extra.plateau(atMs) + extra.leaked(atMs);
  const moreHits = (atMs: number) => countOfKind(more(atMs), 0, PLATEAU_HIT_PARTS);
  const hits: Counted = (atMs) => own.hits(atMs) + moreHits(atMs);
  const misses: Counted = (atMs) => own.misses(atMs) + more(atMs) - moreHits(atMs);
  const commands = new Map<string, Counted>([['get', (atMs) => hits(atMs) + misses(atMs)]]);
  for (const cmd of Object.keys(story.OTHER_COMMANDS)) {
    commands.set(
      cmd,
      total(({ flows }) => flows.commands.get(cmd) ?? (() => 0)),
    );
  }
  const byManner = (name: string, { perSecond, noise, dayShare }: story.RateStory) =>
    flow(
      name,
      story.MACHINES[0].eras.map(({ fromMs, manner }) => ({
        fromMs: startMs + fromMs,
        perSecond: perSecond[manner],
        noise: noise[manner],
      })),
      { seed, originMs: startMs, dayShare },
    );
  const expired = byManner('expired', {
    perSecond: { old: 27, v1203: 26.8, suspended: 0, v1206: 0.48 },
    noise: { old: 0.3, v1203: 0.3, suspended: 0, v1206: 0.3 },
    dayShare: 0.12,
  });
  return { commands, hits, misses, connects: byManner('connects', story.CONNECTS), expired };
}

export function redisAt(
  server: ServerFlows,
  faults: FaultRuns,
  { seed, startMs }: Origin,
  atMs: number,
): RedisState {
  const restartedMs = startMs + story.REDIS_RESTART_MS + story.REDIS_DOWN_MS;
  const startedMs = atMs >= restartedMs ? restartedMs : startMs + story.REDIS_FIRST_START_MS;
  const since = (counted: Counted) => countSince(counted, startedMs, atMs);
  const isLeaking = faults.isRunning('leak', atMs);
  const usage = QUOTA_LIMIT + Math.floor(3 * hash01(seed, keyOf('usage'), Math.floor(atMs / 60_000)));
  return {
    quota: faults.isRunning('quota', atMs) ? { limit: QUOTA_LIMIT, usage } : null,
    runId: hexOf(seed, `run ${startedMs - startMs}`, 40),
    startedMs,
    reachable: atMs >= restartedMs || atMs < restartedMs - story.REDIS_DOWN_MS,
    ...redisWork(server, startedMs, atMs),
    connectionsReceived: 28 + since(server.connects),
    expiredKeys: since(server.expired),
    ...redisSize(seed, startMs, atMs),
    connectedClients: clientsAt(seed, startMs, atMs) + (isLeaking ? 6 : 0),
  };
}

export function redisWork(server: ServerFlows, sinceMs: number, atMs: number): BilledState {
  const commands: Record<string, number> = {};
  for (const [cmd, counted] of server.commands) commands[cmd] = countSince(counted, sinceMs, atMs);
  const hits = countSince(server.hits, sinceMs, atMs);
  return { commands, hits, misses: countSince(server.misses, sinceMs, atMs) };
}

/** Keys run out while nobody writes them, and come back with the machines. */
function redisSize(seed: number, startMs: number, atMs: number) {
  const relativeMs = atMs - startMs;
  const full = 41_200 + 900 * wobble(seed, 'keys', atMs, 47_000);
  const emptiedMs = relativeMs - story.V1205_MS;
  const filledMs = relativeMs - story.V1206_MS;
  const left = Math.exp(-Math.max(0, emptiedMs) / 1_500_000);
  const back = filledMs <= 0 ? 0 : 0.62 * (1 - Math.exp(-filledMs / 900_000));
  const keys = Math.round(full * Math.max(emptiedMs <= 0 ? 1 : left, back));
  const bytesFor = (count: number) => Math.round(1.9 * MB + count * 812);
  return {
    keys,
    keysExpiring: Math.round(keys * 0.93),
    usedBytes: bytesFor(keys),
    peakBytes: bytesFor(42_100),
  };
}

function clientsAt(seed: number, startMs: number, atMs: number): number {
  const users = story.MACHINES.filter((machine) => eraAt(machine, atMs - startMs).manner !== 'suspended');
  return users.length * 12 + Math.round(3 * wobble(seed, 'clients', atMs, 31_000));
}
