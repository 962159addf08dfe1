import { randomInt } from 'node:crypto';
import net from 'node:net';
import { TcpLink } from './tcp-link.ts';
import { type Direction, type PlacedToxic, placeToxic, type Toxic } from './toxics.ts';

export type { Direction, Toxic } from './toxics.ts';

/** `refuse` closes the listener, `reset` accepts and answers with RST. Both cut what is open. */
export type Down = 'refuse' | 'reset' | null;

/** A running proxy and the hands of the test on it. */
export interface TcpProxy {
  readonly host: string;
  /** Stays the same over its whole life, `refuse` included. */
  readonly port: number;
  /** Adds a fault, downstream when not said; the returned function takes it away again. */
  add(toxic: Toxic, direction?: Direction): () => void;
  setDown(down: Down): Promise<void>;
  /** Takes every toxic away and brings the listener back. */
  heal(): Promise<void>;
  /** Resets every open connection once; new ones are let in. */
  dropConnections(): void;
  /** Connections open now. */
  readonly open: number;
  /** Connections that clients ever made here, those met by `reset` too. */
  readonly accepted: number;
  /** Bytes that were passed on. */
  readonly passed: Readonly<Record<Direction, number>>;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 in front of `target`, whose faults are switched while it runs. */
export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const toxics = new Set<PlacedToxic>();
  const links = new Set<TcpLink>();
  const passed = { upstream: 0, downstream: 0 };
  let accepted = 0;
  let down: Down = null;

  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    if (down !== null) {
      client.resetAndDestroy();
      return;
    }
    const upstream = net.connect({
      host: target.host ?? '127.0.0.1',
      port: target.port,
      allowHalfOpen: true,
    });
    const link: TcpLink = new TcpLink(client, upstream, toxics, {
      passed: (direction, bytes) => {
        passed[direction] += bytes;
      },
      closed: () => links.delete(link),
    });
    links.add(link);
  });
  const port = await listenOnOwnPort(server);

  function dropConnections(): void {
    for (const link of links) link.reset();
  }
  function remove(placed: PlacedToxic): void {
    toxics.delete(placed);
    placed.remove();
  }
  async function setDown(next: Down): Promise<void> {
    down = next;
    if (next !== null) dropConnections();
    if (next === 'refuse' && server.listening) await closed(server);
    if (next !== 'refuse' && !server.listening) await listen(server, port);
  }

  return {
    host: '127.0.0.1',
    port,
    add(toxic, direction = 'downstream') {
      const placed = placeToxic(toxic, direction);
      toxics.add(placed);
      for (const link of links) link.feel(placed);
      return () => remove(placed);
    },
    setDown,
    async heal() {
      for (const placed of toxics) remove(placed);
      await setDown(null);
    },
    dropConnections,
    get open() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    passed,
    async close() {
      dropConnections();
      if (server.listening) await closed(server);
    },
  };
}

/** Below what the kernel hands out, so that nobody is given the port while it refuses. */
const OWN_PORTS = { from: 10_240, below: 32_768 };
const OWN_PORT_TRIES = 50;

async function listenOnOwnPort(server: net.Server): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(OWN_PORTS.from, OWN_PORTS.below);
    try {
      await listen(server, port);
      return port;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || tries === OWN_PORT_TRIES) throw error;
    }
  }
}

function listen(server: net.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
