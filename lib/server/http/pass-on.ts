import 'server-only';
import { timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isReadingMethod } from '@/lib/core/security/request-rules.ts';
import { isSharePath } from '@/lib/core/shares/share-path.ts';
import { NEVER_STORED } from './headers.ts';
import type { LeaderDoor } from './leader-door.ts';

/** What an instance that passes a request on shows, with the client that it came from. */
export const PASSED_HEADER = 'x-afterwatch-passed-on';

/** A page that the leader does not begin to answer within this is made here. */
const READ_WITHIN_MS = 2_500;
/** What changes something, or waits for a verdict, is given so long. */
const ACT_WITHIN_MS = 65_000;
/** Every instance answers these itself: numbers, frozen copies, and how it is itself. */
const OWN = /^\/(_next\/|api\/(health|ready|query|metrics|badge\/|openapi\.json)|favicon|icon)/;
/** These wait for something that happens where the verdicts are made, or bring more than one instance should hold. */
const LEADERS = /^\/api\/(deploys\/[^/]+\/verdict|backup|restore|export)/;
/** Between two hops only. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** True for a request that this instance leaves to the one that leads. */
export function isLeaders({ method = 'GET', url = '/' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  if (!isReadingMethod(method)) return true;
  return !OWN.test(url) && !isSharePath(url);
}

/** Who a request that another instance has passed on came from; null for any other. */
export function readPassedClient(header: unknown, door: LeaderDoor | null): string | null {
  const secret = door?.ownSecret() ?? null;
  if (typeof header !== 'string' || secret === null) return null;
  const at = header.indexOf(' ');
  const shown = Buffer.from(header.slice(0, at));
  const own = Buffer.from(secret);
  return shown.length === own.length && timingSafeEqual(shown, own) ? header.slice(at + 1) : null;
}

/**
 * Sends a request on as it came, and the answer back. What only reads is given to `answerHere` when the leader does not
 * begin to answer; anything else is refused then, as something that may be tried again.
 */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  to: { address: string; secret: string; client: string; answerHere: () => void },
): void {
  const { method = 'GET', url = '/' } = request;
  const canAnswer = isReadingMethod(method) && !LEADERS.test(url);
  const headers: Record<string, string | string[] | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) if (!HOP.has(name)) headers[name] = value;
  headers[PASSED_HEADER] = `${to.secret} ${to.client}`;
  const target = new URL(url.startsWith('/') ? url : '/', to.address);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const passed = send(target, { method, headers, path: url });
  const late = setTimeout(
    () => passed.destroy(new Error('late')),
    canAnswer ? READ_WITHIN_MS : ACT_WITHIN_MS,
  );
  passed.on('response', (answer) => {
    clearTimeout(late);
    for (const [name, value] of Object.entries(answer.headers))
      if (!HOP.has(name) && value !== undefined) response.setHeader(name, value);
    response.writeHead(answer.statusCode ?? 502);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  passed.on('error', () => {
    clearTimeout(late);
    if (response.headersSent) response.destroy();
    else if (canAnswer) to.answerHere();
    else refuse(response);
  });
  response.on('close', () => {
    clearTimeout(late);
    if (!response.writableEnded) passed.destroy();
  });
  request.pipe(passed);
}

function refuse(response: ServerResponse): void {
  const message =
    'The instance that leads does not answer. Another one takes over within 15 seconds; nothing was changed unless that one did it already. Try again.';
  response.writeHead(503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': NEVER_STORED,
    'Retry-After': '5',
  });
  response.end(JSON.stringify({ error: { code: 'unavailable', message } }));
}
