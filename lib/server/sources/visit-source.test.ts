import { afterEach, describe, expect, it } from 'vitest';
import { targetId } from '@/lib/core/model/target.ts';
import { ScrapeError } from '../collectors/collector.ts';
import { readSettings } from '../queries/settings.ts';
import { type Answer, good, openWorld, postgres, redis, sample, type World } from '../queries/test-world.ts';
import { testSource } from './visit-source.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const open = async (answer: Answer): Promise<World> => {
  world = await openWorld([redis, postgres], answer);
  return world;
};
const ID = targetId(redis);

const gives: Answer = () =>
  good(
    [
      sample('redis_commands_total', 7, { cmd: 'get' }),
      sample('redis_commands_total', 2, { cmd: 'set' }),
      sample('redis_connected_clients', 45),
    ],
    { version: 'redis 7.0.15', databaseId: 'ab' },
  );

describe('the test of a source', () => {
  it('is one visit that is kept like any other, told by metric', async () => {
    const { runtime, store } = await open(gives);
    const found = await testSource(runtime, ID);
    expect(found).toMatchObject({ id: ID, state: 'ok', error: null, notices: [] });
    expect(found.spent).toEqual({ commands: 1, connects: 0, queries: 0, requests: 0 });
    expect(runtime.ledger.today(ID)).toEqual(found.spent);
    expect(found.metrics).toEqual([
      { metric: 'redis_commands_total', unit: 'commands', samples: 2, value: null },
      { metric: 'redis_connected_clients', unit: 'connections', samples: 1, value: 45 },
    ]);
    expect(store.latest({ metric: 'redis_connected_clients' }).map(({ value }) => value)).toEqual([45]);
  });

  it('tells a failure with what is missing, and nothing of the visit before', async () => {
    let refuses = false;
    const { runtime, wait } = await open((target, atMs) => {
      if (refuses)
        throw new ScrapeError('grant', 'redis: cache refused; as an admin run: ACL SETUSER watcher +info');
      return { ...gives(target, atMs), notices: [{ code: 'old', text: 'of the visit before' }] };
    });
    expect((await testSource(runtime, ID)).notices).toHaveLength(1);
    refuses = true;
    wait(1);
    const found = await testSource(runtime, ID);
    expect(found).toMatchObject({ state: 'misconfigured', metrics: [], notices: [] });
    expect(found.error).toEqual({
      kind: 'grant',
      message: expect.stringContaining('ACL SETUSER watcher +info'),
    });
  });

  it('is not made twice in a moment, and one source does not wait for another', async () => {
    const { runtime, wait } = await open(gives);
    await testSource(runtime, ID);
    await expect(testSource(runtime, ID)).rejects.toMatchObject({
      code: 'too_many',
      message: expect.stringMatching(/^It was tested a moment ago\. Test it again in 15.s\.$/),
    });
    await testSource(runtime, targetId(postgres));
    wait(0.25);
    await testSource(runtime, ID);
  });

  it('where contacts may be billed all the same, waits longer', async () => {
    const { runtime, wait } = await open(() => {
      throw new ScrapeError('auth', 'redis: cache refused the password');
    });
    await testSource(runtime, ID);
    wait(0.5);
    await expect(testSource(runtime, ID)).rejects.toMatchObject({ code: 'too_many' });
    wait(0.6);
    expect((await testSource(runtime, ID)).state).toBe('refused');
  });

  it('of a source that is gone says so', async () => {
    const { runtime } = await open(gives);
    await expect(testSource(runtime, 'harbor/production/redis/gone')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('hides what looks like a credential in whatever a source says', async () => {
    const { runtime } = await open(() => {
      throw new ScrapeError('http', 'redis: cache answered: redis://u:hunter2-canary@cache:6379 is closed');
    });
    const found = await testSource(runtime, ID);
    expect(JSON.stringify([found, readSettings(runtime)])).not.toContain('hunter2-canary');
  });
});

it('while a provider’s memory is read there is no visit; the page tells how far that is', async () => {
  const told: unknown[] = [];
  const opened = await openWorld([redis], gives, {
    memory: {
      cache: () => {
        told.push(readSettings(opened.runtime).sources[0]?.backfill);
        told.push(testSource(opened.runtime, ID).catch((error: unknown) => error));
        return [];
      },
    },
  });
  world = opened;
  const { runtime } = opened;
  expect(readSettings(runtime).sources[0]?.backfill).toEqual({ kind: 'waiting' });
  await runtime.poller.visitToTell(ID);
  await runtime.poller.readHistory();
  expect(told[0]).toEqual({ kind: 'running', share: 0 });
  expect(await told[1]).toMatchObject({ code: 'not_ready' });
  expect(readSettings(runtime)).toMatchObject({
    refreshMs: 15_000,
    sources: [{ backfill: { kind: 'done', series: 0, fromMs: null } }],
  });
});

describe('the settings page', () => {
  it('tells which panels have had a number, and what the source says of itself', async () => {
    const { runtime } = await open(gives);
    await testSource(runtime, ID);
    const [one, other] = readSettings(runtime).sources;
    expect(one?.lit).toEqual([true, false, false, true, false, true]);
    expect(one?.costToday.commands).toBe(1);
    expect(one?.facts).toEqual([
      ['version', 'redis 7.0.15'],
      ['database id', 'ab'],
    ]);
    expect(one?.error).toBeNull();
    expect(other).toMatchObject({ state: 'starting', ageMs: null, backfill: null });
    expect(other?.lit).not.toContain(true);
  });

  it('lists the kinds that nobody has configured, and says why a visit failed until one is good', async () => {
    let fails = true;
    const { runtime, wait } = await open((target, atMs) => {
      if (fails) throw new ScrapeError('network', 'redis: cache refused the connection');
      return gives(target, atMs);
    });
    await testSource(runtime, ID);
    const view = readSettings(runtime);
    expect(view.missing).toEqual(['upstash', 'neon', 'app', 'fly', 'prometheus', 'logs']);
    expect(view.sources[0]).toMatchObject({
      error: { kind: 'network' },
      fix: expect.stringContaining('port'),
    });
    fails = false;
    wait(1);
    await testSource(runtime, ID);
    expect(readSettings(runtime).sources[0]).toMatchObject({ error: null, fix: null });
  });
});
