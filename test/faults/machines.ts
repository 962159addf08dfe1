import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Labels, ProcessCounters, seriesKey } from './machine-counters.ts';
import { type MachineFault, misbehave } from './machine-faults.ts';
import { CONTENT_TYPES, type CountedSeries, type MetricsFormat, writeMetrics } from './machine-text.ts';

export type { Labels } from './machine-counters.ts';
export type { MachineFault } from './machine-faults.ts';
export type { MetricsFormat } from './machine-text.ts';

/** One request as the machine saw it. */
export interface ServedScrape {
  atMs: number;
  path: string;
  status: number | null;
  fault: MachineFault['type'] | null;
  /** Which of its workers answered, counted from 0. */
  worker: number;
  /** Values as they stood in the body, by `name{label="value"}`; empty for a faulty answer. */
  values: Readonly<Record<string, number>>;
  /** True once the last byte was handed to the system. */
  completed: boolean;
}

/** What the machine truly did, kept apart from what it showed. */
export interface MachineLedger {
  readonly served: readonly ServedScrape[];
  /** Everything ever counted on this series, restarts and backward steps left out. */
  truth(name: string, labels?: Labels): number;
  /** The value in the newest completed body, or null when it was never shown. */
  lastServed(name: string, labels?: Labels): number | null;
  readonly restarts: number;
}

/** A running machine and the hands of the test on it. */
export interface Machine {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly metricsUrl: string;
  readonly healthUrl: string;
  readonly ledger: MachineLedger;
  /** Counts events, on the workers in turn. `name` is without `_total`. */
  inc(name: string, labels?: Labels, n?: number): void;
  set(name: string, labels: Labels, value: number): void;
  /** Lowers what is shown without a restart: a broken counter. */
  stepBack(name: string, labels: Labels, by: number): void;
  /** A new process: all counters gone, a new start time, open connections cut. */
  restart(startedMs?: number): void;
  /** Null answers well again. With a path only that path is faulty. */
  setFault(fault: MachineFault | null, path?: '/metrics' | '/health'): void;
  /** The `Date` header and the process start times shift by this much. */
  setClockOffset(ms: number): void;
  /** Several processes behind one port; each request meets the next one. Restarts them all. */
  setWorkers(count: number): void;
  /** Shows `4xx` where the truth is 429. */
  setClassOnly(on: boolean): void;
  setFormat(format: MetricsFormat): void;
  /** Status and body of `/health`; the media type is `application/health+json` for an object. */
  setHealth(status: number, body: unknown): void;
  stop(): Promise<void>;
}

/** How a machine starts. */
export interface MachineOptions {
  name: string;
  region?: string;
  version?: string;
  format?: MetricsFormat;
  /** Families shown before their first event, so that absent series can be told from an absent family. */
  counters?: readonly string[];
  /** Without it no `process_start_time_seconds` is shown. */
  showStartTime?: boolean;
  port?: number;
}

