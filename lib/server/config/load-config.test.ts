import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeFaults } from './faults.ts';
import { loadConfig } from './load-config.ts';
import { Secret } from './secret.ts';
import { faultsOf, inputOf } from './test-input.ts';

const FULL = `
app: harbor
environment: production
sources:
  - kind: redis
    name: main-cache
    url: \${REDIS_URL}
    metered: auto
    plan: fixed
    interval: 15s
    timeout: 5s
  - kind: postgres
    url: \${DATABASE_URL}
  - kind: app
    name: web
    machines: [http://10.0.0.1:9091/metrics, {name: m2, url: http://10.0.0.2:9091/metrics, health: http://10.0.0.2:8080/health}]
    health: /api/health
    token: \${METRICS_TOKEN}
    metrics:
      - {metric: http_responses_total, from: my_responses, labels: {status: code}, scale: 1}
  - kind: redis
    app: depot
    environment: staging
    url: rediss://cache.example:6380/2
goals:
  - {metric: redis_commands_total, labels: {cmd: get}, atMost: 24K/h}
  - {metric: db_queries_total, atMost: 50816/day}
retention: {samples: 7d, blocks: 12w, hourly: 2y}
server: {host: 127.0.0.1, port: 4000, publicUrl: https://watch.example.com, allowInsecureHttp: false}
`;
const FULL_ENV = {
  REDIS_URL: 'redis://default:pw-one@cache.internal:6390/1',
  DATABASE_URL: 'postgres://reader:pw-two@db.internal/harbor',
  METRICS_TOKEN: 'token-three',
};

/** `line: message` of each fault. */
function faults(yaml: string | null, env: Record<string, string> = {}, files: Record<string, string> = {}) {
  return faultsOf(() => loadConfig(inputOf(yaml, env, files))).map(
    (f) => `${f.line ?? f.where}: ${f.message}`,
  );
}

describe('a complete file', () => {
  const config = loadConfig(inputOf(FULL, FULL_ENV));

  it('gives every target its identity, address and settings', () => {
    expect(config.mode).toBe('configured');
    expect(config.targets.map((t) => [t.app, t.environment, t.kind, t.name, t.address])).toEqual([
      ['harbor', 'production', 'redis', 'main-cache', 'cache.internal:6390'],
      ['harbor', 'production', 'postgres', 'postgres', 'db.internal:5432'],
      ['harbor', 'production', 'app', '10.0.0.1:9091', '10.0.0.1:9091'],
      ['harbor', 'production', 'app', 'm2', '10.0.0.2:9091'],
      ['depot', 'staging', 'redis', 'redis', 'cache.example:6380'],
    ]);
    expect(config.targets[0]).toMatchObject({
      metered: 'auto',
      plan: 'fixed',
      intervalSeconds: 15,
      timeoutSeconds: 5,
    });
  });

  it('takes credentials from variables and shows none of them', () => {
    const [redis, , web] = config.targets;
    expect(redis?.kind === 'redis' && redis.url.reveal()).toBe(FULL_ENV.REDIS_URL);
    expect(web?.kind === 'app' && web.bearer?.reveal()).toBe('token-three');
    const shown = `${JSON.stringify(config)}${inspect(config, { depth: 9 })}`;
    for (const secret of ['pw-one', 'pw-two', 'token-three']) expect(shown).not.toContain(secret);
  });

  it('puts the health path on each machine that has no address of its own', () => {
    const machines = config.targets.filter((t) => t.kind === 'app');
    expect(machines.map((m) => m.healthUrl)).toEqual([
      'http://10.0.0.1:9091/api/health',
      'http://10.0.0.2:8080/health',
    ]);
    expect(machines.map((m) => m.group)).toEqual(['web', 'web']);
    expect(machines[0]?.mapping).toEqual([
      { metric: 'http_responses_total', from: 'my_responses', labels: { status: 'code' }, scale: 1 },
    ]);
  });

  it('turns goals into rates per second and keeps how they were written', () => {
    expect(config.goals).toEqual([
      {
        app: 'harbor',
        environment: 'production',
        metric: 'redis_commands_total',
        labels: { cmd: 'get' },
        direction: 'atMost',
        perSecond: 24_000 / 3_600,
        text: '24K/h',
      },
      {
        app: 'harbor',
        environment: 'production',
        metric: 'db_queries_total',
        labels: {},
        direction: 'atMost',
        perSecond: 50_816 / 86_400,
        text: '50816/day',
      },
    ]);
  });

  it('reads retention, bind address and public URL', () => {
    expect(config.retention).toEqual({ samplesDays: 7, blocksDays: 84, hourlyDays: 730 });
    expect(config.bind).toEqual({ host: '127.0.0.1', port: 4000 });
    expect(config.publicUrl?.href).toBe('https://watch.example.com/');
    expect(config.dataDir).toBe('/app/data');
    expect(config.warnings).toEqual([]);
  });

  it('lets HOST, PORT and AFTERWATCH_PUBLIC_URL win over the file', () => {
    const env = { ...FULL_ENV, HOST: '::1', PORT: '5000', AFTERWATCH_PUBLIC_URL: 'https://other.example' };
    const { bind, publicUrl } = loadConfig(inputOf(FULL, env));
    expect([bind.host, bind.port, publicUrl?.host]).toEqual(['::1', 5000, 'other.example']);
  });
});

