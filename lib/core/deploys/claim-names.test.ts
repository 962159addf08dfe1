import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricTitle, shortNames } from './claim-names.ts';

describe('what a claim is measured by', () => {
  it.each([
    ['redis_commands_total', { cmd: 'get' }, 'Redis GETs'],
    ['app_redis_commands_total', { cmd: 'get', component: 'limiter' }, 'Redis GETs, limiter'],
    ['db_queries_total', {}, 'Database queries'],
    ['http_responses_total', { status: '429' }, '429 responses'],
    ['app_worker_polls_total', {}, 'Worker polls'],
    ['redis_hit_ratio', {}, 'Redis hit ratio'],
    ['redis_commands_cost_usd_per_day', {}, 'Redis commands cost'],
    ['http_latency_p95_seconds', {}, 'Latency p95'],
  ])('%s %o reads %s', (metric, labels, words) => {
    expect(metricTitle({ metric, labels })).toBe(words);
  });

  it('is nothing while no metric is bound', () => {
    expect(metricTitle({ metric: null, labels: {} })).toBeNull();
  });
});

describe('the names over the charts of claims', () => {
  it('are what comes before the numbers', () => {
    expect(
      shortNames(['Redis GETs: 2.2M GETs/3hr → 72K GETs/3hr (96.7% reduction)', 'API latency falls']),
    ).toEqual(['Redis GETs', 'API latency falls']);
  });

  it('tell claims apart that begin alike', () => {
    expect(shortNames(['Step: 733K → 24K', 'Step: 1,440 → 288'])).toEqual([
      'Step: 733K → 24K',
      'Step: 1,440 → 288',
    ]);
    expect(shortNames(['Redis GETs fall', 'Redis GETs fall'])).toEqual([
      'Redis GETs fall (1)',
      'Redis GETs fall (2)',
    ]);
  });

  it('do not run into a name that is written with a count', () => {
    expect(shortNames(['x', 'x', 'x (1)'])).toEqual(['x (2)', 'x (3)', 'x (1)']);
  });

  it('are never empty, fit, and no two are alike, whatever a person wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 12 }), (texts) => {
        const names = shortNames(texts);
        expect(names).toHaveLength(texts.length);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) {
          expect(name.trim()).not.toBe('');
          expect([...name].length).toBeLessThanOrEqual(25);
        }
      }),
    );
  });
});
