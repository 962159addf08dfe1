import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '@/lib/server/store/store.ts';
import {
  cpuMs,
  idleStallMs,
  quantile,
  residentMb,
  type Spread,
  timeCalls,
  watchLoop,
} from '../lib/measures.ts';
import { openPlace, type Place } from './places.ts';
import { ask, QUESTIONS, type Question } from './questions.ts';
import { endOf, METRICS, REDIS_ID, type SetShape, SyntheticFeed, samplesOf } from './synthetic.ts';

/** What writing a whole set cost. */
export interface Filled {
  /** Of the ticks after the first, cold ones; so are the figures of `append` below. */
  commitMs: { p50: number; p99: number };
  countedSamples: number;
  /** CPU of all threads, generator left out. */
  appendCpuMs: number;
  appendWallMs: number;
  packing: Packing;
  rssMb: number;
  /** Of the process before it opened anything. */
  emptyRssMb: number;
}

/** What packing cost, hour by hour; null before an hour was packed. */
export interface Packing {
  hours: number;
  cpuMs: number;
  cpuMsP50: number | null;
  wallMsP50: number | null;
  wallMsMost: number | null;
  stallMs: number;
}

export interface Reopened {
  openMs: number;
  /** Time of the newest visit of the first target; null without one. */
  newestMs: number | null;
  /** Visits of the first target from the asked time on. */
  visits: number;
  series: number;
  rssMb: number;
}

export interface Answered {
  times: Record<Question, Spread>;
  stallMs: number;
  idleStallMs: number;
  rssMb: number;
}

/** Every question to the process that holds the store, with its answer. */
export interface HostCalls {
  fill: { ask: { place: Place; shape: SetShape }; answer: Filled };
  /** Goes on with the set, one visit of each target a tick, and tells of each that is durable, until it is killed. */
  goOn: { ask: { shape: SetShape }; answer: null };
  open: { ask: { place: Place; atMs: number; visitsFromMs: number }; answer: Reopened };
  answer: { ask: { range: TimeRange; repeats: number }; answer: Answered };
  /** Packs and folds all that is due at this time. */
  pack: { ask: { atMs: number }; answer: Packing };
  /** Answers the questions over HTTP; gives the port. */
  serve: { ask: Record<string, never>; answer: number };
  memory: { ask: Record<string, never>; answer: number };
  close: { ask: Record<string, never>; answer: null };
}
export type HostCallName = keyof HostCalls;

/** What the process says: an answer, a fault, or how far it is. */
export type HostWord =
  | { answer: HostCalls[HostCallName]['answer'] }
  | { fault: string }
  | { share: number }
  | { durableMs: number };

