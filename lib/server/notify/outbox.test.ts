import { describe, expect, it } from 'vitest';
import { ALERT_SEVERITIES, type AlertSeverity } from '@/lib/core/model/alert.ts';
import { NOTICE_TOPICS, type ReceiverKind } from '@/lib/core/model/receiver.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import type { Receiver } from '../config/receivers.ts';
import { Secret } from '../config/secret.ts';
import { GIVE_UP_MS, retryWaitMs } from './backoff.ts';
import type { Delivery } from './channels/channel.ts';
import type { Message } from './message.ts';
import type { NoticeType } from './notice-body.ts';
import { isFor, Outbox } from './outbox.ts';
import type { ReceiverQueue } from './receiver-queue.ts';

const T = Date.parse('2026-04-09T18:00:00Z');
const SCOPE = { app: 'harbor', environment: 'production' };

function receiver(name: string, kind: 'slack' | 'webhook' = 'webhook'): Receiver {
  const common = {
    name,
    address: 'a:1',
    url: new Secret('http://a:1'),
    topics: NOTICE_TOPICS,
    severity: 'info' as const,
  };
  return kind === 'slack' ? { ...common, kind } : { ...common, kind, secrets: [new Secret('x'.repeat(24))] };
}

const message = (id: string, more: Partial<Message> = {}): Message => ({
  ...{ id, type: 'verdict.decided', incident: id, severity: null, about: `about ${id}`, atMs: T },
  body: `{"id":"${id}"}`,
  ...more,
});
const alert = (
  what: 'firing' | 'acknowledged' | 'resolved',
  n: number,
  severity: AlertSeverity = 'warning',
) => message(`${what}-${n}`, { type: `alert.${what}`, incident: `inc-${n}`, severity });
const fault = (more: Partial<Extract<Delivery, { ok: false }>> = {}) => ({
  ...{
    ok: false as const,
    error: 'refused',
    blame: 'receiver' as const,
    retryAfterMs: null,
    isInvalid: false,
  },
  ...more,
});

/** An outbox with one receiver, and what drives its line. */
async function openOne(state = new MemoryState(), { nowMs = T, of = receiver('hook') as Receiver } = {}) {
  const outbox = await Outbox.open(state, [of], nowMs);
  const queue = outbox.queues.get(of.name);
  if (queue === undefined) throw new Error('no line');
  const next = (atMs: number) => queue.next(atMs, () => outbox.nextSeq());
  const put = (messages: readonly Message[], atMs = T, key = `d${Math.random()}`) =>
    outbox.take(key, 1, atMs, () => messages);
  return { state, outbox, queue, next, put };
}

type One = Awaited<ReturnType<typeof openOne>>;

/** Delivers whatever is due at one time; gives ids in their order. */
async function drain({ next, queue }: Pick<One, 'next' | 'queue'>, atMs: number): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const due = await next(atMs);
    if (due === null) return ids;
    await queue.delivered(due.entry, atMs);
    ids.push(due.entry.id);
  }
}

async function fail(queue: ReceiverQueue, due: Awaited<ReturnType<One['next']>>, atMs: number, more = {}) {
  if (due === null) throw new Error('nothing was due');
  return queue.failed(due.entry, atMs, fault(more), 1);
}

