import 'server-only';
import type { FlyServer, TokenKind } from '@/lib/demo/fly/server.ts';
import type { FlyWorld, FlyWorldMachine, FlyWorldState } from '@/lib/demo/fly/world.ts';
import type { WorldSeries } from '@/lib/demo/prometheus/promql.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { FlyTarget } from '@/lib/server/config/types.ts';

export const NOW_MS = 1_795_310_000_000;
export const TOKEN = 'fm2_lJPECAAAAAAAAtest';
export const TOKENS: Record<string, TokenKind> = { [`FlyV1 ${TOKEN}`]: 'organization' };

/** A machine for tests. */
export function flyMachine(id: string, given: Partial<FlyWorldMachine> = {}): FlyWorldMachine {
  return {
    id,
    name: `green-hill-${id.slice(0, 4)}`,
    state: 'started',
    region: 'ams',
    group: 'app',
    releaseVersion: 42,
    imageDigest: `sha256:${'ab12cd34ef56'.repeat(5)}abcd`,
    imageTag: 'deployment-01ABC',
    createdMs: NOW_MS - 86_400_000,
    updatedMs: NOW_MS - 3_600_000,
    hostStatus: 'ok',
    cordoned: false,
    env: { PORT: '8080' },
    checks: [{ name: 'servicecheck-00-http-8080', status: 'passing', updatedMs: NOW_MS - 3_600_000 }],
    events: [{ type: 'start', status: 'started', source: 'flyd', atMs: NOW_MS - 3_600_000 }],
    ...given,
  };
}

/** What an app with two machines looks like; `machines` and others can be replaced while it runs. */
export interface TestWorld extends FlyWorld {
  state: FlyWorldState;
  series: WorldSeries[];
}

export function flyWorld(given: Partial<FlyWorldState> = {}): TestWorld {
  const world: TestWorld = {
    app: 'shop',
    organization: 'acme',
    state: {
      machines: [flyMachine('aaaa1111bbbb22'), flyMachine('cccc3333dddd44', { region: 'lhr' })],
      releases: [
        {
          version: 42,
          status: 'complete',
          description: 'Release',
          reason: 'deploy',
          imageRef: 'registry.fly.io/shop:deployment-01ABC',
          createdMs: NOW_MS - 3_700_000,
        },
      ],
      secrets: [
        {
          name: 'DATABASE_URL',
          digest: 'a1b2c3d4e5f60718',
          createdMs: NOW_MS - 9e6,
          updatedMs: NOW_MS - 9e6,
        },
      ],
      ...given,
    },
    series: ['aaaa1111bbbb22', 'cccc3333dddd44'].flatMap((instance, i) => [
      responses(instance, '200', 1_000 * (i + 1)),
      responses(instance, '429', 7 * i),
      { labels: { __name__: 'fly_instance_memory_mem_total', app: 'shop', instance }, value: 5e8 },
      {
        labels: { __name__: 'fly_instance_cpu', app: 'shop', instance, cpu_id: '0', mode: 'user' },
        value: 1_234,
      },
      {
        labels: { __name__: 'fly_instance_cpu', app: 'shop', instance, cpu_id: '1', mode: 'user' },
        value: 766,
      },
    ]),
    at: () => world.state,
    metrics: { seriesAt: () => world.series },
  };
  return world;
}

export function responses(instance: string, status: string, value: number, proxy = 'blue'): WorldSeries {
  const labels = {
    __name__: 'fly_app_http_responses_count',
    app: 'shop',
    region: 'ams',
    host: 'a1b2',
    instance,
  };
  return { labels: { ...labels, status, proxy_id: proxy }, value };
}

/** A target at a server of the demo. */
export function flyTarget(
  server: Pick<FlyServer, 'machinesUrl' | 'graphqlUrl' | 'prometheusUrl'>,
  given: Partial<FlyTarget> = {},
): FlyTarget {
  return {
    app: 'shop',
    environment: 'production',
    kind: 'fly',
    name: 'shop',
    address: '127.0.0.1',
    machinesUrl: server.machinesUrl,
    graphqlUrl: server.graphqlUrl,
    prometheusUrl: server.prometheusUrl,
    token: new Secret(TOKEN),
    flyApp: 'shop',
    organization: null,
    intervalSeconds: null,
    timeoutSeconds: null,
    ...given,
  };
}
