import 'server-only';
import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';

/** What a link to a server was waiting for. */
export type Stage = 'connect' | 'answer';

export interface When {
  stage: Stage;
  /** What this stage may take. */
  seconds: number;
  aborted: boolean;
}

/** A failure by kind and in words that follow the name of the target. */
export interface NamedFault {
  kind: ScrapeErrorKind;
  text: string;
}

/** What only the protocol can add to a fault of the socket under it. */
export interface LinkWords {
  /** `host:port`, safe to show. */
  address: string;
  /** Such as `Redis`. */
  product: string;
  /** Behind "reset the connection": what it may mean here. */
  resetHint: string;
  /** When the other side does not speak TLS, by code and message; null when that is not it. */
  plainPort: (code: string, message: string) => string | null;
  /** Where to name an authority that Node does not know. */
  authorityHint: string;
}

/** Names what the socket or TLS under a protocol says; null when it says nothing that we know. */
export function nameLinkFault(error: Error, words: LinkWords): NamedFault | null {
  const code = codeOf(error);
  const network = (text: string): NamedFault => ({ kind: 'network', text });
  switch (code) {
    case 'ECONNREFUSED':
      return network(`refused the connection at ${words.address}; is ${words.product} running there?`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return network(`has a host name that DNS does not know (${words.address}); check its url`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return network(`cannot be reached from here (${words.address}); check the network rule`);
    case 'ECONNRESET':
    case 'EPIPE':
      return network(`reset the connection at ${words.address}; ${words.resetHint}`);
    default:
      return isTls(code, error.message)
        ? network(`and we could not agree on TLS: ${tlsReason(code, error.message, words)}`)
        : null;
  }
}

function isTls(code: string, message: string): boolean {
  const byCode = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code);
  return byCode || /\bSSL\b|certificate/i.test(message);
}

function tlsReason(code: string, message: string, words: LinkWords): string {
  const plain = words.plainPort(code, message);
  if (plain !== null) return plain;
  if (/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/.test(code)) {
    return `its certificate is signed by nobody we know; ${words.authorityHint}`;
  }
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired; renew it';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'its certificate is for another name; use that name in the url';
  }
  return code === '' ? 'the handshake failed' : `the handshake failed (${code})`;
}

/** Node's code of a system or TLS error; empty when there is none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** `within 3 s; …`: the end of every sentence about silence. */
export function withinWords(seconds: number): string {
  return `within ${Number(seconds.toFixed(1))} s; check the network rule or raise timeoutSeconds`;
}

/** A server's words in one short line, with our own password taken out. */
export function quoteServer(text: string, password: string | null): string {
  const safe = password === null || password === '' ? text : text.replaceAll(password, '[hidden]');
  return safe
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120);
}
