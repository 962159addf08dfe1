import { describe, expect, test } from 'vitest';
import { type HealthState, healthValue, readHealth } from './health.ts';

function judge(status: number, body: unknown, contentType: string | null = null) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readHealth({ status, contentType, text });
}
const codes = (reading: ReturnType<typeof readHealth>) => reading.notices.map(({ code }) => code);

describe('health bodies', () => {
  const known: [name: string, status: number, body: unknown, state: HealthState][] = [
    ['draft pass', 200, { status: 'pass', version: '1' }, 'passing'],
    ['draft pass, any case', 200, { status: 'PASS' }, 'passing'],
    ['draft warn', 200, { status: 'warn' }, 'warning'],
    ['draft fail', 503, { status: 'fail', output: 'db' }, 'failing'],
    ['Actuator up', 200, { status: 'UP', components: { db: { status: 'UP' } } }, 'passing'],
    ['Actuator down', 503, { status: 'DOWN' }, 'failing'],
    ['Actuator out of service', 503, { status: 'OUT_OF_SERVICE' }, 'failing'],
    ['Terminus ok', 200, { status: 'ok', info: { db: { status: 'up' } }, error: {}, details: {} }, 'passing'],
    ['Terminus error', 503, { status: 'error', details: { db: { status: 'down' } } }, 'failing'],
    ['Terminus shutting down', 503, { status: 'shutting_down' }, 'failing'],
    ['ok: true', 200, { ok: true }, 'passing'],
    ['ok: false', 503, { ok: false }, 'failing'],
    ['healthy: true', 200, { healthy: true }, 'passing'],
    ['plain OK', 200, 'OK', 'passing'],
    ['plain ok with newline', 200, 'ok\n', 'passing'],
    ['JSON string', 200, '"healthy"', 'passing'],
    ['JSON true', 200, 'true', 'passing'],
    ['204', 204, '', 'passing'],
  ];
  test.each(known)('%s', (_name, status, body, state) => {
    const reading = judge(status, body);
    expect(reading.state).toBe(state);
    expect(reading.notices).toEqual([]);
  });

  const silent: [name: string, status: number, body: unknown][] = [
    ['Actuator unknown', 200, { status: 'UNKNOWN' }],
    ['an object without a state', 200, { uptime: 12 }],
    ['an HTTP status as state', 200, { status: 200 }],
    ['a word nobody defined', 200, 'pong'],
    ['HTML', 200, '<!doctype html><title>ok</title>'],
    ['nothing', 200, ''],
    ['a list', 200, ['ok']],
    ['null', 200, 'null'],
  ];
  test.each(silent)('%s: reachable is not healthy', (_name, status, body) => {
    const reading = judge(status, body);
    expect(reading.state).toBe('unknown');
    expect(healthValue(reading.state)).toBeNull();
    expect(codes(reading)).toEqual(['health_unknown']);
  });

  test.each([
    [503, { status: 'ok' }],
    [200, { status: 'fail' }],
    [500, 'OK'],
  ])('HTTP %i against %j: the worse holds, and the disagreement is said', (status, body) => {
    const reading = judge(status, body);
    expect(reading.state).toBe('failing');
    expect(codes(reading)).toEqual(['health_disagrees']);
  });

  test('5xx without a readable body fails', () => {
    expect(judge(502, '<html>bad gateway</html>').state).toBe('failing');
  });

  test('a failing part under a passing whole is a warning that names the part', () => {
    const bodies = [
      { status: 'pass', checks: { 'redis:connections': [{ status: 'pass' }, { status: 'fail' }] } },
      { status: 'UP', components: { 'redis:connections': { status: 'DOWN' } } },
      { status: 'ok', details: { 'redis:connections': { status: 'down' } } },
      { ok: true, checks: { 'redis:connections': false, other: 'fail' } },
    ];
    for (const body of bodies.slice(0, 3)) {
      const reading = judge(200, body);
      expect(reading.state).toBe('warning');
      expect(reading.notices[0]?.text).toContain('redis:connections');
    }
    expect(judge(200, bodies[3]).state).toBe('warning');
  });

  test('warning still serves, failing does not', () => {
    expect([healthValue('passing'), healthValue('warning'), healthValue('failing')]).toEqual([1, 1, 0]);
  });
});
