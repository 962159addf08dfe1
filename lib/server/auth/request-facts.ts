import 'server-only';
import type { RequestFacts } from '@/lib/core/security/request-rules.ts';
import { readClient } from '../http/server-front.ts';

/** A request as the guards see it. */
export interface Asker extends RequestFacts {
  /** The client to count by: an address, the /64 of an IPv6 address, or `unknown`. */
  client: string;
  cookies: ReadonlyMap<string, string>;
}

/** `headers` of any request or of `next/headers`; method and path are told, since headers do not hold them. */
export function readAsker(
  headers: { get(name: string): string | null },
  request: { method: string; path: string },
): Asker {
  return {
    method: request.method,
    path: request.path,
    host: headers.get('host'),
    origin: headers.get('origin'),
    secFetchSite: headers.get('sec-fetch-site'),
    authorization: headers.get('authorization'),
    upgrade: headers.get('upgrade'),
    client: readClient(headers),
    cookies: parseCookies(headers.get('cookie')),
  };
}

/** The first value of each name: a later one may have been planted under a wider path. */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').slice(0, 8_192).split(';')) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const name = pair.slice(0, at).trim();
    if (name !== '' && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}
