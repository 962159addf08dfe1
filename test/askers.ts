import type { Asker } from '@/lib/server/auth/request-facts.ts';

/** A page of our own that posts to a server on 127.0.0.1:3000; change what the test is about. */
export function makeAsker(change: Partial<Asker> = {}): Asker {
  return {
    method: 'POST',
    path: '/',
    host: '127.0.0.1:3000',
    origin: 'http://127.0.0.1:3000',
    secFetchSite: 'same-origin',
    authorization: null,
    upgrade: null,
    client: '192.0.2.1',
    cookies: new Map(),
    ...change,
  };
}
