import type { DemoFaultId, RunningFault } from '../core/model/demo-fault.ts';
import { FleetClock } from './clock.ts';
import { startFlyServer } from './fly/server.ts';
import { type MachineServer, startMachineServer } from './machine/server.ts';
import { startNeonServer } from './neon/server.ts';
import { startPostgresServer } from './postgres/server.ts';
import { startPrometheusServer } from './prometheus/server.ts';
import { FLY_TOKEN, flyWorld } from './providers/fly.ts';
import { NEON_KEY, NEON_PROJECT, neonWorld } from './providers/neon.ts';
import { prometheusWorld } from './providers/prometheus.ts';
import { UPSTASH_DATABASE, UPSTASH_EMAIL, UPSTASH_KEY, upstashWorld } from './providers/upstash.ts';
import { startRedisServer } from './redis/server.ts';
import { APP, MACHINES, ORGANIZATION } from './story.ts';
import { startUpstashServer } from './upstash/server.ts';
import { createWorld } from './world.ts';

/** Where the fleet's servers listen and what lets one in, as told to the parent process. None of it is a secret. */
export interface FleetAddresses {
  redisUrl: string;
  postgresUrl: string;
  machines: { name: string; metricsUrl: string; healthUrl: string }[];
  upstash: { apiUrl: string; email: string; apiKey: string; database: string };
  neon: { apiUrl: string; apiKey: string; project: string };
  fly: {
    machinesUrl: string;
    graphqlUrl: string;
    prometheusUrl: string;
    token: string;
    app: string;
    organization: string;
  };
  prometheus: { apiUrl: string };
}

/** A running fleet. */
export interface Fleet {
  addresses: FleetAddresses;
  /** Sets the time of the world; null follows the real clock. Resolves when every server lives in it. */
  setClock(atMs: number | null): Promise<void>;
  /** Starts or ends a fault, from now on by the fleet's clock; gives those that run then. */
  setFault(id: DemoFaultId, on: boolean): Promise<RunningFault[]>;
  runningFaults(): RunningFault[];
  close(): Promise<void>;
}

/** Time for a cut connection to be noticed on the other side before its owner asks again. */
const CUT_SETTLES_MS = 15;
/** While a fault runs or has just ended, what it brought up or down is looked for this often. */
const SWEEP_EVERY_MS = 500;
const SWEEP_ON_MS = 60_000;

/** Starts everything that the story tells of on free ports of 127.0.0.1. */
export async function startFleet({ seed, startMs }: { seed: number; startMs: number }): Promise<Fleet> {
  const world = createWorld({ seed, startMs });
  const clock = new FleetClock();
  const nowMs = () => clock.nowMs();
  const redis = await startRedisServer(world, clock);
  const postgres = await startPostgresServer(world, clock);
  const machines: MachineServer[] = [];
  for (const { name } of MACHINES) machines.push(await startMachineServer(world, clock, name));
  const upstash = await startUpstashServer(upstashWorld(world), { nowMs });
  const neon = await startNeonServer(neonWorld(world), { nowMs, apiKey: NEON_KEY });
  const fly = await startFlyServer(flyWorld(world), { nowMs, tokens: { [FLY_TOKEN]: 'organization' } });
  const prometheus = await startPrometheusServer(prometheusWorld(world), { nowMs });
  const others = [postgres, upstash, neon, fly, prometheus];

  let running: Promise<boolean[]> | null = null;
  /** Never two at once: a port that is being taken again must not be taken twice. */
  const sweep = async (): Promise<boolean> => {
    while (running !== null) await running;
    running = Promise.all([redis, ...machines].map((server) => server.sweep()));
    try {
      return (await running).includes(true);
    } finally {
      running = null;
    }
  };
  let sweeping: NodeJS.Timeout | null = null;
  let sweepUntilMs = 0;
  /** Nobody turns the clock now, so that downs of a fault have to be brought about by watching it. */
  function watchFaults(): void {
    sweepUntilMs = Math.max(
      nowMs() + SWEEP_ON_MS,
      ...world.faults.running(nowMs()).map(({ endsInMs }) => nowMs() + endsInMs + SWEEP_ON_MS),
    );
    sweeping ??= setInterval(() => {
      if (nowMs() > sweepUntilMs) stopWatching();
      else void sweep().catch(() => undefined);
    }, SWEEP_EVERY_MS);
    sweeping.unref();
  }
  function stopWatching(): void {
    if (sweeping !== null) clearInterval(sweeping);
    sweeping = null;
  }

  const addresses: FleetAddresses = {
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    postgresUrl: `postgres://watcher@127.0.0.1:${postgres.port}/${APP}`,
    machines: machines.map(({ name, metricsUrl, healthUrl }) => ({ name, metricsUrl, healthUrl })),
    upstash: { apiUrl: upstash.url, email: UPSTASH_EMAIL, apiKey: UPSTASH_KEY, database: UPSTASH_DATABASE },
    neon: { apiUrl: neon.url, apiKey: NEON_KEY, project: NEON_PROJECT },
    fly: {
      machinesUrl: fly.machinesUrl,
      graphqlUrl: fly.graphqlUrl,
      prometheusUrl: fly.prometheusUrl,
      token: FLY_TOKEN,
      app: APP,
      organization: ORGANIZATION,
    },
    prometheus: { apiUrl: prometheus.url },
  };
  return {
    addresses,
    async setClock(atMs) {
      clock.set(atMs);
      if (await sweep()) await new Promise((resolve) => setTimeout(resolve, CUT_SETTLES_MS));
    },
    async setFault(id, on) {
      if (on) world.faults.start(id, nowMs());
      else world.faults.stop(id, nowMs());
      watchFaults();
      await sweep();
      return world.faults.running(nowMs());
    },
    runningFaults: () => world.faults.running(nowMs()),
    async close() {
      stopWatching();
      await Promise.all([redis, ...machines, ...others].map((server) => server.close()));
    },
  };
}
