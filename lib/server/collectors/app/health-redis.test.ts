import { describe, expect, test } from 'vitest';
import { readHealthRedis } from './health-redis.ts';

describe('what a health body says of Redis', () => {
  test.each([
    [{ status: 'ok' }, null],
    [{ status: 'ok', checks: { database: { status: 'pass' } } }, null],
    [{ status: 'pass', checks: { 'redis:connections': [{ status: 'pass' }] } }, 'passing'],
    [{ status: 'UP', components: { redis: { status: 'DOWN' } } }, 'failing'],
    [{ status: 'ok', details: { redis: { status: 'up' } } }, 'passing'],
    [{ status: 'ok', redis: 'suspended' }, 'suspended'],
    [{ status: 'ok', redis: { suspended: true, status: 'ok' } }, 'suspended'],
    [{ status: 'ok', redis: true }, 'passing'],
    [{ status: 'ok', redis: { commands: 5 } }, null],
    [{ status: 'ok', redistribution: 'ok' }, null],
    [{ status: 'ok', checks: { redis: [{ status: 'pass' }, { status: 'fail' }] } }, 'failing'],
  ])('%j: %s', (body, expected) => {
    expect(readHealthRedis(body)).toBe(expected);
  });
});
