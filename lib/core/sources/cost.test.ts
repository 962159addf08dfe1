import { describe, expect, it } from 'vitest';
import { NO_ACTS } from '../budget/acts.ts';
import { actsText, beatText, callsOf, dayCostOf, usdOf } from './cost.ts';
import type { SourceShape } from './source-kind.ts';

const shape = (given: Partial<SourceShape> & Pick<SourceShape, 'kind'>): SourceShape => ({
  intervalSeconds: 60,
  features: [],
  queries: 0,
  ...given,
});

describe('what a source costs a day', () => {
  it.each<[string, SourceShape, string]>([
    ['redis', shape({ kind: 'redis', intervalSeconds: 15 }), '5,760 commands'],
    [
      'metered redis',
      shape({ kind: 'redis', intervalSeconds: 300, features: ['metered', 'login'] }),
      '297 commands',
    ],
    ['postgres', shape({ kind: 'postgres', intervalSeconds: 30 }), '11,544 queries'],
    [
      'postgres at Neon',
      shape({ kind: 'postgres', intervalSeconds: 360, features: ['sleeps'] }),
      '240 connects, 984 queries, 240 requests',
    ],
    ['upstash', shape({ kind: 'upstash' }), '1,584 requests'],
    ['upstash, every 5 min', shape({ kind: 'upstash', intervalSeconds: 300 }), '432 requests'],
    ['neon', shape({ kind: 'neon' }), '5,760 requests'],
    ['fly', shape({ kind: 'fly' }), '3,456 requests'],
    ['prometheus', shape({ kind: 'prometheus' }), '7,344 requests'],
    ['prometheus with two queries', shape({ kind: 'prometheus', queries: 2 }), '10,224 requests'],
    [
      'app',
      shape({ kind: 'app', intervalSeconds: 15, features: ['metrics_page', 'health_page'] }),
      '11,520 requests',
    ],
    ['logs', shape({ kind: 'logs', intervalSeconds: 15 }), 'nothing'],
  ])('%s', (_, given, text) => {
    expect(actsText(dayCostOf(given))).toBe(text);
  });

  it('a metered Redis stays under 300 billable commands on a quiet day, and its price is told', () => {
    const metered = shape({ kind: 'redis', intervalSeconds: 300, features: ['metered', 'login'] });
    const { commands } = dayCostOf(metered);
    expect(commands).toBeLessThanOrEqual(300);
    expect(usdOf(metered, { ...NO_ACTS, commands: 100_000 })).toBeCloseTo(0.2);
    expect(usdOf(shape({ kind: 'redis' }), { ...NO_ACTS, commands: 5_760 })).toBeNull();
  });

  it('a call that depends on something is told only of a source that has it', () => {
    const texts = (features: SourceShape['features']) =>
      callsOf(shape({ kind: 'app', features })).map(({ text }) => text);
    expect(texts([])).toEqual([]);
    expect(texts(['health_page'])).toEqual(['GET {health page}']);
  });

  it('says how often in words', () => {
    const slow = shape({ kind: 'upstash', intervalSeconds: 900 });
    expect(callsOf(slow).map(({ beat }) => beatText(beat, slow).replaceAll('\u00a0', ' '))).toEqual([
      'every 15 m',
      'every 15 m',
      'once, at first contact',
    ]);
  });
});
