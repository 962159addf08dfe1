import { describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import { parseDatabase, parseStats, StatsMemory } from './parse.ts';
import { parseWithoutSecrets } from './read.ts';
import { databaseSchema, databasesSchema, type Stats, statsSchema } from './schema.ts';
import { recorded } from './test-target.ts';

const BUSY_MS = Date.parse('2026-04-09T20:39:40Z');
const EXAMPLE_MS = Date.parse('2025-09-04T15:13:00Z');

function stats(file: string): Stats {
  return statsSchema.parse(parseWithoutSecrets(recorded(file)));
}

function read(file: string, serverMs: number, memory = new StatsMemory()) {
  return parseStats({ stats: stats(file), serverMs, skewMs: 0, period: '1h' }, memory);
}

function given(fields: Partial<Stats>, serverMs: number, memory = new StatsMemory()) {
  return parseStats({ stats: statsSchema.parse(fields), serverMs, skewMs: 0, period: '1h' }, memory);
}

/** `metric{labels}` → value, for exact comparison. */
function values(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(samples.map((s) => [`${s.metric}{${labelsKey(s.labels)}}`, s.value]));
}

const codes = (result: { notices: readonly { code: string }[] }) => result.notices.map(({ code }) => code);
const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')} +0000 UTC`;

describe('a database', () => {
  const paid = parseDatabase(databaseSchema.parse(parseWithoutSecrets(recorded('database-paid.json'))));

  test('gives exactly these samples: durations in seconds, no sample for "no limit"', () => {
    expect(values(paid.samples)).toEqual({
      'upstash_active{}': 1,
      'upstash_commands_per_second_limit{}': 10_000,
      'upstash_connections_limit{}': 10_000,
      'upstash_request_limit_bytes{}': 10_485_760,
      'upstash_entry_limit_bytes{}': 104_857_600,
      'upstash_disk_limit_bytes{}': 107_374_182_400,
      'upstash_memory_limit_bytes{}': 3_221_225_472,
      'upstash_connection_idle_timeout_seconds{}': 21_600,
      'upstash_lua_timeout_seconds{}': 0.25,
      'upstash_store_idle_timeout_seconds{}': 900,
    });
  });

  test('tells plan, limit, budget and settings in words', () => {
    expect(paid.facts).toEqual({
      database: 'MyRedis',
      databaseId: '96ad0856',
      endpoint: 'beloved-stallion-58500',
      plan: 'paid',
      state: 'active',
      region: 'us-east-1',
      readRegions: 'us-east-2',
      replicas: '5',
      commandLimit: 'no limit',
      budget: '$360.00 a month',
      eviction: 'off',
      autoUpgrade: 'off',
      prodPack: 'off',
      acl: 'off',
      prometheus: 'off',
      tls: 'on',
      created: '2025-07-16',
    });
    expect(paid.notices).toEqual([]);
  });

  test('a free one that is suspended: its limit, its state, an unknown flag as unknown', () => {
    const free = databasesSchema.parse(parseWithoutSecrets(recorded('databases.json')))[1];
    const result = free === undefined ? null : parseDatabase(free);
    expect(result && values(result.samples)).toMatchObject({
      'upstash_active{}': 0,
      'upstash_requests_limit{}': 500_000,
    });
    expect(result?.samples.some(({ metric }) => metric === 'upstash_memory_limit_bytes')).toBe(false);
    expect(result?.facts).toMatchObject({
      plan: 'free',
      state: 'suspended',
      changing: 'upgrading',
      commandLimit: '500,000',
      budget: 'none',
      acl: 'on',
      prometheus: 'unknown',
      planChanged: '2025-08-31',
    });
    expect(result && codes(result)).toEqual(['database_not_active']);
  });

  test('a state and a plan that nobody knows are unknown, never the healthy ones', () => {
    const odd = parseDatabase(
      databaseSchema.parse({ database_id: 'x', database_name: 'x', state: 'hibernating', type: 'gold' }),
    );
    expect(odd.facts).toMatchObject({ state: 'unknown', plan: 'unknown' });
    expect(odd.samples).toEqual([]);
    expect(codes(odd)).toEqual(['state_unknown']);
  });

  test.each([
    [999_999_999_999_999, 999_999_999_999_999],
    [1_000_000_000_000_000, 1_000_000_000_000_000],
    ['500000', 500_000],
    [1_000_000_000_000_001, undefined],
    ['8024278031528736858', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [0, undefined],
    [-1, undefined],
    ['many', undefined],
  ])('a command limit of %s gives the sample %s', (raw, wanted) => {
    const one = parseDatabase(
      databaseSchema.parse({ database_id: 'x', database_name: 'x', state: 'active', db_request_limit: raw }),
    );
    expect(values(one.samples)['upstash_requests_limit{}']).toBe(wanted);
  });

  test('no credential and no address of the owner comes out of a list that carries them', () => {
    const list = databasesSchema.parse(parseWithoutSecrets(recorded('databases.json')));
    expect(JSON.stringify(list)).not.toMatch(/CANARY|password|token|example@/);
    expect(JSON.stringify(list.map(parseDatabase))).not.toMatch(/CANARY|example@/);
  });
});

describe('statistics', () => {
  test('of a busy database give exactly these samples', () => {
    const result = read('stats-busy.json', BUSY_MS);
    expect(values(result.samples)).toMatchSnapshot();
    expect(result.facts).toEqual({
      costThisMonth: '$310.24',
      lightsUp: 'commands by command, usage, limits, latency',
    });
    expect(codes(result)).toEqual(['figures_lag', 'sampled_commands', 'too_many_commands']);
  });

  test('sampled rates and counts are inferred; levels, usage and limits are measured', () => {
    const result = read('stats-busy.json', BUSY_MS);
    const inferred = new Set(
      result.samples.filter(({ quality }) => quality === 'inferred').map(({ metric }) => metric),
    );
    expect([...inferred].sort()).toEqual([
      'upstash_commands_per_second',
      'upstash_commands_total',
      'upstash_hits_per_second',
      'upstash_misses_per_second',
      'upstash_reads_per_second',
      'upstash_writes_per_second',
    ]);
  });

  test('every total names the period that it counts from', () => {
    const starts = new Map(
      read('stats-busy.json', BUSY_MS).samples.flatMap(({ metric, start }) =>
        start === undefined ? [] : [[metric, start.marker]],
      ),
    );
    expect(starts.get('upstash_net_commands_total')).toBe('day:2026-04-09');
    expect(starts.get('upstash_day_requests_total')).toBe('day:2026-04-09');
    expect(starts.get('upstash_month_requests_total')).toBe('month:2026-04');
    expect(starts.get('upstash_commands_total')).toMatch(/^points:\d+$/);
  });

  test('the description’s own example can be read, old points give no level of now', () => {
    const result = read('stats-description-example.json', EXAMPLE_MS);
    expect(values(result.samples)).toEqual({
      'upstash_net_commands_total{}': 7,
      'upstash_read_requests_total{}': 7,
      'upstash_write_requests_total{}': 0,
      'upstash_bandwidth_bytes_total{}': 50_444_740_913,
      'upstash_month_requests_total{}': 7,
      'upstash_month_cost_usd{}': 222.33902763855485,
      'upstash_month_read_requests_total{}': 7,
      'upstash_month_write_requests_total{}': 0,
      'upstash_month_script_requests_total{}': 0,
      'upstash_month_bandwidth_bytes_total{}': 7,
      'upstash_day_requests_total{}': 7,
      'upstash_storage_bytes{}': 0,
      'upstash_month_storage_bytes{}': 0,
      'upstash_month_requests_used{}': 7,
    });
    expect(result.facts.costThisMonth).toBe('$222.34');
  });

  test('an empty answer gives no sample and invents no zero', () => {
    const result = read('stats-empty.json', BUSY_MS);
    expect(result.samples).toEqual([]);
    expect(codes(result)).toEqual(['figures_lag', 'no_command_counts']);
  });

  test('text where a list or a number belongs is refused as a whole', () => {
    expect(statsSchema.safeParse(parseWithoutSecrets(recorded('stats-broken.json'))).success).toBe(false);
    expect(parseWithoutSecrets(recorded('stats-cut.txt'))).toBeUndefined();
  });

  test('a rate is the mean of the points since the last visit, a level the newest point', () => {
    const memory = new StatsMemory();
    const at = (seconds: number) => time(BUSY_MS + seconds * 1000);
    const first = given(
      {
        throughput: [
          { x: at(-30), y: 10 },
          { x: at(-20), y: 20 },
        ],
        keyspace: [{ x: at(-20), y: 5 }],
      },
      BUSY_MS,
      memory,
    );
    expect(values(first.samples)['upstash_commands_per_second{}']).toBe(20);
    const second = given(
      {
        throughput: [20, 40, 60].map((y, i) => ({ x: at(-20 + 10 * i), y })),
        keyspace: [
          { x: at(0), y: 9 },
          { x: at(10), y: null },
        ],
      },
      BUSY_MS + 20_000,
      memory,
    );
    expect(values(second.samples)['upstash_commands_per_second{}']).toBe(50);
    expect(values(second.samples)['upstash_keys{}']).toBe(9);
    expect(values(second.samples)['upstash_stats_age_seconds{}']).toBe(20);
  });

  test('points that are too old give no level, and the age is said', () => {
    const result = given({ keyspace: [{ x: time(BUSY_MS - 1_200_000), y: 5 }] }, BUSY_MS);
    expect(values(result.samples)).toEqual({ 'upstash_stats_age_seconds{}': 1_200 });
    expect(codes(result)).toContain('stats_stale');
  });

  test('a point far ahead of the provider’s clock moves nothing', () => {
    const memory = new StatsMemory();
    const get = (at: number, y: number) => ({
      command_counts: [
        {
          metric_identifier: 'GET',
          data_points: [
            { x: time(at), y },
            { x: time(BUSY_MS + 86_400_000), y: 1e6 },
          ],
        },
      ],
    });
    given(get(BUSY_MS - 60_000, 5), BUSY_MS, memory);
    const next = given(get(BUSY_MS - 10_000, 7), BUSY_MS + 10_000, memory);
    expect(values(next.samples)['upstash_commands_total{cmd="get"}']).toBe(7);
  });

  test('numbers that no count can be are left out one by one, and said', () => {
    const raw = parseWithoutSecrets(
      `{"daily_net_commands":-1,"daily_read_requests":1e999,"daily_write_requests":9007199254740993,"total_monthly_requests":5,
        "keyspace":[{"x":"${time(BUSY_MS)}","y":-4}],"hits":[{"x":"yesterday","y":4}]}`,
    );
    const result = parseStats(
      { stats: statsSchema.parse(raw), serverMs: BUSY_MS, skewMs: 0, period: '1h' },
      new StatsMemory(),
    );
    expect(values(result.samples)).toEqual({
      'upstash_month_requests_total{}': 5,
      'upstash_month_requests_used{}': 5,
    });
    expect(codes(result)).toEqual(expect.arrayContaining(['bad_values', 'bad_times']));
    expect(result.notices.find(({ code }) => code === 'bad_values')?.text).toMatch(/^4 numbers/);
  });

  test('an idle database has a measured zero of GETs, so that its first GET counts', () => {
    const memory = new StatsMemory();
    const zero = (at: number) =>
      Array.from({ length: 6 }, (_, i) => ({ x: time(at - (5 - i) * 10_000), y: 0 }));
    const idle = given({ command_counts: [], throughput: zero(BUSY_MS) }, BUSY_MS, memory);
    expect(values(idle.samples)['upstash_commands_total{cmd="get"}']).toBe(0);
    const next = given(
      {
        command_counts: [{ metric_identifier: 'GET', data_points: [{ x: time(BUSY_MS + 10_000), y: 3 }] }],
        throughput: zero(BUSY_MS + 10_000),
      },
      BUSY_MS + 60_000,
      memory,
    );
    expect(values(next.samples)['upstash_commands_total{cmd="get"}']).toBe(3);
    const busy = given(
      { command_counts: [], throughput: [{ x: time(BUSY_MS), y: 5 }] },
      BUSY_MS,
      new StatsMemory(),
    );
    expect(busy.samples.some(({ metric }) => metric === 'upstash_commands_total')).toBe(false);
  });

  test('names that differ in letter case are one command, and a flood of names is cut and said', () => {
    const points = (y: number) => [
      { x: time(BUSY_MS - 20_000), y: 0 },
      { x: time(BUSY_MS - 10_000), y },
    ];
    const memory = new StatsMemory();
    given(
      { command_counts: [{ metric_identifier: 'GET', data_points: points(0).slice(0, 1) }] },
      BUSY_MS,
      memory,
    );
    const both = given(
      {
        command_counts: [
          { metric_identifier: 'GET', data_points: points(2) },
          { metric_identifier: 'get', data_points: points(5) },
        ],
      },
      BUSY_MS,
      memory,
    );
    expect(values(both.samples)['upstash_commands_total{cmd="get"}']).toBe(7);
    const flood = given(
      {
        command_counts: Array.from({ length: 5_000 }, (_, n) => ({
          metric_identifier: `C${n}`,
          data_points: points(1),
        })),
      },
      BUSY_MS,
    );
    expect(flood.samples.filter(({ metric }) => metric === 'upstash_commands_total')).toHaveLength(300);
    expect(codes(flood)).toContain('too_many_commands');
  });

  test.each([
    [3, 3],
    [{ x: time(BUSY_MS - 10_000), y: 2 }, 2],
    [
      [
        { x: time(BUSY_MS - 20_000), y: 1 },
        { x: time(BUSY_MS - 10_000), y: 0 },
      ],
      0,
    ],
    [{ x: time(BUSY_MS - 86_400_000), y: 2 }, undefined],
    [null, undefined],
  ])('monitor_count %j is %s', (raw, wanted) => {
    const result = given({ monitor_count: raw } as Partial<Stats>, BUSY_MS);
    expect(values(result.samples)['upstash_monitor_clients{}']).toBe(wanted);
  });

  test('a clock far from ours is said with its side', () => {
    const result = parseStats(
      { stats: statsSchema.parse({}), serverMs: BUSY_MS, skewMs: -600_000, period: '1h' },
      new StatsMemory(),
    );
    expect(result.notices.find(({ code }) => code === 'clock_skew')?.text).toContain('10 min behind ours');
  });
});

test('every metric that is sent is in the catalogue, with the labels that it names', () => {
  const paid = parseDatabase(databaseSchema.parse(parseWithoutSecrets(recorded('database-paid.json'))));
  for (const sample of [...paid.samples, ...read('stats-busy.json', BUSY_MS).samples]) {
    const entry = findMetric(sample.metric);
    expect(entry, sample.metric).not.toBeNull();
    expect(Object.keys(sample.labels)).toEqual(entry?.labels);
    expect(sample.start !== undefined, sample.metric).toBe(entry?.kind === 'counter');
  }
});
