import type { StartMarker } from '../model/sample.ts';

/** What one counter sample added. Integers in, integers out; only blocks hold fractions. */
export interface Increment {
  /** The increment covers `[fromMs, toMs)`; a gap covers nothing but keeps its span. */
  fromMs: number;
  toMs: number;
  increase: number;
  /** The total is known, its shape in time is not: it counts for sums, not for rates. */
  gap: boolean;
  /** The counter began again inside the span. */
  reset: boolean;
  /** Events between the last scrape and a restart are lost: at most one interval of them. */
  partial: boolean;
}

export type SampleFlag = 'first' | 'ok' | 'reset' | 'glitch' | 'gap' | 'late' | 'duplicate';

/** What must be remembered of a counter between samples. Plain data: it is stored with the series. */
export interface CounterState {
  /** Reference point: the last sample that was believed. */
  atMs: number;
  value: number;
  /** Restart marker of the reference and the start that it stands for; null when the source has none. */
  marker: string | null;
  startMs: number | null;
  /** Samples in a row below the reference without a restart marker. */
  low: { count: number; lastAtMs: number } | null;
  /** The value before an unmarked restart, kept for a few samples: a return to it was another replica answering. */
  before: { value: number; counted: number; samplesLeft: number } | null;
}

export interface CounterSample {
  atMs: number;
  value: number;
  /** The scheduled interval stored with the scrape. */
  intervalMs: number;
  start: StartMarker | null;
  /** Time of the previous good scrape of the same target; null when there was none. */
  previousVisitMs: number | null;
  /**
   * True when that scrape held this metric's family, without this series and from the same process: a labelled
   * counter that does not exist before its first event was 0 then.
   */
  absentThen: boolean;
}

export interface CounterStep {
  state: CounterState;
  increment: Increment | null;
  flag: SampleFlag;
}

/** A drop to less than this share of the reference is a restart even without a marker. */
const RESET_BELOW = 0.5;
/** This many low samples in a row are believed: the counter did begin again. */
const LOW_SAMPLES_ARE_RESET = 3;
/** Further apart than this many scheduled intervals, the shape between two samples is unknown. */
const GAP_INTERVALS = 3;
/** Starts are told in whole seconds and by clocks that drift: this far apart they may be the same. */
const START_DRIFT_MS = 5_000;
/** A return to the old value within this many samples, and at most this share above it, is a replica switch. */
const RETURN_SAMPLES = 3;
const RETURN_SHARE = 0.5;

/**
 * One step of the counter rules (reset, glitch, gap, late, duplicate). Pure: live and replay give the same.
 * Never negative, never a phantom spike: a small decrease without a restart adds 0 and keeps the reference.
 */
export function stepCounter(prev: CounterState | null, sample: CounterSample): CounterStep {
  if (prev === null) return firstStep(sample);
  // A glitch keeps the older reference, so the clock of arrival is the latest of the two.
  const arrivedMs = prev.low?.lastAtMs ?? prev.atMs;
  if (sample.atMs === arrivedMs) return { state: prev, increment: null, flag: 'duplicate' };
  if (sample.atMs < arrivedMs) return { state: prev, increment: null, flag: 'late' };

  switch (whoCounts(prev, sample)) {
    case 'restarted':
      return resetStep(prev, sample, true);
    case 'another':
      // What it has counted since our last visit cannot be told from its past: it only gives a new reference.
      return { state: believed(sample, null, null), increment: null, flag: 'first' };
    case 'same':
      break;
  }
  if (sample.value >= prev.value) return riseStep(prev, sample);
  if (sample.value < RESET_BELOW * prev.value) return resetStep(prev, sample, false);

  const count = (prev.low?.count ?? 0) + 1;
  if (count >= LOW_SAMPLES_ARE_RESET) return resetStep(prev, sample, false);
  return { state: { ...prev, low: { count, lastAtMs: sample.atMs } }, increment: null, flag: 'glitch' };
}

/**
 * Which process counts now. A changed marker means a new process even when it has already counted past the old
 * value; one that began before our last visit was running beside the old one (a replica, another worker). A start that
 * moved by seconds while the count went on is the same process on a clock that was adjusted.
 */
