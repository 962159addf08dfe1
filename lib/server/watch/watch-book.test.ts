import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { openWorld, redis, START_MS, type World } from '../queries/test-world.ts';
import { WatchBook, type WatchEvent } from './watch-book.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
let world: World;
let faults: string[];
beforeEach(async () => {
  world = await openWorld([redis], () => ({ samples: [], start: null, facts: {}, notices: [] }));
  faults = [];
});
afterEach(async () => {
  await world.close();
});

async function open(store: Pick<World['store'], 'getState' | 'putState'> = world.store): Promise<WatchBook> {
  const book = new WatchBook({ store, wallMs: world.nowMs, onFault: (message) => faults.push(message) });
  await book.load([SCOPE]);
  return book;
}

function recordOf(deployId: string, rest: Partial<WatchRecord> = {}): WatchRecord {
  return {
    ...{ deployId, release: 'v7', ...SCOPE, originMs: START_MS, settledMs: null, endMs: START_MS + DAY_MS },
    ...{ openedMs: START_MS, closedMs: null, judgedMs: START_MS },
    ...{ state: 'on_track', provisional: true, reason: null, sinceMs: null, claims: {} },
    checks: [
      {
        ...{ id: 'm1', title: 'Look at the console', dueMs: HOUR_MS, automatic: false, state: 'waiting' },
        ...{ block: null, provisional: false, evidence: null, signed: null },
      },
      {
        ...{ id: 'a1', title: 'GETs fall', dueMs: HOUR_MS, automatic: true, state: 'waiting' },
        ...{ block: null, provisional: false, evidence: null, signed: null },
      },
    ],
    followUps: [{ id: 'f1', text: 'Tell the team', dueMs: null, owner: null, done: null, remindedMs: null }],
    ...{ changes: [], notChecked: [], interruption: null, override: null },
    ...rest,
  };
}

const put = (book: WatchBook, record: WatchRecord) =>
  book.update(record.deployId, () => ({ record, changes: [] }));

