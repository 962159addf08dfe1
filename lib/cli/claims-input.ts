import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '@/lib/server/config/variables.ts';
import type { CommandIo } from './command.ts';

/** No summary is longer; what is would only fill the memory before it is cut. */
const MAX_BYTES = 64_000_000;
const SAMPLE_BYTES = 4_096;

/** A file's text, or one line that says why there is none. */
export type InputText = { text: string } | { error: string };

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder; name a file in it',
};

/** Reads a file, `-` being stdin, whatever it is encoded in. Never throws. */
export async function readInput(file: string, io: Pick<CommandIo, 'cwd' | 'stdin'>): Promise<InputText> {
  try {
    if (file === '-') {
      if (io.stdin === undefined) return { error: 'there is no stdin to read' };
      return decode(await readAll(io.stdin));
    }
    const path = resolve(io.cwd, file);
    const found = await stat(path);
    if (found.isDirectory()) return { error: 'it is a folder; name a file in it' };
    return decode(await readAll(createReadStream(path)));
  } catch (error) {
    const code = errorCode(error);
    return { error: FAULTS[code] ?? `it cannot be read (${code})` };
  }
}

/** Null when it is too large. */
async function readAll(source: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of source) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Text by its byte order mark, else as UTF-8, else as windows-1252, which any bytes are. */
function decode(bytes: Uint8Array | null): InputText {
  if (bytes === null) return { error: `it is larger than ${MAX_BYTES / 1_000_000} MB` };
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = sample.filter((byte) => byte === 0).length;
  // A stray NUL is damage to survive; a tenth of them is a picture or an archive.
  if (zeros > sample.length / 10) return { error: 'it is no text' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes) };
  }
}
