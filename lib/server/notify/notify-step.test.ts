import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { Secret } from '../config/secret.ts';
import type { WebhookTarget } from '../config/types.ts';
import { NotifyStep } from './notify-step.ts';
import { changeOf, ORIGIN_MS, openBooks, recordOf, SCOPE, verdictOf } from './test-watches.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Seen {
  headers: IncomingHttpHeaders;
  body: string;
  json: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A receiver on this machine that answers what `answer` says, and keeps what came. */
async function openReceiver(
  answer: () => { status: number; headers?: Record<string, string> } = () => ({ status: 204 }),
) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    seen.push({ headers: request.headers, body, json: JSON.parse(body) });
    const { status, headers = {} } = answer();
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const target: WebhookTarget = {
    url: new Secret(`http://127.0.0.1:${port}/in?key=hush-hush-hush`),
    address: `127.0.0.1:${port}`,
    secret: new Secret(SECRET),
  };
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, target };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server with its books and the step, over one state; its clock is turned by hand. */
async function openServer(
  target: WebhookTarget | null,
  { state = new MemoryState(), nowMs = ORIGIN_MS + HOUR_MS }: { state?: MemoryState; nowMs?: number } = {},
) {
  const clock = { nowMs, wallMs: () => clock.nowMs };
  const books = await openBooks(clock.wallMs, state);
  const said: string[] = [];
  const say = (fields: unknown, message?: string) => said.push(`${message} ${JSON.stringify(fields)}`);
  const step = new NotifyStep({
    config: {
      notify: { webhook: target },
      publicUrl: new URL('https://watch.example'),
      bind: { host: '127.0.0.1', port: 3000 },
      targets: [{ ...SCOPE, kind: 'redis', name: 'c' } as never],
    },
    store: state,
    clock,
    watches: books.watches,
    deploys: books.deploys,
    log: { info: say, warn: say } as never,
    chance: () => 1,
    pauseMs: 0,
  });
  closers.push(() => step.stop());
  const tick = async (byMs = 15 * SECOND_MS) => {
    clock.nowMs += byMs;
    await step.run(clock.nowMs);
    await step.settled();
  };
  return { ...books, clock, step, said, tick };
}

