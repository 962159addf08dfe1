import { createServer, type Socket } from 'node:net';
import { Secret } from '@/lib/server/config/secret.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';

/** What a metered Redis does to those who ask: serves them, closes each connection after one answer, or refuses. */
export type RedisHabit =
  | 'serves'
  | 'closes_when_idle'
  | 'drops_everything'
  | 'refuses_login'
  | 'quota_used_up';

/** A metered Redis, what it counted of us, and how to change its mind. */
export interface FakeRedis {
  target: RedisTarget;
  seen: { commands: number; connects: number };
  behave(habit: RedisHabit): void;
  close(): Promise<void>;
}

const QUOTA = '-ERR max requests limit exceeded. Limit: 500000, Usage: 500003.\r\n';

/** An Upstash by its INFO, on loopback. */
export async function startFakeRedis(name: string, habit: RedisHabit): Promise<FakeRedis> {
  let now = habit;
  let processed = 0;
  const seen = { commands: 0, connects: 0 };
  const sockets = new Set<Socket>();
  const answer = (socket: Socket, command: string): void => {
    if (now === 'drops_everything') socket.destroy();
    else if (now === 'quota_used_up' && command !== 'AUTH') socket.write(QUOTA);
    else if (command === 'AUTH') socket.write(now === 'refuses_login' ? '-WRONGPASS invalid\r\n' : '+OK\r\n');
    else if (command === 'GET') socket.write('$-1\r\n');
    else {
      processed += 3_000;
      const info = `# Server\r\nupstash_version:1.13.3\r\nredis_version:6.2.6\r\n# Stats\r\ntotal_commands_processed:${processed}\r\n`;
      socket.write(`$${info.length}\r\n${info}\r\n`);
      if (now === 'closes_when_idle') socket.end();
    }
  };
  const server = createServer((socket) => {
    seen.connects += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      seen.commands += 1;
      const [, , command = ''] = data.toString().split('\r\n');
      answer(socket, command.toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    seen,
    target: {
      app: 'shop',
      environment: 'production',
      kind: 'redis',
      name,
      url: new Secret(`redis://default:pw@127.0.0.1:${address.port}`),
      address: `127.0.0.1:${address.port}`,
      metered: true,
      plan: null,
      intervalSeconds: null,
      timeoutSeconds: null,
    },
    behave(next) {
      now = next;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
