import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { machineTargets } from '@/lib/server/collectors/fly/machine-targets.ts';
import { readMachines } from '@/lib/server/collectors/fly/machines.ts';
import { flyTarget, TOKEN } from '@/lib/server/collectors/fly/test-world.ts';
import { type AppAtFly, METRICS_TOKEN, openAppAtFly, SCOPE } from './fly-world.ts';

const A = 'aaaa1111bbbb22';
const B = 'cccc3333dddd44';
const C = 'eeee5555ffff66';

const opened: AppAtFly[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function open(given?: Parameters<typeof openAppAtFly>[0]): Promise<AppAtFly> {
  const app = await openAppAtFly(given);
  opened.push(app);
  return app;
}

const names = ({ targets }: AppAtFly) => targets.filter(({ kind }) => kind === 'app').map(({ name }) => name);
const states = ({ poller, nowMs }: AppAtFly) =>
  Object.fromEntries(
    poller
      .statuses(nowMs())
      .filter(({ target }) => target.kind === 'app')
      .map(({ target, state, facts }) => [
        target.name,
        facts.state === undefined ? state : `${state}: ${facts.state}`,
      ]),
  );
const marks = ({ book, nowMs }: AppAtFly) =>
  book.marks(SCOPE, { startMs: 0, endMs: nowMs() + 1 }).map(({ release }) => release);

describe('machines of a Fly app are found by themselves', () => {
  test('each is read by itself, through the header that forces it, with the app’s own token and not Fly’s', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.set(B, 'started');
    await app.tick();
    expect(names(app)).toEqual([A, B]);
    expect(states(app)).toEqual({ [A]: 'ok', [B]: 'ok' });
    expect(new Set(app.served.map(({ id }) => id))).toEqual(new Set([A, B]));
    expect(new Set(app.served.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${METRICS_TOKEN}`]),
    );
    expect(inspect(app.poller.statuses(app.nowMs()), { depth: 9 })).not.toContain(METRICS_TOKEN);
  });

  test('one that comes in mid-run is read from the next look on, with a mark; one that goes is no failure', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.tick();
    // What ran before our first look did not start now.
    expect(marks(app)).toEqual([]);
    await app.set(C, 'started');
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok', [C]: 'ok' });
    await app.set(C, null);
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok' });
    expect(names(app)).toEqual([A]);
    expect(marks(app)).toEqual([`${C} started`, `${C} stopped`]);
  });

  test('one that was stopped is stopped, not failed, and is not started by half an hour of visits', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.set(B, 'stopped');
    for (let visit = 0; visit < 30; visit += 1) await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok', [B]: 'asleep: stopped' });
    expect(app.woken).toEqual([]);
    expect(app.served.some(({ id }) => id === B)).toBe(false);
    await app.set(B, 'started');
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok', [B]: 'ok' });
    await app.set(B, 'suspended');
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok', [B]: 'asleep: suspended' });
    expect(app.woken).toEqual([]);
    expect(marks(app)).toEqual([`${B} started`, `${B} stopped`]);
  });

  test('while Fly does not tell, nothing is asked of a machine that may have been parked since', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.tick();
    const before = app.served.length;
    app.fly.setFault({ kind: 'status', status: 500 });
    for (let visit = 0; visit < 3; visit += 1) await app.tick();
    const believed = app.served.length;
    expect(believed).toBeGreaterThan(before);
    await app.set(A, 'stopped');
    for (let visit = 0; visit < 3; visit += 1) await app.tick();
    expect(app.served.length).toBe(believed);
    expect(states(app)).toEqual({ [A]: 'unknown: unknown' });
    app.fly.setFault(null);
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'asleep: stopped' });
  });

  test('an answer of another machine is refused: its counters are not ours', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.tick();
    app.machines.get(A)?.setHealth(200, { status: 'pass', machine: B });
    await app.tick();
    const status = app.poller.statuses(app.nowMs()).find(({ target }) => target.name === A);
    expect(status?.state).toBe('misconfigured');
    expect(status?.lastError?.text).toContain(`machine ${B} answered`);
  });

  test('comings and goings outlive the process', async () => {
    const app = await open();
    await app.set(A, 'started');
    await app.tick();
    await app.set(A, 'stopped');
    await app.tick();
    await app.book.stop();
    const again = await app.reopen();
    expect(again.marks(SCOPE, { startMs: 0, endMs: app.nowMs() + 1 })).toHaveLength(1);
  });

  test.each([
    ['a macaroon as printed', `FlyV1 ${TOKEN}`, `FlyV1 ${TOKEN}`],
    ['a macaroon without its word', TOKEN, `FlyV1 ${TOKEN}`],
    ['an older token', 'fo1_older-token', 'Bearer fo1_older-token'],
  ])('%s opens Fly', async (_name, flyToken, accepted) => {
    const app = await open({ flyToken, accepted });
    await app.set(A, 'started');
    await app.tick();
    expect(states(app)).toEqual({ [A]: 'ok' });
  });
});

describe('targets of machines', () => {
  const source = (scrape: Partial<NonNullable<Parameters<typeof machineTargets>[0]['scrape']>>) =>
    flyTarget(
      { machinesUrl: 'http://x', graphqlUrl: 'http://x', prometheusUrl: 'http://x' },
      {
        scrape: {
          url: null,
          port: null,
          path: null,
          health: null,
          token: null,
          intervalSeconds: null,
          timeoutSeconds: null,
          ...scrape,
        },
      },
    );
  const machines = readMachines([
    { id: A, state: 'started', region: 'ams', config: { metrics: { port: 9091, path: '/own' } } },
    { id: B, state: 'stopped', region: 'lhr' },
  ]);

  test('on the private network each has its own name; port and path are the machine’s own unless the config says', () => {
    const urls = (scrape: Parameters<typeof source>[0]) =>
      machineTargets(source(scrape), machines).map(({ metricsUrl, healthUrl, headers }) => [
        metricsUrl,
        healthUrl,
        headers,
      ]);
    expect(urls({})).toEqual([[`http://${A}.vm.shop.internal:9091/own`, null, {}]]);
    expect(urls({ port: 8080, path: '/metrics', health: '/up' })).toEqual([
      [`http://${A}.vm.shop.internal:8080/metrics`, `http://${A}.vm.shop.internal:8080/up`, {}],
      [`http://${B}.vm.shop.internal:8080/metrics`, `http://${B}.vm.shop.internal:8080/up`, {}],
    ]);
  });

  test('without being asked for, none are made', () => {
    expect(
      machineTargets(flyTarget({ machinesUrl: 'x', graphqlUrl: 'x', prometheusUrl: 'x' }), machines),
    ).toEqual([]);
  });
});
