import { afterEach, describe, expect, it } from 'vitest';
import type { Sample } from '@/lib/core/model/sample.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { Secret } from '../config/secret.ts';
import type { Target, UpstashTarget } from '../config/types.ts';
import { readReconciliation, splitRange } from './reconciliation.ts';
import { type Answer, good, grown, machine, openWorld, redis, START_MS, sample } from './test-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const upstash: UpstashTarget = {
  app: 'harbor',
  environment: 'production',
  kind: 'upstash',
  name: 'cache',
  apiUrl: 'http://x/v2',
  address: 'x',
  email: 'a@example.com',
  apiKey: new Secret('key'),
  database: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};
const scope = { app: 'harbor', environment: 'production' };
/** The provider tells everything so much later than it happened. */
const LAG_MS = 90_000;

async function world(targets: readonly Target[], answer: Answer) {
  const opened = await openWorld(targets, answer);
  closers.push(opened.close);
  const ask = (minutes = 15) => {
    const endMs = opened.nowMs();
    return readReconciliation(opened.runtime, scope, { startMs: endMs - minutes * MINUTE_MS, endMs }, endMs);
  };
  return { ...opened, ask };
}

const gets = (metric: string, perSecond: number, atMs: number): Sample =>
  sample(metric, grown(perSecond, atMs), { cmd: 'get' });

/** Redis and the provider see `seen` a second; every machine sends its own share. */
function fleet(
  seen: (atMs: number) => number,
  sent: Record<string, number>,
  isDown: (name: string) => boolean,
): Answer {
  return (target, atMs) => {
    if (target.kind === 'redis') {
      return good([
        sample('redis_commands_total', seen(atMs), { cmd: 'get' }),
        sample('redis_commands_total', grown(0.2, atMs), { cmd: 'info' }),
      ]);
    }
    if (target.kind === 'upstash') {
      return good([
        { ...sample('upstash_commands_total', seen(atMs - LAG_MS), { cmd: 'get' }), quality: 'inferred' },
        sample('upstash_stats_age_seconds', LAG_MS / 1_000),
      ]);
    }
    if (isDown(target.name)) throw new ScrapeError('network', `${target.name} refused`);
    return good([gets('app_redis_commands_total', sent[target.name] ?? 0, atMs)]);
  };
}

const never = () => false;