describe('the outbox', () => {
  it('what was kept waits for the next process, oldest first, with the same id and text', async () => {
    const before = await openOne();
    await before.put([message('a'), message('b')]);
    const after = await openOne(before.state);
    const first = await after.next(T);
    expect(first).toMatchObject({ entry: { id: 'a' }, body: '{"id":"a"}' });
    if (first !== null) await after.queue.delivered(first.entry, T);
    expect(await (await openOne(before.state)).next(T)).toMatchObject({ entry: { id: 'b' } });
  });

  it('changes that were taken are not taken again, also by the next process', async () => {
    const { state, outbox, next } = await openOne();
    expect(await outbox.take('d1', 2, T, (from) => [message(`from-${from}`)])).toBe(1);
    expect(await outbox.take('d1', 2, T, () => [message('again')])).toBe(0);
    expect(await (await openOne(state)).outbox.take('d1', 1, T, () => [message('older')])).toBe(0);
    expect(await outbox.take('d1', 5, T, (from) => [message(`from-${from}`)])).toBe(1);
    expect((await next(T))?.entry.id).toBe('from-null');
  });

  it('notices of alerts are taken by their numbers, and anew where those begin anew', async () => {
    const { state, outbox } = await openOne();
    const numbers = (noticed: number, ids: readonly string[]) => ({
      noticed,
      idOf: (n: number) => ids[n - 1] ?? null,
    });
    const froms: (number | null)[] = [];
    const make = (from: number | null) => {
      froms.push(from);
      return [];
    };
    await outbox.takeNotices(SCOPE, numbers(0, []), T, make);
    await outbox.takeNotices(SCOPE, numbers(2, ['a', 'b']), T, make);
    await outbox.takeNotices(SCOPE, numbers(2, ['a', 'b']), T, make);
    await (await openOne(state)).outbox.takeNotices(SCOPE, numbers(3, ['a', 'b', 'c']), T, make);
    expect(froms).toEqual([null, 0, 2]);
    const third = await openOne(state);
    await third.outbox.takeNotices(SCOPE, numbers(3, ['a', 'b', 'other']), T, make);
    await third.outbox.takeNotices(SCOPE, numbers(1, ['new']), T, make);
    await third.outbox.takeNotices({ ...SCOPE, environment: 'staging' }, numbers(1, ['x']), T, make);
    expect(froms.slice(3)).toEqual([null, null, null]);
  });

  it('a write that fails takes nothing: the same changes are taken with the next try', async () => {
    const { state, outbox, queue, next } = await openOne();
    const put = state.putState.bind(state);
    state.putState = async () => {
      throw new Error('disk full');
    };
    await expect(outbox.take('d1', 1, T, () => [message('a')])).rejects.toThrow('disk full');
    expect(queue.status().waiting).toBe(0);
    state.putState = put;
    expect(await outbox.take('d1', 1, T, () => [message('a')])).toBe(1);
    expect((await next(T))?.body).toBe('{"id":"a"}');
  });

  it('an alert is told also where the store takes no writes, once, and what is owed is written when it does again', async () => {
    const { state, outbox, queue, next } = await openOne();
    const put = state.putState.bind(state);
    state.putState = async () => {
      throw new Error('disk full');
    };
    const numbers = (noticed: number) => ({ noticed, idOf: (n: number) => `firing-${n}` });
    expect(
      await outbox.takeNotices(SCOPE, numbers(2), T, () => [alert('firing', 1), alert('firing', 2)]),
    ).toBe(2);
    expect(await outbox.takeNotices(SCOPE, numbers(2), T, () => [alert('firing', 1)])).toBe(0);
    const first = await next(T);
    expect(first).toMatchObject({ entry: { id: 'firing-1' }, body: '{"id":"firing-1"}' });
    if (first !== null) await queue.delivered(first.entry, T);
    expect((await next(T))?.entry.id, 'not the first one again').toBe('firing-2');
    expect(await state.listState('notify/')).toEqual([]);
    state.putState = put;
    await outbox.takeNotices(SCOPE, numbers(3), T, () => [alert('firing', 3)]);
    const after = await openOne(state);
    expect(await drain(after, T), 'nothing is lost, and nothing that was delivered is back').toEqual([
      'firing-2',
      'firing-3',
    ]);
    expect(after.queue.status().delivered).toBe(3);
  });

  it('a delivery while something new is put in line loses neither', async () => {
    const { state, outbox, queue, next, put } = await openOne();
    await put([message('a')]);
    const due = await next(T);
    const keep = state.putState.bind(state);
    state.putState = async (rows) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await keep(rows);
    };
    const taking = outbox.take('d2', 1, T, () => [message('b')]);
    if (due !== null) await queue.delivered(due.entry, T);
    await taking;
    expect(queue.status()).toMatchObject({ waiting: 1, delivered: 1 });
    expect((await openOne(state)).queue.status()).toMatchObject({ waiting: 1, delivered: 1 });
  });

  it('a reminder is kept once under its name', async () => {
    const { state, outbox } = await openOne();
    expect(await outbox.remind('d1 f1', message('a'), T)).toBe(true);
    expect(await outbox.remind('d1 f1', message('a'), T)).toBe(false);
    expect(await (await openOne(state)).outbox.remind('d1 f1', message('b'), T)).toBe(false);
  });

  it('each receiver has a line of its own: one that takes nothing keeps nothing from another', async () => {
    const state = new MemoryState();
    const outbox = await Outbox.open(state, [receiver('one'), receiver('two')], T);
    const [one, two] = ['one', 'two'].map((name) => outbox.queues.get(name));
    if (one === undefined || two === undefined) throw new Error('no lines');
    await outbox.take('d1', 1, T, () => [message('a'), message('b')]);
    await fail(one, await one.next(T, () => 99), T);
    expect(await drain({ queue: two, next: (atMs) => two.next(atMs, () => 99) }, T)).toEqual(['a', 'b']);
    expect([one.size, two.size]).toEqual([2, 0]);
    const again = await Outbox.open(state, [receiver('one'), receiver('two')], T);
    expect([...again.queues.values()].map(({ size }) => size)).toEqual([2, 0]);
  });

  it.each<
    [topics: readonly (typeof NOTICE_TOPICS)[number][], severity: AlertSeverity, heard: readonly string[]]
  >([
    [NOTICE_TOPICS, 'info', ['info', 'warning', 'critical', 'verdict.decided', 'review.due', 'followup.due']],
    [NOTICE_TOPICS, 'critical', ['critical', 'verdict.decided', 'review.due', 'followup.due']],
    [['alerts'], 'warning', ['warning', 'critical']],
    [['verdicts'], 'info', ['verdict.decided']],
    [['reminders'], 'critical', ['review.due', 'followup.due']],
  ])('a receiver of %j from %s on hears no more and no less', (topics, severity, heard) => {
    const others = ['verdict.decided', 'review.due', 'followup.due'] satisfies NoticeType[];
    const found = [
      ...ALERT_SEVERITIES.filter((one) =>
        isFor({ topics, severity }, { type: 'alert.resolved', severity: one }),
      ),
      ...others.filter((type) => isFor({ topics, severity }, { type, severity: null })),
    ];
    expect(new Set(found)).toEqual(new Set(heard));
  });

  it('what waits for a receiver that the config no longer names comes back with it, for three days', async () => {
    const { state, put } = await openOne();
    await put([message('a')]);
    await Outbox.open(state, [], T + DAY_MS);
    expect((await openOne(state, { nowMs: T + DAY_MS })).queue.size).toBe(1);
    await Outbox.open(state, [receiver('other')], T + GIVE_UP_MS + 1);
    expect((await openOne(state, { nowMs: T + GIVE_UP_MS + 1 })).queue.size).toBe(0);
    expect([...state.rows].filter(([key, row]) => /notify\/(entry|body)/.test(key) && row !== null)).toEqual(
      [],
    );
  });

  it('a delivery leaves no row of its message behind, and rewrites nothing of the others', async () => {
    const { state, queue, next, put } = await openOne();
    await put([message('a'), message('b')]);
    const written: string[] = [];
    const keep = state.putState.bind(state);
    state.putState = async (rows) => {
      written.push(...Object.keys(rows));
      await keep(rows);
    };
    const due = await next(T);
    if (due !== null) await queue.delivered(due.entry, T);
    expect(written.sort()).toEqual(['notify/body/hook/1', 'notify/entry/hook/1', 'notify/receiver/hook']);
    expect(await state.listState('notify/entry/')).toHaveLength(1);
  });

  it('what a newer version wrote is left alone', async () => {
    for (const key of ['notify/outbox', 'notify/taken', 'notify/entry/hook/1', 'notify/receiver/hook']) {
      const state = new MemoryState();
      state.rows.set(key, { version: 9 });
      await expect(openOne(state)).rejects.toThrow(/newer version/);
      expect(state.writes).toBe(0);
    }
  });

  it('the page of the version before is taken over once: what waits under its ids, what was taken stays taken', async () => {
    const state = new MemoryState();
    const verdict = {
      state: 'met',
      provisional: false,
      reason: null,
      sentence: 'v1 keeps it.',
      closed: false,
    };
    const deploy = {
      id: 'd1',
      release: 'v1',
      app: 'harbor',
      environment: 'production',
      url: 'http://x/deploys/d1',
    };
    const body = JSON.stringify({
      ...{ type: 'verdict.decided', timestamp: '2026-04-09T17:00:00.000Z' },
      data: { deploy, verdict: { ...verdict, override: null }, changes: [] },
    });
    state.rows.set('notify/outbox', {
      entries: [
        {
          id: 'msg_1',
          about: 'v1: met',
          createdMs: T - HOUR_MS,
          attempts: 4,
          nextMs: T,
          lastError: 'a:1 answered 503',
        },
        { id: 'msg_2', about: 'v1: lost', createdMs: T, attempts: 0, nextMs: T, lastError: null },
      ],
      taken: [['d1', 3]],
      reminded: ['d1 review 5'],
      delivered: { count: 7, lastMs: T - DAY_MS },
      givenUp: [{ id: 'msg_0', about: 'old', atMs: T - DAY_MS, why: 'refused' }],
    });
    state.rows.set('notify/message/msg_1', body);
    for (let start = 0; start < 2; start += 1) {
      const { outbox, queue, next } = await openOne(state, { of: receiver('webhook') });
      expect(await next(T)).toMatchObject({
        entry: { id: 'msg_1', incident: 'd1', createdMs: T - HOUR_MS, attempts: 4 },
        body,
      });
      expect(queue.status()).toMatchObject({
        waiting: 1,
        delivered: 7,
        lastError: 'a:1 answered 503',
        givenUp: [{ about: 'old' }],
      });
      expect(outbox.takenOf('d1')).toBe(3);
      expect(await outbox.remind('d1 review 5', message('x'), T)).toBe(false);
    }
    expect(state.rows.get('notify/outbox')).toBeNull();
    expect(state.rows.get('notify/message/msg_1')).toBeNull();
  });
});

