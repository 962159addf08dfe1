import 'server-only';
import { networkInterfaces } from 'node:os';
import { isWildcardHost, type ServerPlace } from '@/lib/core/security/addresses.ts';
import type { Config } from './types.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 3000;
/** `proxy.ts` is a bundle of its own, far from the runtime; this is how it learns what the configuration said. */
const KEY = Symbol.for('afterwatch.bind');

/** What a server was told about its own address. */
export type Bind = Pick<ServerPlace, 'host' | 'port' | 'publicUrl'>;

/** Called once at start, so that the proxy and the configuration never disagree. */
export function publishBindAddress(config: Pick<Config, 'bind' | 'publicUrl'>): void {
  const holder = globalThis as unknown as Record<symbol, Bind | undefined>;
  holder[KEY] = { ...config.bind, publicUrl: config.publicUrl };
}

/** Where this server listens: as published at start, else as the environment says. */
export function readServerPlace(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ServerPlace {
  return toServerPlace(
    (globalThis as unknown as Record<symbol, Bind | undefined>)[KEY] ?? readBindAddress(env),
  );
}

/** Adds the addresses of this machine where they matter. They change while it runs, so ask anew each time. */
export function toServerPlace(bind: Bind): ServerPlace {
  return { ...bind, localAddresses: isWildcardHost(bind.host) ? listLocalAddresses() : [] };
}

/** The three facts of the environment. A value that cannot be read counts as unset: the configuration reports it. */
export function readBindAddress(env: Readonly<Record<string, string | undefined>>): Bind {
  const port = Number(env.PORT);
  const url = env.AFTERWATCH_PUBLIC_URL ?? '';
  return {
    host: env.HOST || DEFAULT_HOST,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : DEFAULT_PORT,
    publicUrl: /^https?:/i.test(url) && URL.canParse(url) ? new URL(url) : null,
  };
}

/** True under `next dev`. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === 'development';
}

function listLocalAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
}
