import type { Sample } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';

/** How large a made-up set of samples is, and when it lies. The same shape gives the same samples. */
export interface SetShape {
  series: number;
  ticks: number;
  intervalMs: number;
  startMs: number;
}

export interface SyntheticSeries {
  metric: string;
  labels: Readonly<Record<string, string>>;
  targetId: string;
}

export const REDIS_ID = 'bench/production/redis/main';
export const MACHINE_NAMES = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `m${i + 1}`);
/** The gauge that the first question asks for, and the counters of the second. */
export const GAUGE = 'redis_memory_used_bytes';
export const COUNTER = 'redis_commands_total';
export const COUNTERS = 36;
export const METRICS = [COUNTER, GAUGE, 'bench_events_total', 'bench_level'] as const;
const SERIES_A_TARGET = 50;

/** Time after the last sample. */
export function endOf({ startMs, ticks, intervalMs }: SetShape): number {
  return startMs + ticks * intervalMs;
}

export function samplesOf({ series, ticks }: SetShape): number {
  return series * ticks;
}

/** Targets of a set: one Redis, and machines of 50 series each. */
export function targetsOf({ series }: SetShape): string[] {
  const machines = Math.ceil(series / SERIES_A_TARGET) - 1;
  return [REDIS_ID, ...MACHINE_NAMES(machines).map((name) => `bench/production/app/${name}`)];
}

/** Every series of a set: 36 commands and the memory of the Redis first. */
export function seriesOf(shape: SetShape): SyntheticSeries[] {
  const targets = targetsOf(shape);
  return Array.from({ length: shape.series }, (_, i) => {
    const targetId = targets[Math.floor(i / SERIES_A_TARGET)] ?? REDIS_ID;
    const place = i % SERIES_A_TARGET;
    if (targetId === REDIS_ID && place < COUNTERS)
      return { metric: COUNTER, labels: { cmd: `c${place}` }, targetId };
    if (targetId === REDIS_ID && place === COUNTERS) return { metric: GAUGE, labels: {}, targetId };
    const metric = STEPS[place % STEPS.length]?.counts === true ? 'bench_events_total' : 'bench_level';
    return { metric, labels: { n: `s${place}` }, targetId };
  });
}

/** A repeatable generator: the same figures from run to run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Step {
  counts: boolean;
  next: (value: number, place: number, random: () => number) => number;
}

const noise = (random: () => number): number => random() + random() + random() + random() - 2;
/** Lines like those of a real fleet: busy and slow counters, walks of two decimals, sizes, near-constants. */
const STEPS: readonly Step[] = [
  {
    counts: true,
    next: (value, place, random) =>
      value + Math.max(0, Math.round((20 + place * 10) * (1 + 0.2 * noise(random)))),
  },
  { counts: true, next: (value, _, random) => value + (random() < 0.1 ? 1 : 0) },
  {
    counts: false,
    next: (value, _, random) => Math.max(0, Math.round((value + noise(random)) * 100) / 100),
  },
  {
    counts: false,
    next: (value, _, random) => Math.max(0, Math.round(value + 4096 * noise(random))),
  },
  { counts: false, next: (value, _, random) => (random() < 0.02 ? Math.round(20 * random()) : value) },
  {
    counts: true,
    next: (value, place, random) => value + Math.max(0, Math.round((3 + place) * (1 + noise(random)))),
  },
];
const SIZES = 3;

function stepOf(series: SyntheticSeries, place: number): Step | undefined {
  if (series.metric === COUNTER) return STEPS[[0, 5, 1][place % 3] ?? 0];
  return series.metric === GAUGE ? STEPS[SIZES] : STEPS[place % STEPS.length];
}

/** Gives one value of every series a tick. Each target restarts once, at a tick of its own: its counters begin again. */
export class SyntheticFeed {
  readonly series: readonly SyntheticSeries[];
  readonly values: Float64Array;
  readonly #steps: readonly (Step | undefined)[];
  readonly #random = randomFrom(20_261_122);
  readonly #shape: SetShape;
  readonly #targets: readonly { id: string; from: number; to: number; restartTick: number }[];
  #tick = -1;

  constructor(shape: SetShape) {
    this.#shape = shape;
    this.series = seriesOf(shape);
    this.#steps = this.series.map((one, i) => stepOf(one, i % SERIES_A_TARGET));
    this.values = Float64Array.from(this.#steps, (step) =>
      Math.round((step?.counts === true ? 1e6 : 2e5) * this.#random()),
    );
    this.#targets = targetsOf(shape).map((id, i) => ({
      id,
      from: i * SERIES_A_TARGET,
      to: Math.min((i + 1) * SERIES_A_TARGET, shape.series),
      restartTick: Math.floor(shape.ticks * (0.2 + 0.6 * this.#random())),
    }));
  }

  /** Steps to the next tick and gives its time. */
  next(): number {
    this.#tick += 1;
    for (const { from, to, restartTick } of this.#targets) {
      const restarts = this.#tick === restartTick;
      for (let i = from; i < to; i++) {
        const step = this.#steps[i];
        if (step === undefined) continue;
        const before = restarts && step.counts ? 0 : (this.values[i] ?? 0);
        this.values[i] = step.next(before, i % SERIES_A_TARGET, this.#random);
      }
    }
    return this.#shape.startMs + this.#tick * this.#shape.intervalMs;
  }

  /** The tick as visits, one of each target. */
  scrapes(atMs: number): Scrape[] {
    const { intervalMs, startMs } = this.#shape;
    return this.#targets.map(({ id, from, to, restartTick }) => {
      const runs = this.#tick < restartTick ? 1 : 2;
      const bornMs = runs === 1 ? startMs - 86_400_000 : startMs + restartTick * intervalMs - 1;
      const samples: Sample[] = [];
      for (let i = from; i < to; i++) {
        const one = this.series[i];
        if (one !== undefined)
          samples.push({ metric: one.metric, labels: one.labels, value: this.values[i] ?? 0 });
      }
      const durationMs = 2 + (this.#tick % 3);
      const start = { marker: `run ${runs}`, atMs: bornMs };
      return { targetId: id, atMs, intervalMs, durationMs, ok: true, error: null, start, samples };
    });
  }
}
