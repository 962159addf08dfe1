import { createReadStream } from 'node:fs';

/** A line this long is no line of samples, and would fill the memory. */
const MOST_CHARS = 1_000_000;

/** Lines of a file, some at a time, and the bytes that were read up to them. Throws when it cannot be read. */
export async function* readLines(
  path: string,
  onBytes: (part: Uint8Array) => void = () => {},
): AsyncGenerator<{ lines: readonly string[]; bytes: number }> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let bytes = 0;
  for await (const part of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    onBytes(part);
    bytes += part.length;
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_CHARS) throw new Error('it has a line of more than a million characters');
    if (lines.length > 0) yield { lines: lines.map(withoutReturn), bytes };
  }
  rest += decoder.decode();
  if (rest !== '') yield { lines: [withoutReturn(rest)], bytes };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
