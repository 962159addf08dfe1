import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { Secret } from './secret.ts';
import { faultsOf, inputOf } from './test-input.ts';

const targets = (yaml: string | null, env: Record<string, string> = {}) =>
  loadConfig(inputOf(yaml, env)).targets;
const faults = (yaml: string | null, env: Record<string, string> = {}) =>
  faultsOf(() => loadConfig(inputOf(yaml, env))).map(
    ({ where, line, message }) => `${where}:${line} ${message}`,
  );

const SCOPE = { app: 'default', environment: 'production', intervalSeconds: null, timeoutSeconds: null };

describe('sources behind an API', () => {
  it('need only their credentials, as variables or in the file', () => {
    const env = {
      UPSTASH_EMAIL: 'ops@harbor.example',
      UPSTASH_API_KEY: 'upstash-canary',
      NEON_API_KEY: 'neon-canary',
      FLY_API_TOKEN: 'FlyV1 fm2_canary,fm2_second',
      FLY_APP: 'harbor',
      PROMETHEUS_URL: 'http://10.0.0.9:9090/',
    };
    const found = targets(null, env);
    expect(found).toMatchObject([
      {
        ...SCOPE,
        kind: 'upstash',
        name: 'upstash',
        apiUrl: 'https://api.upstash.com/v2',
        address: 'api.upstash.com:443',
        email: 'ops@harbor.example',
        database: null,
      },
      { ...SCOPE, kind: 'neon', name: 'neon', apiUrl: 'https://console.neon.tech/api/v2', project: null },
      {
        ...SCOPE,
        kind: 'fly',
        name: 'fly',
        flyApp: 'harbor',
        machinesUrl: 'https://api.machines.dev',
        graphqlUrl: 'https://api.fly.io/graphql',
        prometheusUrl: 'https://api.fly.io/prometheus',
        organization: null,
      },
      {
        ...SCOPE,
        kind: 'prometheus',
        apiUrl: 'http://10.0.0.9:9090',
        bearer: null,
        basic: null,
        match: null,
      },
    ]);
    expect(found.map((target) => ('apiKey' in target ? target.apiKey.reveal() : null))).toEqual([
      'upstash-canary',
      'neon-canary',
      null,
      null,
    ]);
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  it('say which variable is missing beside another, and nothing of its value', () => {
    expect(faults(null, { UPSTASH_API_KEY: 'canary', FLY_API_TOKEN: 'canary' })).toEqual([
      'UPSTASH_EMAIL:null is missing, and UPSTASH_API_KEY needs it beside it',
      'FLY_APP:null is missing, and FLY_API_TOKEN needs it beside it',
    ]);
  });

  it('of a variable stand back when the file refers to it', () => {
    const yaml = `sources: [{kind: neon, name: eu, apiKey: "\${NEON_API_KEY}", project: quiet-sea-1}]`;
    expect(targets(yaml, { NEON_API_KEY: 'canary' })).toMatchObject([{ name: 'eu', project: 'quiet-sea-1' }]);
  });

  it('of Fly may have its machines read, by the private network or by its public address', () => {
    const scrapeOf = (machines: string) => {
      const yaml = `sources: [{kind: fly, token: t, flyApp: harbor, machines: ${machines}}]`;
      const [target] = loadConfig(inputOf(yaml)).targets;
      return target?.kind === 'fly' ? target.scrape : undefined;
    };
    const nothing = { url: null, port: null, path: null, health: null, token: null };
    expect(scrapeOf('{}')).toEqual({ ...nothing, intervalSeconds: null, timeoutSeconds: null });
    const outside = scrapeOf(
      '{url: "https://harbor.fly.dev/", path: /metrics, health: /up, token: canary, interval: 30s, timeout: 5s}',
    );
    expect(outside).toMatchObject({
      url: 'https://harbor.fly.dev',
      path: '/metrics',
      health: '/up',
      intervalSeconds: 30,
      timeoutSeconds: 5,
    });
    expect(outside?.token?.reveal()).toBe('canary');
    const refused = faults(
      'sources: [{kind: fly, token: t, flyApp: harbor, machines: {url: "https://x", port: 80, path: metrics}}]',
    );
    expect(refused).toEqual([expect.stringMatching(/path.*must be a path that begins with \//)]);
    expect(
      faults('sources: [{kind: fly, token: t, flyApp: harbor, machines: {url: "https://x", port: 80}}]'),
    ).toEqual([expect.stringMatching(/port.*stands beside url/)]);
  });

  it('tell all faults with their lines and without a value', () => {
    const yaml = `sources:
  - kind: upstash
    email: not-an-address
    apiKey: "two\\nlines"
  - kind: neon
    apiKey: k
    project: Quiet Sea
  - kind: fly
    token: t
    flyApp: "harbor app"
  - kind: prometheus
    url: http://user:pw@prom:9090
  - kind: prometheus
    name: second
    url: http://prom:9091
    user: ops
    queries:
      - { metric: redis_comands_total, query: sum(x) }
      - { metric: redis_commands_total, query: y, labels: { verb: cmd } }
      - { metric: redis_commands_total, qery: y }
`;
    const found = faults(yaml);
    expect(found).toEqual([
      expect.stringMatching(/:3 .*email.*must be the e-mail address/),
      expect.stringMatching(/:4 .*apiKey.*cannot be sent in a header/),
      expect.stringMatching(/:7 .*project.*must be the id of a project/),
      expect.stringMatching(/:10 .*flyApp.*must be the name of a Fly app/),
      expect.stringMatching(/:12 .*url.*must not hold a user or password/),
      expect.stringMatching(/:13 .*password.*is missing/),
      expect.stringMatching(/:18 .*metric.*did you mean redis_commands_total/),
      expect.stringMatching(/:19 .*verb.*is not a label of this metric/),
      expect.stringMatching(/:20 .*query.*is missing/),
      expect.stringMatching(/:20 .*qery.*is not a key here.*query/),
    ]);
    expect(found.join()).not.toContain('pw@');
  });

  it('are one target only when they reach the same thing', () => {
    const two = (a: string, b: string) => faults(`sources:\n  - ${a}\n  - ${b}\n`);
    expect(
      two('{kind: fly, name: a, token: t, flyApp: harbor}', '{kind: fly, name: b, token: u, flyApp: harbor}'),
    ).toEqual([expect.stringContaining('reaches the same address as line 2')]);
    expect(
      two('{kind: fly, name: a, token: t, flyApp: harbor}', '{kind: fly, name: b, token: t, flyApp: docks}'),
    ).toEqual([]);
  });

  it('keep the labels that narrow an engine, and its queries', () => {
    const yaml = `sources:
  - kind: prometheus
    url: https://prom.example/select/0/prometheus/
    token: canary
    match: { namespace: shop }
    queries: [{ metric: redis_commands_total, query: my_calls, labels: { cmd: name }, scale: 2 }]
`;
    expect(targets(yaml)).toMatchObject([
      {
        apiUrl: 'https://prom.example/select/0/prometheus',
        bearer: expect.any(Secret),
        match: { namespace: 'shop' },
        queries: [{ metric: 'redis_commands_total', query: 'my_calls', labels: { cmd: 'name' }, scale: 2 }],
      },
    ]);
  });
});