describe('a decided verdict', () => {
  it('is posted once, signed so that a receiver can prove who sent it', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    const id = await server.tell('v1203');
    await server.write(recordOf(id, 'v1203'));
    const claims = { c1: verdictOf() };
    await server.write(recordOf(id, 'v1203', { state: 'met', claims }), [
      changeOf('met', { claimId: 'c1' }),
      changeOf('met', { from: 'on_track' }),
    ]);
    await server.step.settled();
    await server.tick();
    await server.tick();
    expect(seen).toHaveLength(1);
    const [first] = seen;
    if (first === undefined) throw new Error('nothing came');
    const { headers, body, json } = first;
    expect(json).toMatchObject({
      type: 'verdict.decided',
      timestamp: '2026-04-09T18:54:52.000Z',
      data: {
        deploy: { id, release: 'v1203', ...SCOPE, url: `https://watch.example/deploys/${id}` },
        verdict: {
          state: 'met',
          provisional: true,
          closed: false,
          sentence: expect.stringMatching(/so far/),
        },
        changes: [
          { claimId: 'c1', to: 'met', text: expect.stringContaining('733,000') },
          { claimId: null, from: 'on_track', to: 'met', provisional: true },
        ],
      },
    });
    // As the standard describes it, worked out here once more.
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', KEY).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(Number(headers['webhook-timestamp']) * 1_000).toBe(ORIGIN_MS + HOUR_MS);
    expect(headers['content-type']).toBe('application/json');
    expect(server.step.status()).toMatchObject({ waiting: 0, delivered: 1, address: target.address });
  });

  it.each(['settling', 'on_track', 'off_track', 'undecided', 'failing'] as const)(
    '%s is on its way and told to nobody',
    async (state) => {
      const { seen, target } = await openReceiver();
      const server = await openServer(target);
      const id = await server.tell('v1');
      await server.write(recordOf(id, 'v1', { state }), [changeOf(state)]);
      await server.tick();
      expect(seen).toEqual([]);
    },
  );

  it.each(['met', 'mostly_met', 'missed', 'worse', 'relapsed', 'cant_tell'] as const)(
    '%s is told',
    async (state) => {
      const { seen, target } = await openReceiver();
      const server = await openServer(target);
      const id = await server.tell('v1');
      await server.write(recordOf(id, 'v1', { state }), [changeOf(state)]);
      await server.tick();
      expect(seen.map(({ json }) => json.data)).toMatchObject([{ changes: [{ to: state }] }]);
    },
  );

  it('a remark beside an unchanged state is no news; that it became final is', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    const id = await server.tell('v1');
    const met = changeOf('met');
    await server.write(recordOf(id, 'v1', { state: 'met' }), [met]);
    await server.write(recordOf(id, 'v1', { state: 'met' }), [
      { ...met, from: 'met', atMs: met.atMs + 1, evidence: 'Ann took back a tick' },
    ]);
    await server.write(recordOf(id, 'v1', { state: 'met', provisional: false }), [
      { ...met, from: 'met', atMs: met.atMs + 2, provisional: false },
    ]);
    await server.tick();
    expect(seen.map(({ json }) => json.data.changes)).toMatchObject([
      [{ provisional: true }],
      [{ provisional: false }],
    ]);
  });

  it('holds no secret of the config, and none that stood in a text', async () => {
    const { seen, target } = await openReceiver(() => ({ status: 500 }));
    const server = await openServer(target);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1'), [
      changeOf('missed', { evidence: `seen with password=hunter2hunter2 ${'x'.repeat(5_000)}` }),
    ]);
    await server.tick();
    const kept = [...server.state.rows].filter(([key]) => key.startsWith('notify'));
    const all = JSON.stringify([seen.map(({ body }) => body), kept, server.said, server.step.status()]);
    for (const secret of ['hunter2hunter2', 'hush-hush', SECRET, KEY.toString('base64')])
      expect(all).not.toContain(secret);
    expect(seen[0]?.body.length).toBeLessThan(4_000);
  });

  it('without a receiver nothing is written and nobody is asked', async () => {
    const server = await openServer(null);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1', { state: 'met' }), [changeOf('met')]);
    await server.tick();
    expect([...server.state.rows.keys()].filter((key) => key.startsWith('notify'))).toEqual([]);
    expect(server.step.status()).toBeNull();
  });

  it('what was decided long before the receiver was set up is not told; what is open still is', async () => {
    const { seen, target } = await openReceiver();
    const state = new MemoryState();
    const before = await openServer(null, { state });
    const [old, open] = [await before.tell('v1'), await before.tell('v2')];
    await before.write(recordOf(old, 'v1', { state: 'met', closedMs: ORIGIN_MS + DAY_MS }), [
      changeOf('met'),
    ]);
    await before.write(recordOf(open, 'v2', { state: 'missed' }), [changeOf('missed')]);
    const after = await openServer(target, { state, nowMs: ORIGIN_MS + 3 * DAY_MS });
    await after.tick();
    expect(seen.map(({ json }) => json.data)).toMatchObject([{ deploy: { release: 'v2' } }]);
  });
});

