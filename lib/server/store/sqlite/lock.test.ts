import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder, StoreLockedError } from './lock.ts';
import { openSqliteStore } from './sqlite-store.ts';

const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
let dir: string;
const open = () => openSqliteStore({ dir, workerPath, retention });
const lockFile = () => join(dir, 'store.lock');

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'afterwatch-lock-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

it('keeps a second store out of the folder at once, in one clear sentence, and the first goes on', async () => {
  const first = await open();
  const startedMs = performance.now();
  const refused = await open().catch((error: unknown) => error);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
  expect(refused).toBeInstanceOf(StoreLockedError);
  expect(String(refused)).toContain(`is in use by process ${process.pid}`);
  await first.putState({ still: 'here' });
  expect(await first.getState('still')).toBe('here');
  await first.close();
  await (await open()).close();
});

it('keeps a second store out even when the lock file is gone', async () => {
  const first = await open();
  rmSync(lockFile());
  await expect(open()).rejects.toThrow(StoreLockedError);
  await first.close();
});

it('lets the folder go at close', async () => {
  const store = await open();
  expect(existsSync(lockFile())).toBe(true);
  await store.close();
  expect(existsSync(lockFile())).toBe(false);
});

it('opens folder and files for this user only', async () => {
  const store = await open();
  await store.putState({ a: 1 });
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const name of ['afterwatch.db', 'afterwatch.db-wal', 'store.lock']) {
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  }
  await store.close();
});

it.each([
  [
    'a process that has ended',
    (lock: Record<string, unknown>) => ({ ...lock, pid: deadPid(), startedTicks: null }),
  ],
  ['an earlier boot', (lock: Record<string, unknown>) => ({ ...lock, bootId: 'another boot' })],
  ['an earlier process with our number', (lock: Record<string, unknown>) => ({ ...lock, startedTicks: '1' })],
])('takes over from %s', async (_, change) => {
  await (await open()).close();
  lockFolder(dir, 0);
  const left = JSON.parse(readFileSync(lockFile(), 'utf8'));
  writeFileSync(lockFile(), JSON.stringify(change(left)));
  await (await open()).close();
});

it('takes over a lock file that was cut short', async () => {
  await (await open()).close();
  writeFileSync(lockFile(), '{"pid": 1');
  await (await open()).close();
});

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
