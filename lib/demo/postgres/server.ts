import net from 'node:net';
import type { FleetClock } from '../clock.ts';
import type { World } from '../world.ts';
import { answerCommon, notSupported } from './answer.ts';
import { PostgresSession } from './session.ts';
import { answerTopic, MAX_CONNECTIONS, RESERVED_CONNECTIONS } from './topics.ts';

/** A running demo database. */
export interface PostgresServer {
  readonly port: number;
  close(): Promise<void>;
}

const VERSION = '16.4';

/** A PostgreSQL on 127.0.0.1 that answers what this product asks, with the numbers of the world. */
export async function startPostgresServer(world: World, clock: FleetClock): Promise<PostgresServer> {
  const sockets = new Set<net.Socket>();
  const settings = new Map([
    ['server_version', VERSION],
    ['max_connections', String(MAX_CONNECTIONS)],
    ['superuser_reserved_connections', String(RESERVED_CONNECTIONS)],
    ['timezone', 'Etc/UTC'],
    ['transaction_isolation', 'read committed'],
    ['statement_timeout', '0'],
  ]);
  let processIds = 40_100;
  const served = { statements: 0, sessions: 0 };

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    processIds += 1;
    served.sessions += 1;
    const session = new PostgresSession({
      processId: processIds,
      serverVersion: VERSION,
      answer: (sql, { describeOnly }) => {
        if (!describeOnly) served.statements += 1;
        const atMs = clock.nowMs();
        const { postgres: state } = world.at(atMs);
        const input = { atMs, state, serverVersion: VERSION, served, clients: sockets.size };
        return answerTopic(sql, input) ?? answerCommon(sql, settings) ?? notSupported(sql);
      },
    });
    socket.on('data', (chunk) => {
      const out = session.push(chunk);
      if (session.isOver) socket.end(out);
      else if (out.length > 0) socket.write(out);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
