import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What a receiver does with one message. `lose`: takes it and ends the connection before its answer. */
export type Behaviour =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; afterMs?: number }
  | { kind: 'drop' }
  | { kind: 'lose' }
  | { kind: 'hang' };

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  json: unknown;
  atMs: number;
  /** Whether the receiver kept it. */
  taken: boolean;
}

/** A receiver on this machine that behaves as told, and keeps what came. */
export interface HttpReceiver {
  origin: string;
  address: string;
  /** Everything that came, taken or not. */
  seen: readonly Received[];
  /** What it took, in order. */
  taken: () => readonly Received[];
  /** From the next message on. */
  behave: (behaviour: Behaviour | ((seen: number) => Behaviour)) => void;
  /** No longer listens, and listens again on the same port. */
  refuse: () => Promise<void>;
  listen: () => Promise<void>;
  close: () => Promise<void>;
}

const FINE: Behaviour = { kind: 'answer', status: 204 };

export async function openHttpReceiver(): Promise<HttpReceiver> {
  const seen: Received[] = [];
  const sockets = new Set<Socket>();
  let behaviour: (seen: number) => Behaviour = () => FINE;
  let port = 0;
  let server: Server | null = null;

  const serve = () =>
    createServer((request, response) => {
      const act = behaviour(seen.length);
      if (act.kind === 'drop') {
        request.socket.destroy();
        return;
      }
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      request.on('end', () => {
        const isFine = act.kind === 'lose' || (act.kind === 'answer' && act.status < 300);
        const { url = '', headers } = request;
        seen.push({ path: url, headers, text, json: parsed(text), atMs: Date.now(), taken: isFine });
        if (act.kind === 'lose') request.socket.destroy();
        if (act.kind !== 'answer') return;
        setTimeout(() => response.writeHead(act.status, act.headers).end(), act.afterMs ?? 0);
      });
    }).on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });

  const listen = async (): Promise<void> => {
    const next = serve();
    await new Promise<void>((done) => next.listen(port, '127.0.0.1', done));
    const bound = next.address();
    port = typeof bound === 'object' && bound !== null ? bound.port : port;
    server = next;
  };
  const refuse = async (): Promise<void> => {
    const ending = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => (ending === null ? done() : ending.close(() => done())));
  };
  await listen();
  return {
    origin: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    seen,
    taken: () => seen.filter(({ taken }) => taken),
    behave: (next) => {
      behaviour = typeof next === 'function' ? next : () => next;
    },
    refuse,
    listen,
    close: refuse,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
