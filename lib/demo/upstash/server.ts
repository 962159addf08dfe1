import { timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeDatabase, toJson } from './database.ts';
import { misbehave, type UpstashFault } from './faults.ts';
import { isPeriod, statsOf } from './stats.ts';
import { type UpstashHabits, type UpstashWorld, USUAL_HABITS } from './world.ts';

/** The calls that the fake knows. */
export type UpstashCall = 'list' | 'database' | 'stats';

/** One request as it came in. */
export interface UpstashRequest {
  atMs: number;
  method: string;
  call: UpstashCall | 'unknown';
  /** Path with query. */
  path: string;
  status: number;
}

export interface UpstashServer {
  /** Base of the API: what `apiUrl` of a source is set to. */
  readonly url: string;
  readonly port: number;
  /** Every request since the start, oldest first; those that a fault answered too. */
  readonly ledger: readonly UpstashRequest[];
  /** Plays a fault on one call, or on all of them; null ends it there. */
  setFault(fault: UpstashFault | null, call?: UpstashCall): void;
  close(): Promise<void>;
}

interface Options {
  nowMs: () => number;
  /** Read at each answer, so that they can change. */
  habits?: () => UpstashHabits;
}

/** Longer than any test or demo needs; the oldest are dropped beyond it. */
const MAX_LEDGER = 10_000;

/** Upstash’s Developer API, as far as a watcher reads it, over `world` on a free port of 127.0.0.1. */
export async function startUpstashServer(world: UpstashWorld, options: Options): Promise<UpstashServer> {
  const { nowMs, habits = () => USUAL_HABITS } = options;
  const faults = new Map<UpstashCall, UpstashFault>();
  const ledger: UpstashRequest[] = [];

  const server = http.createServer((request, response) => {
    const atMs = nowMs();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstash');
    const answer = answerTo(
      world,
      { method: request.method ?? '', pathname, searchParams, header: request.headers.authorization },
      atMs,
      habits(),
    );
    const fault = answer.call === 'unknown' ? undefined : faults.get(answer.call);
    ledger.push({
      atMs,
      method: request.method ?? '',
      call: answer.call,
      path: request.url ?? '',
      status: fault?.type === 'status' ? fault.code : answer.status,
    });
    if (ledger.length > MAX_LEDGER) ledger.shift();
    response.setHeader('date', new Date(atMs).toUTCString());
    if (fault !== undefined) misbehave(fault, response, answer.text);
    else
      response
        .writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' })
        .end(answer.text());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v2`,
    port,
    ledger,
    setFault(fault, call) {
      for (const one of call === undefined ? (['list', 'database', 'stats'] as const) : [call]) {
        if (fault === null) faults.delete(one);
        else faults.set(one, fault);
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  method: string;
  pathname: string;
  searchParams: URLSearchParams;
  header: string | undefined;
}

interface Answer {
  call: UpstashCall | 'unknown';
  status: number;
  /** The JSON; made only where it is sent. */
  text: () => string;
}

function answerTo(world: UpstashWorld, asked: Asked, atMs: number, habits: UpstashHabits): Answer {
  const { call, id } = callOf(asked.pathname);
  const refuse = (status: number, error: string): Answer => ({
    call,
    status,
    text: () => JSON.stringify({ error }),
  });
  if (!isOwner(world, asked.header)) return refuse(401, 'unauthorized');
  if (call === 'unknown') return refuse(404, 'not found');
  if (asked.method !== 'GET') return refuse(405, 'method not allowed');
  if (call === 'list') {
    const listed = () => world.databases.map((one) => describeDatabase(one, atMs, false));
    return { call, status: 200, text: () => toJson(listed()) };
  }
  const database = world.databases.find((one) => one.id === id);
  if (database === undefined) return refuse(404, 'database not found');
  if (call === 'database') {
    const hidden = asked.searchParams.get('credentials') === 'hide';
    return { call, status: 200, text: () => toJson(describeDatabase(database, atMs, hidden)) };
  }
  const period = asked.searchParams.get('period') ?? '1h';
  if (!isPeriod(period)) return refuse(400, `unknown period ${period}`);
  return { call, status: 200, text: () => JSON.stringify(statsOf(database, period, atMs, habits)) };
}

function callOf(pathname: string): { call: Answer['call']; id: string } {
  if (pathname === '/v2/redis/databases') return { call: 'list', id: '' };
  const match = /^\/v2\/redis\/(database|stats)\/([^/]+)$/.exec(pathname);
  if (match === null) return { call: 'unknown', id: '' };
  return { call: match[1] === 'stats' ? 'stats' : 'database', id: decodeURIComponent(match[2] ?? '') };
}

function isOwner({ email, apiKey }: UpstashWorld, header: string | undefined): boolean {
  const wanted = Buffer.from(`Basic ${Buffer.from(`${email}:${apiKey}`).toString('base64')}`);
  const given = Buffer.from(header ?? '');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
