import { describe, expect, test } from 'vitest';
import { SeriesLimitError } from './exposition.ts';
import { readJsonMetrics } from './json-metrics.ts';

function leaves(json: unknown): Record<string, number | undefined> {
  const page = readJsonMetrics(json, 1_000);
  const named = [...page.families.values()].filter(({ samples }) => samples[0]?.labels.key === undefined);
  return Object.fromEntries(named.map(({ name, samples }) => [name, samples[0]?.value]));
}

describe('JSON as metrics', () => {
  test('numeric leaves are named by their path; true and false are 1 and 0; null and words are nothing', () => {
    expect(
      leaves({ redis: { commands: { get: 5 }, suspended: false, last: null }, note: 'fine', list: [1, 2] }),
    ).toEqual({
      'redis.commands.get': 5,
      'redis.suspended': 0,
      'list.0': 1,
      'list.1': 2,
    });
  });

  test('numbers as text are numbers, anything else in text is not', () => {
    expect(leaves({ a: '42', b: '1e3', c: '0x10', d: '1,5', e: ' 7 ', f: 'NaN', g: '' })).toEqual({
      a: 42,
      b: 1_000,
      e: 7,
    });
  });

  test('the members of an object are one family too, with their key as label', () => {
    const page = readJsonMetrics({ commands: { get: 5, set: 2 } }, 1_000);
    expect(page.families.get('commands')?.samples.map(({ labels, value }) => [labels.key, value])).toEqual([
      ['get', 5],
      ['set', 2],
    ]);
  });

  test('a metrics page inside a string is read; one line of prose is not', () => {
    const page = readJsonMetrics(
      { ok: true, metrics: '# TYPE a_total counter\na_total{x="1"} 5\n', said: 'answered 200' },
      1_000,
    );
    expect(page.families.get('a_total')?.samples[0]?.value).toBe(5);
    expect(page.families.has('answered')).toBe(false);
  });

  test('JSON inside a string is opened, twice at most', () => {
    const inner = JSON.stringify({ b: 2 });
    expect(leaves({ a: inner })).toEqual({ 'a.b': 2 });
    expect(leaves({ a: JSON.stringify({ x: inner }) })).toEqual({ 'a.x.b': 2 });
    expect(leaves({ a: JSON.stringify({ x: JSON.stringify({ y: inner }) }) })).toEqual({});
  });

  test('a body that is one JSON string works like the page inside it', () => {
    expect(readJsonMetrics('# TYPE a counter\na 1\n', 1_000).families.get('a')?.samples[0]?.value).toBe(1);
  });

  test('too many values end the reading; deep ones are not followed', () => {
    expect(() =>
      readJsonMetrics(
        Array.from({ length: 1_001 }, (_, i) => i),
        1_000,
      ),
    ).toThrow(SeriesLimitError);
    expect(() =>
      readJsonMetrics(
        Array.from({ length: 20_000 }, () => null),
        1_000,
      ),
    ).toThrow(SeriesLimitError);
    let deep: unknown = 1;
    for (let i = 0; i < 5_000; i += 1) deep = { a: deep };
    expect(leaves(deep)).toEqual({});
  });
});