describe('a receiver in trouble', () => {
  it('that is down for a while gets all of it later, in order, each with the same id and text', async () => {
    let isDown = true;
    const { seen, target } = await openReceiver(() => ({ status: isDown ? 503 : 200 }));
    const server = await openServer(target);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1', { state: 'met' }), [changeOf('met')]);
    await server.write(recordOf(id, 'v1', { state: 'relapsed' }), [
      changeOf('relapsed', { atMs: ORIGIN_MS + 2 * HOUR_MS }),
    ]);
    for (let i = 0; i < 12; i += 1) await server.tick(MINUTE_MS);
    const failed = seen.length;
    expect(failed).toBeGreaterThan(4);
    expect(failed).toBeLessThan(20);
    expect(server.said.filter((line) => line.startsWith('a notice could not'))).toHaveLength(1);
    isDown = false;
    for (let i = 0; i < 40; i += 1) await server.tick(MINUTE_MS);
    const taken = seen.slice(failed);
    expect(taken.map(({ json }) => json.data.changes)).toMatchObject([[{ to: 'met' }], [{ to: 'relapsed' }]]);
    const texts = new Map<unknown, Set<string>>();
    for (const { headers, body } of seen) {
      const known = texts.get(headers['webhook-id']) ?? new Set();
      texts.set(headers['webhook-id'], known.add(body));
    }
    expect([...texts.values()].map((bodies) => bodies.size)).toEqual([1, 1]);
    expect(server.said.at(-1)).toMatch(/takes them again/);
  });

  it('that refuses the connection is asked once a tick, not once for each message', async () => {
    const { seen, target } = await openReceiver();
    for (const close of closers.splice(0)) await close();
    const server = await openServer(target);
    const asked: string[] = [];
    const id = await server.tell('v1');
    for (let i = 0; i < 5; i += 1)
      await server.write(recordOf(id, 'v1'), [
        changeOf(i % 2 === 0 ? 'met' : 'relapsed', { atMs: ORIGIN_MS + i }),
      ]);
    await server.tick();
    expect(seen).toEqual([]);
    const page = server.state.rows.get('notify/outbox') as {
      entries: { attempts: number; lastError: string | null }[];
    };
    asked.push(...page.entries.flatMap(({ lastError }) => lastError ?? []));
    expect(page.entries).toHaveLength(5);
    expect(page.entries.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(3);
    expect(asked[0]).toMatch(/^127\.0\.0\.1:\d+ refused the connection/);
  });

  it('that nobody mends for 24 h is given up, and the log says so', async () => {
    const { seen, target } = await openReceiver(() => ({ status: 500 }));
    const server = await openServer(target);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1'), [changeOf('missed')]);
    for (let i = 0; i < 26; i += 1) await server.tick(HOUR_MS);
    expect(server.step.status()).toMatchObject({
      waiting: 0,
      delivered: 0,
      givenUp: [{ about: 'v1: missed' }],
    });
    expect(server.said.at(-1)).toMatch(/given up.*answered 500/);
    const tries = seen.length;
    for (let i = 0; i < 3; i += 1) await server.tick(DAY_MS);
    expect(seen).toHaveLength(tries);
  });

  it('redirects are refused, 410 ends it, Retry-After is obeyed', async () => {
    let answer: { status: number; headers?: Record<string, string> } = {
      status: 302,
      headers: { location: 'http://127.0.0.1:1/' },
    };
    const { seen, target } = await openReceiver(() => answer);
    const server = await openServer(target);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1'), [changeOf('met')]);
    await server.step.settled();
    expect(server.step.status()?.lastError).toMatch(/redirects are not followed/);
    answer = { status: 429, headers: { 'retry-after': '1800' } };
    await server.tick(10 * SECOND_MS);
    const asked = seen.length;
    await server.tick(20 * MINUTE_MS);
    expect(seen).toHaveLength(asked);
    answer = { status: 410 };
    await server.tick(20 * MINUTE_MS);
    expect(server.step.status()).toMatchObject({
      waiting: 0,
      givenUp: [{ why: expect.stringContaining('410') }],
    });
  });
});

describe('a crash', () => {
  /** A state whose process dies after so many writes: later ones never come back and leave nothing. */
  class DyingState extends MemoryState {
    constructor(
      rows: ReadonlyMap<string, unknown>,
      private left: number,
    ) {
      super();
      for (const [key, value] of rows) this.rows.set(key, value);
    }
    override async putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
      if (this.left === 0) throw new Error('the process is dead');
      this.left -= 1;
      await super.putState(entries);
    }
  }

  it('at any write loses no verdict that the watch has, and repeats one only under its own id', async () => {
    const { seen, target } = await openReceiver();
    const first = await openServer(null);
    const id = await first.tell('v1');
    const steps = ['met', 'relapsed', 'cant_tell'] as const;
    let deaths = 0;
    for (let writes = 0; writes < 30; writes += 1) {
      seen.length = 0;
      const dying = new DyingState(first.state.rows, writes);
      const before = await openServer(target, { state: dying });
      let written = 0;
      try {
        for (const [i, to] of steps.entries()) {
          await before.write(recordOf(id, 'v1', { state: to }), [changeOf(to, { atMs: ORIGIN_MS + i })]);
          written += 1;
          await before.tick();
        }
      } catch {
        deaths += 1;
      }
      await before.step.stop();
      const sentBefore = seen.length;
      const after = await openServer(target, { state: new DyingState(dying.rows, 1_000) });
      for (let i = 0; i < 3; i += 1) await after.tick(MINUTE_MS);
      const told = seen.flatMap(({ json }) => (json.data.changes as { to: string }[]).map(({ to }) => to));
      expect(new Set(told), `after ${writes} writes`).toEqual(new Set(steps.slice(0, written)));
      const ids = new Map(seen.map(({ headers, body }) => [body, headers['webhook-id']]));
      expect(new Set(ids.values()).size).toBe(written);
      expect(
        seen.length - new Set(seen.map(({ body }) => body)).size,
        'one repeat at most',
      ).toBeLessThanOrEqual(1);
      expect(sentBefore).toBeLessThanOrEqual(written);
      await after.step.stop();
    }
    expect(deaths).toBeGreaterThan(5);
  });
});