describe('without a file', () => {
  it('nothing set is the demo, with defaults for the rest', () => {
    const config = loadConfig(inputOf(null));
    expect(config).toMatchObject({ mode: 'demo', targets: [], goals: [], warnings: [] });
    expect(config.bind).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(config.retention).toEqual({ samplesDays: 30, blocksDays: 90, hourlyDays: 730 });
  });

  it('each variable switches its source on alone', () => {
    const env = {
      REDIS_URL: 'redis://h',
      DATABASE_URL: 'postgresql://u@h/d',
      APP_METRICS_URLS: 'http://a:1/metrics, http://b:2/metrics http://c/metrics',
    };
    const names = (one: Record<string, string>) =>
      loadConfig(inputOf(null, one)).targets.map((t) => `${t.kind}/${t.name}`);
    expect(names({ REDIS_URL: env.REDIS_URL })).toEqual(['redis/redis']);
    expect(names({ DATABASE_URL: env.DATABASE_URL })).toEqual(['postgres/postgres']);
    expect(names(env)).toEqual(['redis/redis', 'postgres/postgres', 'app/a:1', 'app/b:2', 'app/c:80']);
  });

  it('a variable can be given by the file that NAME_FILE names', () => {
    const env = { REDIS_URL_FILE: '/run/secrets/redis', AFTERWATCH_TOKEN_FILE: 'token.txt' };
    const files = { '/run/secrets/redis': 'redis://:pw@h:1\n', '/app/token.txt': 'a-token-of-many-chars\n' };
    const config = loadConfig(inputOf(null, env, files));
    const [redis] = config.targets;
    expect(redis?.kind === 'redis' && redis.url.reveal()).toBe('redis://:pw@h:1');
    expect(config.token?.reveal()).toBe('a-token-of-many-chars');
  });

  it('an empty variable counts as not set', () => {
    expect(loadConfig(inputOf(null, { REDIS_URL: '', PORT: '', HOST: '' })).mode).toBe('demo');
  });
});

describe('variables beside a file', () => {
  const file = 'sources:\n  - {kind: redis, name: main, url: "redis://h:1"}\n';
  const names = (yaml: string, env: Record<string, string>) =>
    loadConfig(inputOf(yaml, env)).targets.map((t) => t.name);

  it('adds their sources to those of the file', () => {
    expect(names(file, { REDIS_URL: 'redis://h:2' })).toEqual(['main', 'redis']);
  });
  it('stands back for a source of the same kind and name', () => {
    expect(names(file, { REDIS_URL: 'redis://h:1' })).toEqual(['main']);
    expect(names(file.replace('main', 'redis'), { REDIS_URL: 'redis://h:2' })).toEqual(['redis']);
  });
  it('is not added again when the file refers to it', () => {
    const referring = `sources:\n  - {kind: redis, name: main, url: "\${REDIS_URL}/3"}\n`;
    expect(names(referring, { REDIS_URL: 'redis://h:2' })).toEqual(['main']);
  });
});

