import 'server-only';
import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import { DEMO_FAULT_IDS, type DemoFaultId, type RunningFault } from '@/lib/core/model/demo-fault.ts';
import { Secret } from './config/secret.ts';
import type { Target } from './config/types.ts';

const machineSchema = z.object({ name: z.string(), metricsUrl: z.url(), healthUrl: z.url().nullable() });
const readySchema = z.object({
  type: z.literal('ready'),
  redisUrl: z.string(),
  postgresUrl: z.string(),
  machines: z.array(machineSchema),
  upstash: z.object({ apiUrl: z.url(), email: z.string(), apiKey: z.string(), database: z.string() }),
  neon: z.object({ apiUrl: z.url(), apiKey: z.string(), project: z.string() }),
  fly: z.object({
    machinesUrl: z.url(),
    graphqlUrl: z.url(),
    prometheusUrl: z.url(),
    token: z.string(),
    app: z.string(),
    organization: z.string(),
  }),
  prometheus: z.object({ apiUrl: z.url() }),
});
const clockSchema = z.object({ type: z.literal('clock'), atMs: z.number().nullable() });
const faultsSchema = z.object({
  type: z.literal('faults'),
  running: z.array(z.object({ id: z.enum(DEMO_FAULT_IDS), endsInMs: z.number() })),
});

const START_TIMEOUT_MS = 10_000;
export const DEMO_APP = 'harbor';
/** Where everything of the demo is. */
export const DEMO_SCOPE = { app: DEMO_APP, environment: 'production' } as const;

/** The demo fleet as a process of its own: we know its addresses, and may turn its clock or break it. */
export interface DemoLink {
  targets: readonly Target[];
  /** Sets the fleet's clock; null lets it follow the real one. Resolves when the fleet has taken it. */
  setClock(atMs: number | null): Promise<void>;
  /** Starts or ends a fault; gives those that run then. */
  setFault(id: DemoFaultId, on: boolean): Promise<readonly RunningFault[]>;
  runningFaults(): Promise<readonly RunningFault[]>;
  /** Has the fleet send the summaries of its evening to this server, by its API; without a token as a page on this machine. */
  tellDeploys(to: { url: string; token: string | null }): void;
  stop(): void;
}

/** Starts the fleet's program, in a world that began at `beganMs`, and waits for its addresses. */
export async function startDemoFleet(programPath: string, beganMs: number): Promise<DemoLink> {
  const child = fork(/* turbopackIgnore: true */ programPath, [String(beganMs)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await nextMessage(child, readySchema);
  // One order at a time: an answer does not say which of them it is for.
  let last: Promise<unknown> = Promise.resolve();
  const order = <T>(message: object, answer: z.ZodType<T>): Promise<T> => {
    const run = async (): Promise<T> => {
      const answered = nextMessage(child, answer);
      if (child.connected) child.send(message, () => undefined);
      return answered;
    };
    const taken = last.then(run, run);
    last = taken.catch(() => undefined);
    return taken;
  };
  return {
    targets: demoTargets(ready),
    setClock: async (atMs) => {
      await order({ type: 'clock', atMs }, clockSchema);
    },
    setFault: async (id, on) => (await order({ type: 'fault', id, on }, faultsSchema)).running,
    runningFaults: async () => (await order({ type: 'faults' }, faultsSchema)).running,
    tellDeploys: ({ url, token }) => {
      if (child.connected) child.send({ type: 'deploys', url, token }, () => undefined);
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
    const onExit = (): void => settle(() => reject(new Error('demo fleet: its process has ended')));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`demo fleet: no answer within ${START_TIMEOUT_MS / 1000} s`))),
      START_TIMEOUT_MS,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', onExit);
    if (child.exitCode !== null) onExit();
  });
}

const LIVE_SECONDS = 5;
/** As often as the real ones are asked; their answers are large. */
const API_SECONDS = 60;

/** What the fleet is watched by: a source of every kind, in one scope. */
export function demoTargets(ready: z.infer<typeof readySchema>): Target[] {
  const scope = DEMO_SCOPE;
  const live = { ...scope, intervalSeconds: LIVE_SECONDS, timeoutSeconds: 2 };
  const api = { ...scope, intervalSeconds: API_SECONDS, timeoutSeconds: 10 };
  const { upstash, neon, fly, prometheus } = ready;
  return [
    {
      ...live,
      kind: 'redis',
      name: 'cache',
      url: new Secret(ready.redisUrl),
      address: new URL(ready.redisUrl).host,
      metered: false,
      plan: null,
    },
    {
      ...live,
      kind: 'postgres',
      name: 'main-db',
      url: new Secret(ready.postgresUrl),
      address: new URL(ready.postgresUrl).host,
    },
    ...ready.machines.map(
      (machine): Target => ({
        ...live,
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
    {
      ...api,
      kind: 'upstash',
      name: 'cache-bill',
      apiUrl: upstash.apiUrl,
      address: new URL(upstash.apiUrl).host,
      email: upstash.email,
      apiKey: new Secret(upstash.apiKey),
      database: upstash.database,
    },
    {
      ...api,
      kind: 'neon',
      name: 'main-db-project',
      apiUrl: neon.apiUrl,
      address: new URL(neon.apiUrl).host,
      apiKey: new Secret(neon.apiKey),
      project: neon.project,
    },
    {
      ...api,
      kind: 'fly',
      name: 'machines',
      machinesUrl: fly.machinesUrl,
      graphqlUrl: fly.graphqlUrl,
      prometheusUrl: fly.prometheusUrl,
      address: new URL(fly.machinesUrl).host,
      token: new Secret(fly.token),
      flyApp: fly.app,
      organization: fly.organization,
    },
    {
      ...api,
      kind: 'prometheus',
      name: 'prometheus',
      apiUrl: prometheus.apiUrl,
      address: new URL(prometheus.apiUrl).host,
      bearer: null,
      basic: null,
      match: null,
      queries: [],
    },
  ];
}
