import { describe, expect, test } from 'vitest';
import { UNITS } from './entry.ts';
import { CATALOGUE, findMetric, type MetricEntry } from './index.ts';

const entries: readonly (readonly [string, MetricEntry])[] = Object.entries(CATALOGUE);

/** Units that a name must carry; names of counted things say them in words. */
const SUFFIXES: Partial<Record<MetricEntry['unit'], string>> = {
  seconds: '_seconds',
  bytes: '_bytes',
  ratio: '_ratio',
};

describe('the metric catalogue', () => {
  test.each(entries)('%s: a counter, and only a counter, ends in _total', (name, entry) => {
    expect(name.endsWith('_total')).toBe(entry.kind === 'counter');
  });

  test.each(entries)(
    '%s: seconds, bytes and ratios say so in the name, and nothing else does',
    (name, entry) => {
      const stem = name.replace(/_total$/, '');
      expect(Object.values(SUFFIXES).find((suffix) => stem.endsWith(suffix))).toBe(SUFFIXES[entry.unit]);
    },
  );

  test.each(entries)(
    '%s: has a unit, a direction, a source and one plain sentence of help',
    (name, entry) => {
      expect(UNITS).toContain(entry.unit);
      if (typeof entry.good === 'string') expect(['up', 'down', 'neutral']).toContain(entry.good);
      else expect(entry.good.min).toBeLessThan(entry.good.max);
      expect(entry.source).not.toBe('');
      expect(entry.help).toMatch(/^[A-Z0-9].*\.$/);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    },
  );

  test.each(entries)('%s: "absent is zero" is said only of labelled counters', (_name, entry) => {
    if (!entry.absentIsZero) return;
    expect(entry.kind).toBe('counter');
    expect(entry.labels.length).toBeGreaterThan(0);
  });

  test('names that outside things rely on are there', () => {
    const stable = [
      'redis_commands_total',
      'http_responses_total',
      'db_queries_total',
      'redis_up',
      'app_up',
      'db_up',
    ];
    for (const name of stable) expect(findMetric(name)).not.toBeNull();
  });

  test('commands on Upstash and socket events elsewhere never share an entry', () => {
    expect(CATALOGUE.redis_read_commands_total.unit).toBe('commands');
    expect(CATALOGUE.redis_socket_reads_total.unit).toBe('events');
  });

  test('a name of every object is no metric', () => {
    expect(findMetric('toString')).toBeNull();
    expect(findMetric('__proto__')).toBeNull();
  });
});
