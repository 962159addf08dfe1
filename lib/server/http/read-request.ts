import 'server-only';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { FetchError } from './fetch-error.ts';
import { KnownError } from './guards.ts';
import { readBody } from './read-body.ts';

/** Slower than this is no shipper but somebody who holds a connection open. */
const DEADLINE_MS = 20_000;

/**
 * The body of a request as text, unfolded when it is gzip; null when it is larger than `maxBytes`. Throws `KnownError`
 * for a body that cannot be read.
 */
export async function readRequestText(request: Request, maxBytes: number): Promise<string | null> {
  if (request.body === null) return '';
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    // The two declarations of the same web stream differ by name only.
    const { text } = await readBody(Readable.fromWeb(request.body as ReadableStream<Uint8Array>), {
      hostPort: 'The request',
      encoding: request.headers.get('content-encoding'),
      declared: request.headers.get('content-length'),
      maxBytes,
      signal,
    });
    return text;
  } catch (error) {
    if (error instanceof FetchError && error.fault === 'too_large') return null;
    throw new KnownError(
      'bad_input',
      'The body could not be read whole: send text, plain or with Content-Encoding: gzip, within 20 s.',
    );
  }
}

/**
 * The body of a request as it was sent, for signatures; null when it is larger than `maxBytes`. Throws `KnownError` for a
 * body that is folded or cannot be read.
 */
export async function readRequestBytes(request: Request, maxBytes: number): Promise<Buffer | null> {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity')
    throw new KnownError('bad_input', 'The body must be sent plain, without Content-Encoding.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null;
  if (request.body === null) return Buffer.alloc(0);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    const source = Readable.fromWeb(request.body as ReadableStream<Uint8Array>, { signal });
    for await (const part of source as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength;
      if (bytes > maxBytes) return null;
      parts.push(part);
    }
  } catch {
    throw new KnownError('bad_input', 'The body could not be read whole within 20 s: send it again.');
  }
  return Buffer.concat(parts, bytes);
}

/** The body of a request as JSON. Throws `KnownError` for one that is none, or is larger than `maxBytes`. */
export async function readRequestJson(request: Request, maxBytes: number): Promise<unknown> {
  const text = await readRequestText(request, maxBytes);
  if (text === null) throw new KnownError('bad_input', 'The body is too large.');
  try {
    return JSON.parse(text);
  } catch {
    throw new KnownError('bad_input', 'The body is no JSON.');
  }
}