describe('what is due', () => {
  const followUp = {
    id: 'f1',
    text: 'Remove the old cache',
    dueMs: ORIGIN_MS + 2 * DAY_MS,
    owner: 'Ann',
    done: null,
    remindedMs: null,
  };

  it('a next step is told once when it is due, and the watch knows; also after its watch is over and after a restart', async () => {
    const { seen, target } = await openReceiver();
    const first = await openServer(target);
    const id = await first.tell('v1');
    await first.write(
      recordOf(id, 'v1', {
        followUps: [followUp, { ...followUp, id: 'f2', dueMs: null }],
        closedMs: ORIGIN_MS + DAY_MS,
      }),
    );
    await first.tick();
    expect(seen).toEqual([]);
    await first.step.stop();
    const second = await openServer(target, { state: first.state, nowMs: ORIGIN_MS + 2 * DAY_MS });
    await second.tick();
    await second.tick();
    expect(seen.map(({ json }) => json)).toMatchObject([
      {
        type: 'followup.due',
        data: { deploy: { id }, followUp: { text: 'Remove the old cache', owner: 'Ann' } },
      },
    ]);
    expect((await second.watches.get(id))?.followUps[0]?.remindedMs).toBe(
      ORIGIN_MS + 2 * DAY_MS + 15 * SECOND_MS,
    );
    await second.step.stop();
    const third = await openServer(target, { state: first.state, nowMs: ORIGIN_MS + 2 * DAY_MS + HOUR_MS });
    await third.tick();
    expect(seen).toHaveLength(1);
  });

  it('a step that is done, or was due more than a week ago, is not told', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target, { nowMs: ORIGIN_MS + 2 * DAY_MS });
    const id = await server.tell('v1');
    await server.write(
      recordOf(id, 'v1', {
        followUps: [
          { ...followUp, done: { by: 'Ann', atMs: ORIGIN_MS } },
          { ...followUp, id: 'f3', dueMs: ORIGIN_MS - 6 * DAY_MS },
        ],
      }),
    );
    await server.tick();
    expect(seen).toEqual([]);
  });

  it('the next review that a summary names is told once', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    const id = await server.tell(
      'v1',
      '# v1\n\nRedis GETs: 733,000/hour → 24,000/hour\n\nNext review: in 6 hours\n',
    );
    await server.write(recordOf(id, 'v1', { state: 'on_track' }));
    await server.tick();
    expect(seen).toEqual([]);
    await server.tick(6 * HOUR_MS);
    await server.tick();
    expect(seen.map(({ json }) => json)).toMatchObject([
      { type: 'review.due', timestamp: '2026-04-09T23:54:52.000Z', data: { verdict: { state: 'on_track' } } },
    ]);
  });
});
