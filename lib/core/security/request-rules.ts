import { isSharePath } from '../shares/share-path.ts';
import { type AllowedAddresses, isAllowedHost } from './addresses.ts';

/** What the rules look at; header values as sent, null when the header is missing. */
export interface RequestFacts {
  method: string;
  /** Path as sent, percent-encoding kept. */
  path: string;
  host: string | null;
  origin: string | null;
  secFetchSite: string | null;
  authorization: string | null;
  upgrade: string | null;
  /** Signature of the body, as senders of hooks send it; absent or null without one. */
  signature?: string | null;
}

/** Why a request goes no further, in words that are safe to send. */
export interface Refusal {
  status: 400 | 403 | 405 | 421;
  message: string;
}

const READING = new Set(['GET', 'HEAD']);
const NEVER = new Set(['TRACE', 'CONNECT', 'TRACK']);

/** True for methods that only read: they need no proof of where they came from. */
export function isReadingMethod(method: string): boolean {
  return READING.has(method.toUpperCase());
}

/** The path that answers under any `Host`: a load balancer asks it by address. */
export const HEALTH_PATH = '/api/health';

/** Where a signature of the body may stand in for a token: the route checks it before it believes anything. */
const SIGNED_PATHS = new Set(['/api/deploys', '/api/hooks/github']);

/** True for paths that machines use: there a bearer token may stand in for an `Origin`. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** The first rule that the request breaks; null when it may go on. Says nothing about who asks. */
export function judgeRequest(facts: RequestFacts, allowed: AllowedAddresses): Refusal | null {
  if (facts.upgrade !== null) return { status: 400, message: 'This server does not switch protocols.' };
  if (NEVER.has(facts.method.toUpperCase()))
    return { status: 405, message: 'This method is not served here.' };
  const health = facts.path === HEALTH_PATH && isReadingMethod(facts.method);
  if (!health && !isAllowedHost(facts.host, allowed)) {
    return {
      status: 421,
      message:
        'This server does not answer under that name. Use the address that it printed at its start, or set AFTERWATCH_PUBLIC_URL to the address that people use.',
    };
  }
  if (isReadingMethod(facts.method)) return null;
  // A share is a page that is read: nothing can be done there, by whomever.
  if (isSharePath(facts.path)) return { status: 405, message: 'A share can only be read.' };
  return judgeOrigin(facts, allowed);
}

/**
 * The rule for everything that may change state: `Origin` must be there and be ours. Browsers always send it with
 * such requests, so its absence is a machine, which must bring a bearer token and stay under `/api/`; a browser cannot
 * be made to send that header from another site. `Sec-Fetch-Site` is missing on plain http beyond loopback; where
 * it is sent it must say same-origin.
 */
export function judgeOrigin(
  facts: Pick<RequestFacts, 'path' | 'origin' | 'secFetchSite' | 'authorization' | 'signature'>,
  allowed: AllowedAddresses,
): Refusal | null {
  if (facts.secFetchSite !== null && facts.secFetchSite !== 'same-origin') {
    return { status: 403, message: 'This request was started by another site, so it was refused.' };
  }
  if (facts.origin !== null) {
    return allowed.origins.has(facts.origin.toLowerCase())
      ? null
      : { status: 403, message: 'This request came from another origin, so it was refused.' };
  }
  if (isApiPath(facts.path) && readBearer(facts.authorization) !== null) return null;
  // No browser sends such a header to another site unasked, and this server allows none to ask.
  if (SIGNED_PATHS.has(facts.path) && (facts.signature ?? null) !== null) return null;
  return {
    status: 403,
    message: isApiPath(facts.path)
      ? 'A request without an Origin header needs a bearer token: send Authorization: Bearer and the value of AFTERWATCH_TOKEN.'
      : 'This request named no origin, so it was refused.',
  };
}

/** The token of an `Authorization: Bearer …` header; null when there is none or the header is of another kind. */
export function readBearer(authorization: string | null): string | null {
  if (authorization === null || authorization.length > 4096) return null;
  const match = /^bearer +([^\s,]+)$/i.exec(authorization.trim());
  return match?.[1] ?? null;
}
