import { beforeEach, describe, expect, it } from 'vitest';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { registerSecret } from '../log/secrets.ts';
import { DeployBook, type Noticed, type Registered, type Told } from './deploy-book.ts';
import type { NewDeploy } from './new-deploy.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const NOW_MS = Date.parse('2026-04-09T18:30:00Z');
const T0_MS = Date.parse('2026-04-09T17:54:52Z');
const SUMMARY = [
  '# v1203: fewer reads of the cache',
  '',
  '| metric | before | after |',
  '|---|---|---|',
  '| Redis GETs/hour | 733,000 | 24,000 |',
  '| DB queries/day | 195,680 | 50,816 |',
].join('\n');

let state: MemoryState;
let nowMs: number;
let fresh: Deploy[];
let book: DeployBook;
const open = () =>
  new DeployBook({ store: state, wallMs: () => nowMs, known: () => ({}), onNew: (one) => fresh.push(one) });
beforeEach(() => {
  state = new MemoryState();
  nowMs = NOW_MS;
  fresh = [];
  book = open();
});

const NONE = { sender: 'token a', key: null, signedAs: null, body: '' };
async function tell(
  deploy: NewDeploy,
  replay: Partial<Told['replay']> = {},
): Promise<Extract<Registered, { deploy: Deploy }>> {
  const done = await book.register({ scope: SCOPE, deploy, origin: 'api', replay: { ...NONE, ...replay } });
  if (done.how === 'conflict') throw new Error('conflict');
  return done;
}
const seen = (over: Partial<Noticed> = {}): Noticed => ({
  scope: SCOPE,
  sign: 'fly_release',
  release: 'v1203',
  kind: 'code',
  startMs: T0_MS,
  endMs: T0_MS + 164_000,
  rolled: { done: 2, of: 2 },
  title: 'Fly release v1203',
  ...over,
});
const ids = async () => (await book.list(SCOPE)).map(({ release, kind }) => `${release} ${kind}`);

