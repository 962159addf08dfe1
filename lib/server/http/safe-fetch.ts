import 'server-only';
import type { Socket } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { type AddressTrust, literalAddress, refuseAddress } from './address-policy.ts';
import { describeFailure, FetchError } from './fetch-error.ts';
import { type ConnectOptions, giveUp, trackingConnector } from './guarded-connect.ts';
import { readBody } from './read-body.ts';
import { parseHttpDate, parseRetryAfter } from './response-headers.ts';

export interface SafeRequest {
  url: string;
  method?: 'GET' | 'POST';
  /** `accept-encoding: gzip` is added; nothing else is. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** From the call to the last byte, whatever the server does in between. */
  deadlineMs: number;
  /** Cap of the decoded body; a compressed one is counted while it is decoded. */
  maxBytes: number;
  signal?: AbortSignal;
}

export interface SafeResponse {
  status: number;
  /** Lower-case names; a repeated header is joined with `, `. */
  headers: Readonly<Record<string, string>>;
  contentType: string | null;
  text: string;
  /** Decoded length. */
  bytes: number;
  /** False when only the end of the connection marks the end of the body: a cut would not show. */
  framed: boolean;
  /** The server's clock, to the second; null without a readable `Date`. */
  dateHeaderMs: number | null;
  /** From `Retry-After`, clamped to 1 s – 1 h; null when absent or nonsense. */
  retryAfterMs: number | null;
}

/** A client for few addresses that keeps its connections for a moment; `close()` ends them all. */
export interface SafeHttp {
  /** Throws `FetchError`; any HTTP status but a redirect is an answer. */
  fetch(request: SafeRequest): Promise<SafeResponse>;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 32 * 1024;
/**
 * Long enough for a second request of the same visit, shorter than any scrape interval: a connection kept between
 * visits would stick to one worker of a multi-process server and hide the others.
 */
const KEEP_ALIVE_MS = 3_000;

/**
 * The one way out by HTTP. Only http and https; the address is checked both as a literal and after DNS, and the
 * connection goes to the checked address; redirects are refused; no cookies, no proxy from the environment.
 */
export function openSafeHttp(options: ConnectOptions): SafeHttp {
  const connecting = new Map<Socket, string>();
  const connect = trackingConnector(options, connecting);
  // undici's own collection of pools throws each away once its connections are closed, so at every visit.
  const pools = new Map<string, Pool>();
  let isClosed = false;
  const poolFor = (origin: string): Pool => {
    if (isClosed) throw new FetchError('cancelled', `${new URL(origin).host}: the client is closed`);
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const made = new Pool(origin, {
      connect,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      pipelining: 1,
      connections: 4,
      // Our own deadline covers all of it; undici's would only add other error texts.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pools.set(origin, made);
    return made;
  };
  return {
    fetch: (request) => fetchOnce(poolFor, options.trust, connecting, request),
    close: async () => {
      isClosed = true;
      for (const socket of connecting.keys()) giveUp(socket);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** One request with a client of its own. */
export async function safeFetch(options: ConnectOptions, request: SafeRequest): Promise<SafeResponse> {
  const http = openSafeHttp(options);
  try {
    return await http.fetch(request);
  } finally {
    await http.close();
  }
}

async function fetchOnce(
  poolFor: (origin: string) => Pool,
  trust: AddressTrust,
  connecting: Map<Socket, string>,
  request: SafeRequest,
): Promise<SafeResponse> {
  const url = checkedUrl(request.url, trust);
  const hostPort = hostPortOf(url);
  const abort = new AbortController();
  // undici hears of an abort only once it is connected; until then, ending the handshake is what ends the request.
  abort.signal.addEventListener('abort', () => {
    for (const [socket, to] of connecting) if (to === hostPort) giveUp(socket);
  });
  const timer = setTimeout(() => abort.abort(timedOut(hostPort, request.deadlineMs)), request.deadlineMs);
  const onCancel = () => abort.abort(new FetchError('cancelled', `${hostPort}: the request was cancelled`));
  request.signal?.addEventListener('abort', onCancel, { once: true });
  if (request.signal?.aborted) onCancel();
  try {
    abort.signal.throwIfAborted();
    const answer = await poolFor(url.origin).request({
      path: `${url.pathname}${url.search}`,
      method: request.method ?? 'GET',
      headers: { ...request.headers, 'accept-encoding': 'gzip' },
      body: request.body ?? null,
      signal: abort.signal,
    });
    return await readAnswer(answer, hostPort, request.maxBytes, abort.signal);
  } catch (error) {
    // An abort shows up as many errors (of undici, of the stream, of zlib): the reason is what happened.
    throw describeFailure(abort.signal.aborted ? abort.signal.reason : error, hostPort);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onCancel);
  }
}

async function readAnswer(
  answer: Dispatcher.ResponseData,
  hostPort: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<SafeResponse> {
  const headers = flatHeaders(answer.headers);
  const header = (name: string) => headers[name] ?? null;
  const location = header('location');
  if (answer.statusCode >= 300 && answer.statusCode < 400 && location !== null) {
    answer.body.on('error', () => {}).destroy();
    throw new FetchError('redirect', redirectText(hostPort, answer.statusCode, location));
  }
  const encoding = header('content-encoding');
  const declared = header('content-length');
  const { text, bytes } = await readBody(answer.body, { hostPort, encoding, declared, maxBytes, signal });
  const dateHeaderMs = parseHttpDate(header('date'));
  return {
    status: answer.statusCode,
    headers,
    contentType: header('content-type'),
    text,
    bytes,
    framed: declared !== null || header('transfer-encoding') !== null || encoding !== null,
    dateHeaderMs,
    retryAfterMs: parseRetryAfter(header('retry-after'), dateHeaderMs, Date.now()),
  };
}

function checkedUrl(text: string, trust: AddressTrust): URL {
  if (!URL.canParse(text)) throw new FetchError('blocked', 'the address is not a URL');
  const url = new URL(text);
  const hostPort = hostPortOf(url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('blocked', `${hostPort}: only http and https addresses are read`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchError('blocked', `${hostPort}: the address holds a user or password; use a bearer token`);
  }
  const literal = literalAddress(url.hostname);
  const refusal = literal === null ? null : refuseAddress(literal, trust);
  if (refusal !== null) throw new FetchError('blocked', `${hostPort} ${refusal}`);
  return url;
}

function hostPortOf(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.hostname}:${port}`;
}

function timedOut(hostPort: string, deadlineMs: number): FetchError {
  return new FetchError(
    'timeout',
    `${hostPort} gave no complete answer within ${Number((deadlineMs / 1_000).toFixed(2))} s`,
  );
}

function redirectText(hostPort: string, status: number, location: string): string {
  const to = URL.canParse(location, `http://${hostPort}`) ? new URL(location, `http://${hostPort}`).host : '';
  const where = to === '' || to === hostPort ? 'another page' : to.slice(0, 80);
  return `${hostPort} answered ${status}, a redirect to ${where}; redirects are not followed, so give the final address`;
}

function flatHeaders(raw: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
