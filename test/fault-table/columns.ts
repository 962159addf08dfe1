import { FleetClock } from '@/lib/demo/clock.ts';
import { startFlyServer } from '@/lib/demo/fly/server.ts';
import { startMachineServer } from '@/lib/demo/machine/server.ts';
import { startNeonServer } from '@/lib/demo/neon/server.ts';
import { stillWorld } from '@/lib/demo/neon/still-world.ts';
import { startPrometheusServer } from '@/lib/demo/prometheus/server.ts';
import { prometheusWorld } from '@/lib/demo/providers/prometheus.ts';
import { APP, MACHINES } from '@/lib/demo/story.ts';
import { startUpstashServer } from '@/lib/demo/upstash/server.ts';
import { PAID_ID, steadyWorld } from '@/lib/demo/upstash/test-world.ts';
import { createWorld, type World } from '@/lib/demo/world.ts';
import { flyWorld } from '@/lib/server/collectors/fly/test-world.ts';
import { PROJECT } from '@/lib/server/collectors/neon/test-world.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { Target } from '@/lib/server/config/types.ts';
import { type HttpFault, startHttpGate } from './http-gate.ts';
import { type PostgresFault, startPostgresScript } from './postgres-script.ts';
import { type RedisFault, startRedisScript } from './redis-script.ts';

/** The sources that the table tells of, by their letters. */
export const COLUMNS = ['RD', 'UA', 'NA', 'NS', 'FA', 'AM', 'PM'] as const;
export type Column = (typeof COLUMNS)[number];

export const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  RD: 'Redis, by INFO',
  UA: 'Upstash, by its Developer API',
  NA: 'Neon, by its API',
  NS: 'Neon or any Postgres, by SQL',
  FA: 'Fly: Machines API, GraphQL, managed Prometheus',
  AM: 'a machine’s metrics page and health endpoint',
  PM: 'any Prometheus',
};

/** Columns that speak HTTP. */
export const HTTP_COLUMNS = ['UA', 'NA', 'FA', 'AM', 'PM'] as const;

/** What a visit is told as "now", and what the servers' clocks show. */
export const NOW_MS = Date.UTC(2026, 10, 3, 9, 50);

/** Shows up in no text, sample, fact or notice. */
export const CANARY = 'cAnArY0123456789abcdef';
const EMAIL = 'owner@harbor.example';
/** What may not be told on, in every form in which it is sent. */
export const SECRETS: readonly string[] = [
  CANARY,
  Buffer.from(`${EMAIL}:${CANARY}`).toString('base64'),
  Buffer.from(`watcher:${CANARY}`).toString('base64'),
];

/** A fault in the words of one protocol. */
export interface CellFault {
  http?: HttpFault;
  redis?: RedisFault;
  postgres?: PostgresFault;
}

/** A good server that can be made to misbehave, and the target that reads it. */
export interface Stage {
  readonly port: number;
  /** The same server without a fault, for what it would have told. */
  readonly twinPort: number;
  /** Bytes of an endless answer that were taken from it. */
  readonly takenBytes: number;
  setFault(fault: CellFault | null): void;
  close(): Promise<void>;
}

/** Where a column's source is to be found; `tls` asks for a TLS address. */
export interface Place {
  host: string;
  port: number;
  tls?: boolean;
}

/** The made-up world of all columns. */
export interface Backstage {
  /** A good server of its own for a cell, which lives by `nowMs`. */
  open(column: Column, nowMs: () => number): Promise<Stage>;
}

/** The app at Fly: small, since its machine list is read again and again. */
const flyApp = flyWorld();

