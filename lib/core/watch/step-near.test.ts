import { describe, expect, it } from 'vitest';
import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from '../verdict/blocks.ts';
import { stepNear, stepSeries } from './step-near.ts';
import { sameSubject, subjectOf } from './subject.ts';
import { at, block, DAY_BLOCKS, T0 } from './test-facts.ts';

/** Noise of about 5 % that is the same in every run. */
function noisy(count: number, level: (i: number) => number, seed = 1): CountBlock[] {
  let state = seed;
  return Array.from({ length: count }, (_, i) => {
    state = (state * 48_271) % 2_147_483_647;
    return block(Math.round(level(i) * (1 + 0.1 * (state / 2_147_483_647 - 0.5))));
  });
}
const before = noisy(14 * DAY_BLOCKS, () => 10_000);
const seriesOf = (after: readonly CountBlock[]) =>
  stepSeries(
    { blocks: { kind: 'counts', before, after, countsEvents: true }, midMs: T0, backfilledStepMs: null },
    at(8),
  );

describe('a step near a later deploy', () => {
  /** A deploy after 2 h; the number has gone to a twentieth at T₀. */
  const hours = (level: (i: number) => number, length = 60) => seriesOf(noisy(length, level, 7));

  it('is found where the number moves with it, and not where it stays', () => {
    expect(
      stepNear(
        hours((i) => (i < 24 ? 500 : 250)),
        at(120),
      ),
    ).toEqual({ atMs: at(120) });
    expect(
      stepNear(
        hours(() => 500),
        at(120),
      ),
    ).toBe('none');
  });

  it('the fall at T₀ itself is none of the later deploy’s', () => {
    expect(
      stepNear(
        hours((i) => (i === 0 ? 10_000 : 500)),
        at(60),
      ),
    ).toBe('none');
  });

  it('a step of an hour before it is not near', () => {
    expect(
      stepNear(
        hours((i) => (i < 24 ? 500 : 250)),
        at(180),
      ),
    ).toBe('none');
  });

  it('can’t be told before half an hour is over, nor where nothing was measured before it', () => {
    expect(
      stepNear(
        hours((i) => (i < 24 ? 500 : 250), 28),
        at(120),
      ),
    ).toBeNull();
    expect(
      stepNear(
        hours((i) => (i < 2 ? 500 : 250)),
        at(12),
      ),
    ).toBeNull();
    expect(stepNear(null, at(120))).toBeNull();
  });

  it('once found it is found at every later look', () => {
    const after = noisy(80, (i) => (i < 24 || i > 34 ? 500 : 100), 9);
    const found = Array.from({ length: 50 }, (_, i) => stepNear(seriesOf(after.slice(0, 30 + i)), at(120)));
    const first = found.findIndex((step) => step !== null && step !== 'none');
    expect(first).toBeGreaterThanOrEqual(0);
    expect(found.slice(first).every((step) => step !== null && step !== 'none')).toBe(true);
  });

  it('without enough comparable days nothing is looked for', () => {
    const few = {
      kind: 'counts',
      before: before.slice(-2 * DAY_BLOCKS),
      after: [],
      countsEvents: true,
    } as const;
    expect(stepSeries({ blocks: few, midMs: T0, backfilledStepMs: null }, T0 + BLOCK_MS)).toBeNull();
  });
});

describe('what a claim is about', () => {
  it.each([
    ['redis_commands_total', { cmd: 'get' }, { usesRedis: true, followsTraffic: true, limiter: null }],
    ['db_queries_total', {}, { usesRedis: true, followsTraffic: true, limiter: null }],
    ['http_app_latency_p95_seconds', {}, { usesRedis: true, followsTraffic: true, limiter: null }],
    [
      'http_responses_total',
      { status: '429' },
      { usesRedis: true, followsTraffic: true, limiter: 'answers' },
    ],
    ['http_responses_total', { status: '5xx' }, { usesRedis: true, followsTraffic: true, limiter: null }],
    ['http_responses_total', {}, { usesRedis: true, followsTraffic: false, limiter: null }],
    [
      'app_limiter_decisions_total',
      { decision: 'limited' },
      { usesRedis: true, followsTraffic: true, limiter: 'own' },
    ],
    ['app_db_pool_max', {}, { usesRedis: false, followsTraffic: false, limiter: null }],
    ['fly_machines', {}, { usesRedis: false, followsTraffic: false, limiter: null }],
    ['neon_compute_cost_usd_per_day', {}, { usesRedis: false, followsTraffic: true, limiter: null }],
    ['app_worker_polls_total', {}, { usesRedis: false, followsTraffic: false, limiter: null }],
    [null, {}, { usesRedis: false, followsTraffic: false, limiter: null }],
  ] as const)('%s %o', (metric, labels, subject) => {
    expect(subjectOf({ metric, labels })).toEqual(subject);
  });

  it('GETs and all commands are one thing, GETs and SETs are two', () => {
    const gets = { metric: 'redis_commands_total', labels: { cmd: 'get' } };
    expect(sameSubject(gets, { metric: 'redis_commands_processed_total', labels: {} })).toBe(true);
    expect(sameSubject({ metric: 'upstash_net_commands_total', labels: {} }, gets)).toBe(true);
    expect(sameSubject(gets, { metric: 'redis_commands_total', labels: { cmd: 'set' } })).toBe(false);
    expect(sameSubject(gets, { metric: 'db_queries_total', labels: {} })).toBe(false);
    expect(sameSubject({ metric: null, labels: {} }, { metric: null, labels: {} })).toBe(false);
  });
});