describe('references', () => {
  const name = (yaml: string, env: Record<string, string> = {}) =>
    loadConfig(inputOf(yaml, env)).targets[0]?.name;
  const entry = (value: string) => `sources:\n  - {kind: redis, url: "redis://h", name: "${value}"}\n`;

  it('resolves values, defaults and the escaped sign', () => {
    expect(name(entry(`a-\${X}-b`), { X: '1' })).toBe('a-1-b');
    expect(name(entry(`\${X:-fallback}`))).toBe('fallback');
    expect(name(entry(`\${X:-fallback}`), { X: 'set' })).toBe('set');
    expect(name(entry(`$\${X}`))).toBe(`\${X}`);
  });
  it('never resolves what a value itself holds', () => {
    expect(name(entry(`\${X}`), { X: `\${Y}`, Y: 'no' })).toBe(`\${Y}`);
  });
  it('gives numbers and switches by reference too', () => {
    const yaml = `server: {port: "\${P}", allowInsecureHttp: "\${B}"}`;
    const { bind, allowInsecureHttp } = loadConfig(inputOf(yaml, { P: '81', B: 'true' }));
    expect([bind.port, allowInsecureHttp]).toEqual([81, true]);
  });
  it('names variable and line of one that is not set, once', () => {
    expect(faults(`sources:\n  - kind: redis\n    url: \${CACHE_URL}\n`)).toEqual([
      expect.stringMatching(/^3: sources\[0\]\.url: needs the variable CACHE_URL, which is not set/),
    ]);
  });
  it('says what is wrong with a broken one, a doubled one and an unreadable file', () => {
    expect(faults(entry(`\${1X}`))).toEqual([expect.stringContaining('broken reference')]);
    expect(faults(entry(`\${X`))).toEqual([expect.stringContaining('broken reference')]);
    expect(faults(null, { REDIS_URL: 'redis://h', REDIS_URL_FILE: '/f' }, { '/f': 'redis://h' })).toEqual([
      'REDIS_URL: is set, and so is REDIS_URL_FILE; keep one of the two',
    ]);
    expect(faults(null, { REDIS_URL_FILE: '/nowhere' })).toEqual([
      'REDIS_URL_FILE: the file it names cannot be read (ENOENT)',
    ]);
  });
});

