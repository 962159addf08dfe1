import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuery } from './api.ts';
import { answerFault, type ServerFault } from './faults.ts';
import type { PromWorld } from './world.ts';

/** What a server was asked, in order. */
export interface RequestRecord {
  method: string;
  path: string;
  authorization: string | null;
}

/** A running engine. */
export interface PrometheusServer {
  readonly url: string;
  readonly port: number;
  readonly ledger: readonly RequestRecord[];
  setFault(fault: ServerFault | null): void;
  /** From then on answers say that a part of the data is missing. */
  setPartial(partial: boolean): void;
  close(): Promise<void>;
}

export interface PrometheusOptions {
  nowMs: () => number;
  /** The `Authorization` that is let in; everybody when left out. */
  authorization?: string;
}

/** Serves a world by the query API of Prometheus, on a free port of 127.0.0.1. */
export async function startPrometheusServer(
  world: PromWorld,
  { nowMs, authorization }: PrometheusOptions,
): Promise<PrometheusServer> {
  const ledger: RequestRecord[] = [];
  let fault: ServerFault | null = null;
  let partial = false;
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://prometheus');
    const given = request.headers.authorization ?? null;
    ledger.push({ method: request.method ?? '', path: pathname, authorization: given });
    if (fault !== null) answerFault(fault, response);
    else if (authorization !== undefined && given !== authorization) {
      response.writeHead(401, { 'content-type': 'text/plain' }).end('Unauthorized\n');
    } else {
      const path = pathname.replace(/^\/api\/v1\//, '');
      answerQuery(world, request, response, path, { nowMs: nowMs(), partial }).catch(() =>
        response.destroy(),
      );
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ledger,
    setFault: (next) => {
      fault = next;
    },
    setPartial: (next) => {
      partial = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
