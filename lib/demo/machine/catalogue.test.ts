import { describe, expect, it } from 'vitest';
import { type AppMetric, SNIPPETS } from '@/lib/core/metrics/snippets/index.ts';
import { parseAnswers } from '@/lib/server/collectors/app/parse.ts';
import { answer, machine } from '@/lib/server/collectors/app/test-answers.ts';
import { WorkerWatch } from '@/lib/server/collectors/app/workers.ts';
import { BAD_VALUE, V1206_MS } from '../story.ts';
import { createWorld } from '../world.ts';
import { writeExposition } from './exposition.ts';
import { healthOf } from './health.ts';

const START_MS = Date.UTC(2026, 3, 9, 21, 0, 0);
const MINUTE_MS = 60_000;
const world = createWorld({ seed: 7, startMs: START_MS });

function visit(atMs: number, place: 0 | 1 = 0) {
  const state = world.at(atMs).machines[place];
  if (state === undefined) throw new Error('the story has two machines');
  const health = answer({ contentType: 'application/json', text: JSON.stringify(healthOf(state, atMs)) });
  const answers = { metrics: answer({ text: writeExposition(state) }), health, healthError: null };
  return parseAnswers(answers, machine(), new WorkerWatch(), atMs);
}
/** Events of one series in an hour. */
function hourly(metric: AppMetric, labels: Record<string, string>, fromMs: number): number {
  const at = (atMs: number) =>
    visit(atMs).samples.find(
      (one) =>
        one.metric === metric && Object.entries(labels).every(([name, value]) => one.labels[name] === value),
    )?.value ?? 0;
  return at(fromMs + 60 * MINUTE_MS) - at(fromMs);
}

describe('a machine of the demo fleet', () => {
  it('exports every metric that an app can, where the product finds it', () => {
    const names = new Set(visit(START_MS).samples.map(({ metric }) => metric));
    const wanted = SNIPPETS.flatMap(({ metrics }) => metrics);
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    for (const name of [
      'app_machine_info',
      'app_health_ok',
      'http_request_seconds_bucket_total',
      'app_open_fds',
    ])
      expect([...names]).toContain(name);
    expect(visit(START_MS).notices).toEqual([]);
  });

  it('tells what v1206 changed: breaker and quota left Redis, and an endpoint got a cache', () => {
    const before = START_MS - 12 * 60 * MINUTE_MS;
    const after = START_MS + V1206_MS + 60 * MINUTE_MS;
    const redisReads = { integration: 'billing', from: 'redis' };
    expect(hourly('app_breaker_reads_total', redisReads, before)).toBeGreaterThan(30_000);
    expect(hourly('app_breaker_reads_total', redisReads, after)).toBeLessThan(3_000);
    const quota = { cmd: 'get', component: 'quota' };
    expect(hourly('app_redis_commands_total', quota, before)).toBeGreaterThan(50_000);
    expect(hourly('app_redis_commands_total', quota, after)).toBeLessThan(3_000);
    expect(hourly('app_endpoint_cache_lookups_total', { result: 'hit' }, before)).toBe(0);
    expect(hourly('app_endpoint_cache_lookups_total', { result: 'hit' }, after)).toBeGreaterThan(1_000);
    expect(hourly('app_worker_polls_total', { family: 'due slots' }, before)).toBeGreaterThan(
      2 * hourly('app_worker_polls_total', { family: 'due slots' }, after),
    );
  });

  it('a machine that is suspended tries to connect in vain, and says that it was asked to suspend', () => {
    const { samples } = visit(START_MS, 1);
    expect(samples).toContainEqual({ metric: 'app_redis_suspend_asked', labels: {}, value: 1 });
    expect(samples).toContainEqual(
      expect.objectContaining({ metric: 'app_redis_connects_total', labels: { result: 'failed' } }),
    );
    expect(samples.filter(({ labels }) => labels.result === 'ok')).toEqual([]);
  });

  it('says how it read its settings and never what they hold: a bad value looks like a digest and is read as false', () => {
    const own = createWorld({ seed: 7, startMs: START_MS });
    own.faults.start('bad_value', START_MS + MINUTE_MS);
    const pages = (atMs: number) => own.at(atMs).machines.map((state) => writeExposition(state));
    const switches = (atMs: number) =>
      pages(atMs).map((page) => /app_setting_info\{setting="SUSPEND_REDIS",([^}]*)\} 1/.exec(page)?.[1]);
    expect(switches(START_MS)).toEqual(['parsed="false",looks="ok"', 'parsed="true",looks="ok"']);
    expect(switches(START_MS + 3 * MINUTE_MS)).toEqual([
      'parsed="false",looks="digest"',
      'parsed="false",looks="digest"',
    ]);
    expect(pages(START_MS + 3 * MINUTE_MS).join('')).not.toContain(BAD_VALUE);
    expect(switches(START_MS + 7 * MINUTE_MS)).toEqual([
      'parsed="false",looks="ok"',
      'parsed="true",looks="ok"',
    ]);
  });

  it('lets requests pass while the quota is used up, and counts them as failed open', () => {
    const own = createWorld({ seed: 7, startMs: START_MS });
    own.faults.start('quota', START_MS + MINUTE_MS);
    const decisions = (atMs: number) => {
      const state = own.at(atMs).machines[0];
      const text = state === undefined ? '' : writeExposition(state);
      const open = /app_limiter_decisions_total\{decision="failed_open"\} (\d+)/.exec(text)?.[1];
      const allowed = /app_limiter_decisions_total\{decision="allowed"\} (\d+)/.exec(text)?.[1];
      return { open: Number(open ?? 0), allowed: Number(allowed) };
    };
    expect(decisions(START_MS).open).toBe(0);
    const [one, two] = [decisions(START_MS + 2 * MINUTE_MS), decisions(START_MS + 3 * MINUTE_MS)];
    expect(two.open).toBeGreaterThan(one.open + 500);
    expect(two.allowed).toBe(one.allowed);
  });
});