describe('faults', () => {
  it('come all at once, with their lines', () => {
    const yaml = `
ap: harbor
sources:
  - kind: redis
    url: http://h
    intervall: 5s
  - kind: memcached
    url: x
  - kind: app
    machines:
      - {url: ftp://x}
      - http://user:pw@h/metrics
      - {helth: /x}
goals:
  - {metric: redis_comands_total, atMost: 24K/h}
  - {metric: redis_up, atMost: 1/h}
  - {metric: db_queries_total, atMost: lots}
  - {metric: db_queries_total}
retention: {samples: forever, blocks: 2d, hourly: 1d}
server: {port: 99999, host: 0.0.0.0}
`;
    const found = faults(yaml, { AFTERWATCH_TOKEN: 'short', REDIS_URL: 'nonsense' });
    const expected = [
      /^REDIS_URL: must begin with redis:\/\/ or rediss:\/\//,
      /^AFTERWATCH_TOKEN: is too short: at least 16/,
      /^2: ap: ap is not a key here; did you mean app\?/,
      /^5: sources\[0\]\.url: must begin with redis:\/\/ or rediss:\/\//,
      /^6: sources\[0\]\.intervall: intervall is not a key here; did you mean interval\?/,
      /^7: sources\[1\]\.kind: must be redis or upstash or postgres or neon or app or fly or prometheus/,
      /^11: sources\[2\]\.machines\[0\]\.url: must begin with http:\/\/ or https:\/\//,
      /^12: sources\[2\]\.machines\[1\]: must not hold a user or password/,
      /^13: sources\[2\]\.machines\[2\]\.helth: helth is not a key here; did you mean health\?/,
      /^15: goals\[0\]\.metric: is not in the catalogue; did you mean redis_commands_total/,
      /^16: goals\[1\]\.metric: is a gauge, and a rate needs a counter/,
      /^17: goals\[2\]\.atMost: must be a rate with its window/,
      /^18: goals\[3\]: needs exactly one of atMost and atLeast/,
      /^19: retention\.samples: must be 1d to 10y/,
      /^20: server\.port: must be a port from 1 to 65535/,
    ];
    for (const pattern of expected) expect(found).toContainEqual(expect.stringMatching(pattern));
    expect(found).toHaveLength(expected.length);
  });

  it('print one to a line', () => {
    const list = faultsOf(() => loadConfig(inputOf('ap: x\nserver: {port: 0}\n', { PORT: 'x' })));
    expect(describeFaults(list).split('\n')).toEqual([
      'PORT: must be a port from 1 to 65535',
      'afterwatch.yml:1: ap: ap is not a key here; did you mean app?',
      'afterwatch.yml:2: server.port: must be a port from 1 to 65535',
    ]);
  });

  it('name both lines of one identity and of one address', () => {
    const twice = 'sources:\n  - {kind: redis, url: "redis://a"}\n  - {kind: redis, url: "redis://b"}\n';
    expect(faults(twice)).toEqual([
      '3: sources[1]: has the same app, environment, kind and name as line 2; give it another name',
    ]);
    const address =
      'sources:\n  - {kind: redis, url: "redis://A.example"}\n  - {kind: redis, name: b, url: "rediss://:pw@a.example:6379/0"}\n';
    expect(faults(address)).toEqual([
      '3: sources[1]: reaches the same address as line 2; one of the two is enough',
    ]);
    expect(faults(address.replace('6379/0', '6379/1'))).toEqual([]);
    const machines =
      'sources:\n  - kind: app\n    machines:\n      - http://a/metrics\n      - http://a/metrics\n';
    expect(faults(machines)).toEqual([
      expect.stringMatching(/^5: sources\[0\]\.machines\[1\]: has the same app/),
    ]);
    expect(faults(null, { APP_METRICS_URLS: 'http://a/metrics http://a/metrics' })).toHaveLength(1);
  });

  it('tell a broken YAML by line and in our own words', () => {
    expect(faults('app: x\nsources:\n  - kind: redis\n   url: pw-in-text\n')[0]).toMatch(/^4: /);
    expect(faults('app: a\napp: b\n')).toEqual(['2: the same key stands on line 1 already']);
    expect(faults('sources: {url: !secret pw}\n')[0]).toMatch(/^1: a tag \(!name\) is not known/);
    expect(faults('app: a\n---\napp: b\n')).toEqual([
      'afterwatch.yml: holds several documents (---); write one',
    ]);
    expect(faults('- a\n- b\n')).toEqual(['1: must be keys with values']);
  });

  it('refuse keys that would reach into prototypes, and leave no trace of them', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(faults(`${key}: {polluted: 1}\n`)).toEqual(['1: a key must be a plain name']);
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('stop at an alias bomb, a circle, deep nesting and a huge file', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 12; i++) {
      const [last, next] = [i - 1, i].map((n) => String.fromCharCode(97 + n));
      bomb.push(`${next}: &${next} [${Array(9).fill(`*${last}`).join(',')}]`);
    }
    const hostile = [
      bomb.join('\n'),
      'sources: &a [*a]\n',
      '['.repeat(60_000),
      '{a: '.repeat(1_000),
      '- '.repeat(30_000),
      `app: ${'[`.repeat(60)}${`]'.repeat(60)}`,
      `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`,
      'a:\n'.repeat(20_000),
      'x'.repeat(70_000),
    ];
    for (const text of hostile) {
      const before = process.cpuUsage();
      expect(faults(text)).not.toEqual([]);
      // Processor time, not the clock: other tests share the machine.
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
    }
  }, 60_000);

  it('explain a comma that cut a number in two', () => {
    const cut = 'goals:\n  - {metric: db_queries_total, atMost: 50,816/day}\n';
    expect(faults(cut)).toContainEqual(expect.stringContaining('put quotes around the number'));
    expect(faults(cut.replace('50,816/day', '"50,816/day"'))).toEqual([]);
  });

  it('name a config file that is asked for and missing', () => {
    expect(faults(null, { AFTERWATCH_CONFIG: 'other.yml' })).toEqual([
      'AFTERWATCH_CONFIG: the file it names cannot be read (ENOENT)',
    ]);
    const files = { '/etc/aw.yml': 'ap: x' };
    expect(
      faultsOf(() => loadConfig(inputOf(null, { AFTERWATCH_CONFIG: '/etc/aw.yml' }, files)))[0]?.where,
    ).toBe('/etc/aw.yml');
  });

  it('ask for labels that the metric has', () => {
    const goal = (labels: string) =>
      `goals:\n  - {metric: redis_commands_total, labels: {${labels}}, atMost: 1/s}\n`;
    expect(faults(goal('command: get'))).toEqual([
      '2: goals[0].labels.command: is not a label of this metric (known: cmd)',
    ]);
    expect(faults(goal('cmd: 429'))).toEqual([]);
  });

  it('refuse a visit that may last longer than its interval', () => {
    const yaml = 'sources:\n  - {kind: redis, url: "redis://h", interval: 5s, timeout: 6s}\n';
    expect(faults(yaml)).toEqual([expect.stringMatching(/timeout: is longer than the interval/)]);
  });
});

