import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import { NOTICE_TOPICS } from '@/lib/core/model/receiver.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { openHttpReceiver, type Received } from '@/test/receivers/http-receiver.ts';
import type { Receiver, WebhookReceiver } from '../config/receivers.ts';
import { Secret } from '../config/secret.ts';
import { NotifyStep } from './notify-step.ts';
import { changeOf, ORIGIN_MS, openBooks, recordOf, SCOPE, verdictOf } from './test-watches.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Json {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** A receiver on this machine that answers what `answer` says, and keeps what came. */
async function openReceiver(
  answer: () => { status: number; headers?: Record<string, string> } = () => ({ status: 204 }),
) {
  const server = await openHttpReceiver();
  server.behave(() => ({ kind: 'answer', ...answer() }));
  closers.push(server.close);
  const target: WebhookReceiver = {
    ...{ name: 'hook', kind: 'webhook', severity: 'info', address: server.address, topics: NOTICE_TOPICS },
    url: new Secret(`${server.origin}/in?key=hush-hush-hush`),
    secrets: [new Secret(SECRET)],
  };
  return { seen: server.seen as readonly (Received & { json: Json })[], target, server };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Notices of alerts as the engine tells them. */
class TestAlerts {
  notices: AlertNotice[] = [];
  #listeners = new Set<(scope: typeof SCOPE) => void>();

  current() {
    return { noticed: this.notices.length, notices: this.notices };
  }

  onNotice(run: (scope: typeof SCOPE) => void) {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  /** One more notice, told to whoever listens. */
  add(change: Partial<AlertNotice> = {}): AlertNotice {
    const notice: AlertNotice = {
      ...{ n: this.notices.length + 1, atMs: ORIGIN_MS + HOUR_MS, what: 'firing', alertId: 'http_429' },
      ...{ firedAtMs: ORIGIN_MS + HOUR_MS, rule: 'http_429', kind: 'rule', severity: 'warning' },
      ...{ title: '429s: 31 in 5 min', detail: null, source: null, release: 'v1203', means: [], by: null },
      ...change,
    };
    this.notices.push(notice);
    for (const run of this.#listeners) run(SCOPE);
    return notice;
  }
}

/** A server with its books and the step, over one state; its clock is turned by hand. */
async function openServer(
  target: Receiver | readonly Receiver[] | null,
  {
    state = new MemoryState(),
    nowMs = ORIGIN_MS + HOUR_MS,
    pauseMs = 0,
  }: { state?: MemoryState; nowMs?: number; pauseMs?: number } = {},
) {
  const clock = { nowMs, wallMs: () => clock.nowMs };
  const books = await openBooks(clock.wallMs, state);
  const said: string[] = [];
  const say = (fields: unknown, message?: string) => said.push(`${message} ${JSON.stringify(fields)}`);
  const alerts = new TestAlerts();
  const step = new NotifyStep({
    alerts,
    poller: { statuses: () => [] },
    config: {
      notify: { receivers: target === null ? [] : [target].flat(), heartbeat: null },
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
    pauseMs,
  });
  closers.push(() => step.stop());
  const tick = async (byMs = 15 * SECOND_MS) => {
    clock.nowMs += byMs;
    await step.run(clock.nowMs);
    await step.settled();
  };
  return { ...books, clock, step, said, tick, alerts };
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
    const { headers, text, json } = first;
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
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
    const expected = createHmac('sha256', KEY).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(Number(headers['webhook-timestamp']) * 1_000).toBe(ORIGIN_MS + HOUR_MS);
    expect(headers['content-type']).toBe('application/json');
    expect(server.step.receivers()).toMatchObject([
      { name: 'hook', kind: 'webhook', waiting: 0, delivered: 1, address: target.address },
    ]);
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
    const all = JSON.stringify([seen.map(({ text }) => text), kept, server.said, server.step.receivers()]);
    for (const secret of ['hunter2hunter2', 'hush-hush', SECRET, KEY.toString('base64')])
      expect(all).not.toContain(secret);
    expect(seen[0]?.text.length).toBeLessThan(4_000);
  });

  it('without a receiver nothing is written and nobody is asked', async () => {
    const server = await openServer(null);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1', { state: 'met' }), [changeOf('met')]);
    await server.tick();
    expect([...server.state.rows.keys()].filter((key) => key.startsWith('notify'))).toEqual([]);
    expect(server.step.receivers()).toEqual([]);
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
    expect(failed).toBeGreaterThan(3);
    expect(failed).toBeLessThan(20);
    expect(server.said.filter((line) => line.startsWith('a notice could not'))).toHaveLength(1);
    isDown = false;
    for (let i = 0; i < 40; i += 1) await server.tick(MINUTE_MS);
    const taken = seen.slice(failed);
    expect(taken.map(({ json }) => json.data.changes)).toMatchObject([[{ to: 'met' }], [{ to: 'relapsed' }]]);
    const texts = new Map<unknown, Set<string>>();
    for (const { headers, text } of seen) {
      const known = texts.get(headers['webhook-id']) ?? new Set();
      texts.set(headers['webhook-id'], known.add(text));
    }
    expect([...texts.values()].map((bodies) => bodies.size)).toEqual([1, 1]);
    expect(server.said.at(-1)).toMatch(/takes notices again/);
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
    const entries = (await server.state.listState('notify/entry/')).map(
      ([, row]) => row as { attempts: number; lastError: string | null },
    );
    asked.push(...entries.flatMap(({ lastError }) => lastError ?? []));
    expect(entries).toHaveLength(5);
    // Each once as something new, and no more.
    expect(entries.map(({ attempts }) => attempts)).toEqual([1, 0, 0, 0, 0]);
    expect(asked[0]).toMatch(/^127\.0\.0\.1:\d+ refused the connection/);
  });

  it('that nobody mends for three days is given up, and the log says so', async () => {
    const { seen, target } = await openReceiver(() => ({ status: 500 }));
    const server = await openServer(target);
    const id = await server.tell('v1');
    await server.write(recordOf(id, 'v1'), [changeOf('missed')]);
    for (let i = 0; i < 73; i += 1) await server.tick(HOUR_MS);
    expect(server.step.receivers()).toMatchObject([
      { waiting: 0, delivered: 0, givenUp: [{ about: 'v1: missed' }], nextTryMs: null },
    ]);
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
    expect(server.step.receivers()[0]?.lastError).toMatch(/redirects are not followed/);
    answer = { status: 429, headers: { 'retry-after': '1800' } };
    await server.tick(10 * SECOND_MS);
    const asked = seen.length;
    await server.tick(20 * MINUTE_MS);
    expect(seen).toHaveLength(asked);
    answer = { status: 410 };
    await server.tick(20 * MINUTE_MS);
    expect(server.step.receivers()).toMatchObject([
      { waiting: 0, givenUp: [{ why: expect.stringContaining('410') }] },
    ]);
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
      const from = seen.length;
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
      const sentBefore = seen.length - from;
      const after = await openServer(target, { state: new DyingState(dying.rows, 1_000) });
      for (let i = 0; i < 3; i += 1) await after.tick(MINUTE_MS);
      const came = seen.slice(from);
      const told = came.flatMap(({ json }) => (json.data.changes as { to: string }[]).map(({ to }) => to));
      expect(new Set(told), `after ${writes} writes`).toEqual(new Set(steps.slice(0, written)));
      const ids = new Map(came.map(({ headers, text }) => [text, headers['webhook-id']]));
      expect(new Set(ids.values()).size).toBe(written);
      expect(
        came.length - new Set(came.map(({ text }) => text)).size,
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

describe('an alert', () => {
  it('is on its way at once when the engine tells of it, and not told again by ticks or the next process', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    await server.tick();
    const began = performance.now();
    server.alerts.add({ means: [{ what: 'Rate limits', text: 'turn callers away' }] });
    await server.step.settled();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(seen.map(({ json }) => json)).toMatchObject([
      {
        type: 'alert.firing',
        data: {
          incident: expect.stringMatching(/^inc_/),
          alert: {
            ...{
              id: 'http_429',
              severity: 'warning',
              release: 'v1203',
              firedAt: '2026-04-09T18:54:52.000Z',
              ...SCOPE,
            },
            url: 'https://watch.example/alerts?app=harbor&env=production&alert=http_429',
          },
        },
      },
    ]);
    await server.tick();
    await server.step.stop();
    const next = await openServer(target, { state: server.state });
    next.alerts.notices = server.alerts.notices;
    await next.tick();
    expect(seen).toHaveLength(1);
    next.alerts.add({ what: 'acknowledged', by: 'Ann' });
    await next.step.settled();
    next.alerts.add({ what: 'resolved' });
    await next.step.settled();
    expect(seen.map(({ json }) => json.type)).toEqual([
      'alert.firing',
      'alert.acknowledged',
      'alert.resolved',
    ]);
    expect(new Set(seen.map(({ json }) => json.data.incident)).size).toBe(1);
    expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  it('that a crash kept from the line is found again by the next tick', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    await server.tick();
    // Nobody is told of these two: as if the process had died in between.
    const silent = await openServer(null);
    silent.alerts.add({ alertId: 'first' });
    silent.alerts.add({ alertId: 'second' });
    server.alerts.notices = silent.alerts.notices;
    await server.tick();
    expect(seen.map(({ json }) => (json.data.alert as { id: string }).id)).toEqual(['first', 'second']);
  });

  it('that fires while a receiver is set up is told; what was over by then, or is a day old, is not', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target);
    const firing = { alertId: 'now', firedAtMs: ORIGIN_MS };
    const over = { alertId: 'over', firedAtMs: ORIGIN_MS };
    const before = await openServer(null);
    before.alerts.add(over);
    before.alerts.add({ ...over, what: 'resolved' });
    before.alerts.add({ alertId: 'old', firedAtMs: ORIGIN_MS - 2 * DAY_MS });
    before.alerts.add(firing);
    server.alerts.notices = before.alerts.notices;
    await server.tick();
    expect(seen.map(({ json }) => (json.data.alert as { id: string }).id)).toEqual(['now']);
  });

  it('reaches each receiver that asked for it, and a dead one holds up no other', async () => {
    const [hook, other, verdicts, dead] = await Promise.all([1, 2, 3, 4].map(() => openReceiver()));
    if (!hook || !other || !verdicts || !dead) throw new Error('no receivers');
    dead.server.behave({ kind: 'hang' });
    const server = await openServer([
      hook.target,
      { ...other.target, name: 'critical', severity: 'critical' },
      { ...verdicts.target, name: 'verdicts', topics: ['verdicts'] },
      { ...dead.target, name: 'dead' },
    ]);
    await server.step.run(ORIGIN_MS + HOUR_MS);
    server.alerts.add({ alertId: 'a' });
    server.alerts.add({ alertId: 'b', severity: 'critical' });
    const ids = (of: typeof hook) => of.seen.map(({ json }) => (json.data.alert as { id: string }).id);
    await expect
      .poll(() => [ids(hook), ids(other), ids(verdicts)], { timeout: 3_000 })
      .toEqual([['a', 'b'], ['b'], []]);
    // What a receiver has seen is delivered once its answer is here.
    await expect
      .poll(() => server.step.receivers(), { timeout: 3_000 })
      .toMatchObject([
        { name: 'hook', waiting: 0 },
        { name: 'critical', waiting: 0 },
        { name: 'verdicts', waiting: 0, lastDeliveredMs: null },
        { name: 'dead', waiting: 2 },
      ]);
    await server.step.stop();
  });

  it('whose answer is lost comes once more, under the same id and with the same text', async () => {
    const { seen, target, server: receiver } = await openReceiver();
    const server = await openServer(target);
    await server.tick();
    receiver.behave((n) => (n === 0 ? { kind: 'lose' } : { kind: 'answer', status: 204 }));
    server.alerts.add();
    await server.step.settled();
    await server.tick(10 * SECOND_MS);
    await server.tick(10 * SECOND_MS);
    expect(seen).toHaveLength(2);
    expect(new Set(seen.map(({ headers, text }) => `${headers['webhook-id']} ${text}`)).size).toBe(1);
  });

  it('of a receiver that flaps gets there, each once', async () => {
    const { seen, target, server: receiver } = await openReceiver();
    const server = await openServer(target);
    await server.tick();
    receiver.behave((n) => (n % 3 === 2 ? { kind: 'answer', status: 204 } : { kind: 'answer', status: 503 }));
    for (let i = 0; i < 4; i += 1) server.alerts.add({ alertId: `a${i}` });
    for (let i = 0; i < 60; i += 1) await server.tick(MINUTE_MS);
    const taken = seen.filter(({ taken: isTaken }) => isTaken);
    expect(new Set(taken.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    expect(taken).toHaveLength(4);
  });

  it('comes to a receiver at most once a second', async () => {
    const { seen, target } = await openReceiver();
    const server = await openServer(target, { pauseMs: 300 });
    await server.tick();
    for (let i = 0; i < 4; i += 1) server.alerts.add({ alertId: `a${i}` });
    await server.step.settled();
    const gaps = seen.slice(1).map(({ atMs }, i) => atMs - (seen[i]?.atMs ?? 0));
    expect(gaps).toHaveLength(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(280);
  });
});

describe('a test message', () => {
  it('is really sent, past the line, and what came of it is told in a sentence', async () => {
    const { seen, target, server: receiver } = await openReceiver();
    const server = await openServer(target);
    expect(await server.step.test('hook')).toEqual({
      ok: true,
      text: expect.stringMatching(/^127\.0\.0\.1:\d+ took the test message in \d+ ms\.$/),
    });
    expect(seen.map(({ json }) => json)).toMatchObject([{ type: 'test', data: { receiver: 'hook' } }]);
    expect(seen[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    await expect(server.step.test('hook')).rejects.toThrow(/tested just now: again in 10 s/);
    await expect(server.step.test('nobody')).rejects.toThrow(/no receiver of that name/);
    server.clock.nowMs += 10 * SECOND_MS;
    receiver.behave({ kind: 'answer', status: 403 });
    expect(await server.step.test('hook')).toEqual({
      ok: false,
      text: expect.stringMatching(/answered 403 where 2xx was expected; check its address and key\.$/),
    });
    expect(server.step.receivers()).toMatchObject([{ delivered: 0, lastError: null }]);
  });
});

it('no address and no key of any receiver stands in the log, the state, a view or an answer, whatever goes wrong', async () => {
  const { target, server: receiver } = await openReceiver();
  const common = { address: target.address, topics: NOTICE_TOPICS, severity: 'info' as const };
  const url = (path: string) => new Secret(`${receiver.origin}/${path}`);
  const receivers: Receiver[] = [
    { ...target, name: 'hook' },
    { ...common, kind: 'slack', name: 'slack', url: url('services/canary-slack') },
    { ...common, kind: 'discord', name: 'discord', url: url('api/webhooks/canary-discord') },
    {
      ...common,
      kind: 'pagerduty',
      name: 'pd',
      url: url(''),
      routingKey: new Secret('canary00pagerduty00000000000000'),
    },
    {
      ...{ ...common, kind: 'email', name: 'mail', from: 'a@b.example', to: ['c@d.example'] },
      url: new Secret('smtp://canary-user:canary-password@127.0.0.1:1'),
    },
  ];
  const server = await openServer(receivers);
  await server.tick();
  const answers: unknown[] = [];
  for (const status of [500, 403, 302]) {
    receiver.behave({ kind: 'answer', status, headers: { location: `${receiver.origin}/canary-location` } });
    server.alerts.add({ alertId: `a${status}` });
    await server.step.settled();
    for (const { name } of receivers) answers.push(await server.step.test(name));
    await server.tick(MINUTE_MS);
  }
  await receiver.refuse();
  for (const { name } of receivers) answers.push(await server.step.test(name).catch(String));
  await server.tick(MINUTE_MS);
  expect(server.step.receivers().every(({ waiting, lastError }) => waiting > 0 && lastError !== null)).toBe(
    true,
  );
  const kept = [...server.state.rows].filter(([key]) => key.startsWith('notify'));
  const all = JSON.stringify([kept, server.said, server.step.receivers(), answers]);
  expect(all).not.toMatch(/canary|hush-hush|whsec_|services\/|api\/webhooks/);
  expect(all).not.toContain(KEY.toString('base64'));
});