describe('the book of watches', () => {
  it('has what was written after a restart: records, lines, and the watch that a scope is on', async () => {
    const book = await open();
    await put(book, recordOf('one', { originMs: START_MS - HOUR_MS }));
    await put(
      book,
      recordOf('two', { state: 'met', override: { state: 'missed', by: 'Ben', reason: 'x', atMs: 1 } }),
    );
    const again = await open();
    expect(await again.get('one')).toEqual(await book.get('one'));
    expect([...again.linesNow(SCOPE)]).toEqual([
      [
        'one',
        expect.objectContaining({ state: 'on_track', closed: false, overridden: false, met: 0, of: 0 }),
      ],
      ['two', expect.objectContaining({ state: 'met', overridden: true })],
    ]);
    expect(again.openNow().map(({ deployId }) => deployId)).toEqual(['one', 'two']);
    expect(again.currentNow(SCOPE)?.deployId).toBe('two');
    expect(again.currentNow({ ...SCOPE, environment: 'staging' })).toBeNull();
    expect(await again.get('none')).toBeNull();
  });

  it('is on the newest open watch, else for a day on the newest that is over', async () => {
    const book = await open();
    await put(book, recordOf('old', { originMs: START_MS - DAY_MS, closedMs: START_MS - HOUR_MS }));
    await put(book, recordOf('new', { closedMs: START_MS }));
    expect(book.currentNow(SCOPE)?.deployId).toBe('new');
    await put(book, recordOf('open', { originMs: START_MS - 2 * DAY_MS }));
    expect(book.currentNow(SCOPE)?.deployId).toBe('open');
    await put(book, recordOf('open', { originMs: START_MS - 2 * DAY_MS, closedMs: START_MS }));
    world.wait(23.5 * 60);
    expect(book.currentNow(SCOPE)?.deployId).toBe('new');
    world.wait(60);
    expect(book.currentNow(SCOPE)).toBeNull();
    expect((await open()).currentNow(SCOPE)).toBeNull();
    expect(await book.get('new')).toMatchObject({ closedMs: START_MS });
  });

  it('tells of nothing and holds nothing that is not durable, and goes on afterwards', async () => {
    let isFull = true;
    const book = await open({
      getState: (key) => world.store.getState(key),
      putState: (entries) =>
        isFull ? Promise.reject(new Error('the disk is full')) : world.store.putState(entries),
    });
    const events: WatchEvent[] = [];
    book.onChange((event) => events.push(event));
    await expect(put(book, recordOf('one'))).rejects.toThrow('the disk is full');
    expect([events, book.openNow(), await book.get('one')]).toEqual([[], [], null]);
    isFull = false;
    await put(book, recordOf('one'));
    expect(events.map(({ record }) => record.deployId)).toEqual(['one']);
  });

  it('adds changes to those that are there, and tells each listener until it goes, whatever another does', async () => {
    const book = await open();
    const events: WatchEvent[] = [];
    book.onChange(() => {
      throw new Error('a bad listener');
    });
    const leave = book.onChange((event) => events.push(event));
    const change = {
      ...{ atMs: 1, claimId: null, from: null, to: 'on_track' as const, provisional: true, reason: null },
      evidence: 'one',
    };
    await book.update('one', () => ({ record: recordOf('one'), changes: [change] }));
    await book.update('one', (known) => {
      if (known === null) throw new Error('a record was expected');
      return { record: { ...known, changes: [] }, changes: [{ ...change, evidence: 'two' }] };
    });
    leave();
    await put(book, recordOf('two'));
    expect((await book.get('one'))?.changes.map(({ evidence }) => evidence)).toEqual(['one', 'two']);
    expect(events.map(({ changes }) => changes.map(({ evidence }) => evidence))).toEqual([['one'], ['two']]);
    expect(faults).toHaveLength(3);
  });

  it('takes a tick of what only a person can tick, and says who took it back', async () => {
    const book = await open();
    await put(book, recordOf('one'));
    const ann = { by: 'Ann', note: 'seen' };
    expect(await book.sign('one', 'a1', ann)).toBe(false);
    expect(await book.sign('one', 'gone', ann)).toBe(false);
    expect(await book.sign('none', 'm1', ann)).toBe(false);
    expect(await book.unsign('one', 'm1', { by: 'Ben' })).toBe(false);
    expect(await book.sign('one', 'm1', ann)).toBe(true);
    expect((await book.get('one'))?.checks[0]).toMatchObject({
      state: 'done',
      signed: { by: 'Ann', note: 'seen', atMs: START_MS },
    });
    expect(await book.unsign('one', 'm1', { by: 'Ben' })).toBe(true);
    const record = await book.get('one');
    expect(record?.checks[0]).toMatchObject({ state: 'waiting', signed: null });
    expect(record?.changes).toMatchObject([
      {
        from: 'on_track',
        to: 'on_track',
        evidence: 'Ben took back the tick of “Look at the console” by Ann',
      },
    ]);
  });

  it('keeps a person’s verdict beside the machine’s, and both acts in the history', async () => {
    const book = await open();
    await put(book, recordOf('one'));
    expect(await book.override('one', null, 'Ann')).toBe(false);
    expect(
      await book.override('one', { state: 'met', by: 'Ann', reason: 'seen in the console' }, 'Ann'),
    ).toBe(true);
    expect(await book.get('one')).toMatchObject({ state: 'on_track', override: { state: 'met', by: 'Ann' } });
    expect(book.linesNow(SCOPE).get('one')).toMatchObject({ state: 'on_track', overridden: true });
    expect(await book.override('one', null, 'Ben')).toBe(true);
    expect((await book.get('one'))?.changes.map(({ evidence }) => evidence)).toEqual([
      'Ann set met over it: seen in the console',
      'Ben withdrew the verdict of Ann',
    ]);
  });

  it('keeps who took a next step, who did it, and that somebody was reminded', async () => {
    const book = await open();
    await put(book, recordOf('one', { closedMs: START_MS - 2 * DAY_MS }));
    expect(await book.followUp('one', 'f1', { done: true, by: 'Ann', owner: 'Ben' })).toBe(true);
    expect(await book.followUp('one', 'none', { done: true, by: 'Ann', owner: null })).toBe(false);
    await book.reminded('one', 'f1', 5);
    expect((await book.get('one'))?.followUps[0]).toMatchObject({
      owner: 'Ben',
      done: { by: 'Ann', atMs: START_MS },
      remindedMs: 5,
    });
    await book.followUp('one', 'f1', { done: false, by: 'Ann', owner: null });
    expect((await book.get('one'))?.followUps[0]).toMatchObject({ owner: null, done: null, remindedMs: 5 });
  });
});
