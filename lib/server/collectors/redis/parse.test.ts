import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey, type Sample } from '@/lib/core/model/sample.ts';
import { type InfoReply, parseInfo } from './parse.ts';

const NOW_MS = 1_762_000_000_000;

function recorded(name: string): string {
  return readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), 'utf8');
}

function parsed(name: string, nowMs = NOW_MS): InfoReply {
  const reply = parseInfo(recorded(name), nowMs);
  if (reply === null) throw new Error(`${name} is no INFO`);
  return reply;
}

/** `metric{labels}` → value, for exact comparison. */
function values(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(samples.map((s) => [`${s.metric}{${labelsKey(s.labels)}}`, s.value]));
}

function value(reply: InfoReply, metric: string, labels: Sample['labels'] = {}): number | undefined {
  return values(reply.samples)[`${metric}{${labelsKey(labels)}}`];
}

const codes = (reply: InfoReply): string[] => reply.notices.map((notice) => notice.code);

const LIVE_MS = 1_795_306_065_220;

describe('INFO of Redis 7.0.15, recorded live', () => {
  const reply = parsed('redis-7.0.15', LIVE_MS);

  test('gives exactly these samples', () => {
    expect(values(reply.samples)).toMatchSnapshot();
  });

  test('reads GETs, misses and refused calls of the known load', () => {
    expect(value(reply, 'redis_commands_total', { cmd: 'get' })).toBe(45);
    expect(value(reply, 'redis_commands_rejected_calls_total', { cmd: 'get' })).toBe(1);
    expect(value(reply, 'redis_commands_failed_calls_total', { cmd: 'lpush' })).toBe(1);
    expect(value(reply, 'redis_commands_duration_seconds_total', { cmd: 'get' })).toBeCloseTo(173e-6, 12);
    expect(value(reply, 'redis_keyspace_misses_total')).toBe(5);
    expect(value(reply, 'redis_db_keys', { db: 'db3' })).toBe(1);
    expect(value(reply, 'redis_errors_total', { err: 'WRONGTYPE' })).toBe(1);
  });

  test('knows the start of the process to the second', () => {
    expect(reply.start).toEqual({
      marker: 'aef50f3563f904a091cf24ad7ea1b9e4441848a1',
      atMs: 1_795_306_064_000,
    });
  });

  test('tells what it is and has nothing to complain about', () => {
    expect(reply.facts).toEqual({
      version: 'redis 7.0.15',
      flavour: 'redis',
      role: 'master',
      mode: 'standalone',
      runId: 'aef50f35',
      maxmemoryPolicy: 'allkeys-lru',
    });
    expect(reply.notices).toEqual([]);
    expect(reply.takesSections).toBe(true);
  });
});

describe('INFO of Redis 6.2', () => {
  const reply = parsed('redis-6.2.14');

  test('gives commands, errors and the link to its master, and takes one section only', () => {
    expect(reply.facts.version).toBe('redis 6.2.14');
    expect(reply.takesSections).toBe(false);
    expect(value(reply, 'redis_commands_total', { cmd: 'get' })).toBe(10_000);
    expect(value(reply, 'redis_commands_rejected_calls_total', { cmd: 'set' })).toBe(4);
    expect(value(reply, 'redis_errors_total', { err: 'OOM' })).toBe(4);
    expect(value(reply, 'redis_master_link_up')).toBe(1);
    expect(reply.facts.role).toBe('replica');
  });

  test('a limit of 0 is no limit, so no sample', () => {
    expect(value(reply, 'redis_memory_max_bytes')).toBeUndefined();
  });

  test('a field that this version lacks makes no sample', () => {
    expect(value(reply, 'redis_evicted_clients_total')).toBeUndefined();
    expect(value(reply, 'redis_acl_access_denied_auth_total')).toBeUndefined();
  });
});

