import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { good, openWorld, redis, START_MS, sample, type World } from '../queries/test-world.ts';
import { readDeployForecasts, readForecasts } from './forecast.ts';
import { visitFor } from './test-days.ts';
import { claim, deployAt, getsFall } from './test-deploy.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const SCOPE = { app: 'harbor', environment: 'production' };

/** A Redis that answers about 200 GETs a second, a little other in every block, visited for so many days. */
async function world(days: number): Promise<World> {
  const opened = await openWorld([redis], (_target, atMs) => {
    const block = Math.floor((atMs - START_MS) / 300_000);
    const gets = 60_000 * block + 900 * Math.sin(block * 7.3);
    return good([
      sample('redis_commands_total', 5e9 + Math.round(gets), { cmd: 'get' }),
      sample('redis_connected_clients', 40 + (block % 3)),
    ]);
  });
  closers.push(opened.close);
  await visitFor(opened, days * 24 * 60 + 60, 300_000);
  return opened;
}

describe('what can be told of a claim before its deploy', () => {
  it('says when it is told, from how many days', async () => {
    const { runtime } = await world(8);
    const [gets, clients] = await readForecasts(runtime, SCOPE, [
      getsFall('c1'),
      claim('c2', {
        metric: 'redis_connected_clients',
        unit: 'connections',
        after: 40,
        before: 41,
        direction: 'down',
      }),
    ]);
    expect(gets).toMatchObject({
      claimId: 'c1',
      text: expect.stringMatching(
        /^Can be told about \d+ (min|h)( \d+ min)? after the deploy \(8 days before it\)\.$/,
      ),
      baselineDays: 8,
      baseline: 'measured',
    });
    expect(gets?.decidableAfterMs).toBeGreaterThan(15 * 60_000);
    expect(gets?.decidableAfterMs).toBeLessThanOrEqual(2 * HOUR_MS);
    expect(clients?.text).toMatch(/^Cannot be told in 24 h: after 24 h this metric is known to ±/);
  });

  it('says how many days are missing', async () => {
    const { runtime } = await world(3);
    expect(await readForecasts(runtime, SCOPE, [getsFall()])).toEqual([
      {
        claimId: 'c1',
        text: 'Only 3 comparable days before it; 7 are needed.',
        decidableAfterMs: null,
        baselineDays: 3,
        baseline: 'measured',
      },
    ]);
  });

  it('says what is missing where nothing measures it, and nothing of a claim that is bound to no metric', async () => {
    const { runtime } = await world(1);
    const told = await readForecasts(runtime, SCOPE, [
      claim('c1', { text: 'faster' }),
      claim('c2', { metric: 'http_app_latency_p95_seconds', direction: 'down', changePct: -20 }),
      claim('c3', { metric: 'redis_commands_total', labels: { cmd: 'get' } }),
    ]);
    expect(told.map(({ claimId, text }) => [claimId, text])).toEqual([
      ['c2', expect.stringContaining('Nothing connected here counts http_app_latency_p95_seconds')],
      ['c3', expect.stringContaining('nothing to hold it to')],
    ]);
  });

  it('is that of the days before T₀ for a deploy that was', async () => {
    const { runtime, nowMs } = await world(8);
    const deploy = deployAt(nowMs() - 4 * DAY_MS, {
      claims: [getsFall(), { ...getsFall('c2'), standing: 'removed' }],
    });
    expect(await readDeployForecasts(runtime, deploy)).toMatchObject([{ claimId: 'c1', baselineDays: 4 }]);
  });
});
