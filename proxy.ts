import { type NextRequest, NextResponse } from 'next/server';
import { allowAddresses } from '@/lib/core/security/addresses.ts';
import { isApiPath, isReadingMethod, judgeRequest, type Refusal } from '@/lib/core/security/request-rules.ts';
import { readServerPlace } from '@/lib/server/config/bind-address.ts';
import {
  BADGE_HEADERS,
  BASE_HEADERS,
  forwardHeaders,
  INERT_CSP,
  isBadgePath,
  makeNonce,
  NEVER_STORED,
  pageCsp,
  STRICT_TRANSPORT,
} from '@/lib/server/http/headers.ts';

/** Everything but the built assets, which are the same for everybody. Must be a literal. */
export const config = { matcher: ['/((?!_next/static/).*)'] };

/**
 * The first look at a request: name, origin, headers, policy. It lets nobody in; pages, routes and actions each check
 * that themselves.
 */
export function proxy(request: NextRequest): NextResponse {
  const place = readServerPlace();
  const { headers, method, nextUrl } = request;
  const path = nextUrl.pathname;
  const host = headers.get('host');
  const https = place.publicUrl?.protocol === 'https:' && host?.toLowerCase() === place.publicUrl.host;
  const refusal = judgeRequest(
    {
      method,
      path,
      host,
      origin: headers.get('origin'),
      secFetchSite: headers.get('sec-fetch-site'),
      authorization: headers.get('authorization'),
      upgrade: headers.get('upgrade'),
      signature: headers.get('x-afterwatch-signature') ?? headers.get('x-hub-signature-256'),
    },
    allowAddresses(place),
  );
  if (refusal !== null) return harden(refuse(refusal, path), INERT_CSP, https);
  const csp = isApiPath(path) ? INERT_CSP : pageCsp(makeNonce(), process.env.NODE_ENV === 'development');
  const forwarded = forwardHeaders(headers, {
    path: `${path}${nextUrl.search}`,
    site: siteOf(method, host, headers.get('origin')),
    csp,
    https,
  });
  const response = harden(NextResponse.next({ request: { headers: forwarded } }), csp, https);
  // What stands here wins over what a route says.
  if (isBadgePath(path)) for (const [name, value] of BADGE_HEADERS) response.headers.set(name, value);
  return response;
}

/** By now a request that may change state has an origin of ours, or none and a token. */
function siteOf(method: string, host: string | null, origin: string | null): string {
  return origin === null || isReadingMethod(method) ? (host ?? 'localhost') : new URL(origin).host;
}

function refuse({ status, message }: Refusal, path: string): NextResponse {
  return isApiPath(path) && status === 403
    ? NextResponse.json({ error: { code: 'forbidden', message } }, { status })
    : new NextResponse(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

function harden(response: NextResponse, csp: string, https: boolean): NextResponse {
  for (const [name, value] of BASE_HEADERS) response.headers.set(name, value);
  if (https) for (const [name, value] of STRICT_TRANSPORT) response.headers.set(name, value);
  response.headers.set('Content-Security-Policy', csp);
  response.headers.set('Cache-Control', NEVER_STORED);
  return response;
}