/** A small HTTP machine on 127.0.0.1 whose numbers and faults a test controls. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { name, region = 'ams', version = 'v1', showStartTime = true } = options;
  const declared = options.counters ?? ['http_requests'];
  const faults = new Map<string, MachineFault>();
  const served: ServedScrape[] = [];
  const truth = new Map<string, number>();
  let format = options.format ?? 'text';
  let workers = [new ProcessCounters(Date.now())];
  let turn = 0;
  let restarts = 0;
  let clockOffsetMs = 0;
  let classOnly = false;
  let health: { status: number; body: unknown } | null = null;

  const now = () => Date.now() + clockOffsetMs;
  const start = (count: number, startedMs: number) =>
    Array.from({ length: count }, (_, i) => new ProcessCounters(startedMs + i * 37));
  const pick = () => {
    turn += 1;
    return turn % workers.length;
  };

  function metricsBody(series: readonly CountedSeries[], process: ProcessCounters): string {
    const names = new Map<string, CountedSeries['kind']>(declared.map((family) => [family, 'counter']));
    for (const one of series) names.set(one.name, one.kind);
    const families = [...names].map(([family, kind]) => ({
      name: family,
      kind,
      series: series.filter((one) => one.name === family),
    }));
    const startedSeconds = showStartTime ? (process.startedMs + clockOffsetMs) / 1000 : null;
    return writeMetrics(format, families, startedSeconds);
  }

  function answer(
    path: string,
    process: ProcessCounters,
  ): { status: number; type: string; body: string } & {
    series: readonly CountedSeries[];
  } {
    if (path === '/metrics') {
      const series = process.read(classOnly);
      return { status: 200, type: CONTENT_TYPES[format], body: metricsBody(series, process), series };
    }
    if (path !== '/health') return { status: 404, type: 'text/plain', body: 'not found\n', series: [] };
    const body = health?.body ?? { status: 'pass', version, region, machine: name };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/plain' : 'application/health+json';
    return { status: health?.status ?? 200, type, body: text, series: [] };
  }

  const server = http.createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://machine').pathname;
    const index = pick();
    const process = workers[index];
    if (process === undefined) throw new Error(`machine ${name} has no worker ${index}`);
    const fault = faults.get(path) ?? faults.get('*') ?? null;
    const entry: ServedScrape = {
      atMs: Date.now(),
      path,
      status: null,
      fault: fault?.type ?? null,
      worker: index,
      values: {},
      completed: false,
    };
    served.push(entry);
    response.on('finish', () => {
      entry.completed = true;
      entry.status = response.statusCode;
    });
    response.setHeader('date', new Date(now()).toUTCString());
    const good = answer(path, process);
    if (fault !== null) {
      misbehave(fault, response, good);
      return;
    }
    const values = good.series.map((one) => [seriesKey(one.name, one.labels), one.value] as const);
    entry.values = Object.fromEntries(values);
    response.writeHead(good.status, { 'content-type': good.type });
    response.end(good.body);
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;

  return {
    name,
    host: '127.0.0.1',
    port,
    metricsUrl: `${base}/metrics`,
    healthUrl: `${base}/health`,
    ledger: {
      served,
      truth: (counter, labels = {}) => truth.get(seriesKey(counter, labels)) ?? 0,
      lastServed: (counter, labels = {}) => {
        const newest = served.findLast((s) => s.path === '/metrics' && s.completed && s.fault === null);
        return newest?.values[seriesKey(counter, labels)] ?? null;
      },
      get restarts() {
        return restarts;
      },
    },
    inc(counter, labels = {}, n = 1) {
      const key = seriesKey(counter, labels);
      truth.set(key, (truth.get(key) ?? 0) + n);
      // Events are whole: shared out evenly, the first workers take the rest.
      workers.forEach((worker, i) => {
        const share = Math.floor(n / workers.length) + (i < n % workers.length ? 1 : 0);
        if (share > 0) worker.add(counter, labels, share);
      });
    },
    set: (gauge, labels, value) => {
      for (const worker of workers) worker.set(gauge, labels, value);
    },
    stepBack: (counter, labels, by) => {
      for (const worker of workers) worker.add(counter, labels, -by);
    },
    restart(startedMs = Date.now()) {
      workers = start(workers.length, startedMs);
      restarts += 1;
      server.closeAllConnections();
    },
    setFault(fault, path) {
      if (fault === null) path === undefined ? faults.clear() : faults.delete(path);
      else faults.set(path ?? '*', fault);
    },
    setClockOffset: (ms) => {
      clockOffsetMs = ms;
    },
    setWorkers(count) {
      workers = start(count, Date.now());
    },
    setClassOnly: (on) => {
      classOnly = on;
    },
    setFormat: (next) => {
      format = next;
    },
    setHealth: (status, body) => {
      health = { status, body };
    },
    async stop() {
      const done = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await done;
    },
  };
}
