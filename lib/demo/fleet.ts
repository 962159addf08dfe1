import { FleetClock } from './clock.ts';
import { type MachineServer, startMachineServer } from './machine/server.ts';
import { startPostgresServer } from './postgres/server.ts';
import { startRedisServer } from './redis/server.ts';
import { APP, MACHINES } from './story.ts';
import { createWorld } from './world.ts';

/** Where the fleet's servers listen, as told to the parent process. */
export interface FleetAddresses {
  redisUrl: string;
  postgresUrl: string;
  machines: { name: string; metricsUrl: string; healthUrl: string }[];
}

/** A running fleet. */
export interface Fleet extends FleetAddresses {
  /** Sets the time of the world; null follows the real clock. Resolves when every server lives in it. */
  setClock(atMs: number | null): Promise<void>;
  close(): Promise<void>;
}

/** Time for a cut connection to be noticed on the other side before its owner asks again. */
const CUT_SETTLES_MS = 15;

/** Starts a Redis, a Postgres and the machines of the story on free ports of 127.0.0.1. */
export async function startFleet({ seed, startMs }: { seed: number; startMs: number }): Promise<Fleet> {
  const world = createWorld({ seed, startMs });
  const clock = new FleetClock();
  const redis = await startRedisServer(world, clock);
  const postgres = await startPostgresServer(world, clock);
  const machines: MachineServer[] = [];
  for (const { name } of MACHINES) machines.push(await startMachineServer(world, clock, name));

  return {
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    postgresUrl: `postgres://watcher@127.0.0.1:${postgres.port}/${APP}`,
    machines: machines.map(({ name, metricsUrl, healthUrl }) => ({ name, metricsUrl, healthUrl })),
    async setClock(atMs) {
      clock.set(atMs);
      const cut = await Promise.all([redis, ...machines].map((server) => server.sweep()));
      if (cut.includes(true)) await new Promise((resolve) => setTimeout(resolve, CUT_SETTLES_MS));
    },
    async close() {
      await Promise.all([redis, postgres, ...machines].map((server) => server.close()));
    },
  };
}
