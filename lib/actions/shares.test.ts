import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SWITCHES, type ShareSubject } from '@/lib/core/model/share.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { createAuth } from '@/lib/server/auth/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import {
  good,
  grown,
  openWorld,
  redis,
  START_MS,
  sample,
  type World,
} from '@/lib/server/queries/test-world.ts';
import { freezeCopy } from '@/lib/server/shares/freeze-copy.ts';
import { ShareBook } from '@/lib/server/shares/share-book.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { makeShare, previewShare, readShares, revokeShare } from './shares.ts';

let origin = 'http://127.0.0.1:3000';
// The framework gives headers only inside a request of its own; these are a page of ours on this machine.
vi.mock('next/headers', () => ({
  headers: async () => new Headers({ host: '127.0.0.1:3000', origin, 'sec-fetch-site': 'same-origin' }),
}));

const RUNTIME = Symbol.for('afterwatch');
const SUBJECT: ShareSubject = {
  ...{ kind: 'chart', app: 'harbor', environment: 'production', chart: 'redis_gets' },
  range: { startMs: START_MS, endMs: START_MS + 10 * MINUTE_MS },
};
const BAD = { ok: false, error: { code: 'bad_input' } };
let world: World;
let shares: ShareBook;

async function run(password: Secret | null): Promise<void> {
  const { clock } = world.runtime;
  const auth = await createAuth(
    { bind: { host: '127.0.0.1', port: 3000 }, publicUrl: null, password, token: null },
    new MemoryState(),
    clock,
  );
  const runtime = { ...world.runtime, auth, shares, log: { warn: () => {}, error: () => {} } };
  Object.assign(globalThis, { [RUNTIME]: { starting: Promise.resolve(runtime), runtime } });
}

beforeAll(async () => {
  world = await openWorld([redis], (_target, atMs) =>
    good([sample('redis_commands_total', grown(10, atMs), { cmd: 'get' })]),
  );
  await world.watch(20);
  shares = await ShareBook.open({
    store: new MemoryState(),
    wallMs: world.nowMs,
    freeze: (subject, switches) => freezeCopy(world.runtime, subject, switches),
    origin: () => 'http://127.0.0.1:3000',
    onFault: () => {},
  });
  await run(null);
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, RUNTIME);
  await world.close();
});

async function preview(subject: ShareSubject = SUBJECT): Promise<string> {
  const seen = await previewShare({ subject, switches: DEFAULT_SWITCHES });
  if (!seen.ok) throw new Error(seen.error.message);
  return seen.data.previewId;
}

describe('sharing', () => {
  it('shows what would leave, makes a link to it once it is asked for, lists it and ends it', async () => {
    const seen = await previewShare({ subject: SUBJECT, switches: DEFAULT_SWITCHES });
    if (!seen.ok) throw new Error(seen.error.message);
    expect(seen.data.copy).toMatchObject({ kind: 'chart', title: 'Redis GETs', place: 'harbor, production' });
    expect(await readShares({ subject: SUBJECT })).toMatchObject({ data: { shares: [] } });
    const made = await makeShare({ previewId: seen.data.previewId, days: 7, by: 'Ada' });
    if (!made.ok) throw new Error(made.error.message);
    expect(Object.keys(made.data).sort()).toEqual(['id', 'line', 'path', 'token', 'url']);
    expect(await shares.open(made.data.token)).toMatchObject({ found: 'copy', copy: seen.data.copy });
    const listed = await readShares({ subject: null });
    expect(listed).toMatchObject({ data: { shares: [{ id: made.data.id, madeBy: 'Ada' }] } });
    expect(JSON.stringify(listed)).not.toContain(made.data.token);
    expect(await revokeShare({ id: made.data.id, by: 'Ada' })).toMatchObject({ ok: true });
    expect(shares.standing(made.data.token)).toBe('gone');
    expect(await revokeShare({ id: 'nothing-there', by: 'Ada' })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('refuses what does not fit: unknown fields, ranges, charts, days, switches that are not said', async () => {
    type Asked = Parameters<typeof previewShare>[0];
    const ask = (input: object) => previewShare(input as unknown as Asked);
    const switches = DEFAULT_SWITCHES;
    const { money: _, ...some } = switches;
    for (const input of [
      { subject: { ...SUBJECT, extra: 1 }, switches },
      { subject: SUBJECT, switches, extra: 1 },
      { subject: SUBJECT, switches: some },
      { subject: SUBJECT, switches: { ...switches, everything: true } },
      { subject: { ...SUBJECT, chart: 'db_connections' }, switches },
      { subject: { kind: 'incident', incidentId: '../shares/index' }, switches },
      { subject: { kind: 'deploy', deployId: '%00' }, switches },
      ...[
        { startMs: Number.NaN, endMs: 1 },
        { startMs: -1, endMs: 1 },
        { startMs: 5, endMs: 5 },
        { startMs: START_MS + HOUR_MS, endMs: START_MS },
        { startMs: START_MS, endMs: 1e300 },
        { startMs: START_MS + 0.5, endMs: START_MS + MINUTE_MS },
        { startMs: START_MS, endMs: START_MS + MINUTE_MS, stepMs: 1 },
      ].map((range) => ({ subject: { ...SUBJECT, range }, switches })),
    ])
      expect(await ask(input), JSON.stringify(input)).toMatchObject(BAD);
    const previewId = await preview();
    for (const days of [0, 91, 1.5, Number.NaN])
      expect(await makeShare({ previewId, days, by: 'Ada' })).toMatchObject(BAD);
    expect(await makeShare({ previewId, days: 1, by: '' })).toMatchObject(BAD);
    expect(await makeShare({ previewId: 'nothing-there', days: 1, by: 'Ada' })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('makes at most 30 links an hour', async () => {
    const previewId = await preview();
    const known = shares.list(null).length;
    for (let i = known; i < 30; i += 1)
      expect(await makeShare({ previewId, days: 1, by: 'Ada' })).toMatchObject({ ok: true });
    expect(await makeShare({ previewId, days: 1, by: 'Ada' })).toMatchObject({ error: { code: 'too_many' } });
    world.wait(61);
    expect(await makeShare({ previewId: await preview(), days: 1, by: 'Ada' })).toMatchObject({ ok: true });
  });

  it('refuses strangers and pages of others', async () => {
    const asks = () => [
      previewShare({ subject: SUBJECT, switches: DEFAULT_SWITCHES }),
      makeShare({ previewId: 'nothing-there', days: 1, by: 'Ada' }),
      revokeShare({ id: 'nothing-there', by: 'Ada' }),
      readShares({ subject: null }),
    ];
    origin = 'https://elsewhere.example';
    for (const asked of asks()) expect(await asked).toMatchObject({ error: { code: 'forbidden' } });
    origin = 'http://127.0.0.1:3000';
    await run(new Secret('a password of people'));
    for (const asked of asks()) expect(await asked).toMatchObject({ error: { code: 'not_signed_in' } });
  });
});
