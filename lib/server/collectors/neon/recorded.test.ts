import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { findMetric } from '@/lib/core/metrics/catalogue/index.ts';
import { labelsKey } from '@/lib/core/model/sample.ts';
import type { CollectResult } from '@/lib/core/model/scrape.ts';
import { neon } from './index.ts';
import { neonTarget } from './test-world.ts';

interface Recorded {
  nowMs: number;
  project: unknown;
  endpoints: unknown;
  branches: unknown;
  operations: unknown;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** One visit to an API that answers with the recorded bodies. */
async function visit(name: string): Promise<CollectResult> {
  const recorded: Recorded = JSON.parse(
    readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'),
  );
  const server = createServer((request, response) => {
    const last = new URL(request.url ?? '/', 'http://neon').pathname.split('/').at(-1) ?? '';
    const bodies: Record<string, unknown> = { ...recorded };
    const body =
      bodies[last] ?? (last === 'spending_limit' ? { spending_limit_cents: 5000 } : recorded.project);
    response.setHeader('date', new Date(recorded.nowMs).toUTCString());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`;
  const session = neon.open(neonTarget(apiUrl, { project: 'quiet-river-028834' }), {
    count: () => undefined,
  });
  try {
    return await session.collect({ signal: new AbortController().signal, nowMs: recorded.nowMs });
  } finally {
    await session.close();
  }
}

const values = ({ samples }: CollectResult) =>
  Object.fromEntries(samples.map((one) => [`${one.metric}{${labelsKey(one.labels)}}`, one.value]));

describe('a Launch project with three computes', () => {
  test('gives exactly these samples, facts and notices', async () => {
    const result = await visit('launch-three-computes');
    expect({ ...result, samples: values(result) }).toMatchSnapshot();
  });

  test('counts the day of the log: awake by check and by start, one failed start, the sleeper at 0', async () => {
    const found = values(await visit('launch-three-computes'));
    const main = 'endpoint="ep-main-lake-426851"';
    // 00:00 asleep; a check 03:00:00–03:05:31; awake 08:10:02–08:47:21; and since 09:29:59 until now, 09:50.
    const seconds = 331 + 2_239 + 1_201;
    expect(found[`neon_compute_awake_seconds_total{${main}}`]).toBe(seconds);
    expect(found[`neon_compute_starts_total{${main}}`]).toBe(2);
    expect(found[`neon_compute_suspends_total{${main}}`]).toBe(2);
    expect(found['neon_operations_failed_total{action="start_compute"}']).toBe(1);
    expect(found['neon_compute_awake_seconds_total{endpoint="ep-soft-violet-752733"}']).toBe(0);
    // Nothing tells since when the replica has been as it is.
    expect(found['neon_compute_awake_seconds_total{endpoint="ep-steep-bush-777093"}']).toBeUndefined();
  });

  test('every sample is a metric of the catalogue with its labels, and counters carry the start of their period', async () => {
    const { samples } = await visit('launch-three-computes');
    for (const { metric, labels, value, start } of samples) {
      const entry = findMetric(metric);
      expect(entry, metric).not.toBeNull();
      expect(Object.keys(labels).toSorted(), metric).toEqual([...(entry?.labels ?? [])].toSorted());
      expect(Number.isFinite(value)).toBe(true);
      if (entry?.kind === 'counter') expect(start?.atMs, metric).toBeTypeOf('number');
    }
    const markers = new Set(samples.flatMap(({ start }) => (start === undefined ? [] : [start.marker])));
    expect([...markers].toSorted()).toEqual(['day 2026-11-03', 'period 2026-11-01T00:00:00.000Z']);
  });

  test('a quota of zero is no limit, and one by branch has no share of the project', async () => {
    const found = values(await visit('launch-three-computes'));
    expect(found['neon_quota_seconds{kind="active_time"}']).toBeUndefined();
    expect(found['neon_quota_used_ratio{kind="compute_time"}']).toBeCloseTo(24_857 / 360_000);
    expect(found['neon_quota_bytes{kind="logical_size"}']).toBe(1_073_741_824);
    expect(found['neon_quota_used_ratio{kind="logical_size"}']).toBeUndefined();
  });
});

describe('a Free project that sleeps', () => {
  test('is healthy: asleep is a fact, and absent fields make no samples', async () => {
    const result = await visit('free-asleep');
    const found = values(result);
    expect(result.facts).toMatchObject({
      state: 'asleep',
      since: '2026-11-02T17:45:24Z',
      plan: 'Free',
      suspends: 'after 5 min',
      connections: '104 at most',
    });
    expect(found['neon_compute_state{endpoint="ep-misty-morning-426851",state="asleep"}']).toBe(1);
    expect(found['neon_compute_state{endpoint="ep-misty-morning-426851",state="active"}']).toBe(0);
    expect(found['neon_compute_awake_seconds_total{endpoint="ep-misty-morning-426851"}']).toBe(0);
    expect(Object.keys(found).filter((name) => name.startsWith('neon_storage_bytes'))).toEqual([]);
    expect(result.notices.map(({ code }) => code)).toEqual(['quota_near']);
    expect(result.notices[0]?.text).toContain('91 % of the compute of the Free plan');
    expect(result).toMatchSnapshot();
  });
});

describe('answers that are wrong', () => {
  test('each broken call is named, and only what is sound gives samples', async () => {
    const result = await visit('broken');
    expect(result.notices.map(({ text }) => text).filter((text) => text.includes('describes'))).toEqual([
      expect.stringContaining(
        'the list of endpoints is not what Neon’s API v2 describes (without a usable endpoints.1.suspend_timeout_seconds)',
      ),
      expect.stringContaining('without a usable operations.0.created_at'),
      expect.stringContaining('without a usable branches.0.name'),
    ]);
    // A negative sum and a number as text are left out, the rest of the project is not.
    expect(Object.keys(values(result)).toSorted()).toEqual([
      'neon_active_seconds_total{}',
      'neon_storage_bytes{}',
      'neon_storage_period_mean_bytes{}',
      'neon_written_bytes_total{}',
    ]);
  });

  test('empty lists say so, and invent nothing', async () => {
    const result = await visit('empty');
    expect(values(result)).toEqual({
      'neon_operations_failed_total{action="start_compute"}': 0,
      'neon_operations_failed_total{action="suspend_compute"}': 0,
    });
    expect(result.facts).toEqual({ branches: '0' });
    expect(result.notices.map(({ code }) => code)).toEqual(['no_compute', 'part_unread']);
  });
});
