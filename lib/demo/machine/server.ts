import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FleetClock } from '../clock.ts';
import { processKeys, type World } from '../world.ts';
import type { MachineState } from '../world-state.ts';
import { writeExposition } from './exposition.ts';
import { healthOf } from './health.ts';

/** One running machine. */
export interface MachineServer {
  readonly name: string;
  readonly metricsUrl: string;
  readonly healthUrl: string;
  /** Cuts and refuses what the world's present moment would; true when a connection was cut. */
  sweep(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * One machine of the world on 127.0.0.1. While the world says that it cannot be reached, connections are refused;
 * where the clock came there by itself, without `sweep`, they are reset.
 */
export async function startMachineServer(
  world: World,
  clock: FleetClock,
  name: string,
): Promise<MachineServer> {
  const index = world.at(clock.nowMs()).machines.findIndex((machine) => machine.name === name);
  /** Which process a connection talks to: it does not survive the process. */
  const sockets = new Map<Socket, string>();
  const processKey = () => processKeys(world.at(clock.nowMs())).machines[index] ?? '';

  function state(): MachineState {
    const machine = world.at(clock.nowMs()).machines[index];
    if (machine === undefined) throw new Error(`demo fleet: the story has no machine ${name}`);
    return machine;
  }
  state();

  const server = http.createServer((request, response) => {
    if (sockets.get(request.socket) !== processKey()) {
      request.socket.resetAndDestroy();
      return;
    }
    const atMs = clock.nowMs();
    const { pathname } = new URL(request.url ?? '/', 'http://machine');
    response.setHeader('date', new Date(atMs).toUTCString());
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response
        .writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' })
        .end('method not allowed\n');
    } else if (pathname === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(writeExposition(state()));
    } else if (pathname === '/health') {
      response.setHeader('content-type', 'application/health+json');
      response.setHeader('cache-control', 'no-store');
      response.end(JSON.stringify(healthOf(state(), atMs)));
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    }
  });
  server.on('connection', (socket) => {
    if (!state().reachable) {
      socket.on('error', () => socket.destroy());
      socket.resetAndDestroy();
      return;
    }
    sockets.set(socket, processKey());
    socket.on('close', () => sockets.delete(socket));
  });
  // Visits come seconds apart: a connection that is kept shall not end between two of them.
  server.keepAliveTimeout = 65_000;
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;

  return {
    name,
    metricsUrl: `${base}/metrics`,
    healthUrl: `${base}/health`,
    async sweep() {
      const key = processKey();
      let cut = false;
      for (const [socket, bornWith] of sockets) {
        if (bornWith === key) continue;
        socket.resetAndDestroy();
        cut = true;
      }
      const { reachable } = state();
      if (!reachable && server.listening) await stopListening(server);
      if (reachable && !server.listening) await listenAgain(server, port);
      return cut;
    },
    async close() {
      server.closeAllConnections();
      if (server.listening) await stopListening(server);
    },
  };
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function stopListening(server: http.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

const LISTEN_TRIES = 50;
const LISTEN_PAUSE_MS = 20;

/** The port may be in passing use by an outgoing connection of another program. */
async function listenAgain(server: http.Server, port: number): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listen(server, port);
    } catch (cause) {
      if (tries >= LISTEN_TRIES) {
        throw new Error(`demo fleet: port ${port} of a machine was taken by another program`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, LISTEN_PAUSE_MS));
    }
  }
}
