import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { DeployBook } from '../deploys/deploy-book.ts';
import { readDeploy, readDeploys } from './deploys.ts';
import { readMarks, readOrigin } from './marks.ts';

const SCOPE = { app: 'harbor', environment: 'production' };
const T0_MS = Date.parse('2026-04-09T17:54:52Z');
const REPLAY = { sender: 'a', key: null, signedAs: null, body: '' };

let book: DeployBook;
beforeEach(() => {
  book = new DeployBook({ store: new MemoryState(), wallMs: () => T0_MS + HOUR_MS, known: () => ({}) });
});
const text = (name: string) => readFileSync(`test/claims-set/${name}.md`, 'utf8');
const tell = async (release: string, minutes: number, summary = '') => {
  const time = T0_MS + minutes * MINUTE_MS;
  const done = await book.register({
    scope: SCOPE,
    deploy: { release, time, summary },
    origin: 'api',
    replay: REPLAY,
  });
  if (done.how === 'conflict') throw new Error('conflict');
  return done.deploy;
};
const suspend = (minutes: number) =>
  book.notice({
    scope: SCOPE,
    sign: 'redis_mode',
    release: 'Redis suspended',
    kind: 'suspend',
    startMs: T0_MS + minutes * MINUTE_MS,
    endMs: null,
    rolled: { done: 1, of: 2 },
    title: 'Redis suspended: 1 of 2 machines',
  });

describe('marks', () => {
  it('are the deploys of the range, the one that ran at its start, and those that still roll', async () => {
    await tell('v1', -600);
    const ran = await tell('v2', -300, 'what it promises');
    await suspend(-150);
    await tell('v3', 5);
    await tell('v4', 90);
    const marks = readMarks({ deploys: book }, SCOPE, { startMs: T0_MS, endMs: T0_MS + HOUR_MS });
    expect(marks.map(({ release, minor, endMs }) => [release, minor, endMs === null])).toEqual([
      ['v2', false, false],
      ['Redis suspended', true, true],
      ['v3', false, false],
    ]);
    expect(marks[0]).toMatchObject({ id: ran.id, href: `/deploys/${ran.id}`, kind: 'code' });
  });

  it('stand among the comings and goings of machines in order of time', async () => {
    await tell('v3', 5);
    const machine = { id: 'm', release: 'm started', kind: 'scale', startMs: T0_MS, endMs: T0_MS } as const;
    const machines = { marks: () => [{ ...machine, rolled: null, minor: true, href: null }] };
    const marks = readMarks({ deploys: book, machines }, SCOPE, { startMs: T0_MS, endMs: T0_MS + HOUR_MS });
    expect(marks.map(({ release }) => release)).toEqual(['m started', 'v3']);
  });

  it('none where nothing keeps deploys', () => {
    expect(readMarks({}, SCOPE, { startMs: 0, endMs: 1 })).toEqual([]);
    expect(readOrigin({}, SCOPE, 1)).toBeNull();
  });
});

describe('the origin of time', () => {
  it('is the newest deploy of code, or one that somebody wrote of, before the end of the window', async () => {
    expect(readOrigin({ deploys: book }, SCOPE, T0_MS)).toBeNull();
    await tell('v1', -60);
    await suspend(-10);
    expect(readOrigin({ deploys: book }, SCOPE, T0_MS)).toEqual({ atMs: T0_MS - HOUR_MS, release: 'v1' });
    await tell('v2', 30);
    expect(readOrigin({ deploys: book }, SCOPE, T0_MS)?.release).toBe('v1');
    expect(readOrigin({ deploys: book }, SCOPE, T0_MS + HOUR_MS)?.release).toBe('v2');
  });
});

describe('the list and the page of a deploy', () => {
  const runtime = () =>
    ({
      config: { mode: 'configured', targets: [{ ...SCOPE, kind: 'redis', name: 'c' }] },
      clock: { wallMs: () => T0_MS + HOUR_MS, monoMs: () => 0 },
      deploys: book,
      // Nothing was ever measured.
      store: { findSeries: () => [] },
      poller: { backfill: () => null, status: () => null },
    }) as unknown as Parameters<typeof readDeploy>[0];

  it('lists the newest first, without what only the server needs', async () => {
    await tell('v1', -60);
    await tell('v2', 0, 'GETs 733K/h → 24K/h');
    const { deploys, all } = await readDeploys(runtime(), { kinds: ['code'] });
    expect(deploys.map(({ release, claims }) => [release, claims.all])).toEqual([
      ['v2', 1],
      ['v1', 0],
    ]);
    expect(all).toBe(2);
    expect(deploys[0]).not.toHaveProperty('summed');
    expect((await readDeploys(runtime(), { kinds: ['secret'] })).deploys).toEqual([]);
  });

  it('a page knows its neighbours, and where its summary contradicts the one before', async () => {
    const first = await tell('v1203', -60, text('seed-spike-fix'));
    const second = await tell('v1205', 0, text('seed-suspension'));
    const view = await readDeploy(runtime(), second.id);
    expect(view).toMatchObject({ previous: { id: first.id }, next: null, deploy: { id: second.id } });
    expect(view?.together.map(({ kind }) => kind)).toContain('two_targets');
    expect(
      view?.together
        .flatMap(({ lines }) => lines)
        .map(String)
        .join(),
    ).toMatch(/v1203:\d+.*v1205:\d+/);
    expect((await readDeploy(runtime(), first.id))?.together).toEqual([]);
    expect(await readDeploy(runtime(), 'none')).toBeNull();
  });
});
