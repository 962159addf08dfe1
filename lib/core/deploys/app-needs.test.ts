import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseClaims } from '../claims/index.ts';
import { SNIPPETS } from '../metrics/snippets/index.ts';
import { targetOf } from '../watch/claim-target.ts';
import { metricNeeded } from './app-needs.ts';
import { blankClaim } from './draft.ts';
import { METRIC_OPTIONS, tellMeasurable } from './measurable.ts';

/** The evening as its documents tell it, in words of our own: what is said, and the metric that tells it. */
const TOLD: readonly (readonly [says: string, metric: string, labels?: Record<string, string>])[] = [
  ['The quota check makes 2 GETs per operation instead of 1', 'app_quota_gets_per_cache_operation'],
  ['1 GET per cache operation instead of 2', 'app_redis_gets_per_cache_operation'],
  ['50% reduction in quota-related GETs', 'app_redis_commands_total', { cmd: 'get', component: 'quota' }],
  ['95% reduction in rate limiter GETs', 'app_redis_commands_total', { cmd: 'get', component: 'limiter' }],
  ['90% reduction in circuit breaker GETs', 'app_breaker_reads_total', { from: 'redis' }],
  ['Circuit breakers stay closed', 'app_breaker_state'],
  ['Rate limiting must still enforce limits', 'app_limiter_decisions_total', { decision: 'limited' }],
  ['The slot worker asks every 300 s instead of every 60 s', 'app_worker_polls_total'],
  ['Polling interval from 60s to 300s', 'app_worker_polls_total'],
  ['Branding endpoint caching (99.8% reduction)', 'app_endpoint_queries_total'],
  ['Tenant lookups come from the cache of the machine', 'app_record_lookups_total'],
  ['Local memory cache answers instead of Redis', 'app_local_cache_hits_total'],
  ['Redis stays suspended', 'app_redis_suspended'],
  ['The pool is smaller', 'app_db_pool_max'],
  ['On staging first', 'app_machine_info'],
  ['One machine first, then all', 'app_machine_info'],
];

describe('what an app must export', () => {
  it.each(TOLD.map(([text, metric, labels]) => ({ text, metric, labels })))(
    '$text: $metric',
    ({ text, metric, labels }) => {
      const need = metricNeeded(blankClaim(text, 1));
      expect(need).toMatchObject({ metric, labels: labels ?? {} });
      expect(METRIC_OPTIONS.has(metric)).toBe(true);
      const told = tellMeasurable(blankClaim(text, 1), []);
      expect(told.kind === 'not' ? told.why : '').toContain(metric);
      expect(told.kind === 'not' ? told.sources : []).toContain('app');
    },
  );

  it('the code that exports it is called what it is called where it stands', () => {
    for (const [text] of TOLD) {
      const need = metricNeeded(blankClaim(text, 1));
      const group = SNIPPETS.find(({ metrics }) => metrics.some((metric) => metric === need?.metric));
      const isExported = group !== undefined || need?.metric.endsWith('_per_cache_operation') === true;
      expect(need?.snippet).toBe(isExported ? (group?.title ?? 'Redis commands and connects') : null);
    }
    expect(SNIPPETS.map(({ title }) => title)).toContain('Redis commands and connects');
  });

  it('money that nothing is bound to is told by the list price of the commands', () => {
    expect(metricNeeded({ ...blankClaim('Saves $340/day', 1), unit: 'USD' })).toMatchObject({
      metric: 'redis_commands_cost_usd_per_day',
      snippet: null,
    });
  });

  it('a part is named where all of it is bound, and nothing where the binding fits', () => {
    const gets = { metric: 'redis_commands_total', labels: { cmd: 'get' }, unit: '%' };
    const part = { ...gets, text: '90% reduction in circuit breaker GETs' };
    expect(tellMeasurable(part, ['redis'])).toMatchObject({
      kind: 'measured',
      part: { metric: 'app_breaker_reads_total', snippet: 'Circuit breakers' },
    });
    expect(metricNeeded({ ...gets, text: 'Redis GETs fall by 90 %' })).toBeNull();
    expect(
      metricNeeded({
        ...gets,
        text: 'Redis GETs fall by 90 % (the limiter caches)',
        metric: 'db_connections',
      }),
    ).toBeNull();
    const bound = {
      ...part,
      metric: 'app_redis_commands_total',
      labels: { cmd: 'get', component: 'breaker' },
    };
    expect(metricNeeded(bound)).toBeNull();
  });

  it('what nothing here tells is not given a metric', () => {
    expect(metricNeeded(blankClaim('Users are happier', 1))).toBeNull();
    expect(tellMeasurable(blankClaim('Users are happier', 1), [])).toMatchObject({
      kind: 'not',
      need: null,
      sources: [],
    });
  });
});

const SEEDS = join('..', 'shared', 'seeds');

describe.skipIf(!existsSync(SEEDS))('the documents of the evening, where they are at hand', () => {
  it('every claim gives a target on a metric, or says which one the app must export', () => {
    const open: string[] = [];
    const seen: string[] = [];
    for (const file of readdirSync(SEEDS).filter((name) => name.endsWith('.txt'))) {
      for (const claim of parseClaims(readFileSync(join(SEEDS, file), 'utf8')).claims) {
        const target = targetOf(claim);
        const need = metricNeeded(claim);
        if (need !== null) expect(METRIC_OPTIONS.has(need.metric)).toBe(true);
        if ('why' in target && need === null) open.push(`${file} line ${claim.source.line}: ${target.why}`);
        seen.push(claim.id);
      }
    }
    expect(open).toEqual([]);
    expect(seen.length).toBeGreaterThan(15);
  });
});
