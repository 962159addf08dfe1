import 'server-only';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import type { StorePlace } from './contract.ts';
import type { Store } from './store.ts';

const START_MS = Date.UTC(2026, 2, 2, 6);
const TARGETS = ['shop/production/redis/main', 'shop/production/app/web'];
const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };
const GETS = { metric: 'redis_commands_total', labels: { cmd: 'get' } };
const METRICS = ['redis_commands_total', 'level_bytes'];

/** What every store that can be backed up must hold. Each place that `create` gives may end the one before. */
export function backupContract(name: string, create: () => Promise<StorePlace>): void {
  describe(`backup contract: ${name}`, () => {
    let folder: string;
    let file: string;
    let place: StorePlace;
    let store: Store;
    let nowMs = START_MS;
    const open = () => place.open({ now: () => nowMs, retention: RETENTION });

    beforeEach(async () => {
      nowMs = START_MS;
      folder = mkdtempSync(join(tmpdir(), 'afterwatch-backup-'));
      file = join(folder, 'one.backup');
      place = await create();
      store = await open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    it('is the store of one moment, however much is written and packed meanwhile', async () => {
      const past = [{ startMs: START_MS - 2 * HOUR_MS, endMs: START_MS - HOUR_MS, value: 360 }];
      const history = [{ ...GETS, quality: 'measured' as const, stretches: past }];
      await fill(0, 300);
      nowMs = START_MS + 5 * HOUR_MS;
      await store.maintain(nowMs);
      await fill(300, 330);
      await store.putHistory(TARGETS[0] ?? '', history);
      await store.putState({ 'deploys/one': { n: 1 }, 'deploys/two': 2, 'deploys/index': ['one', 'two'] });
      await store.putState({ tokens: ['canary'], 'session/abc': 'canary', 'auth/salt': 'canary' });
      const wanted = await readAll(store);

      const bytes = await started(store);
      const first = await bytes.next();
      await fill(330, 700, ['shop/production/app/new']);
      await store.putState({ 'deploys/one': null, 'deploys/two': 3, 'deploys/index': ['two', 'three'] });
      await store.putState({ 'deploys/two': 4, 'deploys/three': 3 });
      const later = store.putHistory(TARGETS[1] ?? '', history);
      nowMs = START_MS + 9 * HOUR_MS;
      await store.maintain(nowMs);
      const parts = [first.value ?? new Uint8Array()];
      for await (const part of bytes) parts.push(part);
      writeFileSync(file, Buffer.concat(parts));
      await later;
      await store.maintain(nowMs);
      const own = await readAll(store);
      expect(own).not.toEqual(wanted);

      await store.close();
      await place.remove();
      place = await create();
      store = await open();
      await fill(0, 20, ['other/production/redis/main']);
      await store.putState({ tokens: ['mine'], 'deploys/other': 1 });
      expect(await store.restore?.(file)).toMatchObject({ schema: 1, version: '1.2.3' });
      await expect(store.append([visit('late', START_MS)])).rejects.toThrow();
      await store.close();
      store = await open();
      expect(await store.getState('tokens')).toEqual(['mine']);
      await store.putState({ tokens: null });
      expect(await readAll(store)).toEqual(wanted);
      // It goes on as any other store does.
      await fill(330, 700, ['shop/production/app/new']);
      await store.putHistory(TARGETS[1] ?? '', history);
      await store.maintain(nowMs);
      expect({ ...(await readAll(store)), state: null }).toEqual({ ...own, state: null });
    });

    it('changes nothing when the file is cut off, changed, newer, or none of ours', async () => {
      await fill(0, 60);
      await store.putState({ 'deploys/one': 1 });
      writeFileSync(file, await whole(store));
      const wanted = await readAll(store);
      const good = readFileSync(file);
      const newer = Buffer.from(good.toString('latin1').replace('"schema":1', '"schema":9'), 'latin1');
      const flipped = Buffer.from(good);
      flipped[good.length >> 1] = (flipped[good.length >> 1] ?? 0) ^ 1;
      const cases: [Buffer, RegExp][] = [
        [good.subarray(0, good.length - 1), /cut off/],
        [good.subarray(0, good.length >> 1), /cut off|damaged/],
        [good.subarray(0, 20), /no backup/],
        [Buffer.concat([good, Buffer.from('x')]), /added to its end/],
        [flipped, /damaged/],
        [newer, /newer version \(layout 9/],
        [Buffer.from('timestamp,value\n1,2\n'), /no backup/],
        [Buffer.alloc(0), /no backup/],
      ];
      for (const [bytes, text] of cases) {
        writeFileSync(file, bytes);
        await expect(store.restore?.(file)).rejects.toThrow(text);
        await expect(store.restore?.(file)).rejects.toMatchObject({ name: 'BackupFault' });
      }
      expect(await readAll(store)).toEqual(wanted);
      await fill(60, 61);
      await store.maintain(nowMs);
    });

    it('lets only one be read, and packs again once a reader has gone', async () => {
      await fill(0, 300);
      const bytes = await started(store);
      await bytes.next();
      await expect(started(store)).rejects.toMatchObject({ name: 'StoreBusyError' });
      await expect(store.restore?.(file)).rejects.toMatchObject({ name: 'StoreBusyError' });
      await bytes.return();
      await (await started(store)).return();
    });

    async function fill(fromMinute: number, toMinute: number, targets = TARGETS): Promise<void> {
      const visits = Array.from({ length: toMinute - fromMinute }, (_, i) =>
        targets.map((target) => visit(target, START_MS + (fromMinute + i) * MINUTE_MS)),
      ).flat();
      nowMs = Math.max(nowMs, visits.at(-1)?.atMs ?? 0);
      for (let i = 0; i < visits.length; i += 100) await store.append(visits.slice(i, i + 100));
    }
  });
}

function visit(targetId: string, atMs: number): Scrape {
  const minute = (atMs - START_MS) / MINUTE_MS;
  const ok = minute % 50 !== 49;
  return {
    ...{ targetId, atMs, intervalMs: MINUTE_MS, durationMs: 5, ok },
    start: { marker: minute < 100 ? 'a' : 'b', atMs: null },
    error: ok ? null : { kind: 'timeout', message: 'no answer' },
    samples: ok
      ? [
          { ...GETS, value: minute % 100 },
          { metric: 'level_bytes', labels: {}, value: minute * 1.5 },
        ]
      : [],
  };
}

async function started(store: Store): Promise<AsyncGenerator<Uint8Array, void>> {
  if (store.backup === undefined) throw new Error('this store cannot be backed up');
  return store.backup({ version: '1.2.3' });
}

async function whole(store: Store): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of await started(store)) parts.push(part);
  return Buffer.concat(parts);
}

/** Everything that a store answers of this test's metrics, private state apart. */
async function readAll(store: Store) {
  const range = { startMs: START_MS - DAY_MS, endMs: START_MS + DAY_MS };
  const ids = [...new Set(store.findSeries({ metric: 'level_bytes' }).map(({ targetId }) => targetId))];
  const each = await Promise.all(
    METRICS.map(async (metric) => ({
      series: store.findSeries({ metric }),
      latest: store.latest({ metric }),
      minutes: await store.readBuckets({ metric }, range, MINUTE_MS),
      blocks: await store.readBuckets({ metric }, range, BLOCK_MS),
      history: await store.readHistory({ metric }, range, BLOCK_MS),
      resets: await store.readResets({ metric }, range),
    })),
  );
  const state = (await store.listState('')).filter(([key]) => key.startsWith('deploys/'));
  return { each, visits: await store.readScrapes(ids, range), state };
}
