import 'server-only';

/** Names and values of response headers. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** On every response of this server, whatever made it: pages, routes, static files and refusals. */
export const BASE_HEADERS: HeaderList = [
  ['X-Content-Type-Options', 'nosniff'],
  // Not no-referrer: with it, browsers send `Origin: null` with the forms of our own pages.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Origin-Agent-Cluster', '?1'],
  ['X-Frame-Options', 'DENY'],
  [
    'Permissions-Policy',
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  ],
];

/** Only over https, or a browser would lock people out of a plain address. One year. */
export const STRICT_TRANSPORT: HeaderList = [['Strict-Transport-Security', 'max-age=31536000']];

/** Nothing that we answer to a person or a machine may be kept by anything in between. */
export const NEVER_STORED = 'private, no-store';

/** A badge is shown by pages of others, and asked for again once a minute at most. */
export const BADGE_HEADERS: HeaderList = [
  ['Cache-Control', 'no-cache, max-age=60'],
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
];

/** A share says nothing to other sites of where a reader came from, and is in no index. */
export const SHARE_HEADERS: HeaderList = [
  ['Referrer-Policy', 'no-referrer'],
  ['X-Robots-Tag', 'noindex, nofollow, noarchive'],
];

/** The preview image of a share is shown by pages of others. */
export const SHARE_IMAGE_HEADERS: HeaderList = [['Cross-Origin-Resource-Policy', 'cross-origin']];

/** True for the addresses of badges, which bring the headers above. */
export function isBadgePath(path: string): boolean {
  return path.startsWith('/api/badge/');
}

/** For responses that are no page: nothing may run, load or frame, should a browser show them. */
export const INERT_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The policy of a page. Next reads the nonce from it and gives it to its own scripts. `development` adds what the
 * development overlay and its source maps need.
 */
export function pageCsp(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
  ].join('; ');
}

/** The policy of a share: as that of a page, and nothing on it may ask any server anything. */
export function sharePageCsp(nonce: string, development: boolean): string {
  const policy = pageCsp(nonce, development);
  // In development the page hears of changes to its code.
  const still = development ? policy : policy.replace("connect-src 'self'", "connect-src 'none'");
  return still.replace("form-action 'self'", "form-action 'none'");
}

/** 128 random bits in base64. */
export function makeNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
}

/**
 * Request headers that only this server may set. Sent from outside they have skipped the proxy, injected a nonce,
 * or made Next believe in another host. (Two ids are sent by Next's own browser code in development.)
 */
const OURS =
  /^(x-middleware-.*|x-nextjs-(?!(html-)?request-id$).*|x-invoke-.*|x-matched-path|x-now-.*|x-vercel-.*|x-next-.*|next-resume|x-forwarded-(host|proto|port|server)|forwarded|x-original-(url|host)|x-rewrite-url|x-host|content-security-policy(-report-only)?|x-afterwatch-(path|client|passed-on))$/i;

/** True for a request header that must not come in from outside. */
export function isForgedHeader(name: string): boolean {
  return OURS.test(name);
}

/** The path and query of the request, for pages that send people to the login and back. */
export const PATH_HEADER = 'x-afterwatch-path';
/** Who asks, as stamped by `server-front.ts`. */
export const CLIENT_HEADER = 'x-afterwatch-client';

/**
 * What is handed on to pages, routes and actions. Next itself compares the host of an action with its origin; behind a
 * reverse proxy that rewrites `Host` the two differ, so `site` is the host of an origin that was already found to be
 * ours, or the checked `Host` of a request that only reads.
 */
export function forwardHeaders(
  inbound: Headers,
  facts: { path: string; site: string; csp: string; https: boolean },
): Headers {
  const headers = new Headers();
  for (const [name, value] of inbound) {
    if (!isForgedHeader(name) || name === CLIENT_HEADER) headers.append(name, value);
  }
  headers.set('x-forwarded-host', facts.site);
  headers.set('x-forwarded-proto', facts.https ? 'https' : 'http');
  headers.set('content-security-policy', facts.csp);
  headers.set(PATH_HEADER, facts.path);
  return headers;
}
