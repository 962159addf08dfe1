import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** For tests: the parts of a PNG. Throws for bytes that are none: signature, lengths, sums, first and last chunk. */
export function readPng(bytes: Uint8Array): { width: number; height: number; chunks: string[] } {
  const file = Buffer.from(bytes);
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('no PNG signature');
  const chunks: string[] = [];
  let at = 8;
  while (at < file.length) {
    const length = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > file.length) throw new Error(`the chunk ${name} is cut off`);
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4))
      throw new Error(`the sum of ${name} is wrong`);
    chunks.push(name);
    at = end;
  }
  if (chunks[0] !== 'IHDR' || chunks.at(-1) !== 'IEND') throw new Error(`chunks are ${chunks.join(' ')}`);
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), chunks };
}