describe('the reconciliation', () => {
  it('puts all three side by side over one closed stretch and names the remainder', async () => {
    const { ask, watch } = await world(
      [upstash, redis, machine('m1'), machine('m2')],
      fleet((atMs) => grown(25, atMs), { m1: 3, m2: 2 }, never),
    );
    await watch(30);
    const view = await ask();
    expect(view.sides.map(({ name, perSecond }) => [name, Math.round(perSecond ?? -1)])).toEqual([
      ['Upstash', 25],
      ['Redis', 25],
      ['2 machines', 5],
    ]);
    expect(view.sides.every(({ coveredShare }) => coveredShare > 0.99)).toBe(true);
    expect(view.sides[0]).toMatchObject({ quality: 'inferred', lagMs: LAG_MS });
    expect(view.verdict).toBe('elsewhere');
    expect(view.remainderPerSecond).toBeCloseTo(20, 1);
    expect(view.sentence).toBe(
      '1,500/min at Upstash, 300/min from your 2 machines: 1,200/min come from somewhere else (a stale machine, staging, a leaked URL, reconnect attempts).',
    );
    expect(view.notes).toEqual([]);
    // Nothing later than the slowest side knows.
    expect(view.range?.endMs).toBeLessThanOrEqual(START_MS + 30 * MINUTE_MS - LAG_MS);
  });

  it('agrees when every command has a sender, and says how closely that can be told', async () => {
    const { ask, watch } = await world(
      [upstash, redis, machine('m1')],
      fleet((atMs) => grown(20, atMs), { m1: 20 }, never),
    );
    await watch(40);
    const view = await ask(30);
    expect(view.verdict).toBe('agree');
    expect(view.sentence).toMatch(/: they agree within [2-6] %\.$/);
  });

  it('moves by the rate of a machine that is killed, within two ticks', async () => {
    let killed = '';
    const { ask, watch } = await world(
      [redis, machine('m1'), machine('m2')],
      fleet(
        (atMs) => grown(5, atMs),
        { m1: 3, m2: 2 },
        (name) => name === killed,
      ),
    );
    await watch(30);
    expect((await ask()).remainderPerSecond).toBeCloseTo(0, 1);
    killed = 'm1';
    await watch(0.5);
    const after = await ask();
    expect(after.remainderPerSecond).toBeCloseTo(3, 1);
    expect(after.verdict).toBe('elsewhere');
    expect(after.sides[2]).toMatchObject({ name: '1 machine' });
    expect(after.notes).toEqual([
      'm1 does not answer: what still runs there counts as somewhere else. It last sent 180/min in all.',
    ]);
  });

  it('forgets a machine that is truly gone as soon as two visits follow its end', async () => {
    let goneAtMs = Number.POSITIVE_INFINITY;
    const seen = (atMs: number) => grown(2, atMs) + grown(3, Math.min(atMs, goneAtMs));
    const { ask, watch, nowMs } = await world(
      [redis, machine('m1'), machine('m2')],
      fleet(seen, { m1: 3, m2: 2 }, (name) => name === 'm1' && nowMs() >= goneAtMs),
    );
    await watch(30);
    goneAtMs = nowMs();
    await watch(2);
    const view = await ask();
    expect(view.range?.startMs).toBeGreaterThanOrEqual(goneAtMs - 15_000);
    expect(view.verdict).toBe('agree');
  });

  it('a lag makes no remainder of steady traffic, and does not need a machine to be late too', async () => {
    const { ask, watch } = await world(
      [upstash, machine('m1')],
      fleet((atMs) => grown(20, atMs), { m1: 20 }, never),
    );
    await watch(30);
    const view = await ask();
    expect(Math.abs(view.remainderPerSecond ?? Number.NaN)).toBeLessThan(0.1);
    expect(view.sides[1]).toMatchObject({ perSecond: null, missing: expect.stringContaining('No Redis') });
  });

  it('a side that is missing is said, not zero', async () => {
    const noMachines = await world(
      [redis],
      fleet((atMs) => grown(5, atMs), {}, never),
    );
    await noMachines.watch(10);
    const view = await noMachines.ask();
    expect(view).toMatchObject({ verdict: 'cant_tell', remainderPerSecond: null });
    expect(view.sides[2]).toMatchObject({
      perSecond: null,
      missing: expect.stringContaining('No machine counts'),
    });
    expect(view.sentence).toBe('No machine tells how many Redis commands it sent.');
  });

  it('a side that fell silent is left out, and the others go on', async () => {
    let silent = false;
    const inner = fleet((atMs) => grown(5, atMs), { m1: 5 }, never);
    const { ask, watch } = await world([upstash, redis, machine('m1')], (target, atMs) => {
      if (silent && target.kind === 'upstash') throw new ScrapeError('limit', 'upstash: too many requests');
      return inner(target, atMs);
    });
    await watch(20);
    silent = true;
    await watch(5);
    const view = await ask();
    expect(view.sides[0]).toMatchObject({
      perSecond: null,
      missing: expect.stringContaining('Last told at'),
    });
    expect(view.sentence).toContain('at Redis');
    expect(view.verdict).toBe('agree');
  });

  it('does without a provider that has not told twice yet', async () => {
    const { ask, watch } = await world(
      [upstash, redis, machine('m1')],
      fleet((atMs) => grown(5, atMs), { m1: 5 }, never),
    );
    await watch(1.75);
    const view = await ask();
    expect(view.sides[0]).toMatchObject({ perSecond: null, missing: expect.stringContaining('two visits') });
    expect(view.sides[1]?.perSecond).toBeCloseTo(5, 1);
    expect(view.verdict).toBe('agree');
  });

  it('names machines that do not count, and commands that no machine counts', async () => {
    const { ask, watch } = await world([redis, machine('m1'), machine('m2')], (target, atMs) => {
      if (target.kind === 'redis') {
        return good([
          gets('redis_commands_total', 5, atMs),
          sample('redis_commands_total', grown(2, atMs), { cmd: 'incr' }),
        ]);
      }
      if (target.name === 'm2')
        return good([sample('http_responses_total', grown(1, atMs), { status: '200' })]);
      return good([gets('app_redis_commands_total', 5, atMs)]);
    });
    await watch(10);
    const { notes, verdict } = await ask();
    expect(verdict).toBe('agree');
    expect(notes).toEqual([
      'Not compared: incr, 120/min in all. Redis sees them, your machines do not count them.',
      'm2 answers and does not count Redis commands: export app_redis_commands_total there too.',
    ]);
  });

  it('a machine that answers and shows no counter any more is no doubt on the others, and is named', async () => {
    let isSuspended = false;
    const inner = fleet((atMs) => grown(5, atMs), { m1: 5, m2: 0 }, never);
    const { ask, watch } = await world([redis, machine('m1'), machine('m2')], (target, atMs) =>
      isSuspended && target.name === 'm2'
        ? good([sample('http_responses_total', grown(1, atMs), { status: '200' })])
        : inner(target, atMs),
    );
    await watch(10);
    isSuspended = true;
    await watch(20);
    const view = await ask();
    expect(view.sides[2]).toMatchObject({ name: '1 machine' });
    expect(view.sides[2]?.coveredShare).toBeGreaterThan(0.99);
    expect(view.sentence).toMatch(/from your machine: they agree within \d+ %\.$/);
    expect(view.notes).toEqual([expect.stringContaining('m2 answers and shows no count')]);
  });

  it('takes our own commands off where all are counted in one', async () => {
    const { ask, watch } = await world([redis, machine('m1')], (target, atMs) =>
      target.kind === 'redis'
        ? good([sample('redis_commands_processed_total', grown(5 + 1 / 15, atMs))])
        : good([gets('app_redis_commands_total', 5, atMs)]),
    );
    await watch(20);
    const view = await ask();
    expect(view.sides[1]?.perSecond).toBeCloseTo(5, 1);
    expect(view.verdict).toBe('agree');
  });
});

describe('a stretch in parts', () => {
  it('has fine ends and whole blocks between them, and nothing twice', () => {
    const range = { startMs: 240_000, endMs: 1_260_000 };
    expect(splitRange(range, 15_000)).toEqual([
      { range: { startMs: 240_000, endMs: 300_000 }, stepMs: 15_000 },
      { range: { startMs: 300_000, endMs: 1_200_000 }, stepMs: 300_000 },
      { range: { startMs: 1_200_000, endMs: 1_260_000 }, stepMs: 15_000 },
    ]);
    expect(splitRange({ startMs: 30_000, endMs: 240_000 }, 15_000)).toHaveLength(1);
    expect(splitRange(range, 300_000)).toHaveLength(1);
  });
});
