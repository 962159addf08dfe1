import type { ServerResponse } from 'node:http';

/** How a server of the fleet can misbehave; null serves as it should. */
export type ServerFault =
  /** Any status, with its own body and, when given, a `Retry-After` as written. */
  | { kind: 'status'; status: number; body?: string; retryAfter?: string }
  /** A login page with status 200. */
  | { kind: 'html' }
  /** JSON that is cut in the middle. */
  | { kind: 'cut' }
  /** Good JSON of another shape. */
  | { kind: 'wrong_types' }
  /** A body that does not end before `bytes`. */
  | { kind: 'huge'; bytes: number }
  /** A byte each `everyMs`, for ever. */
  | { kind: 'drip'; everyMs: number }
  /** Accepts, and says nothing. */
  | { kind: 'silent' }
  | { kind: 'redirect'; location: string }
  /** Cuts the connection before the answer. */
  | { kind: 'reset' };

/** Answers as the fault says. */
export function answerFault(fault: ServerFault, response: ServerResponse): void {
  const json = { 'content-type': 'application/json' };
  switch (fault.kind) {
    case 'status': {
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response
        .writeHead(fault.status, { ...json, ...retry })
        .end(fault.body ?? '{"error":"made up by the demo"}');
      return;
    }
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
      return;
    case 'cut':
      response.writeHead(200, json).end('{"status":"success","data":{"resultType":"vec');
      return;
    case 'wrong_types':
      response
        .writeHead(200, json)
        .end('{"status":"success","data":{"resultType":"vector","result":[{"metric":7}]}}');
      return;
    case 'huge':
      sendHuge(response, fault.bytes);
      return;
    case 'drip': {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write(' '), fault.everyMs);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'silent':
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    default:
      fault satisfies never;
  }
}

function sendHuge(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('[]');
  };
  more();
}
