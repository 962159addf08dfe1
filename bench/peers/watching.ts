import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../../e2e/fixtures/server.ts';
import {
  type Peer,
  startPostgres,
  startPostgresExporter,
  startPrometheus,
  startRedis,
  startRedisExporter,
  startVictoriaMetrics,
} from '../../test/peers.ts';
import { median } from '../lib/measures.ts';
import { type Fleet, startFleet } from './fleet.ts';
import type { PeersOptions } from './options.ts';
import { childWith, cpuSecondsOf, residentMbOf } from './process-tree.ts';

export const INTERVAL_SECONDS = 10;
/** Under the interval: ours refuses a visit that may last longer than that. */
const TIMEOUT_SECONDS = 5;

/** The three that are compared. */
export const RIVALS = ['ours', 'prometheus', 'victoria'] as const;
export type Rival = (typeof RIVALS)[number];

/** What it costs to watch the same fleet. */
export interface Watching {
  samplesPerSecond: number;
  cpuMsPer1000: number;
  /** Share of one processor. */
  cpuShare: number;
  rssMb: number;
}

interface Stack {
  /** Its own processes; the watched ones are not among them. */
  roots: readonly number[];
  /** Samples that it has kept so far, by its own count. */
  samples: () => Promise<number>;
  stop: () => Promise<void>;
}

/** All three watch the same Redis, PostgreSQL and machines at the same time; CPU is counted in stretches. */
export async function measureWatching(
  { machines, windows, seconds, settle }: PeersOptions,
  log: (text: string) => void,
): Promise<Record<Rival, Watching>> {
  const closers: (() => Promise<void>)[] = [];
  const keep = <T extends { stop(): Promise<unknown> }>(part: T): T => {
    closers.unshift(async () => void (await part.stop()));
    return part;
  };
  try {
    const fleet = keep(await startFleet());
    const redis = keep(await startRedis());
    const postgres = keep(await startPostgres());
    postgres.psql('GRANT pg_monitor TO app');
    const targets = { fleet, machines, redisUrl: redis.url, postgresUrl: postgres.url };
    log('watching: starting Prometheus and VictoriaMetrics with their exporters, and Afterwatch');
    const stacks: Record<Rival, Stack> = {
      prometheus: keep(await startScraper('prometheus', targets)),
      victoria: keep(await startScraper('victoria', targets)),
      ours: keep(await startOurs(targets)),
    };
    log(`watching: settling for ${settle} s`);
    await wait(settle * 1000);
    const found: Record<Rival, Watching[]> = { ours: [], prometheus: [], victoria: [] };
    for (let window = 1; window <= windows; window++) {
      const before = await readAll(stacks);
      await wait(seconds * 1000);
      const after = await readAll(stacks);
      for (const rival of RIVALS) found[rival].push(between(before[rival], after[rival]));
      log(
        `watching: stretch ${window} of ${windows}, ${found.ours.at(-1)?.cpuMsPer1000.toFixed(1)} ms a 1,000 samples`,
      );
    }
    return {
      ours: middle(found.ours),
      prometheus: middle(found.prometheus),
      victoria: middle(found.victoria),
    };
  } finally {
    for (const close of closers) await close();
  }
}

interface Reading {
  atMs: number;
  cpuSeconds: number;
  samples: number;
  rssMb: number;
}

async function readAll(stacks: Record<Rival, Stack>): Promise<Record<Rival, Reading>> {
  const read = async ({ roots, samples }: Stack): Promise<Reading> => {
    const kept = await samples();
    return {
      atMs: performance.now(),
      cpuSeconds: cpuSecondsOf(roots),
      samples: kept,
      rssMb: residentMbOf(roots),
    };
  };
  return {
    ours: await read(stacks.ours),
    prometheus: await read(stacks.prometheus),
    victoria: await read(stacks.victoria),
  };
}

function between(before: Reading, after: Reading): Watching {
  const seconds = (after.atMs - before.atMs) / 1000;
  const samples = after.samples - before.samples;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    samplesPerSecond: samples / seconds,
    cpuMsPer1000: (cpuSeconds * 1000) / (samples / 1000),
    cpuShare: cpuSeconds / seconds,
    rssMb: after.rssMb,
  };
}

