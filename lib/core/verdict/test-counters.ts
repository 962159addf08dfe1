import { addIncrement, type Block, blockStartMs, emptyBlock } from '../metrics/blocks.ts';
import { type CounterSample, type CounterState, type Increment, stepCounter } from '../metrics/increments.ts';
import { BLOCK_MS } from '../time/range.ts';
import type { CountBlock } from './blocks.ts';
import { type Random, seededRandom } from './test-series.ts';

/** What happens to a cumulative counter and to the visits that read it. Shares are 0–1, the rest is how often. */
export interface CounterFaults {
  /** The scheduled interval, and the share of it that a visit comes too early or late by. */
  intervalMs: number;
  jitter: number;
  /** Share of visits that fail. */
  missed: number;
  /** Stretches of 1–90 min without a visit, and with a source that answers but stands still. */
  gaps: number;
  freezes: number;
  /** Process restarts at random times; and one at a minute of its own, such as a deploy. */
  restarts: number;
  restartAtMinute: number | null;
  /** Visits (1–10 in a row) that another replica answers, which counts for itself. Only with `tells: 'start'`. */
  replicaSwitches: number;
  /** Share of samples that say a little less than the one before, that come twice, and that swap places with the next. */
  decreases: number;
  duplicates: number;
  outOfOrder: number;
  /** The counter holds 32 bits and runs over in the middle. */
  wraps: boolean;
  /** What a sample says of its process: when it began, only that it is another one, or nothing. */
  tells: 'start' | 'marker' | 'nothing';
}

/** A counter that nothing happens to. */
export const CLEAN_COUNTER: CounterFaults = {
  intervalMs: 15_000,
  jitter: 0,
  missed: 0,
  gaps: 0,
  freezes: 0,
  restarts: 0,
  restartAtMinute: null,
  replicaSwitches: 0,
  decreases: 0,
  duplicates: 0,
  outOfOrder: 0,
  wraps: false,
  tells: 'start',
};

/** Samples in the order in which they arrive, and what can be known of the events from them. */
export interface TestCounter {
  samples: readonly CounterSample[];
  /** Events that the samples show to someone who knows which process gave each: what a perfect reader would count. */
  knowable: number;
  /** What a reader may miss: the events of one scrape interval for each restart or overrun that no sample tells of. */
  missable: number;
}

const MINUTE_MS = 60_000;
const WRAP = 2 ** 32;
const LONGEST_GAP_MINUTES = 90;
const LEAST_LIFE_MS = 10 * MINUTE_MS;
/** Starts are told in whole seconds by clocks that drift: this close to a visit they count as after it. */
const START_DRIFT_MS = 5_000;
/** Intervals in which an untold restart may be taken for something else, until low values are believed. */
const DOUBT_INTERVALS = 4;

/** One process that counts: its value is what happened since its start, plus what it held when the series began. */
interface Process {
  startMs: number;
  held: number;
}

interface Shown {
  sample: CounterSample;
  process: Process;
  /** Times that the value has run over 32 bits. */
  laps: number;
}

/**
 * A cumulative counter of `counts` events a minute from `fromMs` on, visited on a schedule, with what may go wrong.
 * One seed is one bit-identical counter.
 */
