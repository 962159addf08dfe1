import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store.ts';
import { openSqliteStore } from './sqlite-store.ts';

const START_MS = Date.UTC(2026, 2, 2);
const GETS = { metric: 'redis_commands_total' };
const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
const retention = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
let root: string;
let warnings: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'afterwatch-faults-'));
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open(dir: string): Promise<Store> {
  const now = () => START_MS + 100 * HOUR_MS;
  return openSqliteStore({ dir, workerPath, retention, now, onWarning: (text) => warnings.push(text) });
}

function visit(i: number, more = 0): Scrape {
  const extra = Array.from({ length: more }, (_, n) => ({
    metric: 'level',
    labels: { n: `${n}` },
    value: i / (n + 3),
  }));
  return {
    targetId: 'a/p/redis/x',
    atMs: START_MS + i * 60_000,
    intervalMs: 60_000,
    durationMs: 1,
    ok: true,
    error: null,
    start: null,
    samples: [{ metric: GETS.metric, labels: { cmd: 'get' }, value: i }, ...extra],
  };
}

async function total(store: Store): Promise<number> {
  const range = { startMs: START_MS, endMs: START_MS + 50 * HOUR_MS };
  const [series] = await store.readBuckets(GETS, range, HOUR_MS);
  return (series?.buckets ?? []).reduce((sum, b) => sum + (b?.increase ?? 0) + (b?.gapIncrease ?? 0), 0);
}

/** A closed store with packed hours and rows that are not packed. */
async function filled(dir: string, visits = 300): Promise<void> {
  const store = await open(dir);
  await store.append(Array.from({ length: visits }, (_, i) => visit(i, 20)));
  await store.maintain(START_MS + visits * 60_000);
  await store.close();
}

describe('a damaged file', () => {
  it.each([
    ['its head is overwritten', (file: string) => writeAt(file, 0, Buffer.from('not a database at all'))],
    [
      'it is cut in half',
      (file: string) => truncateSync(file, Math.floor(statSync(file).size / 16_384) * 8192),
    ],
    [
      'a page of its tree is overwritten',
      (file: string) => writeAt(file, 8192 * 2, Buffer.alloc(8192, 0xa5)),
    ],
  ])('is refused with clear words and left as it is when %s', async (_, harm) => {
    const dir = join(root, 'data');
    await filled(dir);
    const file = join(dir, 'afterwatch.db');
    harm(file);
    const before = readFileSync(file);
    await expect(open(dir)).rejects.toThrow(
      /afterwatch\.db is damaged and was left as it is; restore a backup/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('never answers something else than what was stored', async () => {
    const dir = join(root, 'data');
    await filled(dir);
    const file = join(dir, 'afterwatch.db');
    const good = readFileSync(file);
    for (let n = 0; n < 25; n++) {
      const bad = Buffer.from(good);
      const at = (n * 7919 * 13) % bad.length;
      for (let i = at; i < Math.min(at + 3, bad.length); i++) bad[i] = (bad[i] ?? 0) ^ 0xff;
      writeFileSync(file, bad);
      const answer = await open(dir).then(
        async (store) => {
          const sum = await total(store).catch(() => 'refused');
          await store.close();
          return sum;
        },
        () => 'refused',
      );
      expect([299, 'refused']).toContain(answer);
    }
  }, 30_000);
});

it('starts with a torn write-ahead log and keeps all that was whole', async () => {
  const dir = join(root, 'data');
  const store = await open(dir);
  for (let i = 0; i < 40; i++) await store.append([visit(i)]);
  const copy = join(root, 'copy');
  let last = 0;
  const size = statSync(join(dir, 'afterwatch.db-wal')).size;
  for (let cut = 0; cut < 20; cut++) {
    mkdirSync(copy, { mode: 0o700 });
    for (const name of ['afterwatch.db', 'afterwatch.db-wal'])
      copyFileSync(join(dir, name), join(copy, name));
    truncateSync(join(copy, 'afterwatch.db-wal'), size - cut * 1777);
    const cutStore = await open(copy);
    const kept = cutStore.latest(GETS)[0]?.value ?? 0;
    expect(await total(cutStore)).toBe(kept);
    if (cut === 0) last = kept;
    expect(kept).toBeLessThanOrEqual(last);
    last = kept;
    await cutStore.close();
    rmSync(copy, { recursive: true });
  }
  expect(store.latest(GETS)[0]?.value).toBe(39);
  expect(last).toBeLessThan(39);
  await store.close();
}, 30_000);

it('refuses a file of a newer version and does not touch it', async () => {
  const dir = join(root, 'data');
  await filled(dir, 10);
  const file = join(dir, 'afterwatch.db');
  const db = new Database(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const before = readFileSync(file);
  await expect(open(dir)).rejects.toThrow(/written by a newer version \(layout 99, this program knows \d+\)/);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('says in one sentence that it may not write', async () => {
  const dir = join(root, 'file-in-the-way');
  closeSync(openSync(dir, 'w'));
  await expect(open(dir)).rejects.toThrow(/^store: .* cannot be opened: /);
});

it('notices that its file was removed', async () => {
  const dir = join(root, 'data');
  const store = await open(dir);
  await store.append([visit(0)]);
  unlinkSync(join(dir, 'afterwatch.db'));
  await store.maintain(START_MS);
  expect(store.stats().lastError).toMatch(/was removed or replaced while in use/);
  expect(warnings).toHaveLength(1);
  await store.close();
});

const disk = smallDisk();

it.runIf(disk)(
  'refuses writes while the disk is full, still reads, and goes on when there is room',
  async () => {
    const mount = join(root, 'disk');
    mkdirSync(mount);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mount]);
    try {
      const store = await open(join(mount, 'data'));
      const ballast = join(mount, 'ballast');
      let kept = -1;
      writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));
      const refused = await (async () => {
        for (let i = 0; i < 3000; i++) {
          const error = await store.append([visit(i, 60)]).then(() => null, String);
          if (error !== null) return error;
          kept = i;
        }
        return 'never full';
      })();
      expect(refused).toMatch(/nothing is being kept: the disk is full; free some space/);
      expect(store.stats().lastError).toBe(refused.replace('StoreWriteError: ', ''));
      expect(await total(store)).toBe(kept);
      rmSync(ballast);
      await store.append([visit(kept + 1, 60)]);
      expect(store.stats().lastError).toBeNull();
      expect(await total(store)).toBe(kept + 1);
      await store.close();
      const again = await open(join(mount, 'data'));
      expect(await total(again)).toBe(kept + 1);
      await again.close();
    } finally {
      spawnSync('umount', [mount]);
    }
  },
  30_000,
);

/** Only where this user may mount a small disk. */
function smallDisk(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'afterwatch-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]).status === 0;
  if (mounted) spawnSync('umount', [probe]);
  rmSync(probe, { recursive: true, force: true });
  return mounted && !existsSync(probe);
}

function writeAt(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}
