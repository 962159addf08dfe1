import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** How an HTTP server in front of a good one misbehaves. */
export type HttpFault =
  /** `body` may quote what we sent: `$AUTH` stands for the credential of the request. */
  | { do: 'status'; status: number; retryAfter?: string; body?: string; headers?: OutgoingHttpHeaders }
  /** Any body with status 200. */
  | { do: 'body'; body: string; type?: string }
  /** The good answer, changed. */
  | { do: 'rewrite'; change: (text: string, path: string) => string; type?: string }
  /** Head at once, then a byte each `everyMs`. */
  | { do: 'trickle'; everyMs: number }
  /** Streams `bytes` as fast as they are taken. */
  | { do: 'huge'; bytes: number }
  /** Says that so much will come. */
  | { do: 'declared'; bytes: number }
  /** A small body that unfolds to 256 MB. */
  | { do: 'bomb' }
  | { do: 'headers'; bytes: number }
  /** Promises the whole good answer and ends after half of it. */
  | { do: 'cut'; how: 'length' | 'chunked' }
  /** The good answer, with the server's clock off by this much. */
  | { do: 'clock'; byMs: number };

/** A running gate. */
export interface HttpGate {
  readonly port: number;
  /** Bytes of bodies that the other side has taken. */
  readonly takenBytes: number;
  setFault(fault: HttpFault | null): void;
  close(): Promise<void>;
}

const PIECE = Buffer.alloc(64 * 1024, ' ');
const BOMB_BYTES = 256 * 1024 * 1024;
let bomb: Promise<Buffer> | null = null;

/** A small body that unfolds to 256 MB; made once, and before anything is measured. */
export function makeBomb(): Promise<Buffer> {
  bomb ??= promisify(gzip)(Buffer.alloc(BOMB_BYTES, ' '));
  return bomb;
}

/** Stands in front of `upstreamPort` on 127.0.0.1; `nowMs` is what its `Date` header tells. */
export async function startHttpGate(upstreamPort: number, nowMs: () => number): Promise<HttpGate> {
  let fault: HttpFault | null = null;
  let takenBytes = 0;
  const server = http.createServer((request, response) => {
    response.on('error', () => undefined);
    response.setHeader('date', new Date(nowMs()).toUTCString());
    answer(fault, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;

  async function answer(
    now: HttpFault | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const json = { 'content-type': 'application/json' };
    switch (now?.do) {
      case undefined: {
        const good = await ask(upstreamPort, request);
        response.writeHead(good.status, { 'content-type': good.type }).end(good.text);
        return;
      }
      case 'status': {
        const retry = now.retryAfter === undefined ? {} : { 'retry-after': now.retryAfter };
        const credential = request.headers.authorization ?? '';
        const body = (now.body ?? '{"error":"made up, for $AUTH"}').replaceAll('$AUTH', credential);
        response.writeHead(now.status, { ...json, ...retry, ...now.headers });
        response.end(now.status === 204 ? undefined : body);
        return;
      }
      case 'body':
        response.writeHead(200, { 'content-type': now.type ?? 'application/json' }).end(now.body);
        return;
      case 'rewrite': {
        const good = await ask(upstreamPort, request);
        const text = now.change(good.text, request.url ?? '');
        response.writeHead(good.status, { 'content-type': now.type ?? good.type }).end(text);
        return;
      }
      case 'clock': {
        const good = await ask(upstreamPort, request);
        response.setHeader('date', new Date(nowMs() + now.byMs).toUTCString());
        response.writeHead(good.status, { 'content-type': good.type }).end(good.text);
        return;
      }
      case 'trickle': {
        const good = await ask(upstreamPort, request);
        response.writeHead(200, { 'content-type': good.type });
        trickle(response, Buffer.from(good.text), now.everyMs);
        return;
      }
      case 'huge':
        response.writeHead(200, json);
        await stream(response, now.bytes);
        return;
      case 'declared':
        response.writeHead(200, { ...json, 'content-length': now.bytes });
        await stream(response, now.bytes);
        return;
      case 'bomb':
        response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(await makeBomb());
        return;
      case 'headers':
        response.writeHead(200, { ...json, 'x-filler': 'x'.repeat(now.bytes) }).end('{}');
        return;
      case 'cut': {
        const good = Buffer.from((await ask(upstreamPort, request)).text);
        const length = now.how === 'length' ? { 'content-length': good.length } : {};
        response.writeHead(200, { ...json, ...length });
        response.write(good.subarray(0, Math.floor(good.length / 2)), () => response.socket?.destroy());
        return;
      }
      default:
        now satisfies never;
    }
  }

  async function stream(response: ServerResponse, bytes: number): Promise<void> {
    for (let left = bytes; left > 0 && !response.destroyed; left -= PIECE.length) {
      if (!response.write(PIECE)) await drained(response);
      if (!response.destroyed) takenBytes += PIECE.length;
    }
    if (!response.destroyed) response.end();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get takenBytes() {
      return takenBytes;
    },
    setFault: (next) => {
      fault = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What the good server says to this request. */
function ask(
  port: number,
  request: IncomingMessage,
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, connection: 'close', 'accept-encoding': 'identity' };
    const inner = http.request(
      { host: '127.0.0.1', port, path: request.url, method: request.method, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 502,
            type: answer.headers['content-type'] ?? 'text/plain',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    inner.on('error', reject);
    request.pipe(inner);
  });
}

function trickle(response: ServerResponse, body: Buffer, everyMs: number): void {
  let at = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    if (at >= body.length) response.end();
    else response.write(body.subarray(at, at + 1));
    at += 1;
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((next) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      next();
    };
    response.on('drain', go).on('close', go);
  });
}
