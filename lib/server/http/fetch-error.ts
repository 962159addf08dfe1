import 'server-only';
import { errors } from 'undici';

/**
 * Why a request gave no answer. Closed set:
 * `timeout` deadline reached · `cancelled` the caller's signal · `network` could not connect, or cut in the middle ·
 * `tls` the certificate is not to be trusted · `blocked` the address is refused by our own guard ·
 * `redirect` the server sent us elsewhere · `too_large` body or headers over the cap · `protocol` not readable as HTTP.
 */
export type FetchFault =
  | 'timeout'
  | 'cancelled'
  | 'network'
  | 'tls'
  | 'blocked'
  | 'redirect'
  | 'too_large'
  | 'protocol';

/** `message` starts with `host:port`; it never holds a path, a query or a credential. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  constructor(
    readonly fault: FetchFault,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

const TLS_WORDS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'shows a TLS certificate that has expired; renew it',
  CERT_NOT_YET_VALID: 'shows a TLS certificate that is not valid yet; check the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'shows a TLS certificate for another name; use the name that the certificate is for',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'shows a self-signed TLS certificate; trust it with NODE_EXTRA_CA_CERTS, or use one from a known authority',
  SELF_SIGNED_CERT_IN_CHAIN:
    'shows a TLS certificate from a private authority; name that authority in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'shows a TLS certificate without its issuer; serve the full chain, or name the issuer in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'shows a TLS certificate whose issuer is unknown; name the issuer in NODE_EXTRA_CA_CERTS',
  CERT_REVOKED: 'shows a TLS certificate that was revoked',
};

const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: 'refused the connection; is the process running, and does it listen on this port?',
  ECONNRESET: 'closed the connection before the answer was complete; see its log, and what lies between',
  EPIPE: 'closed the connection before the answer was complete; see its log, and what lies between',
  UND_ERR_SOCKET: 'closed the connection before the answer was complete; see its log, and what lies between',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH:
    'sent less or more than the length that it announced; see what lies between',
  ENOTFOUND: 'has no DNS entry; check the spelling',
  ENODATA: 'has no address in DNS; check the spelling',
  EAI_AGAIN: 'could not be looked up in DNS just now',
  EHOSTUNREACH: 'cannot be reached from here; check the network rule',
  ENETUNREACH: 'cannot be reached from here; this host has no route to it',
  EADDRNOTAVAIL: 'cannot be reached from here; this host has no fitting address',
  EACCES: 'may not be contacted from here; check the firewall',
  EMFILE: 'could not be contacted: this process has no free file descriptor',
};

const PROTOCOL_WORDS: Record<string, string> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS on this port; use http:// or the TLS port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS on this port; use http:// or the TLS port',
  EPROTO: 'could not agree on TLS; is this a TLS port?',
};

/** Puts any error of a request into words. `hostPort` is all that is said of the address. */
export function describeFailure(error: unknown, hostPort: string): FetchError {
  if (error instanceof FetchError) return error;
  for (const cause of causesOf(error)) {
    if (cause instanceof FetchError) return cause;
    if (cause instanceof errors.HTTPParserError) {
      // Not kept as the cause: it carries what the server sent.
      return new FetchError('protocol', `${hostPort} answered something that is not HTTP; check the port`);
    }
    const code = codeOf(cause);
    if (code === null) continue;
    const tls = TLS_WORDS[code];
    if (tls !== undefined) return new FetchError('tls', `${hostPort} ${tls}`, error);
    const protocol = PROTOCOL_WORDS[code];
    if (protocol !== undefined) return new FetchError('protocol', `${hostPort} ${protocol}`, error);
    const network = NETWORK_WORDS[code];
    if (network !== undefined) return new FetchError('network', `${hostPort} ${network}`, error);
    if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
      return new FetchError('timeout', `${hostPort} did not accept a connection in time`, error);
    }
    if (code === 'UND_ERR_HEADERS_OVERFLOW') {
      return new FetchError(
        'too_large',
        `${hostPort} sent more headers than allowed; check the address`,
        error,
      );
    }
    if (code.startsWith('Z_')) {
      return new FetchError('protocol', `${hostPort} sent a gzip body that is broken or cut short`, error);
    }
    if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
      return new FetchError('tls', `${hostPort} failed the TLS handshake (${code})`, error);
    }
  }
  return new FetchError('network', `${hostPort} could not be read`, error);
}

/** The error, its causes and the members of an aggregate (Happy Eyeballs tries several addresses). */
function causesOf(error: unknown, depth = 0): unknown[] {
  if (depth > 5 || !(error instanceof Error)) return [error];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [
    error,
    ...[error.cause, ...inner].flatMap((cause) => (cause === undefined ? [] : causesOf(cause, depth + 1))),
  ];
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