describe('retries', () => {
  it('come after growing waits, for three days, the last one at their end; then it is given up and said', async () => {
    const one = await openOne();
    await one.put([message('a')]);
    const triedMs: number[] = [];
    for (let nowMs: number | null = T; nowMs !== null; ) {
      if (nowMs > T) expect(await one.next(nowMs - 1), 'not before its time').toBeNull();
      triedMs.push(nowMs - T);
      ({ nextMs: nowMs } = await fail(one.queue, await one.next(nowMs), nowMs));
    }
    const waits = triedMs.slice(1).map((atMs, i) => atMs - (triedMs[i] ?? 0));
    expect(waits.slice(0, 8).map((ms) => ms / SECOND_MS)).toEqual([
      5, 30, 120, 600, 1800, 7200, 21600, 21600,
    ]);
    expect(triedMs.at(-1)).toBe(3 * DAY_MS);
    expect(one.queue.status()).toMatchObject({ waiting: 0, givenUp: [{ about: 'about a', why: 'refused' }] });
    expect(await one.state.listState('notify/body')).toEqual([]);
  });

  it('are spread by chance over the whole of their wait, never within a second, never before the receiver asked', () => {
    expect(retryWaitMs(3, { chance: 0.5, retryAfterMs: null })).toBe(MINUTE_MS);
    expect(retryWaitMs(3, { chance: 0, retryAfterMs: null })).toBe(SECOND_MS);
    expect(retryWaitMs(1, { chance: 0, retryAfterMs: HOUR_MS })).toBe(HOUR_MS);
    expect(retryWaitMs(1, { chance: 0, retryAfterMs: 30 * DAY_MS }), 'a clock may be wrong').toBe(
      6 * HOUR_MS,
    );
    expect(retryWaitMs(99, { chance: 1, retryAfterMs: null })).toBe(6 * HOUR_MS);
  });

  it('are one schedule for all that waits, yet something new is tried at once and puts nothing off', async () => {
    const one = await openOne();
    await one.put([message('a'), message('b')]);
    const { nextMs } = await fail(one.queue, await one.next(T), T);
    const fresh = await one.next(T + 1);
    expect(fresh?.entry.id, 'b was never tried').toBe('b');
    await fail(one.queue, fresh, T + 1);
    expect(await one.next(T + 2)).toBeNull();
    expect(one.queue.nextMs(T + 2)).toBe(nextMs);
    await one.put([message('c')], T + 3);
    const c = await one.next(T + 3);
    expect(c?.entry.id).toBe('c');
    if (c !== null) await one.queue.delivered(c.entry, T + 3);
    expect(await drain(one, T + 4), 'it is back').toEqual(['a', 'b']);
  });

  it('of a message that the receiver does not want hold up only what belongs to it', async () => {
    const one = await openOne();
    await one.put([alert('firing', 1), alert('acknowledged', 1), alert('firing', 2)]);
    await fail(one.queue, await one.next(T), T, { blame: 'message', error: 'a:1 answered 400' });
    expect(await drain(one, T + 1)).toEqual(['firing-2']);
    expect(one.queue.nextMs(T + 1)).toBe(T + 5 * SECOND_MS);
    expect(await drain(one, T + 5 * SECOND_MS)).toEqual(['firing-1', 'acknowledged-1']);
  });

  it('wait as long as Retry-After says, for whatever comes', async () => {
    const one = await openOne();
    await one.put([message('a')]);
    await fail(one.queue, await one.next(T), T, { retryAfterMs: 10 * MINUTE_MS });
    await one.put([message('b')], T + 1);
    expect(await one.next(T + 10 * MINUTE_MS - 1)).toBeNull();
    expect(one.queue.nextMs(T + 1)).toBe(T + 10 * MINUTE_MS);
    expect(await drain(one, T + 10 * MINUTE_MS)).toEqual(['a', 'b']);
  });

  it('end at 410 for the message that was answered so', async () => {
    const one = await openOne();
    await one.put([message('a'), message('b')]);
    await fail(one.queue, await one.next(T), T, { blame: 'gone', error: 'a:1 answered 410' });
    expect(one.queue.status()).toMatchObject({
      waiting: 1,
      givenUp: [{ about: 'about a', why: 'a:1 answered 410' }],
    });
  });

  it('stop for ten minutes after a hundred refusals in ten minutes', async () => {
    const one = await openOne();
    for (let i = 0; i < 100; i += 1) {
      await one.put([message(`m${i}`)], T + i * SECOND_MS);
      await fail(one.queue, await one.next(T + i * SECOND_MS), T + i * SECOND_MS, { isInvalid: true });
    }
    await one.put([message('later')], T + 100 * SECOND_MS);
    expect(await one.next(T + 99 * SECOND_MS + 10 * MINUTE_MS - 1)).toBeNull();
    expect(one.queue.status().lastError).toMatch(/nothing is sent for 10 min after 100 such answers/);
    expect(await one.next(T + 99 * SECOND_MS + 10 * MINUTE_MS)).not.toBeNull();
  });

  it('of refusals further apart go on', async () => {
    const one = await openOne();
    for (let i = 0; i < 300; i += 1) {
      const atMs = T + i * 7 * SECOND_MS;
      await one.put([message(`m${i}`)], atMs);
      await fail(one.queue, await one.next(atMs), atMs, { isInvalid: true });
    }
  });

  it('hold ten thousand at most: the oldest are given up for the newest, and counted', async () => {
    const one = await openOne();
    await one.put(Array.from({ length: 10_005 }, (_, i) => message(`m${i}`)));
    expect(one.queue.size).toBe(10_005);
    await one.put([message('new')]);
    expect(one.queue.size).toBe(10_000);
    expect(one.queue.status().givenUp.at(-1)).toMatchObject({
      about: 'about m5',
      why: 'too many messages wait',
    });
    expect((await openOne(one.state)).queue.size).toBe(10_000);
  });

  it('a message whose text is lost does not stand before the others', async () => {
    const one = await openOne();
    await one.put([message('a'), message('b')]);
    one.state.rows.delete('notify/body/hook/1');
    expect((await one.next(T))?.entry.id).toBe('b');
    expect(one.queue.status().givenUp).toMatchObject([{ about: 'about a' }]);
  });
});

