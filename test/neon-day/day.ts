import net from 'node:net';
import { type ComputeOptions, ScaleToZeroCompute } from '@/lib/demo/neon/compute.ts';
import type { NeonWorld } from '@/lib/demo/neon/world.ts';
import { answerCommon, notSupported } from '@/lib/demo/postgres/answer.ts';
import { PostgresSession } from '@/lib/demo/postgres/session.ts';
import { answerTopic } from '@/lib/demo/postgres/topics.ts';

export const DAY_START_MS = Date.UTC(2026, 10, 3);
export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A number in [0, 1) that depends on its inputs alone. */
function dice(seed: number, n: number): number {
  let x = (seed * 0x9e3779b1 + n * 0x85ebca6b) | 0;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/**
 * A day of an app: busy from 8 to 20 h UTC, a visitor now and then until 23 h and from 6 h, a nightly job at 3 h that
 * runs for four minutes, else nobody. Ascending instants at which it uses the database.
 */
export function appDay(seed: number): number[] {
  const at: number[] = [];
  let n = 0;
  const wait = (meanMs: number) => -Math.log(1 - dice(seed, n++)) * meanMs;
  const fill = (fromHour: number, toHour: number, meanMs: number) => {
    for (let ms = fromHour * HOUR_MS + wait(meanMs); ms < toHour * HOUR_MS; ms += wait(meanMs)) {
      at.push(DAY_START_MS + Math.round(ms));
    }
  };
  for (let s = 0; s < 240; s += 2) at.push(DAY_START_MS + 3 * HOUR_MS + s * 1000);
  fill(6, 8, 9 * MINUTE_MS);
  fill(8, 12, 5_000);
  fill(12, 13, 4 * MINUTE_MS);
  fill(13, 20, 4_000);
  fill(20, 23, 7 * MINUTE_MS);
  return at.sort((a, b) => a - b);
}

/** The first of `instants` after a moment; the caller asks forward in time. */
export function nextIn(instants: readonly number[]): (afterMs: number) => number | null {
  let at = 0;
  return (afterMs) => {
    while (at < instants.length && (instants[at] ?? 0) <= afterMs) at += 1;
    return instants[at] ?? null;
  };
}

export function sleepyCompute(
  instants: readonly number[],
  more: Partial<ComputeOptions> = {},
): ScaleToZeroCompute {
  return new ScaleToZeroCompute({
    id: 'ep-calm-lake-123456',
    branchId: 'br-quiet-hill-123456',
    createdMs: DAY_START_MS - HOUR_MS,
    suspendTimeoutSeconds: 0,
    minCu: 0.25,
    maxCu: 2,
    nextActivityMs: nextIn(instants),
    ...more,
  });
}

/** A project with that one compute. */
export function worldOf(compute: ScaleToZeroCompute): NeonWorld {
  const periodStartMs = Date.UTC(2026, 10, 1);
  return {
    project: (atMs) => ({
      id: 'shiny-wind-028834',
      name: 'shop',
      regionId: 'aws-eu-central-1',
      pgVersion: 17,
      orgId: 'org-morning-bread-810409',
      subscriptionType: 'launch_v3',
      periodStartMs,
      periodEndMs: Date.UTC(2026, 11, 1),
      createdMs: periodStartMs - 90 * DAY_MS,
      computeUnitSeconds: (compute.awakeMs() / 1000) * 0.25,
      activeSeconds: compute.awakeMs() / 1000,
      writtenBytes: 40_000_000,
      transferBytes: 9_000_000,
      storageByteHours: 2e9 * ((atMs - periodStartMs) / HOUR_MS),
      storageBytes: 2e9,
      quota: {},
      maintenanceMs: null,
      spendingLimitCents: 5000,
    }),
    branches: () => [
      {
        id: 'br-quiet-hill-123456',
        name: 'main',
        isDefault: true,
        parentId: null,
        state: 'ready',
        logicalBytes: 1.5e9,
        computeUnitSeconds: (compute.awakeMs() / 1000) * 0.25,
        activeSeconds: compute.awakeMs() / 1000,
        writtenBytes: 40_000_000,
        transferBytes: 9_000_000,
        createdMs: periodStartMs - 90 * DAY_MS,
      },
    ],
    endpoints: (atMs) => [compute.endpoint(atMs)],
    operations: (atMs) => compute.operations(atMs),
    usage: () => null,
  };
}

/**
 * A Postgres in front of the compute: whoever connects wakes it, each statement restarts its clock, and its statistics
 * begin again with each start. `instants`: each is one query of the app.
 */
export async function startSleepyPostgres(
  compute: ScaleToZeroCompute,
  instants: readonly number[],
  nowMs: () => number,
): Promise<{ port: number; connections: () => number; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const settings = new Map([['server_version', '17.5']]);
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    compute.use(nowMs(), 'watcher');
    const session = new PostgresSession({
      processId: 700 + connections,
      serverVersion: '17.5',
      answer: (sql, { describeOnly }) => {
        const atMs = nowMs();
        if (!describeOnly) compute.use(atMs, 'watcher');
        const startedMs = compute.startedMs() ?? atMs;
        const calls = instants.filter((ms) => ms >= startedMs - 1_000 && ms <= atMs).length;
        const state = {
          startedMs,
          statements: [{ query: 'SELECT * FROM cart WHERE id = $1', calls, totalMs: calls, rows: calls }],
          connections: { active: 0, idle: 2, longestQuerySeconds: 0 },
          sessions: calls,
          sizeBytes: 1e9,
        };
        const served = { statements: 0, sessions: connections };
        const input = { atMs, state, serverVersion: '17.5', served, clients: sockets.size };
        return answerTopic(sql, input) ?? answerCommon(sql, settings) ?? notSupported(sql);
      },
    });
    socket.on('data', (chunk) => {
      const out = session.push(chunk);
      if (session.isOver) socket.end(out);
      else if (out.length > 0) socket.write(out);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