/** Makes the world; each cell starts its own servers in it. */
export function openBackstage(): Backstage {
  const world = createWorld({ seed: 7, startMs: NOW_MS });
  // Pure functions of time that remember what they were asked: shared by all cells.
  const upstashAccount = { ...steadyWorld(), email: EMAIL, apiKey: CANARY };
  const [neonProject, prometheusSeries] = [stillWorld(NOW_MS), prometheusWorld(world)];
  const start = (column: (typeof HTTP_COLUMNS)[number], nowMs: () => number) => {
    switch (column) {
      case 'UA':
        return startUpstashServer(upstashAccount, { nowMs });
      case 'NA':
        return startNeonServer(neonProject, { nowMs, apiKey: CANARY });
      case 'FA':
        return startFlyServer(flyApp, { nowMs, tokens: { [`FlyV1 fm2_${CANARY}`]: 'organization' } });
      case 'AM':
        return startMachine(world, nowMs);
      case 'PM':
        return startPrometheusServer(prometheusSeries, { nowMs, authorization: `Bearer ${CANARY}` });
      default:
        return column satisfies never;
    }
  };
  return {
    async open(column, nowMs) {
      if (column === 'RD') {
        const redis = await startRedisScript(CANARY);
        return overProtocol(redis, (fault) => redis.setFault(fault?.redis ?? null));
      }
      if (column === 'NS') {
        const postgres = await startPostgresScript(world.at(NOW_MS).postgres, NOW_MS);
        return overProtocol(postgres, (fault) => postgres.setFault(fault?.postgres ?? null));
      }
      const good = await start(column, nowMs);
      const gate = await startHttpGate(good.port, nowMs);
      const twin = await startHttpGate(good.port, nowMs);
      return {
        port: gate.port,
        twinPort: twin.port,
        get takenBytes() {
          return gate.takenBytes;
        },
        setFault: (fault) => gate.setFault(fault?.http ?? null),
        close: async () => {
          await Promise.all([gate, twin, good].map((server) => server.close()));
        },
      };
    },
  };
}

async function startMachine(world: World, nowMs: () => number) {
  const clock = new FleetClock();
  const follow = { nowMs } satisfies Pick<FleetClock, 'nowMs'>;
  const machine = await startMachineServer(world, Object.assign(clock, follow), MACHINES[0]?.name ?? '');
  return { port: Number(new URL(machine.metricsUrl).port), close: () => machine.close() };
}

function overProtocol(
  script: { readonly port: number; readonly takenBytes: number; close(): Promise<void> },
  setFault: Stage['setFault'],
): Stage {
  return {
    port: script.port,
    twinPort: script.port,
    get takenBytes() {
      return script.takenBytes;
    },
    setFault,
    close: () => script.close(),
  };
}

/** The target of a column, as the config would give it. */
export function targetOf(column: Column, place: Place, timeoutSeconds: number): Target {
  const { host, port, tls = false } = place;
  const at = `${host}:${port}`;
  const web = `${tls ? 'https' : 'http'}://${at}`;
  const shared = {
    app: APP,
    environment: 'production',
    name: 'under-test',
    address: at,
    intervalSeconds: 60,
    timeoutSeconds,
  } as const;
  switch (column) {
    case 'RD': {
      const url = new Secret(`${tls ? 'rediss' : 'redis'}://:${CANARY}@${at}`);
      return { ...shared, kind: 'redis', url, metered: false, plan: null };
    }
    case 'NS': {
      const url = new Secret(`postgres://watcher:${CANARY}@${at}/${APP}${tls ? '?sslmode=require' : ''}`);
      return { ...shared, kind: 'postgres', url };
    }
    case 'UA': {
      const apiKey = new Secret(CANARY);
      return { ...shared, kind: 'upstash', apiUrl: `${web}/v2`, email: EMAIL, apiKey, database: PAID_ID };
    }
    case 'NA': {
      const apiKey = new Secret(CANARY);
      return { ...shared, kind: 'neon', apiUrl: `${web}/api/v2`, apiKey, project: PROJECT };
    }
    case 'FA':
      return {
        ...shared,
        kind: 'fly',
        machinesUrl: web,
        graphqlUrl: `${web}/graphql`,
        prometheusUrl: `${web}/prometheus`,
        token: new Secret(`FlyV1 fm2_${CANARY}`),
        flyApp: flyApp.app,
        organization: flyApp.organization,
      };
    case 'AM':
      return {
        ...shared,
        kind: 'app',
        group: 'web',
        metricsUrl: `${web}/metrics`,
        healthUrl: `${web}/health`,
        bearer: new Secret(CANARY),
        mapping: [],
      };
    case 'PM':
      return {
        ...shared,
        kind: 'prometheus',
        apiUrl: web,
        bearer: new Secret(CANARY),
        basic: null,
        match: null,
        queries: [],
      };
    default:
      return column satisfies never;
  }
}