describe('register', () => {
  it('reads the promises out of the summary; nothing counts before a person confirms', async () => {
    const { how, deploy } = await tell({ summary: SUMMARY, release: 'v1203', time: T0_MS });
    expect(how).toBe('new');
    expect(deploy.id).toMatch(/^20260409T175452-[a-z2-9]{12}$/);
    expect(deploy.claims.map(({ before, after, standing }) => [before, after, standing])).toEqual([
      [733_000, 24_000, 'proposed'],
      [195_680, 50_816, 'proposed'],
    ]);
    expect(deploy).toMatchObject({ title: 'v1203: fewer reads of the cache', confirmed: null, sign: null });
    expect(fresh).toHaveLength(1);
  });

  it('keeps what was told over a restart', async () => {
    const { deploy } = await tell({ summary: SUMMARY, release: 'v1203' });
    book = open();
    expect(await book.get(deploy.id)).toEqual(deploy);
    expect(await book.list(SCOPE)).toMatchObject([
      { id: deploy.id, claims: { confirmed: 0, all: 2 }, summed: true },
    ]);
  });

  it('takes secrets out before anything is stored, and counts them', async () => {
    registerSecret('own-database-password');
    const { deploy } = await tell({
      summary: `${SUMMARY}\n\nredis-cli -u redis://default:hunter2hunter2@cache:6379\nown-database-password`,
      release: 'v1203',
      title: 'with own-database-password',
    });
    const written = JSON.stringify([...state.rows]);
    expect(written).not.toMatch(/hunter2|own-database-password/);
    expect(deploy.document?.redactions).toBeGreaterThanOrEqual(2);
    expect(deploy.summary.split('\n')).toHaveLength(SUMMARY.split('\n').length + 3);
  });

  it('answers a repeat of a request as before, and refuses another body under its key', async () => {
    const first = await tell({ release: 'v1' }, { key: 'k1', body: 'one' });
    expect(await tell({ release: 'v1' }, { key: 'k1', body: 'one' })).toEqual({
      how: 'replay',
      deploy: first.deploy,
    });
    const other = { ...NONE, key: 'k1', body: 'two' };
    const told = { scope: SCOPE, deploy: { release: 'v2' }, origin: 'api', replay: other } as const;
    expect(await book.register(told)).toEqual({ how: 'conflict' });
    book = open();
    expect((await tell({ release: 'v1' }, { key: 'k1', body: 'one' })).how, 'after a restart').toBe('replay');
    expect((await tell({ release: 'v9' }, { key: 'k1', body: 'two', sender: 'token b' })).how).toBe('new');
    expect(await ids()).toEqual(['v1 code', 'v9 code']);
  });

  it('a hundred repeats at once store one deploy', async () => {
    const all = await Promise.all(
      Array.from({ length: 100 }, () => tell({ release: 'v1' }, { key: 'k', body: 'x' })),
    );
    expect(new Set(all.map(({ deploy }) => deploy.id)).size).toBe(1);
    expect(all.filter(({ how }) => how === 'new')).toHaveLength(1);
    expect(await book.list(SCOPE)).toHaveLength(1);
  });

  it('a signed request sent again under a new key changes nothing', async () => {
    const first = await tell(
      { release: 'v1', summary: 'old words' },
      { key: 'a', signedAs: 's1', body: 'x' },
    );
    await tell({ release: 'v1', summary: 'new words' }, { key: 'b', signedAs: 's2', body: 'y' });
    const again = await tell(
      { release: 'v1', summary: 'old words' },
      { key: 'c', signedAs: 's1', body: 'x' },
    );
    expect(again.how).toBe('replay');
    expect((await book.get(first.deploy.id))?.summary).toBe('new words');
  });

  it('merges the same release within 30 days, however it is written, and not later', async () => {
    await tell({ release: 'v1203', time: T0_MS });
    nowMs += 3 * DAY_MS;
    const later = await tell({ release: '1203', summary: SUMMARY });
    expect(later.how).toBe('merged');
    expect(later.deploy).toMatchObject({ release: 'v1203', startMs: T0_MS });
    expect(later.deploy.claims).toHaveLength(2);
    nowMs += 40 * DAY_MS;
    expect((await tell({ release: 'v1203' })).how).toBe('new');
  });

  it('words that are told twice are one change within two hours, and another one on another day', async () => {
    const first = await tell({ kind: 'suspend' });
    nowMs += HOUR_MS;
    expect((await tell({ kind: 'suspend' })).deploy.id).toBe(first.deploy.id);
    nowMs += 2 * DAY_MS;
    expect((await tell({ kind: 'suspend' })).how).toBe('new');
    expect((await tell({ kind: 'resume' })).how).toBe('new');
  });

  it('another environment is another deploy', async () => {
    await tell({ release: 'v1' });
    const staging = { app: 'harbor', environment: 'staging' };
    const done = await book.register({
      scope: staging,
      deploy: { release: 'v1' },
      origin: 'api',
      replay: NONE,
    });
    expect(done.how).toBe('new');
  });

  it('takes release and time from the summary, and says when there is no release', async () => {
    const { deploy } = await tell({ summary: `Release v77\n\nDeployed: 2026-04-09T17:54:52Z` });
    expect(deploy).toMatchObject({ release: 'v77', startMs: T0_MS });
    await expect(tell({ summary: 'Nothing but words.' })).rejects.toThrow(/release: missing/);
    expect((await tell({ kind: 'suspend', summary: 'We switched it off.' })).deploy.release).toBe(
      'Redis suspended',
    );
  });

  it('a summary told anew keeps what people decided of the same claims', async () => {
    const { deploy } = await tell({ release: 'v1203', summary: SUMMARY });
    await book.confirm(deploy.id, null, 'Ada');
    const changed = SUMMARY.replace('50,816', '60,000');
    const { deploy: merged } = await tell({ release: 'v1203', summary: changed });
    const gets = merged.claims.find(({ after }) => after === 24_000);
    expect(gets?.standing).toBe('confirmed');
    expect(merged.claims.find(({ after }) => after === 60_000)?.standing).toBe('proposed');
    expect(merged.confirmed).toEqual({ atMs: NOW_MS, by: 'Ada' });
  });
});

