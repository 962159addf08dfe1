import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const stateSchema = z.object({ key: z.string(), parts: z.int().nonnegative() });

/** Where the state of an import lies: beside its file, so that the same command finds it again. */
export function statePath(file: string): string {
  return `${file}.afterwatch-import`;
}

/** Names one import: the same bytes, read in the same way, for the same server. */
export function importKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Parts that an earlier run has sent; 0 when there was none, or it was another import. */
export async function readSentParts(file: string, key: string): Promise<number> {
  try {
    const state = stateSchema.safeParse(JSON.parse(await readFile(statePath(file), 'utf8')));
    return state.success && state.data.key === key ? state.data.parts : 0;
  } catch {
    return 0;
  }
}

/** Writes down how far an import has come; false when the folder does not allow it: then it can only begin anew. */
export async function keepSentParts(file: string, key: string, parts: number): Promise<boolean> {
  const path = statePath(file);
  try {
    await writeFile(`${path}.new`, `${JSON.stringify({ key, parts })}\n`);
    await rename(`${path}.new`, path);
    return true;
  } catch {
    return false;
  }
}

export async function forgetSentParts(file: string): Promise<void> {
  await rm(statePath(file), { force: true });
}
