import 'server-only';
import { isWildcardHost } from '@/lib/core/security/addresses.ts';
import type { Config } from '../config/types.ts';
import { publishShareDoor } from '../http/share-standing.ts';
import type { Runtime } from '../runtime.ts';
import { freezeCopy } from './freeze-copy.ts';
import { ShareBook } from './share-book.ts';

/** Opens the shares of a runtime and lets the proxy ask them. */
export async function openShares(runtime: Runtime): Promise<ShareBook> {
  const book = await ShareBook.open({
    store: runtime.store,
    wallMs: () => runtime.clock.wallMs(),
    freeze: (subject, switches) => freezeCopy(runtime, subject, switches),
    origin: () => originOf(runtime.config),
    onFault: (message, error) => runtime.log.error({ err: error }, message),
  });
  publishShareDoor({
    standing: (token) => book.standing(token),
    count: (token) => book.count(token),
  });
  return book;
}

/** Writes what is counted; the proxy asks no more. */
export async function closeShares(book: ShareBook): Promise<void> {
  publishShareDoor(null);
  await book.stop();
}

/** The address that people use, without a slash at its end. */
function originOf({ publicUrl, bind }: Pick<Config, 'publicUrl' | 'bind'>): string {
  if (publicUrl !== null) return publicUrl.href.replace(/\/+$/, '');
  const host = isWildcardHost(bind.host) ? 'localhost' : bind.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bind.port}`;
}