describe('notice', () => {
  it('is one deploy with what is told of it, whichever comes first', async () => {
    await book.notice(seen());
    nowMs = T0_MS + 20 * MINUTE_MS;
    const told = await tell({ release: 'v1203', summary: SUMMARY });
    expect(told.how).toBe('merged');
    expect(told.deploy).toMatchObject({
      sign: 'fly_release',
      origin: 'api',
      startMs: T0_MS,
      endMs: T0_MS + 164_000,
      rolled: { done: 2, of: 2 },
    });
    const first = await tell({ release: 'v1204', time: T0_MS + HOUR_MS });
    await book.notice(seen({ release: 'v1204', startMs: T0_MS + HOUR_MS + 30_000, endMs: null }));
    expect(await book.get(first.deploy.id)).toMatchObject({ sign: 'fly_release', endMs: null });
    expect(await ids()).toEqual(['v1203 code', 'v1204 code']);
  });

  it('a commit that is told and a number that Fly counts are one, and found by both names', async () => {
    await book.notice(seen());
    nowMs = T0_MS + 5 * MINUTE_MS;
    const told = await tell({ release: '9f3c27d1aa04', summary: SUMMARY });
    expect(told.deploy).toMatchObject({ release: 'v1203', aliases: ['9f3c27d1aa04'] });
    expect((await tell({ release: '9f3c27d1aa04' })).deploy.id).toBe(told.deploy.id);
    expect((await tell({ release: '1111aaa2222b' })).how, 'another commit is another deploy').toBe('new');
  });

  it('seen again, also by another process, changes nothing', async () => {
    await book.notice(seen());
    const before = JSON.stringify([...state.rows]);
    book = open();
    expect(await book.notice(seen())).toBeNull();
    expect(JSON.stringify([...state.rows])).toBe(before);
  });

  it('a secret, its release and the suspension that it brings are one suspension', async () => {
    const at = (minutes: number) => T0_MS + minutes * MINUTE_MS;
    await book.notice(seen({ release: 'v1204', kind: 'secret', startMs: at(-72), endMs: at(-71) }));
    await book.notice(
      seen({
        sign: 'secret_digest',
        release: 'SUSPEND_REDIS set',
        kind: 'secret',
        startMs: at(0),
        endMs: at(0),
        rolled: null,
      }),
    );
    await book.notice(
      seen({
        sign: 'redis_mode',
        release: 'Redis suspended',
        kind: 'suspend',
        startMs: at(2),
        endMs: at(2),
        rolled: null,
      }),
    );
    await book.notice(seen({ release: 'v1205', kind: 'secret', startMs: at(1), endMs: at(3) }));
    expect(await ids()).toEqual(['v1204 secret', 'v1205 suspend']);
    expect((await book.list(SCOPE))[1]).toMatchObject({ startMs: at(1), endMs: at(3) });
  });

  it('a suspension, its end and the next one are three deploys', async () => {
    for (const [minutes, kind] of [
      [0, 'suspend'],
      [16, 'resume'],
      [36, 'suspend'],
    ] as const) {
      const startMs = T0_MS + minutes * MINUTE_MS;
      const release = kind === 'suspend' ? 'Redis suspended' : 'Redis resumed';
      await book.notice(seen({ sign: 'redis_mode', release, kind, startMs, endMs: startMs, rolled: null }));
    }
    expect(await ids()).toEqual([
      'Redis suspended suspend',
      'Redis resumed resume',
      'Redis suspended suspend',
    ]);
  });

  it('a suspension long after a release of code is no part of it, and a resume with its machines is', async () => {
    await book.notice(seen({ endMs: T0_MS + MINUTE_MS }));
    const mode = { sign: 'redis_mode', rolled: null, endMs: null } as const;
    await book.notice(
      seen({ ...mode, release: 'Redis resumed', kind: 'resume', startMs: T0_MS + 2 * MINUTE_MS }),
    );
    expect(await ids()).toEqual(['v1203 code']);
    await book.notice(
      seen({ ...mode, release: 'Redis suspended', kind: 'suspend', startMs: T0_MS + 40 * MINUTE_MS }),
    );
    expect(await ids()).toEqual(['v1203 code', 'Redis suspended suspend']);
  });
});

describe('claims', () => {
  it('an edit is marked as one, what is left out is removed, and what is new gets in', async () => {
    const { deploy } = await tell({ release: 'v1203', summary: SUMMARY });
    const [gets, queries] = deploy.claims;
    if (gets === undefined || queries === undefined) throw new Error('two claims were expected');
    const added = { ...queries, id: 'n1', text: 'p95 stays under 300 ms', metric: null };
    const edited = await book.editClaims(deploy.id, [{ ...gets, after: 30_000 }, added], 'Ada');
    expect(edited?.claims.map(({ id, standing, edited: is }) => [id, standing, is])).toEqual([
      [gets.id, 'proposed', true],
      ['n1', 'proposed', true],
      [queries.id, 'removed', false],
    ]);
    expect(edited?.confirmed).toBeNull();
    const confirmed = await book.confirm(deploy.id, null, 'Ada');
    expect(confirmed?.claims.map(({ standing }) => standing)).toEqual(['confirmed', 'confirmed', 'removed']);
    expect(await book.list(SCOPE)).toMatchObject([{ claims: { confirmed: 2, all: 2 } }]);
  });

  it('a metric that nobody knows and a limit without its sign are refused', async () => {
    const { deploy } = await tell({ release: 'v1203', summary: SUMMARY });
    const [claim] = deploy.claims;
    if (claim === undefined) throw new Error('a claim was expected');
    const edit = (over: object) => book.editClaims(deploy.id, [{ ...claim, ...over }], null);
    await expect(edit({ metric: 'redis_wishes_total' })).rejects.toThrow(/no metric has the name/);
    await expect(edit({ limit: 5, limitOp: null })).rejects.toThrow(/come together/);
    await expect(book.editClaims('20260409T175452-aaaaaaaaaaaa', [], null)).resolves.toBeNull();
  });
});
