import 'server-only';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { isFolderHeld } from './store/sqlite/lock.ts';

/** Where one demo keeps its data, apart from everything real. */
export interface DemoFolder {
  dir: string;
  /** When its world began; a demo that was cut off goes on in the same world. */
  beganMs: number;
  isNew: boolean;
  /** Called once its evening is read whole: from then on it can be taken up again. */
  keep(): Promise<void>;
  /** Called at a clean end: the next demo begins anew. */
  remove(): Promise<void>;
}

const NOTE = 'demo.json';
const noteSchema = z.object({ beganMs: z.number() });
/** The evening of the demo is news for a day; after that a new one is worth more. */
const GOES_ON_MS = DAY_MS;

/**
 * The folder `demo` of the data folder. What a killed demo left there is taken up again for a day; a temporary folder
 * where another demo runs there now, or where nothing can be written.
 */
export async function openDemoFolder(dataDir: string, nowMs: number): Promise<DemoFolder> {
  const dir = join(dataDir, 'demo');
  if (isFolderHeld(dir)) return openTemporary(nowMs);
  try {
    const beganMs = await readBegan(dir, nowMs);
    if (beganMs !== null) return folderAt(dir, beganMs, false);
    await remove(dir);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return folderAt(dir, nowMs, true);
  } catch {
    return openTemporary(nowMs);
  }
}

async function openTemporary(nowMs: number): Promise<DemoFolder> {
  return folderAt(await mkdtemp(join(tmpdir(), 'afterwatch-demo-')), nowMs, true);
}

function folderAt(dir: string, beganMs: number, isNew: boolean): DemoFolder {
  return {
    ...{ dir, beganMs, isNew },
    keep: () => writeFile(join(dir, NOTE), JSON.stringify({ beganMs }), { mode: 0o600 }),
    remove: () => remove(dir),
  };
}

/** Null where no demo was cut off there, or so long ago that it is over. */
async function readBegan(dir: string, nowMs: number): Promise<number | null> {
  const text = await readFile(join(dir, NOTE), 'utf8').catch(() => '{}');
  let note: unknown;
  try {
    note = JSON.parse(text);
  } catch {
    return null;
  }
  const beganMs = noteSchema.safeParse(note).data?.beganMs ?? null;
  return beganMs !== null && beganMs <= nowMs && nowMs - beganMs < GOES_ON_MS ? beganMs : null;
}

function remove(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true });
}
