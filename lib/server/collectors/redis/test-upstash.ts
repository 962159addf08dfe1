import { createServer, type Socket } from 'node:net';
import { Secret } from '@/lib/server/config/secret.ts';
import type { RedisTarget } from '@/lib/server/config/types.ts';

export const QUOTA = 'ERR max requests limit exceeded. Limit: 500000, Usage: 500003. See the docs';

/** An Upstash of one connection: answers each command by its number, counted from 0, with an error text or its work. */
export async function serveUpstash(
  closers: (() => Promise<unknown>)[],
  refuses: (n: number, command: string) => string | null,
  processed: () => number = () => 1_000,
): Promise<{ target: RedisTarget; received: string[] }> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const answer = (command: string): string => {
    const error = refuses(received.length, command);
    received.push(command);
    if (error !== null) return `-${error}\r\n`;
    if (command === 'GET') return '$-1\r\n';
    if (command === 'AUTH') return '+OK\r\n';
    const info = `# Server\r\nupstash_version:1.13.3\r\nredis_version:6.2.6\r\n# Stats\r\ntotal_commands_processed:${processed()}\r\n`;
    return `$${info.length}\r\n${info}\r\n`;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const [, , command = ''] = data.toString().split('\r\n');
      const reply = answer(command.toUpperCase());
      if (reply.startsWith('-cut')) socket.destroy();
      else socket.write(reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { received, target: targetAt(`redis://default:pw@127.0.0.1:${address.port}`) };
}

function targetAt(url: string): RedisTarget {
  return {
    app: 'default',
    environment: 'production',
    kind: 'redis',
    name: 'main-cache',
    url: new Secret(url),
    address: new URL(url).host,
    metered: true,
    plan: null,
    intervalSeconds: null,
    timeoutSeconds: null,
  };
}