describe('INFO of Redis 7.4', () => {
  const reply = parsed('redis-7.4.1');

  test('keeps subcommands apart and reads databases by name of part', () => {
    expect(value(reply, 'redis_commands_total', { cmd: 'config|get' })).toBe(1);
    expect(value(reply, 'redis_db_keys_expiring', { db: 'db0' })).toBe(10);
  });

  test('loading and switched-off error kinds are said, and no error is invented', () => {
    expect(value(reply, 'redis_loading')).toBe(1);
    expect(codes(reply)).toEqual(['errorstats_disabled', 'loading']);
    expect(reply.samples.some((sample) => sample.metric === 'redis_errors_total')).toBe(false);
  });
});

describe('INFO of Redis 8.2', () => {
  const reply = parsed('redis-8.2.0');

  test('module commands are commands', () => {
    expect(value(reply, 'redis_commands_failed_calls_total', { cmd: 'ft.search' })).toBe(1);
  });

  test('headings without lines are measured zeros: no keys, no errors yet', () => {
    expect(value(reply, 'redis_db_keys', { db: 'db0' })).toBe(0);
    expect(value(reply, 'redis_errors_total', { err: 'ERR' })).toBe(0);
  });

  test('a clock 10 minutes off is said with its size and side, and does not move the start', () => {
    expect(reply.notices).toHaveLength(1);
    expect(reply.notices[0]?.code).toBe('clock_skew');
    expect(reply.notices[0]?.text).toContain('10 min ahead of ours');
    expect(reply.start?.atMs).toBe(NOW_MS - 120_000);
  });

  test('a clock that is behind is said as behind', () => {
    const late = parsed('redis-8.2.0', 1_762_000_700_000);
    expect(late.notices[0]?.text).toContain('100 s behind ours');
  });
});

describe('INFO of Valkey 8.1', () => {
  const reply = parsed('valkey-8.1.1');

  test('is called by its own name and version, not by the frozen one', () => {
    expect(reply.facts.version).toBe('valkey 8.1.1');
    expect(reply.facts.mode).toBe('standalone');
    expect(reply.facts.zone).toBe('eu-west-1a');
    expect(reply.takesSections).toBe(true);
    expect(value(reply, 'redis_commands_total', { cmd: 'commandlog|len' })).toBe(1);
  });
});

describe('INFO of Upstash', () => {
  const reply = parsed('upstash-1.13.3');
  const member = 'member-b';

  test('has no commands by name, and says so', () => {
    expect(reply.samples.some((sample) => sample.metric === 'redis_commands_total')).toBe(false);
    expect(reply.samples.some((sample) => sample.metric === 'redis_errors_total')).toBe(false);
    expect(codes(reply)).toEqual(['no_commandstats', 'several_replicas']);
  });

  test('its reads are inferred read commands, never socket events', () => {
    expect(reply.samples.find((sample) => sample.metric === 'redis_read_commands_total')).toEqual({
      metric: 'redis_read_commands_total',
      labels: { member },
      value: 725_000,
      quality: 'inferred',
    });
    expect(reply.samples.some((sample) => sample.metric === 'redis_socket_reads_total')).toBe(false);
  });

  test('every sample names the replica that answered', () => {
    expect(new Set(reply.samples.map((sample) => sample.labels.member))).toEqual(new Set([member]));
  });

  test('one member needs no label', () => {
    const single = recorded('upstash-1.13.3').replace(/all_members:.*/, 'all_members:member-b');
    const alone = parseInfo(single, NOW_MS);
    expect(alone?.samples.some((sample) => 'member' in sample.labels)).toBe(false);
    expect(alone?.notices.map((notice) => notice.code)).toEqual(['no_commandstats']);
  });

  test('has no start marker, even if a proxy adds an uptime', () => {
    expect(reply.start).toBeNull();
    expect(reply.facts.version).toBe('upstash 1.13.3');
    expect(value(reply, 'redis_data_size_bytes', { member })).toBe(619_520);
  });

  test('the bare heading of an unknown section is not zero errors', () => {
    const asked = parseInfo(`${recorded('upstash-1.13.3')}# Errorstats\r\n# Commandstats\r\n`, NOW_MS);
    expect(asked?.samples.some((sample) => sample.metric === 'redis_errors_total')).toBe(false);
    expect(asked?.notices.map((notice) => notice.code)).toContain('no_commandstats');
  });
});

