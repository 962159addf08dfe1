import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { openDemoFolder } from './demo-folder.ts';
import { lockFolder } from './store/sqlite/lock.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 21);

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'afterwatch-demo-folder-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the folder of a demo', () => {
  it('is taken up again by the next one after a kill, in the world that began then', async () => {
    const first = await openDemoFolder(dataDir, NOW_MS);
    expect(first).toMatchObject({ dir: join(dataDir, 'demo'), beganMs: NOW_MS, isNew: true });
    await first.keep();
    writeFileSync(join(first.dir, 'kept'), '');
    const second = await openDemoFolder(dataDir, NOW_MS + HOUR_MS);
    expect(second).toMatchObject({ dir: first.dir, beganMs: NOW_MS, isNew: false });
    expect(existsSync(join(first.dir, 'kept'))).toBe(true);
  });

  it('goes with a clean end, and begins anew after a day or when its evening was not read whole', async () => {
    const first = await openDemoFolder(dataDir, NOW_MS);
    writeFileSync(join(first.dir, 'half'), '');
    const second = await openDemoFolder(dataDir, NOW_MS + 1);
    expect(second).toMatchObject({ beganMs: NOW_MS + 1, isNew: true });
    expect(existsSync(join(first.dir, 'half'))).toBe(false);
    await second.keep();
    expect(await openDemoFolder(dataDir, NOW_MS + 1 + DAY_MS)).toMatchObject({ isNew: true });
    await second.remove();
    expect(existsSync(second.dir)).toBe(false);
  });

  it('is another one while a demo runs there, or where nothing can be written', async () => {
    const first = await openDemoFolder(dataDir, NOW_MS);
    await first.keep();
    const lock = lockFolder(first.dir, NOW_MS);
    const beside = await openDemoFolder(dataDir, NOW_MS);
    expect(beside.isNew).toBe(true);
    expect(beside.dir.startsWith(dataDir)).toBe(false);
    await beside.remove();
    lock.release();
    writeFileSync(join(dataDir, 'no-folder'), '');
    const nowhere = await openDemoFolder(join(dataDir, 'no-folder'), NOW_MS);
    expect(nowhere.isNew).toBe(true);
    await nowhere.remove();
  });

  it('a note that is broken begins anew', async () => {
    const first = await openDemoFolder(dataDir, NOW_MS);
    await first.keep();
    writeFileSync(join(first.dir, 'demo.json'), '{"beganMs":');
    expect(await openDemoFolder(dataDir, NOW_MS)).toMatchObject({ isNew: true });
  });
});
