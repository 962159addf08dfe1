import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '@/lib/core/markdown/test-any-text.ts';
import { describeFaults } from './faults.ts';
import { loadConfig } from './load-config.ts';
import { faultsOf, inputOf } from './test-input.ts';

const CANARY = 'c4n4ry-Hx92kQ';

const SEED = `app: harbor
sources:
  - kind: redis
    name: main
    url: redis://user:${CANARY}@cache.example:6379/0
    metered: auto
    interval: 15s
  - {kind: postgres, url: "postgres://u:${CANARY}@db/d", timeout: 5s}
  - kind: app
    machines: [http://10.0.0.1:9091/metrics, {name: m2, url: http://b/metrics, health: /up}]
    token: ${CANARY}
    metrics:
      - {metric: http_responses_total, from: my_responses, labels: {status: code}, scale: 1}
goals:
  - {metric: redis_commands_total, labels: {cmd: get}, atMost: 24K/h}
retention: {samples: 30d}
server: {port: 3000, publicUrl: https://watch.example}
`;
const ENV = { SECRET: CANARY, REDIS_URL: `http://${CANARY}`, AFTERWATCH_PASSWORD: CANARY };

/** Texts near a real file: lines swapped, cut, doubled, re-indented, or with odd signs in them. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(SEED.length),
      drop: fc.nat(12),
      put: fc.oneof(
        fc.constantFrom('\n', '  ', '\t', ':', ': ', '- ', '"', "'", '{', '}', '[', ']', '#', '|\n', '? '),
        fc.constantFrom(
          '&a ',
          '*a',
          '!x ',
          '<<: *a',
          '__proto__: ',
          '---\n',
          `\${`,
          `\${SECRET}`,
          `\${NONE}`,
          '\0',
        ),
        anyText(6),
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((edits) => edits.reduce((text, e) => text.slice(0, e.at) + e.put + text.slice(e.at + e.drop), SEED));

/** Well-formed trees with known keys in wrong places and values of wrong types. */
const leaf = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(
    null,
    CANARY,
    `\${SECRET}`,
    'redis',
    'app',
    `redis://x:${CANARY}@h`,
    '15s',
    '24K/h',
    'redis_up',
  ),
);
const key = fc.oneof(
  fc.constantFrom(
    'app',
    'sources',
    'goals',
    'kind',
    'url',
    'machines',
    'metrics',
    'labels',
    'server',
    'port',
    'token',
  ),
  fc.constantFrom('retention', 'metric', 'atMost', 'name', 'constructor', 'toString', CANARY),
  fc.string({ maxLength: 8 }),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 6 }),
  ),
})).node;

const texts = fc.oneof(
  { weight: 5, arbitrary: mutated },
  { weight: 3, arbitrary: tree.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: anyText(300) },
);

describe('any text at all', () => {
  it('gives a config or faults: 10,000 texts crash nothing and no fault holds a secret', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, withEnv) => {
        const faults = faultsOf(() => loadConfig(inputOf(text, withEnv ? ENV : {})));
        expect(describeFaults(faults)).not.toContain(CANARY);
        for (const fault of faults) expect(fault.message).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 10_000 },
    );
  }, 180_000);
});

describe('a secret in every place that takes one', () => {
  const secret = `${CANARY}/?#@`;
  const places = [
    (s: string) => `sources: [{kind: redis, url: "http://u:${s}@h"}]`,
    (s: string) => `sources: [{kind: redis, url: "redis://u:${s}@h:99999999"}]`,
    (s: string) => `sources: [{kind: postgres, url: "${s}"}]`,
    (s: string) => `sources: [{kind: app, machines: ["http://u:${s}@h/metrics", "${s}"]}]`,
    (s: string) =>
      `sources: [{kind: app, machines: [{health: "${s}"}], health: "${s}", token: "${s}\u00e9"}]`,
    (s: string) => `sources: [{kind: "${s}", "${s}": 1}]\n"${s}": {"${s}": 2}`,
    (s: string) => `goals: [{metric: "${s}", atMost: "${s}", labels: {"${s}": "${s}"}}]`,
    (s: string) => `server: {port: "${s}", host: "${s}", publicUrl: "${s}"}\nretention: {samples: "${s}"}`,
    (s: string) => `app: "${s}"\nenvironment: [${CANARY}]\nsources: {${CANARY}: 1}`,
    (s: string) => `sources:\n  - kind: redis\n   url: ${s}\n`,
    (s: string) => `sources: *${s}\n`,
    (s: string) => `url redis://u:${s}@h\nsources: !${s} x`,
    (s: string) => `sources: "${s}\n`,
  ];
  it('is never repeated by a fault', () => {
    for (const place of places) {
      const faults = faultsOf(() => loadConfig(inputOf(place(secret), ENV)));
      expect(faults.length, place('…')).toBeGreaterThan(0);
      expect(describeFaults(faults), place('…')).not.toContain(CANARY);
    }
  });
  it('is never repeated by a fault when a variable brings it', () => {
    const env = {
      REDIS_URL: secret,
      DATABASE_URL: `postgres//${secret}`,
      APP_METRICS_URLS: `http://u:${secret}@h`,
      PORT: secret,
      HOST: secret,
      AFTERWATCH_TOKEN: 'c4n4ry',
      AFTERWATCH_PUBLIC_URL: secret,
      AFTERWATCH_CONFIG: `/etc/${CANARY}`,
      AFTERWATCH_PASSWORD_FILE: `/run/${CANARY}`,
    };
    const faults = faultsOf(() => loadConfig(inputOf(null, env)));
    expect(faults).toHaveLength(9);
    expect(describeFaults(faults)).not.toMatch(/c4n4ry/);
  });
});
