import { type NextRequest, NextResponse } from 'next/server';
import { allowAddresses } from '@/lib/core/security/addresses.ts';
import { isApiPath, isReadingMethod, judgeRequest, type Refusal } from '@/lib/core/security/request-rules.ts';
import { isSharePath, readSharePath } from '@/lib/core/shares/share-path.ts';
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
  SHARE_HEADERS,
  SHARE_IMAGE_HEADERS,
  STRICT_TRANSPORT,
  sharePageCsp,
} from '@/lib/server/http/headers.ts';
import { readShareDoor } from '@/lib/server/http/share-standing.ts';

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
  if (refusal !== null) return harden(refuse(refusal, path), INERT_CSP, https, path);
  if (isOver(path)) return harden(sayOver(), INERT_CSP, https, path);
  noteView(request);
  const csp = chooseCsp(path);
  const forwarded = forwardHeaders(headers, {
    path: `${path}${nextUrl.search}`,
    site: siteOf(method, host, headers.get('origin')),
    csp,
    https,
  });
  const response = harden(NextResponse.next({ request: { headers: forwarded } }), csp, https, path);
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

function chooseCsp(path: string): string {
  const development = process.env.NODE_ENV === 'development';
  if (isApiPath(path)) return INERT_CSP;
  return isSharePath(path) ? sharePageCsp(makeNonce(), development) : pageCsp(makeNonce(), development);
}

/** True for a link that was made and is revoked or expired; the page says so where the proxy cannot know. */
function isOver(path: string): boolean {
  const share = readSharePath(path);
  return share !== null && readShareDoor()?.standing(share.token) === 'gone';
}

/** Not a page of the app: that could not answer with this status. */
function sayOver(): NextResponse {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>This link has ended</title>
</head>
<body>
<main>
<h1>This link has ended.</h1>
<p>It was withdrawn, or its time is over. Whoever sent it can make a new one.</p>
</main>
</body>
</html>
`;
  return new NextResponse(html, { status: 410, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** A look at a share by a reader or a bot: not what a browser fetches ahead, and not the image. */
function noteView({ method, nextUrl, headers }: NextRequest): void {
  const share = readSharePath(nextUrl.pathname);
  if (share === null || share.rest !== '' || method !== 'GET') return;
  const isAhead = headers.has('next-router-prefetch') || /prefetch/.test(headers.get('sec-purpose') ?? '');
  if (!isAhead) readShareDoor()?.count(share.token);
}

function harden(response: NextResponse, csp: string, https: boolean, path: string): NextResponse {
  const isShare = isSharePath(path);
  const lists = [
    BASE_HEADERS,
    ...(https ? [STRICT_TRANSPORT] : []),
    ...(isShare ? [SHARE_HEADERS] : []),
    ...(isShare && readSharePath(path)?.rest === 'preview.png' ? [SHARE_IMAGE_HEADERS] : []),
  ];
  for (const [name, value] of lists.flat()) response.headers.set(name, value);
  response.headers.set('Content-Security-Policy', csp);
  response.headers.set('Cache-Control', NEVER_STORED);
  return response;
}
