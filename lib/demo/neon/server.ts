import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  branchBody,
  consumptionBody,
  endpointBody,
  listedProjectBody,
  operationBody,
  projectBody,
} from './answers.ts';
import type { NeonWorld } from './world.ts';

/** What goes wrong with the API, until it is set to null. `path`: only for requests that hold this text. */
export type NeonFault = { path?: string } & (
  | { kind: 'status'; status: number; message: string; code?: string; retryAfter?: string }
  /** The socket stays open and nothing comes. */
  | { kind: 'silent' }
  /** One byte of the answer every 200 ms. */
  | { kind: 'drip' }
  | { kind: 'reset' }
  | { kind: 'cut' }
  | { kind: 'html' }
  | { kind: 'huge' }
  | { kind: 'redirect'; location: string }
  | { kind: 'body'; body: string }
);

/** One request as it came in. */
export interface NeonRequest {
  method: string;
  /** Behind `/api/v2`, without the query. */
  path: string;
  query: string;
  status: number | null;
}

export interface NeonServer {
  /** `http://127.0.0.1:PORT/api/v2`. */
  readonly url: string;
  readonly port: number;
  /** Every request so far. */
  readonly ledger: readonly NeonRequest[];
  setFault(fault: NeonFault | null): void;
  close(): Promise<void>;
}

export interface NeonServerOptions {
  nowMs: () => number;
  /** The only key that is let in. */
  apiKey: string;
  /** A project-scoped key sees its own project alone: no lists, no consumption history. */
  keyScope?: 'organization' | 'project';
}

const PREFIX = '/api/v2';
const DRIP_EVERY_MS = 200;
const HUGE_BYTES = 6 * 1024 * 1024;
const HOUR_MS = 3_600_000;

type Answer = { status: number; body: object };

