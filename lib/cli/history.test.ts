import { mkdtempSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { historyRoundTrip } from '@/lib/server/history/test-round-trip.ts';
import {
  eventfulDay,
  type HistoryServer,
  RETENTION,
  START_MS,
  serveHistory,
  TARGET,
} from '@/lib/server/history/test-world.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import type { Store } from '@/lib/server/store/store.ts';
import { capture } from './capture.ts';

const openIn = (dir: string, now: () => number) =>
  openSqliteStore({
    dir,
    now,
    retention: RETENTION,
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
  });
const run = (args: readonly string[], { cwd, url }: { cwd: string; url: string }) =>
  capture(args, { cwd, env: { AFTERWATCH_URL: url } });

historyRoundTrip(
  'sqlite',
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'afterwatch-store-'));
    return {
      open: ({ now }) => openIn(dir, now),
      remove: () => rm(dir, { recursive: true, force: true }),
    };
  },
  run,
);

describe('import', () => {
  let folder: string;
  let store: Store;
  let server: HistoryServer;
  let nowMs = START_MS;

  beforeEach(async () => {
    nowMs = START_MS;
    folder = await mkdtemp(join(tmpdir(), 'afterwatch-history-'));
    store = await openIn(folder, () => nowMs);
    server = await serveHistory(store, () => nowMs);
  });
  afterEach(async () => {
    await server.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const importText = async (name: string, text: string, ...args: string[]) => {
    await writeFile(join(folder, name), text);
    return run(['import', name, ...args], { cwd: folder, url: server.url });
  };
  const ago = (minutes: number) => new Date(START_MS - minutes * 60_000).toISOString();

  it('tells of every bad line at once, with its number, and imports nothing', async () => {
    const { code, out, err } = await importText(
      'bad.csv',
      [
        'time,target,metric,value',
        `${ago(60)},${TARGET},redis_memory_used_bytes,5`,
        `soon,${TARGET},redis_memory_used_bytes,5`,
        `${ago(59)},${TARGET},redis_memory_used_bytes,many`,
        `${ago(58)},${TARGET},redis_memroy_used_bytes,5`,
        `${ago(57)},${TARGET},redis_memroy_used_bytes,5`,
        `${ago(61)},${TARGET},redis_memory_used_bytes,5`,
        `${ago(56)},,redis_memory_used_bytes,5`,
      ].join('\n'),
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n')).toEqual([
      'bad.csv:3: "soon" is no time; use ISO 8601, epoch seconds or epoch ms',
      'bad.csv:4: "many" is no finite number; leave it empty where nothing was measured',
      'bad.csv:5: no metric is called "redis_memroy_used_bytes"; did you mean redis_memory_used_bytes or redis_memory_used_rss_bytes or redis_memory_used_peak_bytes?',
      'bad.csv:7: it is not later than the row before of its series; sort the file by time',
      'bad.csv:8: it says no target; give --target',
      'nothing was imported',
    ]);
    expect(server.taken).toBe(0);
  });

  it('shows twenty bad lines and counts the others', async () => {
    const { err } = await importText('bad.csv', `time,value\n${'x,1\n'.repeat(50)}`);
    expect(err.split('\n')).toHaveLength(22);
    expect(err).toContain('bad.csv:21: ');
    expect(err).toContain('and 30 faults more');
  });

  it('asks the server for targets before it sends anything', async () => {
    const row = `${ago(60)},5\n`;
    const { code, err } = await importText(
      'plain.csv',
      row,
      ...['--metric', 'redis_memory_used_bytes', '--target', 'harbor/production/redis/cash'],
    );
    expect(code).toBe(1);
    expect(err).toContain(
      `no target is called "harbor/production/redis/cash"; did you mean ${TARGET}?\nnothing was imported`,
    );
    expect(server.taken).toBe(0);
  });

  it('takes a plain file of times and values with the names that it is given', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${(START_MS - (60 - i) * 60_000) / 1000};${i * 10}`);
    const done = await importText(
      'plain.csv',
      `when;gets\n${rows.join('\n')}\n`,
      ...['--metric', 'redis_commands_total', '--label', 'cmd=get', '--target', TARGET],
    );
    expect(done).toMatchObject({
      code: 0,
      out: '',
      err: 'imported 30 samples of 1 series as 6 blocks of 5 minutes',
    });
    const [series] = await store.readHistory(
      { metric: 'redis_commands_total', labels: { cmd: 'get' } },
      { startMs: START_MS - 3_600_000, endMs: START_MS },
      300_000,
    );
    const buckets = (series?.buckets ?? []).filter((bucket) => bucket !== null);
    expect(buckets.reduce((sum, { increase }) => sum + increase, 0)).toBe(290);
    expect(buckets[1]).toMatchObject({ increase: 50, coveredMs: 300_000 });
  });

  it('reads what Prometheus dumps, and refuses an OpenMetrics file without its end', async () => {
    const lines = [0, 1, 2].map(
      (i) => `{__name__="redis_memory_used_bytes",instance="a"} ${i} ${START_MS - (9 - i) * 60_000}`,
    );
    const dump = `${lines.join('\n')}\n`;
    expect(await importText('dump.prom', dump, '--target', TARGET)).toMatchObject({ code: 0 });
    expect(
      await store.readHistory(
        { metric: 'redis_memory_used_bytes', labels: { instance: 'a' } },
        { startMs: START_MS - 3_600_000, endMs: START_MS },
        3_600_000,
      ),
    ).toHaveLength(1);
    const cut = await importText('dump.om', dump, '--target', TARGET);
    expect(cut).toMatchObject({ code: 1 });
    expect(cut.err).toContain('the file does not end in # EOF: it was cut off');
  });

  it('refuses what lies in the future of the server', async () => {
    const { code, err } = await importText(
      'plain.csv',
      `${ago(-30)},5\n`,
      ...['--metric', 'redis_memory_used_bytes', '--target', TARGET],
    );
    expect(code).toBe(1);
    expect(err).toContain('its last sample lies in the future of the server');
  });

  it('checks without sending', async () => {
    const { code, err } = await importText(
      'plain.csv',
      `${ago(30)},5\n`,
      ...['--check', '--metric', 'redis_memory_used_bytes', '--target', TARGET],
    );
    expect({ code, err }).toEqual({ code: 0, err: '1 sample of 1 series can be imported' });
    expect(server.taken).toBe(0);
  });

  it('exit codes: 2 for a file that is not there, 3 for wrong usage and for no connection', async () => {
    const cwd = folder;
    expect(await run(['import', 'none.csv'], { cwd, url: server.url })).toMatchObject({ code: 2 });
    expect(await run(['import'], { cwd, url: server.url })).toMatchObject({ code: 3 });
    await writeFile(join(folder, 'x.csv'), `${ago(30)},5\n`);
    const words = ['import', 'x.csv', '--metric', 'redis_memory_used_bytes', '--target', TARGET];
    expect(await run(words, { cwd, url: 'http://127.0.0.1:9' })).toMatchObject({ code: 3 });
  });

  it('export: chosen series only, to stdout; an unknown name is told with what may be meant', async () => {
    nowMs = START_MS + 3_600_000;
    await store.append(eventfulDay(0.02));
    const only = ['--metric', 'redis_commands_total', '--label', 'cmd=get', '--target', TARGET];
    const { code, out, err } = await run(['export', ...only], { cwd: folder, url: server.url });
    expect(code).toBe(0);
    expect(err).toBe('5 samples of 1 series');
    expect(out.trimEnd().split('\n')).toHaveLength(6);
    expect(out).toContain(
      `2026-04-09T06:00:00.000Z,${TARGET},redis_commands_total,"{""cmd"":""get""}",1000,15,,,nothing,`,
    );
    const unknown = await run(['export', '--metric', 'redis_comands_total'], {
      cwd: folder,
      url: server.url,
    });
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toContain('no metric is called "redis_comands_total"');
    const none = await run(['export', '--json'], { cwd: folder, url: server.url });
    expect(none).toMatchObject({ code: 3 });
    await expect(readFile(join(folder, 'x.part'))).rejects.toThrow(/ENOENT/);
  });
});
