import net from 'node:net';
import type { FleetClock } from '../clock.ts';
import { processKeys, type World } from '../world.ts';
import { type Client, type Kept, type Keyspace, runCommand } from './commands.ts';
import { REDIS_VERSION, writeInfo } from './info.ts';
import { RespError, RespReader, writeReply } from './resp.ts';
import { Served } from './served.ts';

/** A running demo Redis. */
export interface RedisServer {
  readonly port: number;
  /** Cuts every connection that the world's present moment would have cut; true when there was one. */
  sweep(): boolean;
  close(): Promise<void>;
}

/** A Redis on 127.0.0.1 that tells of the world in INFO and keeps a few real keys. */
export async function startRedisServer(
  world: World,
  clock: FleetClock,
  { password = null, port: wantedPort = 0 }: { password?: string | null; port?: number } = {},
): Promise<RedisServer> {
  /** Which process a connection talks to: it does not survive the process. */
  const sockets = new Map<net.Socket, string>();
  let run = '';
  let served = new Served();
  let keys = new Map<string, Kept>();
  let port = 0;
  let clientIds = 0;
  /** Commands since the limit was reached. */
  let asked = 0;

  /** What was counted and kept here goes with the process. */
  function meetRun(): void {
    const { runId } = world.at(clock.nowMs()).redis;
    if (runId === run) return;
    run = runId;
    served = new Served();
    keys = new Map();
  }
  const processKey = () => processKeys(world.at(clock.nowMs())).redis;

  const space: Keyspace = {
    password,
    version: REDIS_VERSION,
    get keys() {
      return keys;
    },
    get served() {
      return served;
    },
    refusal() {
      const { quota } = world.at(clock.nowMs()).redis;
      if (quota === null) return null;
      asked += 1;
      // Refusals past a limit come and go: one command in eight is let through.
      return asked % 8 === 0 ? null : quotaText(quota);
    },
    nowMs: () => clock.nowMs(),
    storyKeys: () => world.at(clock.nowMs()).redis.keys,
    info(sections) {
      const atMs = clock.nowMs();
      const { redis } = world.at(atMs);
      const before = world.at(atMs - 1_000).redis;
      const fromMs = before.runId === redis.runId ? total(before.commands) : 0;
      return writeInfo(
        {
          atMs,
          port,
          state: redis,
          served,
          clients: sockets.size,
          ownKeys: keys.size,
          opsPerSecond: Math.max(0, total(redis.commands) - fromMs),
        },
        sections,
      );
    },
  };

  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (!world.at(clock.nowMs()).redis.reachable) {
      socket.resetAndDestroy();
      return;
    }
    meetRun();
    served.connections += 1;
    sockets.set(socket, processKey());
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    clientIds += 1;
    const client: Client = {
      id: clientIds,
      resp: 2,
      name: '',
      loggedIn: password === null,
      closeAfterReply: false,
    };
    const reader = new RespReader();
    socket.on('data', (chunk) => {
      if (sockets.get(socket) !== processKey()) {
        socket.resetAndDestroy();
        return;
      }
      meetRun();
      answer(socket, client, reader, chunk, space);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wantedPort, '127.0.0.1', resolve);
  });
  port = (server.address() as net.AddressInfo).port;

  return {
    port,
    sweep() {
      const key = processKey();
      let cut = false;
      for (const [socket, bornWith] of sockets) {
        if (bornWith === key) continue;
        socket.resetAndDestroy();
        cut = true;
      }
      return cut;
    },
    async close() {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function answer(
  socket: net.Socket,
  client: Client,
  reader: RespReader,
  chunk: Buffer,
  space: Keyspace,
): void {
  try {
    const replies = reader.push(chunk).map((words) => {
      // The version that holds after the command: HELLO answers in the one it chose.
      const reply = runCommand(words, client, space);
      return writeReply(reply, client.resp);
    });
    if (replies.length > 0) socket.write(Buffer.concat(replies));
    if (client.closeAfterReply) socket.end();
  } catch (error) {
    if (!(error instanceof RespError)) throw error;
    socket.end(writeReply({ error: `ERR ${error.message}` }, client.resp));
  }
}

function quotaText({ limit, usage }: { limit: number; usage: number }): string {
  return `ERR max requests limit exceeded. Limit: ${limit}, Usage: ${usage}. See https://upstash.com/docs/redis/troubleshooting/max_requests_limit for details`;
}

function total(commands: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const count of Object.values(commands)) sum += count;
  return sum;
}
