import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import { EMPTY_MEMORY, type PostgresContext, parseReading } from './parse.ts';
import {
  activitySchema,
  databaseSchema,
  type PostgresReading,
  settingsSchema,
  sizeSchema,
  statementSchema,
} from './schema.ts';
import { statementsText, statementText, TOPICS } from './statements.ts';

type Recorded = Record<(typeof TOPICS)[number], unknown[]>;

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));
}

function readingOf(name: string): PostgresReading {
  const rows = recorded(name);
  return {
    settings: settingsSchema.parse(rows.settings[0]),
    database: databaseSchema.parse(rows.database[0]),
    activity: rows.activity.map((row) => activitySchema.parse(row)),
    statements: rows.statements.map((row) => statementSchema.parse(row)),
    size: rows.size[0] === undefined ? null : sizeSchema.parse(rows.size[0]),
  };
}

function parse(reading: PostgresReading, more: Partial<PostgresContext> = {}) {
  return parseReading(reading, {
    nowMs: reading.settings.now_ms,
    forgetsOnStop: false,
    statementsFault: null,
    memory: EMPTY_MEMORY,
    ...more,
  });
}

function values(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(samples.map((s) => [`${s.metric}{${labelsKey(s.labels)}}`, s.value]));
}

describe('PostgreSQL 15, recorded live with pg_monitor', () => {
  const reading = readingOf('postgres-15.18-pg-monitor');
  const { result } = parse(reading);
  const found = values(result.samples);

  test('gives exactly these samples', () => {
    expect(found).toMatchSnapshot();
  });

  test('reads the known load', () => {
    expect(found['db_statements_total{family="SELECT note FROM item WHERE id = $1"}']).toBe(120);
    expect(found['db_statement_rows_total{family="INSERT INTO item VALUES ($1, $2)"}']).toBe(30);
    expect(found['db_queries_total{}']).toBe(157);
    expect(found['db_connections{state="idle in transaction"}']).toBe(1);
    expect(found['db_connections{state="idle"}']).toBe(0);
  });

  test('tells what it is and has nothing to complain about', () => {
    expect(result.facts).toEqual({
      version: 'postgres 15.18',
      role: 'primary',
      startedAt: new Date(Math.floor(reading.settings.started_ms)).toISOString(),
      pgStatStatements: '1.10',
    });
    expect(result.notices).toEqual([]);
  });

  test('literals that the server keeps never become a label', () => {
    expect(JSON.stringify(result)).not.toContain('private');
    expect(found['db_statements_total{family="SET SEARCH_PATH"}']).toBe(1);
  });

  test('counts of statements begin with their own reset, not with that of the database', () => {
    const queries = result.samples.find((sample) => sample.metric === 'db_queries_total');
    expect(queries?.start?.atMs).toBe(Math.floor(reading.statements?.[0]?.reset_ms ?? 0));
    expect(result.start).toEqual({ marker: 'since ever', atMs: null });
  });
});

describe('PostgreSQL 15, recorded live without any grant', () => {
  const { result } = parse(readingOf('postgres-15.18-no-grants'));
  const found = values(result.samples);

  test('hidden sessions have an unknown state, and what cannot be known makes no sample', () => {
    expect(found['db_connections{state="unknown"}']).toBe(1);
    expect(found['db_longest_query_seconds{}']).toBeUndefined();
    expect(found['db_longest_transaction_seconds{}']).toBeUndefined();
    expect(found['db_queries_total{}']).toBe(167);
  });

  test('the notice names the role and the grant', () => {
    expect(result.notices.map((notice) => notice.code)).toEqual(['no_pg_monitor']);
    expect(result.notices[0]?.text).toContain('GRANT pg_monitor TO "nobody"');
  });

  test('a role name with a quote stays one name', () => {
    const odd = readingOf('postgres-15.18-no-grants');
    const named = parse({ ...odd, settings: { ...odd.settings, role: 'a"b' } });
    expect(named.result.notices[0]?.text).toContain('TO "a""b"');
  });
});

describe('PostgreSQL 13, constructed', () => {
  const { result } = parse(readingOf('postgres-13.16'));
  const found = values(result.samples);

  test('a column that this version lacks makes no sample', () => {
    expect(found['db_sessions_total{}']).toBeUndefined();
  });

  test('texts that differ only in a comment are one family', () => {
    expect(found['db_statements_total{family="SELECT * FROM orders WHERE id = $1"}']).toBe(4_000);
    expect(found['db_statement_seconds_total{family="SELECT * FROM orders WHERE id = $1"}']).toBeCloseTo(
      2.001,
      9,
    );
  });

  test('ages, locks and states as they are; a state that is not known is unknown', () => {
    expect(found['db_longest_query_seconds{}']).toBe(12.5);
    expect(found['db_locks_waiting{}']).toBe(2);
    expect(found['db_connections{state="unknown"}']).toBe(1);
  });

  test('the counters of the database begin with its reset', () => {
    expect(result.start).toEqual({ marker: 'since 1761990000000', atMs: 1_761_990_000_000 });
  });
});

describe('PostgreSQL 17 on Neon, constructed', () => {
  test('where a stop loses the statistics, each start is a new count', () => {
    const reading = readingOf('postgres-17.5-neon');
    const { start } = parse(reading, { forgetsOnStop: true }).result;
    expect(start).toEqual({ marker: 'since ever, started 1762003000000', atMs: 1_762_003_000_000 });
    const later = { ...reading, settings: { ...reading.settings, started_ms: 1_762_003_500_000 } };
    expect(parse(later, { forgetsOnStop: true }).result.start?.marker).not.toBe(start?.marker);
  });

  test('elsewhere a restart of the server is no new count, since statistics outlive it', () => {
    const reading = readingOf('postgres-17.5-neon');
    const later = { ...reading, settings: { ...reading.settings, started_ms: 1_762_003_500_000 } };
    expect(parse(later).result.start).toEqual(parse(reading).result.start);
  });
});

