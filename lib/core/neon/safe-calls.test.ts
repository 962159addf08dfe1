import { describe, expect, test } from 'vitest';
import { maxConnections, planOf, poolSize } from './limits.ts';
import { isSafeCall, WAKING_CALLS } from './safe-calls.ts';

const filled = (path: string) => path.replace(/\{[a-z_]+\}/g, 'some-id-1');

describe('isSafeCall', () => {
  test.each(WAKING_CALLS)('refuses %s %s', (method, path) => {
    expect(isSafeCall(method, filled(path))).toBe(false);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'get', ''])('refuses %s on every path', (method) => {
    expect(isSafeCall(method, '/projects')).toBe(false);
    expect(isSafeCall(method, '/projects/quiet-river-1/endpoints/ep-a-1')).toBe(false);
  });

  test.each([
    '/projects/quiet-river-1/endpoints/ep-a-1/start',
    '/projects/../projects/x/endpoints/y/start',
    '/projects/a%2Fendpoints',
    '/projects/quiet-river-1/',
    '/projects/quiet-river-1?x=1',
    '//projects',
    '/projects/quiet-river-1/branches/br-1/schema',
    '',
  ])('refuses GET %s', (path) => {
    expect(isSafeCall('GET', path)).toBe(false);
  });

  test('lets through what the control plane answers by itself', () => {
    for (const path of [
      '/projects',
      '/projects/quiet-river-1',
      '/projects/quiet-river-1/branches',
      '/projects/quiet-river-1/endpoints',
      '/projects/quiet-river-1/endpoints/ep-a-1',
      '/projects/quiet-river-1/operations',
      '/consumption_history/v2/projects',
      '/organizations/org-a-1/billing/spending_limit',
    ]) {
      expect(isSafeCall('GET', path)).toBe(true);
    }
  });
});

describe('published limits', () => {
  test('connections follow the table of sizes, and a size that is not in it has none', () => {
    expect([0.25, 1, 8, 9, 56].map(maxConnections)).toEqual([104, 419, 3357, 4000, 4000]);
    expect([0.3, 0, 57].map(maxConnections)).toEqual([null, null, null]);
    expect(poolSize(104)).toBe(93);
  });

  test('plans whose terms are not published here have none', () => {
    expect(planOf('free_v3')?.computeUnitSecondsIncluded).toBe(360_000);
    for (const type of ['free_v2', 'launch', 'direct_sales', 'UNKNOWN', '']) expect(planOf(type)).toBeNull();
  });
});