export function makeCounter(
  counts: readonly number[],
  seed: number,
  faults: CounterFaults,
  fromMs = 0,
): TestCounter {
  const random = seededRandom(seed);
  const happened = eventsUpTo(counts, fromMs);
  const endMs = fromMs + counts.length * MINUTE_MS;
  const first: Process = {
    startMs: fromMs - LEAST_LIFE_MS,
    held: firstHeld(random, happened(endMs), faults),
  };
  const later = restartsOf(random, faults, fromMs, endMs).map((startMs) => ({
    startMs,
    held: -happened(startMs),
  }));
  const processes = [first, ...later];
  // The other replica serves as much as ours, began before it and is asked only now and then.
  const replica: Process = { startMs: first.startMs - LEAST_LIFE_MS, held: Math.floor(1e6 * random()) };
  const gaps = stretches(random, faults.gaps, fromMs, endMs);
  const freezes = stretches(random, faults.freezes, fromMs, endMs);

  const shown: Shown[] = [];
  let switchLeft = 0;
  const switchShare = (faults.replicaSwitches * faults.intervalMs) / (endMs - fromMs);
  for (let dueMs = fromMs + faults.intervalMs; dueMs <= endMs; dueMs += faults.intervalMs) {
    const atMs = Math.round(dueMs + (2 * random() - 1) * faults.jitter * faults.intervalMs);
    const isMissed = random() < faults.missed || gaps.some((gap) => isInside(gap, atMs));
    if (switchLeft > 0) switchLeft -= 1;
    else if (random() < switchShare) switchLeft = 1 + Math.floor(10 * random());
    if (isMissed || atMs > endMs) continue;
    const own = processes.findLast((one) => one.startMs < atMs) ?? first;
    const process = switchLeft > 0 ? replica : own;
    const total = process.held + happened(shownUpTo(freezes, process, atMs));
    const laps = faults.wraps ? Math.floor(total / WRAP) : 0;
    shown.push({
      process,
      laps,
      sample: {
        atMs,
        value: total - laps * WRAP,
        intervalMs: faults.intervalMs,
        start: startOf(process, faults),
        previousVisitMs: null,
        absentThen: false,
      },
    });
  }
  const arrived = spoil(random, shown, faults);
  return {
    samples: arrived.map(({ sample }) => sample),
    ...truthOf(arrived, happened, faults),
  };
}

/** Whole events up to an instant; those of a minute are spread over it. */
function eventsUpTo(counts: readonly number[], fromMs: number): (atMs: number) => number {
  const sums = [0];
  for (const count of counts) sums.push((sums.at(-1) ?? 0) + count);
  return (atMs) => {
    const minutes = Math.min(counts.length, Math.max(0, (atMs - fromMs) / MINUTE_MS));
    const whole = Math.floor(minutes);
    return (sums[whole] ?? 0) + Math.floor((counts[whole] ?? 0) * (minutes - whole));
  };
}

/** What the first process had counted before; near the overrun where the counter is to run over. */
function firstHeld(random: Random, events: number, { wraps }: CounterFaults): number {
  return wraps ? WRAP - Math.floor(events / 2) : Math.floor(1e6 * random());
}

function restartsOf(random: Random, faults: CounterFaults, fromMs: number, endMs: number): number[] {
  const wanted = Array.from({ length: faults.restarts }, () => fromMs + random() * (endMs - fromMs));
  if (faults.restartAtMinute !== null) wanted.push(fromMs + faults.restartAtMinute * MINUTE_MS);
  const starts: number[] = [];
  for (const startMs of wanted.map(Math.round).sort((a, b) => a - b)) {
    if (startMs - (starts.at(-1) ?? fromMs) >= LEAST_LIFE_MS) starts.push(startMs);
  }
  return starts;
}

interface Stretch {
  fromMs: number;
  toMs: number;
}

function stretches(random: Random, count: number, fromMs: number, endMs: number): Stretch[] {
  return Array.from({ length: count }, () => {
    const startMs = fromMs + random() * (endMs - fromMs);
    return { fromMs: startMs, toMs: startMs + (1 + random() * (LONGEST_GAP_MINUTES - 1)) * MINUTE_MS };
  });
}

/** The instant whose count a visit sees: the beginning of the first freeze that lasts, else its own. */
function shownUpTo(freezes: readonly Stretch[], { startMs }: Process, atMs: number): number {
  let upToMs = atMs;
  for (const freeze of freezes) {
    if (isInside(freeze, atMs) && freeze.fromMs > startMs) upToMs = Math.min(upToMs, freeze.fromMs);
  }
  return upToMs;
}

