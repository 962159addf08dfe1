import 'server-only';
import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import { Secret } from './config/secret.ts';
import type { Target } from './config/types.ts';

const machineSchema = z.object({ name: z.string(), metricsUrl: z.url(), healthUrl: z.url().nullable() });
const readySchema = z.object({
  type: z.literal('ready'),
  redisUrl: z.string(),
  postgresUrl: z.string(),
  machines: z.array(machineSchema),
});
const clockSchema = z.object({ type: z.literal('clock'), atMs: z.number().nullable() });

const START_TIMEOUT_MS = 10_000;
export const DEMO_APP = 'harbor';
const ENVIRONMENT = 'production';

/** The demo fleet as a process of its own: we know its addresses and may turn its clock, nothing else. */
export interface DemoLink {
  targets: readonly Target[];
  /** Sets the fleet's clock; null lets it follow the real one. Resolves when the fleet has taken it. */
  setClock(atMs: number | null): Promise<void>;
  stop(): void;
}

/** Starts the fleet's program and waits for its addresses. */
export async function startDemoFleet(programPath: string): Promise<DemoLink> {
  const child = fork(/* turbopackIgnore: true */ programPath, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = readySchema.parse(await nextMessage(child, readySchema));
  return {
    targets: demoTargets(ready),
    setClock: async (atMs) => {
      const taken = nextMessage(child, clockSchema);
      child.send({ type: 'clock', atMs });
      await taken;
    },
    stop: () => {
      child.kill('SIGTERM');
    },
  };
}

/** The next message of the wanted shape; fails when the fleet ends or stays silent. */
function nextMessage<T>(child: ChildProcess, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onExit);
      finish();
    };
    const onMessage = (message: unknown): void => {
      const parsed = schema.safeParse(message);
      if (parsed.success) settle(() => resolve(parsed.data));
    };
    const onExit = (): void =>
      settle(() => reject(new Error('demo fleet: its process ended before it was ready')));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`demo fleet: no answer within ${START_TIMEOUT_MS / 1000} s`))),
      START_TIMEOUT_MS,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', onExit);
  });
}

function demoTargets(ready: z.infer<typeof readySchema>): Target[] {
  const scope = { app: DEMO_APP, environment: ENVIRONMENT, intervalSeconds: 5, timeoutSeconds: 2 };
  return [
    {
      ...scope,
      kind: 'redis',
      name: 'cache',
      url: new Secret(ready.redisUrl),
      address: new URL(ready.redisUrl).host,
      metered: false,
      plan: null,
    },
    {
      ...scope,
      kind: 'postgres',
      name: 'main-db',
      url: new Secret(ready.postgresUrl),
      address: new URL(ready.postgresUrl).host,
    },
    ...ready.machines.map(
      (machine): Target => ({
        ...scope,
        kind: 'app',
        name: machine.name,
        group: 'web',
        metricsUrl: machine.metricsUrl,
        healthUrl: machine.healthUrl,
        address: new URL(machine.metricsUrl).host,
        bearer: null,
        mapping: [],
      }),
    ),
  ];
}
