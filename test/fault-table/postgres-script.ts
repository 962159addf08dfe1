import net, { type AddressInfo } from 'node:net';
import { answerCommon, notSupported } from '@/lib/demo/postgres/answer.ts';
import { PostgresSession } from '@/lib/demo/postgres/session.ts';
import { answerTopic } from '@/lib/demo/postgres/topics.ts';
import { reply, type ServerFault, type Value } from '@/lib/demo/postgres/wire.ts';
import type { PostgresState } from '@/lib/demo/world-state.ts';

/** A row of an answer, by the names of its columns. */
export type PgRow = Readonly<Record<string, Value>>;

/** What a Postgres does in place of answering well. */
export type PostgresFault =
  /** Refuses every session with these words. */
  | { do: 'refuse'; fault: ServerFault }
  /** Refuses every statement. */
  | { do: 'error'; fault: ServerFault }
  /** Raw bytes to the first thing that is said. */
  | { do: 'greet'; bytes: Buffer }
  /** Raw bytes to the first statement. */
  | { do: 'reply'; bytes: Buffer }
  /** Rows changed; null takes a row away. */
  | { do: 'rows'; change: (row: PgRow, topic: string) => PgRow | null }
  /** A row of so many bytes. */
  | { do: 'huge'; bytes: number }
  /** The answer to a statement, a byte each `everyMs`. */
  | { do: 'trickle'; everyMs: number };

/** A running script. */
export interface PostgresScript {
  readonly port: number;
  readonly takenBytes: number;
  setFault(fault: PostgresFault | null): void;
  close(): Promise<void>;
}

const VERSION = '16.4';
const PIECE = Buffer.alloc(64 * 1024, 'x');

/** A PostgreSQL on 127.0.0.1 that tells one moment of a world, always the same. */
export async function startPostgresScript(state: PostgresState, nowMs: number): Promise<PostgresScript> {
  let fault: PostgresFault | null = null;
  let takenBytes = 0;
  const sockets = new Set<net.Socket>();
  const settings = new Map([['server_version', VERSION]]);
  const input = {
    atMs: nowMs,
    state,
    serverVersion: VERSION,
    served: { statements: 0, sessions: 0 },
    clients: 1,
  };

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    let started = false;
    const session = new PostgresSession({ processId: 41_001, serverVersion: VERSION, answer });
    socket.on('data', (chunk) => {
      const isFirst = !started;
      started = true;
      if (isFirst && fault?.do === 'greet') socket.end(fault.bytes);
      else if (isFirst && fault?.do === 'refuse') socket.end(reply.error(fault.fault));
      else if (!isFirst && fault?.do === 'reply') socket.write(fault.bytes);
      else if (!isFirst && fault?.do === 'huge') void stream(socket, fault.bytes);
      else {
        const out = session.push(chunk);
        if (session.isOver) socket.end(out);
        else if (!isFirst && fault?.do === 'trickle') trickle(socket, out, fault.everyMs);
        else socket.write(out);
      }
    });
  });

  function answer(sql: string): ReturnType<typeof notSupported> {
    if (fault?.do === 'error') return { fault: fault.fault };
    const good = answerTopic(sql, input) ?? answerCommon(sql, settings) ?? notSupported(sql);
    if (fault?.do !== 'rows' || 'fault' in good || good.columns === null) return good;
    const { change } = fault;
    const names = good.columns.map(({ name }) => name);
    const topic = /afterwatch:([a-z]+)/.exec(sql)?.[1] ?? '';
    const rows = good.rows.flatMap((row) => {
      const changed = change(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])), topic);
      return changed === null ? [] : [changed];
    });
    const kept = names.filter((name) => rows.every((row) => name in row));
    return {
      ...good,
      columns: good.columns.filter(({ name }) => kept.includes(name)),
      rows: rows.map((row) => kept.map((name) => row[name] ?? null)),
    };
  }

  async function stream(socket: net.Socket, bytes: number): Promise<void> {
    const head = Buffer.alloc(5);
    head.write('D', 0, 'latin1');
    head.writeInt32BE(4 + 2 + 4 + Math.min(bytes, 7 * 1024 * 1024), 1);
    for (let sent = 0; sent < bytes && !socket.destroyed; ) {
      const row = Math.min(bytes, 7 * 1024 * 1024);
      const cell = Buffer.alloc(6);
      cell.writeInt16BE(1, 0);
      cell.writeInt32BE(row, 2);
      socket.write(head);
      socket.write(cell);
      for (let left = row; left > 0 && !socket.destroyed; left -= PIECE.length) {
        if (!socket.write(PIECE.subarray(0, Math.min(left, PIECE.length)))) {
          await new Promise<void>((next) => socket.once('drain', next).once('close', next));
        }
        if (!socket.destroyed) takenBytes += Math.min(left, PIECE.length);
      }
      sent += row;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get takenBytes() {
      return takenBytes;
    },
    setFault: (next) => {
      fault = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function trickle(socket: net.Socket, bytes: Buffer, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at, at + 1));
    at += 1;
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}