function middle(all: readonly Watching[]): Watching {
  const of = (read: (one: Watching) => number): number => median(all.map(read));
  return {
    samplesPerSecond: of((one) => one.samplesPerSecond),
    cpuMsPer1000: of((one) => one.cpuMsPer1000),
    cpuShare: of((one) => one.cpuShare),
    rssMb: of((one) => one.rssMb),
  };
}

interface Targets {
  fleet: Fleet;
  machines: number;
  redisUrl: string;
  postgresUrl: string;
}

/** The whole product as built, its pages too, with a store of its own on SQLite. */
async function startOurs({ fleet, machines, redisUrl, postgresUrl }: Targets): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'afterwatch-bench-'));
  const config = join(folder, 'afterwatch.yml');
  const pace = `interval: ${INTERVAL_SECONDS}s, timeout: ${TIMEOUT_SECONDS}s`;
  const lines = [
    'app: bench',
    'sources:',
    `  - {kind: redis, name: main, url: "${redisUrl}", ${pace}}`,
    `  - {kind: postgres, name: main, url: "${postgresUrl}", ${pace}}`,
    '  - kind: app',
    '    name: web',
    `    interval: ${INTERVAL_SECONDS}s`,
    `    timeout: ${TIMEOUT_SECONDS}s`,
    '    machines:',
    ...Array.from(
      { length: machines },
      (_, i) => `      - {name: m${i + 1}, url: "http://127.0.0.1:${fleet.port}/m/${i + 1}/metrics"}`,
    ),
  ];
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const server = await startServer({ AFTERWATCH_CONFIG: config });
  process.once('exit', () => void server.kill());
  // A dashboard that nobody has opened has not loaded its pages yet.
  await (await fetch(`${server.baseUrl}/?range=15m`)).text();
  return {
    roots: [server.pid],
    samples: async () => {
      const text = await textOf(`${server.baseUrl}/api/metrics`);
      return sumOf(text, /^afterwatch_samples_appended_total (\S+)/gm);
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Prometheus or VictoriaMetrics with exporters of its own for the Redis and the PostgreSQL. */
async function startScraper(
  which: 'prometheus' | 'victoria',
  { fleet, machines, redisUrl, postgresUrl }: Targets,
): Promise<Stack> {
  const peers: Peer[] = [];
  const started = async (peer: Promise<Peer>): Promise<Peer> => {
    const one = await peer;
    peers.unshift(one);
    return one;
  };
  const address = ({ port }: Peer): string => `127.0.0.1:${port}`;
  const redis = await started(startRedisExporter(redisUrl));
  const postgres = await started(startPostgresExporter(postgresUrl));
  const scrape = {
    jobs: {
      redis: [address(redis)],
      postgres: [address(postgres)],
      web: Array.from({ length: machines }, (_, i) => `127.0.0.1:${fleet.port}/m/${i + 1}/metrics`),
    },
    scrapeSeconds: INTERVAL_SECONDS,
  };
  const engine = await started(
    which === 'prometheus' ? startPrometheus(scrape) : startVictoriaMetrics(scrape),
  );
  const count =
    which === 'prometheus'
      ? /^prometheus_tsdb_head_samples_appended_total(?:\{[^}]*\})? (\S+)/gm
      : /^vm_rows_inserted_total\{type="promscrape"\} (\S+)/gm;
  return {
    roots: peers.map((peer) => childWith(address(peer))),
    samples: async () => sumOf(await textOf(`${engine.url}/metrics`), count),
    stop: async () => {
      for (const peer of peers) await peer.stop();
    },
  };
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`bench: ${new URL(url).pathname} answered ${answer.status}`);
  return answer.text();
}

/** Throws when the text holds no such count: nothing counted is not zero. */
function sumOf(text: string, count: RegExp): number {
  const values = [...text.matchAll(count)].map(([, value]) => Number(value));
  if (values.length === 0) throw new Error(`bench: no count of samples where ${count.source} was expected`);
  return values.reduce((sum, value) => sum + value, 0);
}
