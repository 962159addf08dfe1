import 'server-only';
import type { StartMarker } from '@/lib/core/model/sample.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { type Point, unionTimes, usualStepMs } from './points.ts';

/** What one point stands for: so many events in `(fromMs, toMs]`. */
interface Stretch {
  fromMs: number;
  toMs: number;
  count: number;
}

interface Series {
  /** Events of stretches that no later answer can change any more. */
  closed: number;
  /** Ascending, not overlapping; what later answers may still correct. */
  open: readonly Stretch[];
  /** The total as last told: it never falls, since a falling counter would look like a restart. */
  told: number;
}

/** How an answer fitted to what was known. */
export type Fit = 'first' | 'joined' | 'lost' | 'empty';

/** What an answer speaks of, and how far apart its densest points are: where commands are few, theirs say little. */
export interface Cover extends TimeRange {
  stepMs: number;
}

/** Points further apart than this many usual steps have a hole between them. */
const HOLE_STEPS = 1.5;

/**
 * Makes running totals from answers that each show the last hours again. Every point is counted once, whatever the
 * answers’ overlap: a later answer replaces what an earlier one said of the same time, so late corrections count, and
 * a point that has gone again keeps its count. Counting begins at the newest point of the first answer.
 */
export class PointCounter {
  #series = new Map<string, Series>();
  #start: StartMarker | null = null;
  /** Before this everything is settled: counted, or never to be counted. */
  #settledMs = Number.NEGATIVE_INFINITY;
  /** Distance of the points of commands, as last seen. */
  #stepMs: number | null = null;
  /** The time before each time of the last answer. */
  #before: ReadonlyMap<number, number> = new Map();
  /** Until then the provider has told. */
  #untilMs: number | null = null;

  /** Until when the provider has told; null before the first answer. */
  get untilMs(): number | null {
    return this.#untilMs;
  }

  /** When counting began; null before the first answer. It changes when points between two answers were lost. */
  get start(): StartMarker | null {
    return this.#start;
  }

  /** Total by series since `start`; whole as long as the points are. Never falls while `start` stays. */
  totals(): ReadonlyMap<string, number> {
    return new Map([...this.#series].map(([name, { told }]) => [name, told]));
  }

  /**
   * Takes one answer. `cover`: what the answer speaks of at all, by its densest series, since a command without calls
   * may have no point; null when it speaks of nothing. `skewMs` is the provider’s clock minus ours.
   */
  add(answer: ReadonlyMap<string, readonly Point[]>, cover: Cover | null, skewMs: number): Fit {
    if (cover === null) return 'empty';
    const times = unionTimes(answer.values());
    const stepMs = usualStepMs(times) ?? this.#stepMs ?? cover.stepMs;
    this.#stepMs = stepMs;
    const before = this.#timesBefore(times, stepMs);
    const firstMs = times[0] === undefined ? cover.startMs : (before.get(times[0]) ?? times[0]);
    const fromMs = Math.min(firstMs, cover.startMs);
    const fit = this.#begin(fromMs, times.at(-1) ?? cover.endMs, stepMs, skewMs);
    const stretchOf = ({ atMs, value }: Point): Stretch => {
      const previousMs = before.get(atMs) ?? atMs - stepMs;
      // Behind a hole a point stands for its own step only: what the hole held may be known from an earlier answer.
      const alone = atMs - previousMs > HOLE_STEPS * stepMs;
      return { fromMs: alone ? atMs - stepMs : previousMs, toMs: atMs, count: value };
    };
    for (const name of new Set([...this.#series.keys(), ...answer.keys()])) {
      const stretches = (answer.get(name) ?? []).map(stretchOf);
      this.#series.set(name, this.#merge(this.#series.get(name), stretches, fromMs));
    }
    this.#settledMs = Math.max(this.#settledMs, fromMs);
    this.#before = before;
    this.#untilMs = Math.max(this.#untilMs ?? cover.endMs, times.at(-1) ?? cover.endMs, cover.endMs);
    return fit;
  }

  /**
   * The time before each. Before the first of an answer stands what the answer before had there, where it had the same
   * point; on uneven grids a guessed step would cut into what is counted already.
   */
  #timesBefore(times: readonly number[], stepMs: number): ReadonlyMap<number, number> {
    return new Map(times.map((atMs, i) => [atMs, times[i - 1] ?? this.#before.get(atMs) ?? atMs - stepMs]));
  }

  #begin(fromMs: number, lastMs: number, stepMs: number, skewMs: number): Fit {
    if (this.#untilMs === null) {
      this.#restart(lastMs, skewMs);
      return 'first';
    }
    // Half a step for grids that are not quite even.
    if (fromMs <= this.#untilMs + stepMs / 2) return 'joined';
    // What happened in between is not known: counting begins anew where this answer begins.
    this.#series.clear();
    this.#restart(fromMs, skewMs);
    return 'lost';
  }

  #restart(atMs: number, skewMs: number): void {
    this.#settledMs = atMs;
    this.#start = { marker: `points:${atMs}`, atMs: atMs - skewMs };
  }

  #merge(known: Series | undefined, stretches: readonly Stretch[], fromMs: number): Series {
    const fresh = clip(stretches, this.#settledMs);
    // The same point again replaces itself whole, however the steps around it are measured this time.
    const again = new Set(fresh.map(({ toMs }) => toMs));
    const others = (known?.open ?? []).filter(({ toMs }) => !again.has(toMs));
    const left = without(others, fresh);
    const settling = left.filter((one) => one.fromMs < fromMs).map((one) => head(one, fromMs));
    const open = [...clip(left, fromMs), ...fresh].sort((a, b) => a.fromMs - b.fromMs);
    const closed = (known?.closed ?? 0) + sum(settling);
    return { closed, open, told: Math.max(known?.told ?? 0, closed + sum(open)) };
  }
}

/** The stretches after `fromMs`; one that lies across it keeps its share by time. */
function clip(stretches: readonly Stretch[], fromMs: number): readonly Stretch[] {
  return stretches.flatMap((one) =>
    one.toMs <= fromMs ? [] : one.fromMs >= fromMs ? [one] : [part(one, fromMs, one.toMs)],
  );
}

function head(one: Stretch, toMs: number): Stretch {
  return one.toMs <= toMs ? one : part(one, one.fromMs, toMs);
}

/** What is left of `known` outside `fresh`; both ascending. */
function without(known: readonly Stretch[], fresh: readonly Stretch[]): readonly Stretch[] {
  const left: Stretch[] = [];
  let next = 0;
  for (const one of known) {
    while (next < fresh.length && (fresh[next]?.toMs ?? 0) <= one.fromMs) next += 1;
    let fromMs = one.fromMs;
    for (let i = next; i < fresh.length; i += 1) {
      const cover = fresh[i];
      if (cover === undefined || cover.fromMs >= one.toMs) break;
      if (cover.fromMs > fromMs) left.push(part(one, fromMs, cover.fromMs));
      fromMs = Math.max(fromMs, cover.toMs);
    }
    if (fromMs < one.toMs) left.push(fromMs === one.fromMs ? one : part(one, fromMs, one.toMs));
  }
  return left;
}

function part(one: Stretch, fromMs: number, toMs: number): Stretch {
  return { fromMs, toMs, count: (one.count * (toMs - fromMs)) / (one.toMs - one.fromMs) };
}

function sum(stretches: readonly Stretch[]): number {
  return stretches.reduce((total, { count }) => total + count, 0);
}
