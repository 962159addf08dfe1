import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHttpAddress, readPostgresAddress, readRedisAddress } from './address.ts';
import { editorSchemaText } from './editor-schema.ts';
import { parseRatePerSecond } from './rate.ts';
import { suggest } from './suggest.ts';

describe('parseRatePerSecond', () => {
  it('reads a number with its window', () => {
    const rates = ['24K/h', '50,816/day', '1.5M/week', '200/s', '10/min', '0/h', '1,234.5 / hour'];
    const perSecond = [24e3 / 3600, 50_816 / 86_400, 1.5e6 / 604_800, 200, 10 / 60, 0, 1234.5 / 3600];
    for (const [i, text] of rates.entries()) {
      expect(parseRatePerSecond(text)).toBeCloseTo(perSecond[i] ?? Number.NaN, 12);
    }
  });
  it('refuses what has no window, no number, a sign or a number cut wrong', () => {
    for (const text of [
      '24K',
      '/h',
      'K/h',
      '-5/h',
      '50,81/day',
      '24K/fortnight',
      '1/constructor',
      '',
      '1e999/s',
    ]) {
      expect(parseRatePerSecond(text), text).toBeNull();
    }
  });
});

describe('addresses', () => {
  const address = (result: ReturnType<typeof readRedisAddress>) =>
    result.ok ? result.address.address : result.problem;

  it('show host and port only, with the default port filled in', () => {
    expect(address(readRedisAddress('rediss://u:p%40w@Cache.Example/0'))).toBe('cache.example:6379');
    expect(address(readRedisAddress('redis://[fdaa::3]:6380'))).toBe('[fdaa::3]:6380');
    expect(address(readPostgresAddress('postgres://u:p@db/app?sslmode=require'))).toBe('db:5432');
    expect(address(readPostgresAddress('postgres:///app?host=/run/postgresql'))).toBe('local socket');
    expect(address(readHttpAddress('https://m.example/metrics'))).toBe('m.example:443');
  });
  it('are not taken from a password that was left unescaped', () => {
    for (const url of [
      'redis://u:12/34@h:1',
      'redis://u:12#34@h',
      'postgres://u:1?2@h/d',
      'redis://:a b@h',
    ]) {
      const result = url.startsWith('redis') ? readRedisAddress(url) : readPostgresAddress(url);
      expect(result.ok, url).toBe(false);
    }
  });
  it('differ by database and page, not by user', () => {
    const key = (result: ReturnType<typeof readRedisAddress>) => (result.ok ? result.address.key : null);
    expect(key(readRedisAddress('redis://a@h'))).toBe(key(readRedisAddress('rediss://b:c@h:6379/0')));
    expect(key(readRedisAddress('redis://h/1'))).not.toBe(key(readRedisAddress('redis://h/2')));
    expect(key(readHttpAddress('http://h/a'))).not.toBe(key(readHttpAddress('http://h/b')));
  });
});

describe('suggest', () => {
  const metrics = ['redis_commands_total', 'redis_up', 'db_queries_total', 'http_responses_total'];
  it('finds a slip of the finger, the nearest first', () => {
    expect(suggest('redis_comands_total', metrics)).toEqual(['redis_commands_total']);
    expect(suggest('intreval', ['interval', 'timeout'])).toEqual(['interval']);
    expect(suggest('REDIS_UP', metrics)).toEqual(['redis_up']);
  });
  it('finds a long name by two of its words', () => {
    expect(suggest('http_responses_429_count_total', metrics)).toContain('http_responses_total');
  });
  it('says nothing rather than something unlike', () => {
    expect(suggest('zzzzzz', metrics)).toEqual([]);
    expect(suggest('', metrics)).toEqual([]);
  });
});

it('docs/afterwatch.schema.json is what `node scripts/schema.mjs` writes from the schemas of today', () => {
  const file = new URL('../../../docs/afterwatch.schema.json', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(editorSchemaText());
});
