import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import { ScrapeError } from '@/lib/server/collectors/collector.ts';
import { openWorld, redis, type World } from '@/lib/server/queries/test-world.ts';
import { WatchBook } from '@/lib/server/watch/watch-book.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { doFollowUp, overrideVerdict, signCheck, unsignCheck } from './watch.ts';

let origin = 'http://127.0.0.1:3000';
// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: '127.0.0.1:3000', origin, 'sec-fetch-site': 'same-origin' }),
}));

const RUNTIME = Symbol.for('afterwatch');
const ID = '20260409T175452-abcdefghjkmn';
const WHO = { deployId: ID, by: 'Ada' };
let world: World;
let watches: WatchBook;

function recordOf(atMs: number): WatchRecord {
  const check = {
    dueMs: 0,
    state: 'waiting',
    block: null,
    provisional: false,
    evidence: null,
    signed: null,
  } as const;
  return {
    deployId: ID,
    release: 'v1203',
    app: 'harbor',
    environment: 'production',
    originMs: atMs,
    settledMs: atMs,
    endMs: atMs + DAY_MS,
    openedMs: atMs,
    closedMs: null,
    judgedMs: atMs,
    state: 'settling',
    provisional: true,
    reason: null,
    sinceMs: null,
    claims: {},
    checks: [
      { ...check, id: 'person', title: 'Dashboard', automatic: false },
      { ...check, id: 'machine', title: 'Machines', automatic: true },
    ],
    followUps: [{ id: 'f1', text: 'Later', dueMs: null, owner: null, done: null, remindedMs: null }],
    changes: [],
    notChecked: [],
    interruption: null,
    override: null,
  };
}

beforeAll(async () => {
  world = await openWorld([redis], () => {
    throw new ScrapeError('timeout', 'redis: cache is not asked here');
  });
  const { store, clock } = world.runtime;
  watches = new WatchBook({ store, wallMs: () => clock.wallMs(), onFault: () => {} });
  await watches.update(ID, () => ({ record: recordOf(world.nowMs()), changes: [] }));
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password: null, token: null },
    new MemoryState(),
    clock,
  );
  const runtime = { ...world.runtime, auth, watches, log: { warn: () => {}, error: () => {} } };
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

const now = async () => {
  const record = await watches.get(ID);
  if (record === null) throw new Error('the watch is there');
  return record;
};
const refused = (code: string) => ({ ok: false, error: { code } });

describe('what people do to a watch', () => {
  it('a line is ticked by name, and who takes a wrong tick back stays in the history', async () => {
    expect(await signCheck({ ...WHO, checkId: 'person', note: '  all calm ' })).toEqual({
      ok: true,
      data: { deployId: ID },
    });
    expect((await now()).checks[0]).toMatchObject({ state: 'done', signed: { by: 'Ada', note: 'all calm' } });
    expect(await unsignCheck({ ...WHO, by: 'Bob', checkId: 'person' })).toMatchObject({ ok: true });
    const { checks, changes } = await now();
    expect(checks[0]?.signed).toBeNull();
    expect(changes.at(-1)?.evidence).toMatch(/Bob took back .*Ada/);
  });

  it('an empty note is no note, and what a machine looks at is signed by nobody', async () => {
    expect(await signCheck({ ...WHO, checkId: 'person', note: '  ' })).toMatchObject({ ok: true });
    expect((await now()).checks[0]?.signed?.note).toBeNull();
    expect(await signCheck({ ...WHO, checkId: 'machine', note: null })).toMatchObject(refused('not_found'));
    expect((await now()).checks[1]?.signed).toBeNull();
  });

  it('a verdict is put over the machine’s with a reason, and withdrawn; both are kept', async () => {
    const verdict = { state: 'met', reason: 'The bill says so.' } as const;
    expect(await overrideVerdict({ ...WHO, verdict })).toMatchObject({ ok: true });
    expect(await now()).toMatchObject({ state: 'settling', override: { ...verdict, by: 'Ada' } });
    expect(await overrideVerdict({ ...WHO, by: 'Bob', verdict: null })).toMatchObject({ ok: true });
    const { override, changes } = await now();
    expect(override).toBeNull();
    expect(changes.at(-1)?.evidence).toContain('Bob');
    expect(await overrideVerdict({ ...WHO, verdict: null })).toMatchObject(refused('not_found'));
  });

  it('a follow-up is taken and done', async () => {
    const said = { ...WHO, followUpId: 'f1', done: true, owner: ' Ines ' };
    expect(await doFollowUp(said)).toMatchObject({ ok: true });
    expect((await now()).followUps[0]).toMatchObject({ owner: 'Ines', done: { by: 'Ada' } });
    expect(await doFollowUp({ ...said, followUpId: 'f9' })).toMatchObject(refused('not_found'));
  });

  it('refuses a verdict without a reason, a person without a name, an unknown state and an unknown deploy', async () => {
    const verdict = { state: 'met', reason: ' ' } as const;
    expect(await overrideVerdict({ ...WHO, verdict })).toMatchObject(refused('bad_input'));
    expect(await signCheck({ ...WHO, by: ' ', checkId: 'person', note: null })).toMatchObject(
      refused('bad_input'),
    );
    const wrong = { ...WHO, verdict: { state: 'great', reason: 'x' } } as unknown as Parameters<
      typeof overrideVerdict
    >[0];
    expect(await overrideVerdict(wrong)).toMatchObject(refused('bad_input'));
    const other = { ...WHO, deployId: '20260409T175452-zzzzzzzzzzzz' };
    expect(await signCheck({ ...other, checkId: 'person', note: null })).toMatchObject(refused('not_found'));
  });

  it('refuses a page of somebody else', async () => {
    origin = 'https://elsewhere.example';
    try {
      const verdict = { state: 'met', reason: 'mine' } as const;
      expect(await overrideVerdict({ ...WHO, verdict })).toMatchObject(refused('forbidden'));
    } finally {
      origin = 'http://127.0.0.1:3000';
    }
    expect((await now()).override).toBeNull();
  });
});
