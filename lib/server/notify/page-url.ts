import 'server-only';
import { isWildcardHost } from '@/lib/core/security/addresses.ts';
import type { Config } from '../config/types.ts';

/** Address of the page of a deploy: under the public address, else under the one that the server listens on. */
export function pageUrl({ publicUrl, bind }: Pick<Config, 'publicUrl' | 'bind'>, deployId: string): string {
  return `${publicUrl?.origin ?? `http://${hostOf(bind)}`}/deploys/${deployId}`;
}

function hostOf({ host, port }: Config['bind']): string {
  const name = isWildcardHost(host) ? '127.0.0.1' : host;
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}
