import 'server-only';
import { hostname, networkInterfaces } from 'node:os';
import { isLoopbackHost, isWildcardHost } from '@/lib/core/security/addresses.ts';
import type { Config } from '../config/types.ts';
import type { Self } from '../store/postgres/lease.ts';

/** This instance as the others see it: as the configuration says, else by the address that it listens on. */
export function describeSelf({ bind, instanceUrl }: Pick<Config, 'bind' | 'instanceUrl'>): Self {
  const host = isWildcardHost(bind.host) ? (ownAddress() ?? hostname()) : bind.host;
  const address = instanceUrl?.origin ?? `http://${host.includes(':') ? `[${host}]` : host}:${bind.port}`;
  return { holder: `${hostname()}, process ${process.pid}`, address };
}

/** The first address of this machine that others may reach. */
function ownAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = all.filter(
    ({ internal, address }) => !internal && !isLoopbackHost(address) && !/^fe80:/i.test(address),
  );
  return (own.find(({ family }) => family === 'IPv4') ?? own[0])?.address ?? null;
}
