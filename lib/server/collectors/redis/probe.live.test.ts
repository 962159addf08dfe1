import { afterEach, describe, expect, test } from 'vitest';
import type { RedisTarget } from '@/lib/server/config/types.ts';
import { failure, openCounted, type Sent, visitNow } from '@/test/collector-visits.ts';
import type { CollectorSession } from '../collector.ts';
import { redis } from './index.ts';
import { QUOTA, serveUpstash } from './test-upstash.ts';

const START_MS = Date.UTC(2026, 3, 9, 17);
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const open = (target: RedisTarget): { session: CollectorSession; sent: Sent } =>
  openCounted(redis, target, closers);
const visitAt = (session: CollectorSession, atMs: number) =>
  session.collect({ signal: AbortSignal.timeout(5_000), nowMs: atMs });
const ratioOf = (samples: readonly { metric: string; value: number }[]) =>
  samples.find(({ metric }) => metric === 'redis_probe_refused_ratio')?.value;

describe('the reason probe', () => {
  test('an INFO that is answered while GETs are refused stays a good visit that tells the refusal', async () => {
    const { target } = await serveUpstash(closers, (n, command) =>
      command === 'GET' && n % 2 === 0 ? QUOTA : null,
    );
    const { session } = open(target);
    const result = await visitNow(session);
    expect(result.facts).toMatchObject({
      probe: 'quota_exhausted',
      probeRefused: '2 of 4',
      quotaLimit: '500000',
      quotaUsage: '500003',
    });
    expect(ratioOf(result.samples)).toBe(0.5);
    expect(result.samples.some(({ metric }) => metric === 'redis_commands_processed_total')).toBe(true);
    expect(result.notices[0]).toMatchObject({ code: 'quota_exhausted' });
    expect(session.pace().normalSeconds).toBe(3600);
    expect(session.pace().denseSeconds).toBe(3600);
  });

  test('a refused INFO is a failed visit that tells the ratio and the numbers all the same', async () => {
    const { target } = await serveUpstash(closers, (_, command) => (command === 'INFO' ? QUOTA : null));
    const { session, sent } = open(target);
    const error = await failure(session);
    expect(error.kind).toBe('quota');
    expect(error.learned.facts).toMatchObject({ probe: 'quota_exhausted', quotaLimit: '500000' });
    expect(ratioOf(error.learned.samples)).toBe(0.25);
    // Connect and login, then INFO and three GETs: within what a visit may cost.
    expect(sent).toMatchObject({ connect: 1, command: 5 });
  });

  test('an error that does not say why is given the reason that a GET was told', async () => {
    const { target } = await serveUpstash(closers, (_, command) =>
      command === 'INFO' ? 'ERR not now' : command === 'GET' ? QUOTA : null,
    );
    const error = await failure(open(target).session);
    expect(error.kind).toBe('quota');
    expect(error.message).toContain('monthly command quota');
  });

  test('a failed login is never probed', async () => {
    const { target, received } = await serveUpstash(
      closers,
      () => 'WRONGPASS invalid username-password pair or user is disabled',
    );
    const { session, sent } = open(target);
    expect((await failure(session)).kind).toBe('auth');
    expect(received).toEqual(['AUTH']);
    expect(sent).toMatchObject({ connect: 1, command: 1 });
  });

  test('a connection that breaks under the probe costs no number of INFO', async () => {
    const { target } = await serveUpstash(closers, (_, command) => (command === 'GET' ? 'cut' : null));
    const result = await visitNow(open(target).session);
    expect(result.facts.probe).toBe('unreachable');
    expect(result.samples.some(({ metric }) => metric === 'redis_commands_processed_total')).toBe(true);
  });

  test('traffic that stops is looked into once, and not again for half a day', async () => {
    let processed = 1_000;
    const { target, received } = await serveUpstash(
      closers,
      () => null,
      () => processed,
    );
    const { session } = open(target);
    let atMs = START_MS;
    const visit = async (more: number): Promise<number> => {
      processed += more;
      atMs += 300_000;
      const before = received.length;
      await visitAt(session, atMs);
      return received.length - before;
    };
    await visit(0);
    expect(await visit(60_000)).toBe(1);
    expect(await visit(60_000)).toBe(1);
    expect(await visit(1)).toBe(4);
    expect(await visit(60_000)).toBe(1);
    expect(await visit(1)).toBe(1);
  });
});

/** A day of the poller's beat: after a failed visit of a paying kind an hour, else what the pace says. */
async function day(session: CollectorSession): Promise<{ visits: number; good: number; probes: string[] }> {
  let visits = 0;
  let good = 0;
  const probes: string[] = [];
  for (let atMs = START_MS; atMs < START_MS + 24 * 3_600_000; visits += 1) {
    try {
      probes.push((await visitAt(session, atMs)).facts.probe ?? '');
      good += 1;
      atMs += session.pace().normalSeconds * 1000;
    } catch {
      atMs += 3_600_000;
    }
  }
  return { visits, good, probes };
}

describe('24 virtual hours with a quota failure', () => {
  test('a Redis that refuses everything gets 24 visits of one command on one connection', async () => {
    const { target } = await serveUpstash(closers, (_, command) => (command === 'AUTH' ? null : QUOTA));
    const { session, sent } = open(target);
    expect((await day(session)).visits).toBe(24);
    // The first visit: connect, login, INFO and three probes. Each later one: INFO.
    expect(sent).toEqual({ connect: 1, command: 1 + 1 + 3 + 23, query: 0, request: 0 });
  });

  test('one that refuses three of eight is never called active, and gets 24 visits', async () => {
    const refusedOfEight = new Set([1, 4, 6]);
    const { target } = await serveUpstash(closers, (n, command) =>
      command !== 'AUTH' && refusedOfEight.has(n % 8) ? QUOTA : null,
    );
    const { session, sent } = open(target);
    const { visits, good, probes } = await day(session);
    expect(visits).toBeLessThanOrEqual(24);
    expect(good).toBeGreaterThan(0);
    expect(new Set(probes)).toEqual(new Set(['quota_exhausted']));
    expect(sent.connect).toBe(1);
    expect(sent.command).toBeLessThan(24 * 4);
  });

  test('three visits in a row without a refusal end it, and the usual beat comes back', async () => {
    let exhausted = true;
    const { target } = await serveUpstash(closers, (_, command) =>
      exhausted && command !== 'AUTH' ? QUOTA : null,
    );
    const { session } = open(target);
    await failure(session);
    exhausted = false;
    const facts = [];
    for (let n = 1; n <= 3; n += 1)
      facts.push((await visitAt(session, START_MS + n * 3_600_000)).facts.probe);
    expect(facts).toEqual(['quota_exhausted', 'quota_exhausted', 'active']);
    expect(session.pace().normalSeconds).toBe(300);
  });
});
