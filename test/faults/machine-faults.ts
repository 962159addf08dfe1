import type http from 'node:http';

/** What a machine does instead of answering well. */
export type MachineFault =
  /** A login page with status 200. */
  | { type: 'html' }
  /** Takes the request and never answers. */
  | { type: 'silent' }
  /** Streams `bytes` (100 MB when not said) of comment lines, then the true text. */
  | { type: 'huge'; bytes?: number }
  /** One byte each `delayMs` (500 when not said). */
  | { type: 'drip'; delayMs?: number }
  /** Promises the whole body, sends the first `bytes` and resets. */
  | { type: 'cut'; bytes: number }
  /** Resets the connection instead of an answer. */
  | { type: 'reset' }
  | { type: 'status'; code: number; retryAfter?: string }
  /** 200 with no bytes. */
  | { type: 'empty' }
  /** Any body with any type. */
  | { type: 'body'; contentType: string; body: string };

const HTML =
  '<!doctype html><html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>\n';
const HUGE_BYTES = 100 * 1024 * 1024;
const DRIP_MS = 500;

/** Answers as the fault wants it; `good` is what would have been served. */
export function misbehave(
  fault: MachineFault,
  response: http.ServerResponse,
  good: { type: string; body: string },
): void {
  switch (fault.type) {
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(HTML);
      return;
    case 'silent':
      return;
    case 'empty':
      response.writeHead(200, { 'content-type': good.type }).end();
      return;
    case 'body':
      response.writeHead(200, { 'content-type': fault.contentType }).end(fault.body);
      return;
    case 'status': {
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response
        .writeHead(fault.code, { 'content-type': 'text/plain', ...retry })
        .end(`status ${fault.code}\n`);
      return;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'cut':
      response.writeHead(200, { 'content-type': good.type, 'content-length': Buffer.byteLength(good.body) });
      response.write(Buffer.from(good.body).subarray(0, fault.bytes), () => response.socket?.destroy());
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': good.type });
      void streamHuge(response, fault.bytes ?? HUGE_BYTES, good.body);
      return;
    case 'drip':
      response.writeHead(200, { 'content-type': good.type });
      drip(response, Buffer.from(good.body), fault.delayMs ?? DRIP_MS);
      return;
    default:
      fault satisfies never;
  }
}

/** Obeys back-pressure, so the machine itself needs no 100 MB. */
async function streamHuge(response: http.ServerResponse, bytes: number, end: string): Promise<void> {
  const line = Buffer.from(`# ${'x'.repeat(65_533)}\n`);
  for (let sent = 0; sent < bytes && !response.destroyed; sent += line.length) {
    if (response.write(line)) continue;
    await new Promise<void>((next) => {
      const go = () => {
        response.off('drain', go).off('close', go);
        next();
      };
      response.on('drain', go).on('close', go);
    });
  }
  if (!response.destroyed) response.end(end);
}

function drip(response: http.ServerResponse, body: Buffer, delayMs: number): void {
  let at = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    if (at >= body.length) response.end();
    else response.write(body.subarray(at, at + 1));
    at += 1;
  }, delayMs);
  response.on('close', () => clearInterval(timer));
  response.on('finish', () => clearInterval(timer));
}