function isInside({ fromMs, toMs }: Stretch, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

function startOf(process: Process, { tells }: CounterFaults): CounterSample['start'] {
  if (tells === 'nothing') return null;
  return { marker: `process ${process.startMs}`, atMs: tells === 'start' ? process.startMs : null };
}

/** Small decreases, samples that come twice, samples that swap places; then what each visit knows of the one before. */
function spoil(random: Random, shown: readonly Shown[], faults: CounterFaults): Shown[] {
  const arrived: Shown[] = [];
  let wasDecreased = true;
  for (const [i, one] of shown.entries()) {
    const before = shown[i - 1];
    // Only a single sample, and never the first of its process: that one would be what all later ones are held against.
    const mayDecrease: boolean = !wasDecreased && before?.process === one.process && before.laps === one.laps;
    wasDecreased = mayDecrease && random() < faults.decreases && (before?.sample.value ?? 0) > 200;
    const value = wasDecreased ? lessThan(random, before?.sample.value ?? 0) : one.sample.value;
    arrived.push({ ...one, sample: { ...one.sample, value } });
    if (random() < faults.duplicates)
      arrived.push({ ...one, sample: { ...one.sample, value: one.sample.value + 3 } });
  }
  for (let i = 0; i + 1 < arrived.length; i++) {
    const [one, next] = [arrived[i], arrived[i + 1]];
    if (one === undefined || next === undefined || random() >= faults.outOfOrder) continue;
    // One fault at a time: a low sample among swapped ones would stand beside others and be believed.
    if (one.sample.atMs === next.sample.atMs || one.sample.value > next.sample.value) continue;
    arrived[i] = next;
    arrived[i + 1] = one;
    i += 1;
  }
  let visitMs: number | null = null;
  return arrived.map((one) => {
    const sample = { ...one.sample, previousVisitMs: visitMs };
    visitMs = Math.max(visitMs ?? 0, sample.atMs);
    return { ...one, sample };
  });
}

function lessThan(random: Random, value: number): number {
  return value - 1 - Math.floor(0.02 * value * random());
}

/** What a reader counts who knows each sample's process, and what one may miss who does not. */
function truthOf(
  arrived: readonly Shown[],
  happened: (atMs: number) => number,
  { tells }: CounterFaults,
): Pick<TestCounter, 'knowable' | 'missable'> {
  let latestMs = Number.NEGATIVE_INFINITY;
  const inOrder = arrived.filter(({ sample }) => {
    const isLater = sample.atMs > latestMs;
    latestMs = Math.max(latestMs, sample.atMs);
    return isLater;
  });
  let knowable = 0;
  let missable = 0;
  let highest = inOrder[0]?.sample.value ?? 0;
  for (const [i, one] of inOrder.entries()) {
    const before = inOrder[i - 1];
    if (before === undefined) continue;
    const { value } = one.sample;
    if (one.process === before.process && one.laps === before.laps) {
      knowable += Math.max(0, value - highest);
      highest = Math.max(highest, value);
      continue;
    }
    const isOverrun = one.process === before.process;
    // Another process that was there before our last visit only gives a new reference.
    if (isOverrun || one.process.startMs > before.sample.atMs - START_DRIFT_MS) knowable += value;
    highest = value;
    if (isOverrun || tells === 'nothing') missable += mostInOneInterval(inOrder, i, happened);
  }
  return { knowable, missable };
}

function mostInOneInterval(
  inOrder: readonly Shown[],
  at: number,
  happened: (atMs: number) => number,
): number {
  let most = 0;
  for (let i = at; i < at + DOUBT_INTERVALS; i++) {
    const [before, one] = [inOrder[i - 1], inOrder[i]];
    if (before === undefined || one === undefined) break;
    most = Math.max(most, happened(one.sample.atMs) - happened(before.sample.atMs));
  }
  return most;
}

/** Increments of samples as the product counts them, oldest first. */
export function countSamples(samples: readonly CounterSample[]): Increment[] {
  let state: CounterState | null = null;
  const increments: Increment[] = [];
  for (const sample of samples) {
    const step = stepCounter(state, sample);
    state = step.state;
    if (step.increment !== null) increments.push(step.increment);
  }
  return increments;
}

/** Blocks of increments on the clock by their start. */
export function blocksOfIncrements(increments: readonly Increment[]): Map<number, Block> {
  const blocks = new Map<number, Block>();
  const blockAt = (startMs: number): Block => {
    const block = blocks.get(startMs) ?? emptyBlock(startMs);
    blocks.set(startMs, block);
    return block;
  };
  for (const increment of increments) addIncrement(blockAt, increment);
  return blocks;
}

/** The blocks of `[fromMs, toMs)` in order, null where nothing is known, as a verdict takes them. */
export function countBlocksBetween(
  increments: readonly Increment[],
  fromMs: number,
  toMs: number,
): CountBlock[] {
  const blocks = blocksOfIncrements(increments);
  const row: CountBlock[] = [];
  for (let startMs = blockStartMs(fromMs); startMs < toMs; startMs += BLOCK_MS)
    row.push(blocks.get(startMs) ?? null);
  return row;
}