describe('an alert', () => {
  it('that was over before anybody heard of it is told by its last message alone', async () => {
    const one = await openOne();
    await one.put([alert('firing', 1), alert('firing', 2), alert('acknowledged', 1), alert('resolved', 1)]);
    expect(await drain(one, T)).toEqual(['resolved-1', 'firing-2']);
    expect(await one.state.listState('notify/')).toHaveLength(2);
  });

  it('keeps its order, whatever fails in between', async () => {
    const one = await openOne();
    await one.put([alert('firing', 1)]);
    await fail(one.queue, await one.next(T), T);
    await one.put([alert('acknowledged', 1)], T + 1);
    expect(await one.next(T + 2), 'it does not overtake').toBeNull();
    expect(await drain(one, T + 5 * SECOND_MS)).toEqual(['firing-1', 'acknowledged-1']);
  });
});

describe('a digest', () => {
  /** A receiver that was away while `n` alerts fired, and takes the oldest now. */
  async function comeBack(n: number, kind: ReceiverKind = 'webhook', atMs = T + HOUR_MS) {
    const one = await openOne(new MemoryState(), { of: { ...receiver('hook'), kind } as Receiver });
    await one.put([message('probe')]);
    await fail(one.queue, await one.next(T), T);
    for (let i = 0; i < n; i += 1) {
      await one.put([alert('firing', i, i === 3 ? 'critical' : 'warning')], T + i * SECOND_MS);
      await fail(one.queue, await one.next(T + i * SECOND_MS), T + i * SECOND_MS);
    }
    const probe = await one.next(atMs);
    expect(probe?.entry.id, 'whether it is back is asked by one message').toBe('probe');
    if (probe !== null) await one.queue.delivered(probe.entry, atMs);
    return { ...one, atMs };
  }

  it('stands for all that waited, in place of a flood, once the receiver has taken one', async () => {
    const one = await comeBack(40);
    await one.put([alert('resolved', 0), alert('firing', 99)], one.atMs);
    const due = await one.next(one.atMs);
    const body = JSON.parse(due?.body ?? '{}');
    expect(body).toMatchObject({ type: 'digest', data: { lost: 0 } });
    // With what resolved meanwhile, though that is fresh.
    expect(body.data.items).toHaveLength(41);
    expect(body.data.items.at(-1)).toMatchObject({
      id: 'resolved-0',
      type: 'alert.resolved',
      incident: 'inc-0',
    });
    expect(await drain(one, one.atMs), 'what is fresh goes by itself').toEqual([due?.entry.id, 'firing-99']);
    expect(await one.state.listState('notify/entry')).toEqual([]);
  });

  it('keeps its id and text through a crash and a lost answer: they are made of what it stands for', async () => {
    const one = await comeBack(8);
    const first = await one.next(one.atMs);
    await one.put([alert('firing', 50)], one.atMs);
    const after = await openOne(one.state, { nowMs: one.atMs + HOUR_MS });
    expect(await after.next(one.atMs + HOUR_MS)).toMatchObject({
      entry: { id: first?.entry.id },
      body: first?.body,
    });
    const other = await comeBack(8);
    expect((await other.next(other.atMs))?.entry.id).toBe(first?.entry.id);
    const nine = await comeBack(9);
    expect((await nine.next(nine.atMs))?.entry.id).not.toBe(first?.entry.id);
  });

  it('is not made of five, nor of what waits for less than five minutes', async () => {
    expect(await drain(await comeBack(5), T + HOUR_MS)).toHaveLength(5);
    const young = await comeBack(30, 'webhook', T + 5 * MINUTE_MS);
    expect((await young.next(young.atMs))?.entry.type).toBe('alert.firing');
  });

  it('is not made for PagerDuty, where each message opens or ends an incident', async () => {
    const one = await comeBack(40, 'pagerduty');
    expect(await drain(one, one.atMs)).toHaveLength(40);
  });

  it('holds 500 at most, so that thousands come as a few', async () => {
    const one = await openOne();
    await one.put(Array.from({ length: 1_200 }, (_, i) => alert('firing', i)));
    expect(await drain(one, T + HOUR_MS)).toHaveLength(3);
  });

  it('that is not wanted either does not make another one, and what it stood for is counted', async () => {
    const one = await comeBack(8);
    const gone = { blame: 'gone' as const };
    await fail(one.queue, await one.next(one.atMs), one.atMs, gone);
    expect(await one.next(one.atMs)).toBeNull();
    await one.put([alert('firing', 70)], one.atMs);
    expect(await drain(one, one.atMs)).toHaveLength(2);
    const told = [...one.state.rows].filter(([key]) => key.startsWith('notify/receiver/'));
    expect(told).toMatchObject([
      ['notify/receiver/hook', { lost: 0, givenUp: [{ about: '8 messages as one' }] }],
    ]);
  });

  it('also says how many were given up, once', async () => {
    const one = await openOne();
    await one.put([message('a'), message('b'), message('c')]);
    await fail(one.queue, await one.next(T + GIVE_UP_MS), T + GIVE_UP_MS);
    expect(one.queue.status().givenUp.map(({ about }) => about)).toEqual(['about a', 'about b', 'about c']);
    await one.put([message('new')], T + GIVE_UP_MS + 1);
    const first = await one.next(T + GIVE_UP_MS + HOUR_MS);
    expect(first?.entry.id).toBe('new');
    if (first !== null) await one.queue.delivered(first.entry, T + GIVE_UP_MS + HOUR_MS);
    const second = await one.next(T + GIVE_UP_MS + HOUR_MS);
    expect(JSON.parse(second?.body ?? '{}')).toMatchObject({ type: 'digest', data: { items: [], lost: 3 } });
    expect(await drain(one, T + GIVE_UP_MS + HOUR_MS)).toHaveLength(1);
    expect(await one.next(T + GIVE_UP_MS + 2 * HOUR_MS)).toBeNull();
  });
});