describe('an open door', () => {
  const open = /opens the server to other machines, and AFTERWATCH_PASSWORD is not set/;

  it('is refused without a password, wherever the address comes from', () => {
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'box.example', '127.example.com']) {
      expect(faults(null, { HOST: host })).toEqual([expect.stringMatching(open)]);
    }
    expect(faults('server:\n  host: 0.0.0.0\n')).toEqual([expect.stringMatching(/^2: server\.host: opens/)]);
  });
  it('is allowed with a password, and loopback without', () => {
    expect(faults(null, { HOST: '0.0.0.0', AFTERWATCH_PASSWORD: 'long enough' })).toEqual([]);
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1'])
      expect(faults(null, { HOST: host })).toEqual([]);
  });
  it('stays shut when the password is too short or unreadable', () => {
    expect(faults(null, { HOST: '0.0.0.0', AFTERWATCH_PASSWORD: 'short' })).toHaveLength(1);
    expect(faults(null, { HOST: '0.0.0.0', AFTERWATCH_PASSWORD_FILE: '/none' })).toHaveLength(1);
  });
  it('has no plain http address unless that is asked for', () => {
    expect(faults(null, { AFTERWATCH_PUBLIC_URL: 'http://watch.example' })).toEqual([
      expect.stringMatching(/^AFTERWATCH_PUBLIC_URL: must be https/),
    ]);
    const asked = 'server: {publicUrl: http://watch.example, allowInsecureHttp: true}\n';
    expect(faults(asked)).toEqual([]);
    expect(faults(null, { AFTERWATCH_PUBLIC_URL: 'http://localhost:3000' })).toEqual([]);
    expect(faults(null, { AFTERWATCH_PUBLIC_URL: 'https://watch.example/path' })).toHaveLength(1);
    expect(faults(null, { AFTERWATCH_DATABASE_URL: 'mysql://u:hunter2@h/d' })).toEqual([
      'AFTERWATCH_DATABASE_URL: must be postgres://user:password@host:port/database',
    ]);
    expect(faults(null, { AFTERWATCH_INSTANCE_URL: 'ftp://h' })).toHaveLength(1);
    expect(
      faults(null, {
        AFTERWATCH_DATABASE_URL: 'postgres://u:p@h:5432/d',
        AFTERWATCH_INSTANCE_URL: 'http://10.0.0.7:3000',
      }),
    ).toEqual([]);
  });
});

describe('warnings', () => {
  const warnings = (yaml: string | null, env: Record<string, string> = {}, mode = 0o600) =>
    loadConfig(inputOf(yaml, env, {}, mode)).warnings;
  const file = 'sources:\n  - {kind: redis, url: "redis://h"}\n';

  it('speak up when others can read the file', () => {
    expect(warnings(file, {}, 0o644)).toEqual([
      expect.stringContaining('other users of this machine may read it'),
    ]);
    expect(warnings(file, {}, 0o600)).toEqual([]);
  });
  it('speak up about a credential in the file, with its line and without it', () => {
    const [text, ...more] = warnings('sources:\n  - kind: redis\n    url: redis://u:hunter2@h\n');
    expect(text).toMatch(/^afterwatch\.yml:3: sources\[0\]\.url holds a credential/);
    expect(text).not.toContain('hunter2');
    expect(more).toEqual([]);
    expect(warnings(`sources:\n  - kind: redis\n    url: redis://u:\${PW}@h\n`, { PW: 'x' })).toEqual([]);
  });
  it('speak up about a misspelt variable and one of a later version', () => {
    expect(warnings(null, { AFTERWATCH_PASWORD: 'x' })).toEqual([
      'AFTERWATCH_PASWORD: is not a variable of Afterwatch; did you mean AFTERWATCH_PASSWORD?',
    ]);
    expect(warnings(null, { AFTERWATCH_SAMPLES_URL: 'http://h' })).toHaveLength(1);
  });
  it('say that a file without sources means the demo', () => {
    expect(warnings('app: harbor\n')).toEqual([expect.stringContaining('the demo fleet runs')]);
  });
});

it('a Secret made by the config never prints', () => {
  expect(`${new Secret('x')}`).toBe('[secret]');
});
