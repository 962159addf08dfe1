import type { ServerResponse } from 'node:http';

/** What the API does instead of answering well. */
export type UpstashFault =
  | { type: 'status'; code: number; retryAfter?: string; body?: string }
  /** A page of HTML with status 200. */
  | { type: 'html' }
  /** Takes the request and never answers. */
  | { type: 'silent' }
  /** One byte each `delayMs`. */
  | { type: 'drip'; delayMs: number }
  /** Streams so many bytes of JSON that never ends. */
  | { type: 'huge'; bytes: number }
  /** Promises the whole body, sends its half and resets. */
  | { type: 'cut' }
  | { type: 'reset' }
  | { type: 'redirect'; location: string }
  /** Any JSON in place of the answer. */
  | { type: 'body'; body: string }
  /** A good answer, this much later. */
  | { type: 'slow'; delayMs: number };

/** Answers as the fault wants it; `good` is what would have been served. */
export function misbehave(fault: UpstashFault, response: ServerResponse, good: () => string): void {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  switch (fault.type) {
    case 'status': {
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response
        .writeHead(fault.code, { ...json, ...retry })
        .end(fault.body ?? `{"error":"status ${fault.code}"}`);
      return;
    }
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><html><body>Sign in</body></html>');
      return;
    case 'silent':
      return;
    case 'drip':
      response.writeHead(200, json);
      drip(response, Buffer.from(good()), fault.delayMs);
      return;
    case 'huge':
      response.writeHead(200, json);
      void streamHuge(response, fault.bytes);
      return;
    case 'cut': {
      const body = good();
      response.writeHead(200, { ...json, 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
      return;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      return;
    case 'body':
      response.writeHead(200, json).end(fault.body);
      return;
    case 'slow': {
      const timer = setTimeout(() => response.writeHead(200, json).end(good()), fault.delayMs);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    default:
      fault satisfies never;
  }
}

function drip(response: ServerResponse, body: Buffer, delayMs: number): void {
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

/** Obeys back-pressure, so the fake itself needs no memory for it. */
async function streamHuge(response: ServerResponse, bytes: number): Promise<void> {
  const part = Buffer.from(`[${' '.repeat(65_535)}`);
  for (let sent = 0; sent < bytes && !response.destroyed; sent += part.length) {
    if (response.write(part)) continue;
    await new Promise<void>((next) => {
      const go = () => {
        response.off('drain', go).off('close', go);
        next();
      };
      response.on('drain', go).on('close', go);
    });
  }
  if (!response.destroyed) response.end();
}