describe('without pg_stat_statements', () => {
  const reading: PostgresReading = { ...readingOf('postgres-13.16'), statements: null };

  test('queries come from transactions, inferred, as a series of their own', () => {
    const sample = parse(reading).result.samples.find((s) => s.metric === 'db_queries_total');
    expect(sample).toEqual({
      metric: 'db_queries_total',
      labels: { from: 'transactions' },
      value: 1_000,
      quality: 'inferred',
    });
  });

  test.each([
    [null, 'CREATE EXTENSION pg_stat_statements'],
    ['not_loaded', 'shared_preload_libraries'],
    ['denied', 'GRANT SELECT ON public.pg_stat_statements TO "watcher"'],
    ['too_old', 'ALTER EXTENSION pg_stat_statements UPDATE'],
  ] as const)('fault %s names the command that mends it', (statementsFault, command) => {
    const { notices } = parse(reading, { statementsFault }).result;
    expect(notices.map((notice) => notice.code)).toEqual(['no_pg_stat_statements']);
    expect(notices[0]?.text).toContain(command);
  });
});

describe('clock', () => {
  test.each([
    [-600_000, '10 min ahead of ours'],
    [45_000, '45 s behind ours'],
  ])('ours %i ms away is said', (awayMs, words) => {
    const reading = readingOf('postgres-13.16');
    const { notices } = parse(reading, { nowMs: reading.settings.now_ms + awayMs }).result;
    expect(notices.map((notice) => notice.code)).toEqual(['clock_skew']);
    expect(notices[0]?.text).toContain(words);
  });
});

describe('families', () => {
  const base = readingOf('postgres-13.16');
  const [total] = base.statements ?? [];
  const family = (n: number, calls: number) => ({
    kind: 'family' as const,
    query: `SELECT * FROM t${n}`,
    calls,
    total_ms: 1,
    rows: 1,
    hidden: null,
    dealloc: null,
    reset_ms: null,
  });
  const with60 = (shift: number): PostgresReading => ({
    ...base,
    statements:
      total === undefined
        ? []
        : [total, ...Array.from({ length: 60 }, (_, n) => family(n + shift, 1_000 - n))],
  });
  const familiesIn = (samples: readonly Sample[]): string[] =>
    samples.filter((s) => s.metric === 'db_statements_total').map((s) => s.labels.family ?? '');

  test('the top 20 are taken up, and stay reported when they fall behind others', () => {
    const first = parse(with60(0));
    expect(familiesIn(first.result.samples)).toHaveLength(20);
    const second = parse(with60(10), { memory: first.memory });
    const listed = familiesIn(second.result.samples);
    expect(listed).toContain('SELECT * FROM t19');
    expect(listed).toContain('SELECT * FROM t29');
    expect(listed).toHaveLength(20);
  });

  test('however many pass by, no more than 60 series are made', () => {
    let memory = EMPTY_MEMORY;
    const seen = new Set<string>();
    for (let shift = 0; shift < 1_000; shift += 20) {
      const next = parse(with60(shift), { memory });
      memory = next.memory;
      for (const name of familiesIn(next.result.samples)) seen.add(name);
    }
    expect(seen.size).toBe(60);
  });
});

describe('broken and empty answers', () => {
  test('a wrong value is refused by the schema of its topic, and none slips through', () => {
    const rows = recorded('broken');
    expect(settingsSchema.safeParse(rows.settings[0]).success).toBe(false);
    expect(databaseSchema.safeParse(rows.database[0]).success).toBe(false);
    expect(activitySchema.safeParse(rows.activity[0]).success).toBe(false);
    expect(statementSchema.safeParse(rows.statements[0]).success).toBe(false);
    expect(sizeSchema.safeParse(rows.size[0]).success).toBe(false);
  });

  test('no row is no row: neither settings nor database pass', () => {
    const rows = recorded('empty');
    expect(settingsSchema.safeParse(rows.settings[0]).success).toBe(false);
    expect(databaseSchema.safeParse(rows.database[0]).success).toBe(false);
  });

  test('an activity that was not allowed makes no sample and says what to grant', () => {
    const reading = { ...readingOf('postgres-15.18-no-grants'), activity: null };
    const { samples, notices } = parse(reading).result;
    expect(samples.some((s) => s.metric === 'db_connections' || s.metric === 'db_locks_waiting')).toBe(false);
    expect(notices.map((notice) => notice.code)).toEqual(['no_pg_monitor']);
  });
});

test('every statement begins with its topic, and every metric is in the catalogue with its labels', () => {
  for (const topic of TOPICS) {
    const text =
      topic === 'statements' ? statementsText({ schema: 'public', version: [1, 10] }) : statementText(topic);
    expect(text.startsWith(`/* afterwatch:${topic} */ `)).toBe(true);
  }
  for (const name of [
    'postgres-13.16',
    'postgres-15.18-pg-monitor',
    'postgres-15.18-no-grants',
    'postgres-17.5-neon',
  ]) {
    for (const sample of parse(readingOf(name)).result.samples) {
      const entry = findMetric(sample.metric);
      expect(entry, sample.metric).not.toBeNull();
      for (const label of Object.keys(sample.labels)) expect(entry?.labels).toContain(label);
    }
  }
});
