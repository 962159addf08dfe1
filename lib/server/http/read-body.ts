import 'server-only';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FetchError } from './fetch-error.ts';

export interface BodyOptions {
  hostPort: string;
  /** `Content-Encoding`; null for none. */
  encoding: string | null;
  /** `Content-Length`; null when not announced. */
  declared: string | null;
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * The body as text (UTF-8, bad bytes replaced, byte order mark dropped), never more than `maxBytes` of it in memory.
 * A gzip body is counted as it unfolds, so a bomb is cut at the cap. Throws `FetchError`, and destroys the stream.
 */
export async function readBody(
  body: Readable,
  options: BodyOptions,
): Promise<{ text: string; bytes: number }> {
  const { hostPort, maxBytes, signal } = options;
  // An early refusal below must not leave an unheard error behind.
  body.on('error', () => {});
  const gzip = isGzip(options);
  if (gzip === null) {
    body.destroy();
    throw new FetchError('protocol', `${hostPort} sent a body in an encoding that was not asked for`);
  }
  if (options.declared !== null && Number(options.declared) > maxBytes) {
    body.destroy();
    throw tooLarge(hostPort, maxBytes);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(hostPort, maxBytes);
      chunks.push(chunk);
    }
  };
  if (gzip) await pipeline(body, limitWire(hostPort, maxBytes), createGunzip(), collect, { signal });
  else await collect(body);
  return { text: new TextDecoder().decode(Buffer.concat(chunks, bytes)), bytes };
}

/** Compressed bytes that unfold to nothing (empty blocks without end) are capped as well. */
function limitWire(hostPort: string, maxBytes: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(hostPort, maxBytes);
      yield chunk;
    }
  };
}

/** Null for an encoding that we did not ask for. */
function isGzip({ encoding }: BodyOptions): boolean | null {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return false;
    case 'gzip':
    case 'x-gzip':
      return true;
    default:
      return null;
  }
}

function tooLarge(hostPort: string, maxBytes: number): FetchError {
  const megabytes = maxBytes / (1024 * 1024);
  return new FetchError('too_large', `${hostPort} sent more than ${megabytes} MB; the rest was not read`);
}