function whoCounts(prev: CounterState, { start, value }: CounterSample): 'same' | 'restarted' | 'another' {
  if (start === null || prev.marker === null || start.marker === prev.marker) return 'same';
  if (start.atMs === null) return 'restarted';
  const drift = prev.startMs === null ? Number.POSITIVE_INFINITY : Math.abs(start.atMs - prev.startMs);
  if (drift <= START_DRIFT_MS && value >= prev.value) return 'same';
  return start.atMs > prev.atMs - START_DRIFT_MS ? 'restarted' : 'another';
}

function firstStep(sample: CounterSample): CounterStep {
  const state = believed(sample, null, null);
  const bornMs = bornAfterMs(sample);
  if (bornMs === null) return { state, increment: null, flag: 'first' };
  const gap = isGap(bornMs, sample);
  const increment = {
    fromMs: bornMs,
    toMs: sample.atMs,
    increase: sample.value,
    gap,
    reset: false,
    partial: false,
  };
  return { state, increment, flag: 'first' };
}

/** Since when the first value can only have grown from 0; null when it may hold older events. */
function bornAfterMs({ atMs, start, previousVisitMs, absentThen }: CounterSample): number | null {
  if (previousVisitMs === null || previousVisitMs >= atMs) return null;
  const startMs = start?.atMs ?? null;
  if (startMs !== null && startMs > previousVisitMs && startMs < atMs) return startMs;
  return absentThen ? previousVisitMs : null;
}

function riseStep(prev: CounterState, sample: CounterSample): CounterStep {
  const rise = sample.value - prev.value;
  const back = returnedFrom(prev, sample);
  const increase = back === null ? rise : back;
  const gap = isGap(prev.atMs, sample);
  const before = back === null ? agedBefore(prev, rise) : null;
  return {
    state: believed(sample, prev, before),
    // Written out: spreading an object here made the whole step 50 times slower, and it runs for every sample.
    increment: { fromMs: prev.atMs, toMs: sample.atMs, increase, gap, reset: false, partial: false },
    flag: back !== null ? 'glitch' : gap ? 'gap' : 'ok',
  };
}

/** What was truly added when the counter is back where it stood before an unmarked restart; null when it is not. */
function returnedFrom(prev: CounterState, sample: CounterSample): number | null {
  const before = prev.before;
  if (before === null || sample.value < before.value) return null;
  const above = sample.value - before.value;
  return above <= RETURN_SHARE * before.value ? Math.max(0, above - before.counted) : null;
}

function agedBefore(prev: CounterState, rise: number): CounterState['before'] {
  if (prev.before === null || prev.before.samplesLeft <= 1) return null;
  const { value, counted, samplesLeft } = prev.before;
  return { value, counted: counted + rise, samplesLeft: samplesLeft - 1 };
}

function resetStep(prev: CounterState, sample: CounterSample, marked: boolean): CounterStep {
  const startMs = sample.start?.atMs ?? null;
  const startKnown = startMs !== null && startMs > prev.atMs && startMs < sample.atMs;
  // Only after a fall that no marker explains can the old value come back.
  const before = marked ? null : { value: prev.value, counted: sample.value, samplesLeft: RETURN_SAMPLES };
  return {
    state: believed(sample, prev, before),
    increment: {
      fromMs: startKnown ? startMs : prev.atMs,
      toMs: sample.atMs,
      increase: sample.value,
      // Since a start that is known nothing was missed, however long the time before it was.
      gap: isGap(startKnown ? startMs : prev.atMs, sample),
      reset: true,
      partial: !startKnown,
    },
    flag: 'reset',
  };
}

function isGap(sinceMs: number, sample: CounterSample): boolean {
  return sample.atMs - sinceMs > GAP_INTERVALS * sample.intervalMs;
}

function believed(
  sample: CounterSample,
  prev: Pick<CounterState, 'marker' | 'startMs'> | null,
  before: CounterState['before'],
): CounterState {
  // A source that once left its marker out has not changed its process.
  const { marker, startMs } =
    sample.start === null
      ? { marker: prev?.marker ?? null, startMs: prev?.startMs ?? null }
      : { marker: sample.start.marker, startMs: sample.start.atMs };
  return { atMs: sample.atMs, value: sample.value, marker, startMs, low: null, before };
}
