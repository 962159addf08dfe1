import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuery } from '../prometheus/api.ts';
import { answerFault, type ServerFault } from '../prometheus/faults.ts';
import type { RequestRecord } from '../prometheus/server.ts';
import { appAnswer, machineAnswer, secretsAnswer } from './answers.ts';
import type { FlyWorld } from './world.ts';

/** The APIs of Fly that are watched, each of which can fail by itself. */
export const FLY_PARTS = ['machines', 'secrets', 'graphql', 'metrics'] as const;
export type FlyPart = (typeof FLY_PARTS)[number];

/** What the demo's tokens may read, as the kinds of token at Fly do. */
export type TokenKind = 'organization' | 'app';

/** Fly's Machines API, GraphQL and managed Prometheus on one port. */
export interface FlyServer {
  readonly url: string;
  readonly port: number;
  readonly machinesUrl: string;
  readonly graphqlUrl: string;
  readonly prometheusUrl: string;
  readonly ledger: readonly (RequestRecord & { part: FlyPart | null })[];
  /** For one part, or for all. */
  setFault(fault: ServerFault | null, part?: FlyPart): void;
  setPartial(partial: boolean): void;
  /** Authorization header → what it may read; anything else is refused. */
  setTokens(tokens: Readonly<Record<string, TokenKind>>): void;
  close(): Promise<void>;
}

/** Serves a world by Fly's protocols, on a free port of 127.0.0.1. */
export async function startFlyServer(
  world: FlyWorld,
  { nowMs, tokens: firstTokens }: { nowMs: () => number; tokens: Readonly<Record<string, TokenKind>> },
): Promise<FlyServer> {
  const ledger: (RequestRecord & { part: FlyPart | null })[] = [];
  const faults = new Map<FlyPart, ServerFault>();
  let tokens = firstTokens;
  let partial = false;

  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://fly');
    const part = partOf(pathname);
    const authorization = request.headers.authorization ?? null;
    ledger.push({ part, method: request.method ?? '', path: pathname, authorization });
    const fault = part === null ? undefined : faults.get(part);
    if (fault !== undefined) answerFault(fault, response);
    else
      answer(request, response, part, pathname, tokens[authorization ?? ''] ?? null).catch(() =>
        response.destroy(),
      );
  });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    part: FlyPart | null,
    path: string,
    token: TokenKind | null,
  ): Promise<void> {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const atMs = nowMs();
    const state = world.at(atMs);
    switch (part) {
      case 'machines':
      case 'secrets':
        if (token === null) send(401, { error: 'unauthorized' });
        else if (path.split('/')[3] !== world.app) send(404, { error: 'app not found' });
        else if (part === 'secrets') send(200, secretsAnswer(state));
        else
          send(
            200,
            state.machines.map((machine) => machineAnswer(machine, world.app)),
          );
        return;
      case 'graphql':
        send(200, await graphql(request, token));
        return;
      case 'metrics': {
        const [, , organization = '', ...rest] = path.split('/');
        if (token === null) response.writeHead(401).end('unauthorized\n');
        // Metrics belong to the organisation.
        else if (token === 'app') response.writeHead(403).end('forbidden\n');
        else if (organization !== world.organization) response.writeHead(404).end('not found\n');
        else {
          const inside = rest.join('/').replace(/^api\/v1\//, '');
          await answerQuery(world.metrics, request, response, inside, { nowMs: atMs, partial });
        }
        return;
      }
      case null:
        response.writeHead(404).end('not found\n');
        return;
      default:
        part satisfies never;
    }
  }

  async function graphql(request: IncomingMessage, token: TokenKind | null): Promise<object> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { variables } = JSON.parse(text) as { variables?: { name?: string } };
    // Errors come with status 200.
    if (token === null) {
      const message = 'You must be authenticated to view this.';
      return { data: { app: null }, errors: [{ message, extensions: { code: 'UNAUTHORIZED' } }] };
    }
    if (variables?.name !== world.app) {
      return {
        data: { app: null },
        errors: [{ message: 'Could not find App', extensions: { code: 'NOT_FOUND' } }],
      };
    }
    return { data: { app: appAnswer(world.at(nowMs()), world.app, world.organization) } };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    machinesUrl: url,
    graphqlUrl: `${url}/graphql`,
    prometheusUrl: `${url}/prometheus`,
    ledger,
    setFault: (fault, part) => {
      for (const one of part === undefined ? FLY_PARTS : [part]) {
        if (fault === null) faults.delete(one);
        else faults.set(one, fault);
      }
    },
    setPartial: (next) => {
      partial = next;
    },
    setTokens: (next) => {
      tokens = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function partOf(path: string): FlyPart | null {
  if (/^\/v1\/apps\/[^/]+\/machines$/.test(path)) return 'machines';
  if (/^\/v1\/apps\/[^/]+\/secrets$/.test(path)) return 'secrets';
  if (path === '/graphql') return 'graphql';
  return path.startsWith('/prometheus/') ? 'metrics' : null;
}