/** Neon's API v2 on 127.0.0.1, reading only. Nothing that is asked here wakes a compute of the world. */
export async function startNeonServer(world: NeonWorld, options: NeonServerOptions): Promise<NeonServer> {
  const ledger: NeonRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let fault: NeonFault | null = null;

  const server = http.createServer((request, response) => {
    request.resume();
    const url = new URL(request.url ?? '/', 'http://neon');
    const path = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : url.pathname;
    const entry: NeonRequest = { method: request.method ?? '', path, query: url.search, status: null };
    ledger.push(entry);
    const atMs = options.nowMs();
    response.setHeader('date', new Date(atMs).toUTCString());
    const isHit = fault !== null && (fault.path === undefined || path.includes(fault.path));
    if (fault !== null && isHit && disturb(fault, response, timers)) return;
    const authorized = request.headers.authorization === `Bearer ${options.apiKey}`;
    const answer = authorized
      ? answerTo(world, options, { method: entry.method, path, query: url.searchParams, atMs })
      : refusal(401, 'authentication failed, please check your API key');
    entry.status = answer.status;
    send(response, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    port,
    ledger,
    setFault(next) {
      fault = next;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  atMs: number;
}

function answerTo(world: NeonWorld, options: NeonServerOptions, asked: Asked): Answer {
  const { method, path, query, atMs } = asked;
  if (method !== 'GET') return refusal(403, 'this key may only read');
  const project = world.project(atMs);
  const scoped = options.keyScope === 'project';
  const parts = path.split('/').slice(1);

  if (path === '/projects') {
    return scoped
      ? refusal(403, 'not allowed for project-scoped API keys')
      : ok({
          projects: [listedProjectBody(project, atMs)],
          applications: {},
          integrations: {},
          pagination: { cursor: project.id },
        });
  }
  if (path === '/consumption_history/v2/projects') {
    return scoped
      ? refusal(403, 'not allowed for project-scoped API keys')
      : consumption(world, asked, project.orgId);
  }
  if (parts[0] === 'organizations' && parts.slice(2).join('/') === 'billing/spending_limit') {
    const mayRead = !scoped && parts[1] === project.orgId;
    return mayRead
      ? ok({ spending_limit_cents: project.spendingLimitCents })
      : refusal(scoped ? 403 : 404, 'organization not found');
  }
  if (parts[0] !== 'projects' || parts[1] !== project.id) return refusal(404, 'project not found');

  const [, , collection, id, ...rest] = parts;
  if (rest.length > 0) return refusal(404, 'this path is not part of the demo');
  switch (collection) {
    case undefined:
      return ok({ project: projectBody(project, atMs) });
    case 'endpoints': {
      const endpoints = world.endpoints(atMs);
      if (id === undefined) return ok({ endpoints: endpoints.map((one) => endpointBody(one, project)) });
      const endpoint = endpoints.find((one) => one.id === id);
      return endpoint === undefined
        ? refusal(404, `endpoint ${id} not found`)
        : ok({ endpoint: endpointBody(endpoint, project) });
    }
    case 'branches': {
      const branches = world.branches(atMs).map((one) => branchBody(one, project.id));
      const pagination = { sort_by: 'updated_at', sort_order: 'DESC' };
      return id === undefined
        ? ok({ branches, annotations: {}, pagination })
        : refusal(404, 'this path is not part of the demo');
    }
    case 'operations':
      return operations(world, project.id, query, atMs);
    default:
      return refusal(404, 'this path is not part of the demo');
  }
}

/** Newest first; the cursor names the last one of the page before. */
function operations(world: NeonWorld, projectId: string, query: URLSearchParams, atMs: number): Answer {
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    return refusal(400, 'limit must be 1 to 1000', 'INVALID');
  const all = world.operations(atMs).toSorted((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
  const cursor = query.get('cursor');
  const from = cursor === null ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < all.length;
  return ok({
    operations: page.map((one) => operationBody(one, projectId, atMs)),
    ...(hasMore && { pagination: { cursor: last.id } }),
  });
}

function consumption(world: NeonWorld, { query, atMs }: Asked, orgId: string | null): Answer {
  const grain = HOUR_MS;
  const fromMs = Math.floor(Date.parse(query.get('from') ?? '') / grain) * grain;
  const toMs = Math.floor(Date.parse(query.get('to') ?? '') / grain) * grain;
  const metrics = (query.get('metrics') ?? '').split(',').filter((name) => name !== '');
  if (Number.isNaN(fromMs) || Number.isNaN(toMs) || metrics.length === 0) {
    return refusal(400, 'from, to, granularity and metrics are required', 'INVALID');
  }
  if (query.get('org_id') !== orgId) return refusal(404, 'not a member of the organization');
  if (query.get('granularity') !== 'hourly' || atMs - fromMs > 168 * HOUR_MS || toMs < fromMs) {
    return refusal(406, 'the range is not valid for the granularity');
  }
  // A second page is empty: there is one project.
  if (query.has('cursor')) return ok({ projects: [], pagination: { cursor: query.get('cursor') } });
  const body = consumptionBody(world, atMs, { fromMs, toMs, metrics });
  return body === null ? refusal(403, 'consumption history is not available on this plan') : ok(body);
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, message: string, code = ''): Answer {
  return { status, body: { request_id: randomUUID(), code, message } };
}

function send(response: http.ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Plays a fault; false when the answer should still be given. */
function disturb(fault: NeonFault, response: http.ServerResponse, timers: Set<NodeJS.Timeout>): boolean {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  switch (fault.kind) {
    case 'status':
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      send(response, refusal(fault.status, fault.message, fault.code ?? ''));
      return true;
    case 'silent':
      return true;
    case 'drip': {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write(' '), DRIP_EVERY_MS);
      timers.add(timer);
      response.on('close', () => {
        clearInterval(timer);
        timers.delete(timer);
      });
      return true;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return true;
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': '500' });
      response.write('{"endpoints":[');
      response.socket?.end();
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Sign in</title>');
      return true;
    case 'huge':
      response.writeHead(200, json);
      response.end(`{"endpoints":["${'x'.repeat(HUGE_BYTES)}"]}`);
      return true;
    case 'redirect':
      response.writeHead(302, { location: fault.location });
      response.end();
      return true;
    case 'body':
      response.writeHead(200, json);
      response.end(fault.body);
      return true;
    default:
      return fault satisfies never;
  }
}
