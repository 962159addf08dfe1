import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { RespReader } from '@/lib/demo/redis/resp.ts';

/** What a Redis answers in place of the good reply. */
export type RedisFault =
  /** Raw bytes to every command. */
  | { do: 'reply'; bytes: string }
  /** INFO with its text changed; all else as it should be. */
  | { do: 'info'; change: (text: string) => string }
  /** Announces a text of `bytes` and streams it. */
  | { do: 'huge'; bytes: number }
  /** The head of the reply at once, then a byte each `everyMs`. */
  | { do: 'trickle'; everyMs: number };

/** A running script. */
export interface RedisScript {
  readonly port: number;
  readonly takenBytes: number;
  setFault(fault: RedisFault | null): void;
  close(): Promise<void>;
}

const INFO = readFileSync(
  new URL('../../lib/server/collectors/redis/recorded/redis-7.0.15.txt', import.meta.url),
  'utf8',
).replaceAll(/\r?\n/g, '\r\n');
const PIECE = Buffer.alloc(64 * 1024, 'x');

/** A Redis on 127.0.0.1 that wants `password` and tells the recorded INFO of a real one, always the same. */
export async function startRedisScript(password: string): Promise<RedisScript> {
  let fault: RedisFault | null = null;
  let takenBytes = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    const reader = new RespReader();
    let loggedIn = false;
    socket.on('data', (chunk) => {
      for (const words of reader.push(chunk)) {
        const [name = '', ...rest] = words.map(String);
        const command = name.toUpperCase();
        if (command === 'AUTH') loggedIn = rest.at(-1) === password;
        if (fault?.do === 'reply') socket.write(fault.bytes);
        else if (command === 'AUTH')
          socket.write(loggedIn ? '+OK\r\n' : '-WRONGPASS invalid username-password pair\r\n');
        else if (!loggedIn) socket.write('-NOAUTH Authentication required.\r\n');
        else if (command !== 'INFO') socket.write('$-1\r\n');
        else if (fault?.do === 'huge') void stream(socket, fault.bytes);
        else if (fault?.do === 'trickle') trickle(socket, fault.everyMs);
        else socket.write(bulk(fault?.do === 'info' ? fault.change(INFO) : INFO));
      }
    });
  });

  async function stream(socket: net.Socket, bytes: number): Promise<void> {
    socket.write(`$${bytes}\r\n`);
    for (let left = bytes; left > 0 && !socket.destroyed; left -= PIECE.length) {
      if (!socket.write(PIECE)) {
        await new Promise<void>((next) => socket.once('drain', next).once('close', next));
      }
      if (!socket.destroyed) takenBytes += PIECE.length;
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

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function trickle(socket: net.Socket, everyMs: number): void {
  const body = Buffer.from(bulk(INFO));
  let at = 8;
  socket.write(body.subarray(0, at));
  const timer = setInterval(() => {
    socket.write(body.subarray(at, at + 1));
    at += 1;
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}