/** The part of a bench that lives in a process of its own: it holds the store, so that it can be killed and weighed. */
export function runHost(
  tell: (word: HostWord) => void,
): (call: { name: HostCallName; ask: unknown }) => Promise<void> {
  const clock = { nowMs: 0 };
  let store: Store | null = null;
  let feed: SyntheticFeed | null = null;
  const opened = (): Store => {
    if (store === null) throw new Error('bench: no store is open');
    return store;
  };
  const handlers: {
    [K in HostCallName]: (ask: HostCalls[K]['ask']) => Promise<HostCalls[K]['answer']>;
  } = {
    fill: async ({ place, shape }) => {
      const emptyRssMb = residentMb();
      clock.nowMs = shape.startMs;
      store = await openPlace(place, () => clock.nowMs);
      feed = new SyntheticFeed(shape);
      const filled = await fill(store, feed, shape, clock, (share) => tell({ share }));
      return { ...filled, emptyRssMb };
    },
    goOn: async ({ shape: { ticks, startMs, intervalMs } }) => {
      for (let tick = ticks; ; tick++) {
        clock.nowMs = startMs + tick * intervalMs;
        const atMs = feed?.next() ?? clock.nowMs;
        await opened().append(feed?.scrapes(atMs) ?? []);
        tell({ durableMs: atMs });
      }
    },
    open: async ({ place, atMs, visitsFromMs }) => {
      clock.nowMs = atMs;
      const startedMs = performance.now();
      store = await openPlace(place, () => clock.nowMs);
      const openMs = performance.now() - startedMs;
      const marks = await store.readScrapes([REDIS_ID], { startMs: visitsFromMs, endMs: atMs + HOUR_MS });
      const newest = METRICS.flatMap((metric) => opened().latest({ metric, targetIds: [REDIS_ID] }));
      return {
        openMs,
        newestMs: newest.length === 0 ? null : Math.min(...newest.map((one) => one.atMs)),
        visits: marks.length,
        series: store.stats().series,
        rssMb: residentMb(),
      };
    },
    answer: async ({ range, repeats }) => {
      const idle = await idleStallMs();
      const stop = watchLoop();
      const times: Partial<Record<Question, Spread>> = {};
      for (const question of QUESTIONS) {
        const work = () => ask(opened(), question, range);
        times[question] = await timeCalls(work, { repeats, warm: 3 });
      }
      const stallMs = stop();
      // Every question was asked just above.
      return {
        times: times as Record<Question, Spread>,
        stallMs,
        idleStallMs: idle,
        rssMb: residentMb(),
      };
    },
    pack: async ({ atMs }) => {
      clock.nowMs = atMs;
      const packing = new PackingMeasure();
      await packing.run(opened(), atMs, true);
      return packing.result();
    },
    serve: () => serve(opened()),
    memory: async () => residentMb(),
    close: async () => {
      await opened().close();
      return null;
    },
  };
  return async ({ name, ask }) => {
    try {
      // The name picks the handler, so the pair fits; TypeScript cannot follow that through a union.
      const handle = handlers[name] as (ask: unknown) => Promise<HostCalls[HostCallName]['answer']>;
      tell({ answer: await handle(ask) });
    } catch (error) {
      tell({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
}

const TICKS_OF_WARMTH = 360;

async function fill(
  store: Store,
  feed: SyntheticFeed,
  shape: SetShape,
  clock: { nowMs: number },
  progress: (share: number) => void,
): Promise<Omit<Filled, 'emptyRssMb'>> {
  const commits: number[] = [];
  const packing = new PackingMeasure();
  let appendWallMs = 0;
  let appendCpuMs = 0;
  let hour = Math.floor(shape.startMs / HOUR_MS);
  const coldTicks = Math.min(TICKS_OF_WARMTH, Math.floor(shape.ticks / 4));
  const toldEvery = Math.max(1, Math.floor(shape.ticks / 20));
  for (let tick = 0; tick < shape.ticks; tick++) {
    const atMs = feed.next();
    clock.nowMs = atMs;
    // The load itself is not the store's cost.
    const scrapes = feed.scrapes(atMs);
    const cpu = cpuMs();
    const startedMs = performance.now();
    await store.append(scrapes);
    // The first ticks warm both threads up: what counts is a server that has run for a while.
    if (tick >= coldTicks) {
      appendWallMs += performance.now() - startedMs;
      appendCpuMs += cpuMs() - cpu;
      commits.push(store.stats().lastCommitMs ?? Number.NaN);
    }
    if (Math.floor(atMs / HOUR_MS) !== hour) {
      hour = Math.floor(atMs / HOUR_MS);
      // An hour is packed when the second one after it begins.
      await packing.run(store, atMs, hour >= Math.floor(shape.startMs / HOUR_MS) + 2);
    }
    if (tick % toldEvery === 0) progress(tick / shape.ticks);
  }
  const { samplesAppended } = store.stats();
  if (samplesAppended !== samplesOf(shape))
    throw new Error(`bench: ${samplesAppended} samples were taken of ${samplesOf(shape)}`);
  clock.nowMs = endOf(shape);
  return {
    commitMs: { p50: quantile(commits, 0.5), p99: quantile(commits, 0.99) },
    countedSamples: (shape.ticks - coldTicks) * shape.series,
    appendCpuMs,
    appendWallMs,
    packing: packing.result(),
    rssMb: residentMb(),
  };
}

/** Adds up what `maintain` costs. */
class PackingMeasure {
  readonly #walls: number[] = [];
  readonly #cpus: number[] = [];
  #cpuMs = 0;
  #stallMs = 0;

  async run(store: Store, atMs: number, packs: boolean): Promise<void> {
    const stop = watchLoop();
    const cpu = cpuMs();
    const startedMs = performance.now();
    await store.maintain(atMs);
    const wallMs = performance.now() - startedMs;
    const stallMs = stop();
    const { lastError } = store.stats();
    if (lastError !== null) throw new Error(`bench: packing failed: ${lastError}`);
    const usedMs = cpuMs() - cpu;
    this.#cpuMs += usedMs;
    this.#stallMs = Math.max(this.#stallMs, stallMs);
    if (!packs) return;
    this.#walls.push(wallMs);
    this.#cpus.push(usedMs);
  }

  result(): Packing {
    const walls = this.#walls;
    return {
      hours: walls.length,
      cpuMs: this.#cpuMs,
      cpuMsP50: walls.length === 0 ? null : quantile(this.#cpus, 0.5),
      wallMsP50: walls.length === 0 ? null : quantile(walls, 0.5),
      wallMsMost: walls.length === 0 ? null : Math.max(...walls),
      stallMs: this.#stallMs,
    };
  }
}

/** `/q1?start=…&end=…` and the like, answered as JSON and by nothing else: the least that a store over HTTP can cost. */
function serve(store: Store): Promise<number> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = decodeURIComponent(url.pathname.slice(1));
    const question = QUESTIONS.find((one) => one === name);
    const range = {
      startMs: Number(url.searchParams.get('start')),
      endMs: Number(url.searchParams.get('end')),
    };
    if (question === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = JSON.stringify(await ask(store, question, range));
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      // It listens on a port, so its address is no path.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
