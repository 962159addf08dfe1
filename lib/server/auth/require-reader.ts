import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { toLocalPath } from '@/lib/core/security/local-path.ts';
import { PATH_HEADER } from '../http/headers.ts';
import { getRuntime } from '../runtime.ts';
import type { Access, Grant } from './index.ts';
import { readAsker } from './request-facts.ts';

/** The decision for this request, made once however many layouts and pages ask. */
export const readAccess = cache(async (): Promise<Access> => {
  const list = await headers();
  return getRuntime().auth.authorise(readAsker(list, { method: 'GET', path: list.get(PATH_HEADER) ?? '/' }));
});

/**
 * The first line of every page that shows data; the proxy is no boundary. Sends people who may not read to the login,
 * which brings them back. Throws while the server is starting.
 */
export async function requireReader(): Promise<Grant> {
  const access = await readAccess();
  if (access.ok) return access.grant;
  const back = toLocalPath((await headers()).get(PATH_HEADER));
  redirect(back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`);
}
