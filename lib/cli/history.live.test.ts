import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportSamples } from '@/lib/server/history/export-samples.ts';
import { historyRoundTrip } from '@/lib/server/history/test-round-trip.ts';
import { eventfulDay, RETENTION, START_MS } from '@/lib/server/history/test-world.ts';
import { openLeading } from '@/lib/server/store/postgres/test-place.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import { type PostgresPeer, startPostgres } from '@/test/peers.ts';
import { capture } from './capture.ts';

let server: PostgresPeer;
let owner: pg.Client;

beforeAll(async () => {
  server = await startPostgres({ statements: false, settings: { fsync: 'off' } });
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});

historyRoundTrip(
  'postgres',
  async () => {
    await owner.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
    return { open: (options) => openLeading(server.url, options), remove: async () => undefined };
  },
  (args, { cwd, url }) => capture(args, { cwd, env: { AFTERWATCH_URL: url } }),
);

it('promtool makes blocks of an OpenMetrics export, every sample of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'afterwatch-promtool-'));
  const day = eventfulDay();
  const endMs = (day.at(-1)?.atMs ?? START_MS) + 1;
  const store = await openSqliteStore({
    ...{ dir: folder, retention: RETENTION, now: () => endMs },
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
  });
  try {
    for (let i = 0; i < day.length; i += 100) await store.append(day.slice(i, i + 100));
    const selectors = ['redis_commands_total', 'redis_memory_used_bytes'].map((metric) => ({ metric }));
    let text = '';
    for await (const piece of exportSamples(
      store,
      { selectors, range: { startMs: 0, endMs } },
      'openmetrics',
    ))
      text += piece;
    await writeFile(join(folder, 'all.om'), text);
    const tool = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`promtool ${args.join(' ')}: ${stderr}`);
      return stdout;
    };
    tool('tsdb', 'create-blocks-from', 'openmetrics', 'all.om', 'blocks');
    // It looks for one, and makes none.
    await mkdir(join(folder, 'blocks', 'wal'));
    const dump = tool('tsdb', 'dump', 'blocks');
    const samples = day.reduce((sum, one) => sum + one.samples.length, 0);
    expect(dump.trimEnd().split('\n')).toHaveLength(samples);
    const [first] = day;
    expect(dump).toContain(
      `{__name__="redis_memory_used_bytes", target="${first?.targetId}"} 1e+06 ${START_MS}\n`,
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