describe('other kin', () => {
  test('KeyDB is known by mvcc_depth, and its extra part in the db line moves nothing', () => {
    const reply = parseInfo(
      '# Server\r\nredis_version:6.3.4\r\nmvcc_depth:0\r\n# Keyspace\r\ndb0:keys=5,expires=1,avg_ttl=0,cached_keys=4\r\n',
      NOW_MS,
    );
    expect(reply?.facts.version).toBe('keydb 6.3.4');
    expect(reply?.takesSections).toBe(false);
    expect(reply && value(reply, 'redis_db_keys', { db: 'db0' })).toBe(5);
  });

  test('Dragonfly is known by its own version and asked for one section', () => {
    const reply = parseInfo('redis_version:7.4.0\r\ndragonfly_version:df-v1.27.1\r\n', NOW_MS);
    expect(reply?.facts.version).toBe('dragonfly 1.27.1');
    expect(reply?.takesSections).toBe(false);
  });

  test('a role that nobody knows is unknown, never the healthy one', () => {
    expect(parseInfo('redis_version:9.0\r\nrole:arbiter\r\n', NOW_MS)?.facts.role).toBe('unknown');
  });
});

describe('broken and empty replies', () => {
  test('a reply that was cut keeps whole fields and drops the cut one', () => {
    const reply = parsed('broken-cut-mid-line', LIVE_MS);
    expect(value(reply, 'redis_commands_processed_total')).toBe(90);
    expect(value(reply, 'redis_net_input_bytes_total')).toBeUndefined();
    expect(reply.samples.some((sample) => sample.metric === 'redis_commands_total')).toBe(false);
    expect(codes(reply)).toEqual(['no_commandstats']);
  });

  test('a page of a proxy and an empty text are no INFO', () => {
    expect(parseInfo(recorded('broken-html'), NOW_MS)).toBeNull();
    expect(parseInfo(recorded('empty'), NOW_MS)).toBeNull();
  });

  test('words, signs and endless digits where a number belongs make no sample', () => {
    const odd = [
      'used_memory:-1',
      'connected_clients:nan',
      `evicted_keys:${'9'.repeat(400)}`,
      'expired_keys:0x10',
    ];
    const reply = parseInfo(['redis_version:7.0.0', ...odd, 'uptime_in_seconds:1e9'].join('\r\n'), NOW_MS);
    expect(reply?.samples).toEqual([]);
  });

  test('a flood of made-up commands is cut and said', () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `cmdstat_c${n}:calls=1,usec=1`);
    const reply = parseInfo(['redis_version:7.0.0', ...lines].join('\r\n'), NOW_MS);
    expect(reply?.samples.length).toBe(1_000);
    expect(reply?.notices.map((notice) => notice.code)).toEqual(['too_many_commands']);
  });

  test('what the server sends never reaches a fact with control characters or at length', () => {
    const reply = parseInfo(`redis_version:7\u001b[31m.0${'x'.repeat(500)}\r\nrun_id:\u0007`, NOW_MS);
    expect(reply?.facts.version).toMatch(/^redis 7\[31m\.0x{1,60}$/);
    expect(reply?.start).toBeNull();
  });
});

test('every metric that is sent is in the catalogue, with the labels that it names', () => {
  for (const name of [
    'redis-6.2.14',
    'redis-7.0.15',
    'redis-7.4.1',
    'redis-8.2.0',
    'valkey-8.1.1',
    'upstash-1.13.3',
  ]) {
    for (const sample of parsed(name).samples) {
      const entry = findMetric(sample.metric);
      expect(entry, sample.metric).not.toBeNull();
      const labels = Object.keys(sample.labels).filter((label) => label !== 'member');
      expect(labels).toEqual(entry?.labels);
    }
  }
});
