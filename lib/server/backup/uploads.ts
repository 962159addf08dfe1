import 'server-only';
import { mkdirSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../http/guards.ts';

const NAME = /^[0-9a-f]{32}\.upload$/;

/**
 * Backups on their way in, each a file that only this user reads. What was received is what lies there, so that an upload
 * goes on after anything; a new one takes the place of those before.
 */
export class Uploads {
  readonly #folder: string;

  /** `dataDir`: beside the store where that can be written, else among temporary files. */
  constructor(dataDir: string) {
    this.#folder = folderIn(dataDir);
  }

  pathOf(upload: string): string {
    return join(/* turbopackIgnore: true */ this.#folder, `${upload}.upload`);
  }

  /** Bytes that have come; null when nothing has. */
  async received(upload: string): Promise<number | null> {
    const found = await stat(this.pathOf(upload)).catch(() => null);
    return found?.size ?? null;
  }

  /**
   * Writes a part down; gives how much there is now. The same part again changes nothing. Throws `KnownError` for one
   * that does not follow what there is.
   */
  async take(upload: string, offset: number, bytes: Uint8Array): Promise<number> {
    if (offset === 0) await this.clear();
    const has = (await this.received(upload)) ?? 0;
    if (offset + bytes.length <= has) return has;
    if (offset !== has)
      throw new KnownError('bad_input', `This upload goes on at ${has}, not at ${offset}: begin it anew.`);
    try {
      const file = await open(this.pathOf(upload), 'a', 0o600);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      return has + bytes.length;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
        throw new KnownError('bad_input', 'The disk of the server is full: free some space and begin anew.');
      throw error;
    }
  }

  /** Takes away what was sent. */
  async clear(): Promise<void> {
    const names = await readdir(this.#folder);
    for (const name of names.filter((one) => NAME.test(one))) {
      await rm(join(/* turbopackIgnore: true */ this.#folder, name), { force: true });
    }
  }
}

function folderIn(dataDir: string): string {
  const beside = join(/* turbopackIgnore: true */ dataDir, 'restore');
  try {
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    return beside;
  } catch {
    const other = join(tmpdir(), `afterwatch-restore-${process.getuid?.() ?? 0}`);
    mkdirSync(other, { recursive: true, mode: 0o700 });
    return other;
  }
}
