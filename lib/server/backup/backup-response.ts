import 'server-only';
import { ReadableStream } from 'node:stream/web';
import { KnownError } from '../http/guards.ts';
import type { Runtime } from '../runtime.ts';
import { StoreBusyError } from '../store/main/errors.ts';
import { productVersion } from './product-version.ts';

type Deps = Pick<Runtime, 'store' | 'log' | 'clock'>;

/**
 * The store as a file, made as fast as it is read. A fault breaks the connection, so that nobody takes a part for the
 * whole; the file's own end tells as well. Throws `KnownError` while another backup or a restore goes on.
 */
export async function backupResponse({ store, log, clock }: Deps): Promise<Response> {
  const made = new Date(clock.wallMs()).toISOString().slice(0, 16).replace(/[-:]/g, '');
  const bytes = ReadableStream.from(logged(await begin(store), log));
  // The two declarations of the same web stream differ by name only.
  return new Response(bytes as unknown as BodyInit, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="afterwatch-${made}Z.backup"`,
    },
  });
}

async function begin(store: Deps['store']): Promise<AsyncGenerator<Uint8Array, void>> {
  if (store.backup === undefined)
    throw new KnownError('not_ready', 'This instance only follows: ask the one that leads for a backup.');
  try {
    return await store.backup({ version: productVersion() });
  } catch (error) {
    if (error instanceof StoreBusyError)
      throw new KnownError('too_many', 'A backup or a restore goes on. Try again when it is done.', {
        retryAfterSeconds: 30,
      });
    throw error;
  }
}

async function* logged(bytes: AsyncGenerator<Uint8Array, void>, log: Deps['log']) {
  try {
    yield* bytes;
  } catch (error) {
    log.error({ err: error }, 'a backup was cut off');
    throw error;
  }
}
