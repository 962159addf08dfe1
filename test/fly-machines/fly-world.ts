import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlyServer, startFlyServer } from '@/lib/demo/fly/server.ts';
import { flyMachine, flyTarget, flyWorld, TOKEN } from '@/lib/server/collectors/fly/test-world.ts';
import { sessionOpener } from '@/lib/server/collectors/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import type { FlyTarget, Target } from '@/lib/server/config/types.ts';
import { Ledger } from '@/lib/server/poller/ledger.ts';
import { MachineBook } from '@/lib/server/poller/machine-book.ts';
import { Poller } from '@/lib/server/poller/poller.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import { type Machine, startMachine } from '../faults/machines.ts';

/** What the app's own endpoints want to see. */
export const METRICS_TOKEN = 'metrics-canary-0123456789';
const SCOPE = { app: 'shop', environment: 'production' };
const MINUTE_MS = 60_000;

/** An app at Fly whose machines come and go, under the real poller. */
export interface AppAtFly {
  readonly fly: FlyServer;
  readonly poller: Poller;
  readonly targets: readonly Target[];
  readonly book: MachineBook;
  /** Requests that would have started a parked machine, by its id. */
  readonly woken: readonly string[];
  /** Requests that reached a machine, and the token that they brought. */
  readonly served: readonly { id: string; authorization: string | null }[];
  readonly machines: ReadonlyMap<string, Machine>;
  nowMs(): number;
  /** Puts a machine into a state, new ones too; null takes it away. */
  set(id: string, state: string | null): Promise<void>;
  /** A minute passes; Fly is visited, then every machine. */
  tick(): Promise<void>;
  /** Another process over the same store. */
  reopen(): Promise<MachineBook>;
  close(): Promise<void>;
}

/** `flyToken` as it was pasted; `accepted` as Fly wants it in the header. */
export async function openAppAtFly({
  flyToken = TOKEN,
  accepted = `FlyV1 ${TOKEN}`,
  startMs = 1_795_310_000_000,
}: {
  flyToken?: string;
  accepted?: string;
  startMs?: number;
} = {}): Promise<AppAtFly> {
  let nowMs = startMs;
  const machines = new Map<string, Machine>();
  const states = new Map<string, string>();
  const woken: string[] = [];
  const served: { id: string; authorization: string | null }[] = [];
  const world = flyWorld({ machines: [] });
  const fly = await startFlyServer(world, {
    nowMs: () => nowMs,
    tokens: { [accepted]: 'organization' },
  });
  const proxy = await startProxy((request) => {
    const id = String(request.headers['fly-force-instance-id'] ?? '');
    if (states.get(id) !== 'started') {
      woken.push(id);
      return null;
    }
    served.push({ id, authorization: request.headers.authorization ?? null });
    return machines.get(id)?.port ?? null;
  });

  const source: FlyTarget = flyTarget(fly, {
    token: new Secret(flyToken),
    organization: 'acme',
    intervalSeconds: 60,
    scrape: {
      url: `http://127.0.0.1:${proxy.port}`,
      port: null,
      path: '/metrics',
      health: '/health',
      token: new Secret(METRICS_TOKEN),
      intervalSeconds: 60,
      timeoutSeconds: 10,
    },
  });
  const targets: Target[] = [source];
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-fly-'));
  const store = await openSqliteStore({
    dir,
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
    retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 },
    now: () => nowMs,
  });
  const faults: string[] = [];
  const onFault = (message: string) => faults.push(message);
  const makeBook = () => new MachineBook({ targets, poller: () => poller, store, onFault });
  const book = makeBook();
  await book.load();
  const poller: Poller = new Poller({
    targets: [...targets],
    store,
    ledger: new Ledger(store, () => nowMs),
    open: sessionOpener(targets, (one, found, atMs) => book.see(one, found, atMs)),
    wallMs: () => nowMs,
    monoMs: () => nowMs,
    onFault,
  });

  return {
    fly,
    poller,
    targets,
    book,
    woken,
    served,
    machines,
    nowMs: () => nowMs,
    async set(id, state) {
      if (state === null) states.delete(id);
      else states.set(id, state);
      if (state !== null && !machines.has(id)) {
        const one = await startMachine({ name: id });
        one.setHealth(200, { status: 'pass', version: 'v42', region: 'ams', machine: id });
        one.inc('http_requests', { method: 'GET', status: '200' }, 100);
        machines.set(id, one);
      }
      world.state = {
        ...world.state,
        machines: [...states].map(([one, word]) => flyMachine(one, { state: word })),
      };
    },
    async tick() {
      nowMs += MINUTE_MS;
      const visit = async (kind: 'fly' | 'app') => {
        const scrapes = await poller.visitAllAt(nowMs, MINUTE_MS, new Set([kind]));
        await store.append(scrapes);
      };
      await visit('fly');
      await visit('app');
    },
    async reopen() {
      const again = makeBook();
      await again.load();
      return again;
    },
    async close() {
      await poller.stop();
      await book.stop();
      await store.close();
      await Promise.all([fly.close(), proxy.close(), ...[...machines.values()].map((one) => one.stop())]);
      await rm(dir, { recursive: true, force: true });
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
}

export { SCOPE };

/** Fly's public address: passes a request on to the machine that its header forces, and wakes a parked one. */
async function startProxy(choose: (request: http.IncomingMessage) => number | null) {
  const server = http.createServer((request, response) => {
    const port = choose(request);
    if (port === null) {
      response.writeHead(503).end('no such machine');
      return;
    }
    const inner = http.request(
      { host: '127.0.0.1', port, path: request.url, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    inner.on('error', () => response.destroy());
    inner.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
