import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FleetClock } from '../clock.ts';
import { createWorld } from '../world.ts';
import { type MachineServer, startMachineServer } from './server.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const MINUTE_MS = 60_000;
let clock: FleetClock;
let machine: MachineServer;

beforeEach(async () => {
  clock = new FleetClock();
  clock.set(START_MS);
  machine = await startMachineServer(createWorld({ seed: 7, startMs: START_MS }), clock, '9185e2bc');
});
afterEach(() => machine.close());

describe('demo machine', () => {
  it('serves Prometheus text of the moment that the clock says', async () => {
    const response = await fetch(machine.metricsUrl);
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('date')).toBe(new Date(START_MS).toUTCString());
    const count = Number(/^http_request_duration_seconds_count\{status_code="200"\} (\d+)$/m.exec(text)?.[1]);
    expect(count).toBeGreaterThan(1_000);
    expect(text).toContain(`http_request_duration_seconds_bucket{le="+Inf",status_code="200"} ${count}\n`);
    expect(text).toMatch(/^app_redis_suspended 1$/m);
    const startSeconds = Number(/^process_start_time_seconds ([\d.]+)$/m.exec(text)?.[1]);
    expect(START_MS / 1000 - startSeconds).toBeGreaterThan(254 * 60);
    expect(START_MS / 1000 - startSeconds).toBeLessThan(257 * 60);
  });

  it('tells which part of the app sent each command', async () => {
    clock.set(START_MS - 300 * MINUTE_MS);
    await machine.sweep();
    const text = await (await fetch(machine.metricsUrl)).text();
    expect(text).toMatch(/^app_redis_commands_total\{cmd="get",component="limiter"\} \d+$/m);
    expect(text).toMatch(/^app_redis_commands_total\{cmd="set",component="cache"\} \d+$/m);
  });

  it('buckets of a histogram never fall from one bound to the next', async () => {
    const text = await (await fetch(machine.metricsUrl)).text();
    const buckets = [...text.matchAll(/_bucket\{le="[^"]+",status_code="(\d+)"\} (\d+)/g)];
    expect(buckets.length).toBeGreaterThan(20);
    for (let i = 1; i < buckets.length; i += 1) {
      if (buckets[i]?.[1] === buckets[i - 1]?.[1]) {
        expect(Number(buckets[i]?.[2])).toBeGreaterThanOrEqual(Number(buckets[i - 1]?.[2]));
      }
    }
  });

  it('says how it is in health+json, with release and region', async () => {
    const response = await fetch(machine.healthUrl);
    expect(response.headers.get('content-type')).toBe('application/health+json');
    expect(await response.json()).toMatchObject({ status: 'pass', version: 'v1205', region: 'ams' });
    clock.set(START_MS - 300 * MINUTE_MS);
    await machine.sweep();
    expect(await (await fetch(machine.healthUrl)).json()).toMatchObject({ version: 'v1204' });
  });

  it('refuses visits during its outage, and is there again on the same port after it', async () => {
    clock.set(START_MS - 15 * MINUTE_MS);
    await machine.sweep();
    await expect(fetch(machine.metricsUrl)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    clock.set(START_MS - 12 * MINUTE_MS);
    await machine.sweep();
    expect((await fetch(machine.metricsUrl)).status).toBe(200);
  });

  it('resets visits during an outage that the clock reached by itself', async () => {
    clock.set(START_MS - 15 * MINUTE_MS);
    await expect(fetch(machine.metricsUrl)).rejects.toThrow('fetch failed');
  });

  it('knows no other path and no other method', async () => {
    expect((await fetch(new URL('/admin', machine.metricsUrl))).status).toBe(404);
    expect((await fetch(machine.metricsUrl, { method: 'POST' })).status).toBe(405);
  });
});
