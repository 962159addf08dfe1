import { alignDown, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { everyTenth } from '../lib/progress.ts';
import { type EngineName, startEngine, type Weight } from './engines.ts';
import type { Answered, Filled, Packing, Reopened } from './host.ts';
import { HostProcess } from './host-process.ts';
import { BLOCK_STEP_MS } from './questions.ts';
import { endOf, type SetShape, samplesOf } from './synthetic.ts';

export const SERIES = 1_300;
const WIDE_SERIES = 10_000;
/** A few samples are a look at the bench itself: then a fleet of twice the series will do. */
const LOOK_SAMPLES = 100_000;
export const INTERVAL_MS = 10_000;
const LEAST_TICKS = 30;
const TICKS_AN_HOUR = HOUR_MS / INTERVAL_MS;
/** How many visits are durable before the process is killed. */
const KILL_AFTER = 25;
/** When everything of a set is due to be packed and folded: hours wait for two, blocks for six. */
const SETTLED_MS = 10 * HOUR_MS;

export interface DeepFigures {
  samples: number;
  filled: Filled;
  reopened: Reopened;
  /** Visits that were told to be durable and are not there after the kill. */
  lost: number;
  answered: Answered;
  weight: Weight;
}

export interface WideFigures {
  series: number;
  samples: number;
  filled: Filled;
  packing: Packing;
  reopened: Reopened;
  latestMs: number;
}

export interface StoreFigures {
  engine: EngineName;
  deep: DeepFigures;
  /** The same hour of a fleet of 1,300 series and of a wide one. */
  narrow: WideFigures;
  wide: WideFigures;
}

export interface StoreMeasure {
  samples: number;
  repeats: number;
  /** Bundle that becomes the host of a store. */
  hostFile: string;
  log: (text: string) => void;
}

/** The set of `samples` that begins at this hour. */
export function shapeOf(samples: number, startMs: number): SetShape {
  const ticks = Math.max(LEAST_TICKS, Math.round(samples / SERIES));
  return { series: SERIES, ticks, intervalMs: INTERVAL_MS, startMs };
}

/** The last day of a set, on the grid of blocks; less where the set is shorter. */
export function lastDayOf(shape: SetShape): { startMs: number; endMs: number } {
  const endMs = alignDown(endOf(shape), BLOCK_STEP_MS);
  return { startMs: Math.max(endMs - DAY_MS, shape.startMs), endMs };
}

const START_MS = Date.UTC(2026, 0, 5);

/** Everything that is measured of one store, each part in a fresh place. */
export async function measureStore(engine: EngineName, measure: StoreMeasure): Promise<StoreFigures> {
  const ticks = Math.min(TICKS_AN_HOUR, shapeOf(measure.samples, START_MS).ticks);
  const hourOf = (series: number): SetShape => ({
    ...{ series, ticks, intervalMs: INTERVAL_MS, startMs: START_MS },
  });
  const narrow = await measureHour(engine, hourOf(SERIES), measure);
  const isLook = measure.samples < LOOK_SAMPLES;
  const wide = await measureHour(engine, hourOf(isLook ? 2 * SERIES : WIDE_SERIES), measure);
  const deep = await measureDeep(engine, shapeOf(measure.samples, START_MS), measure);
  // A first hour packed by a cold thread would make a large one look cheap: the hours of the long run are warm.
  const packing = deep.filled.packing.hours > 0 ? deep.filled.packing : narrow.packing;
  return { engine, deep, narrow: { ...narrow, packing }, wide };
}

async function measureDeep(name: EngineName, shape: SetShape, measure: StoreMeasure): Promise<DeepFigures> {
  const { log, hostFile, repeats } = measure;
  const samples = samplesOf(shape);
  const engine = await startEngine(name);
  const { place } = engine;
  let host = new HostProcess(hostFile);
  try {
    const title = `${name}: ${samples.toLocaleString('en')} samples of ${shape.series} series`;
    const filled = await host.call(
      'fill',
      { place, shape },
      everyTenth((percent) => log(`${title}, ${percent} %`)),
    );
    log(`${title}: killed while it writes, and opened again`);
    const durable = await host.killWhileWriting({ shape }, KILL_AFTER);
    engine.free();
    host = new HostProcess(hostFile);
    const visitsFromMs = durable[0] ?? endOf(shape);
    const reopened = await host.call('open', { place, atMs: endOf(shape) + HOUR_MS / 4, visitsFromMs });
    const lost = Math.max(0, durable.length - reopened.visits);
    log(`${title}: questions`);
    const answered = await host.call('answer', { range: lastDayOf(shape), repeats });
    await host.call('pack', { atMs: endOf(shape) + SETTLED_MS });
    await host.call('close', {});
    return { samples, filled, reopened, lost, answered, weight: engine.weigh() };
  } finally {
    await host.stop();
    await engine.stop();
  }
}

/** One hour of a fleet: filled, closed as it is, opened again, packed. */
async function measureHour(
  name: EngineName,
  shape: SetShape,
  { hostFile, log }: StoreMeasure,
): Promise<WideFigures> {
  const engine = await startEngine(name);
  const { place } = engine;
  const atMs = endOf(shape);
  const asked = { place, atMs, visitsFromMs: shape.startMs };
  let host = new HostProcess(hostFile);
  try {
    log(`${name}: an hour of ${shape.series.toLocaleString('en')} series`);
    const filled = await host.call('fill', { place, shape });
    await host.call('close', {});
    await host.stop();
    host = new HostProcess(hostFile);
    const reopened = await host.call('open', asked);
    const range = { startMs: shape.startMs, endMs: atMs };
    const { times } = await host.call('answer', { range, repeats: 15 });
    const packing = await host.call('pack', { atMs: shape.startMs + 3 * HOUR_MS });
    await host.call('close', {});
    const samples = samplesOf(shape);
    return { series: shape.series, samples, filled, packing, reopened, latestMs: times.q3.p50 };
  } finally {
    await host.stop();
    await engine.stop();
  }
}
