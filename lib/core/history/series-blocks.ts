import {
  addCounterSample,
  addGaugeSample,
  addIncrement,
  type Block,
  blockStartMs,
  emptyBlock,
} from '../metrics/blocks.ts';
import { type CounterState, type Increment, stepCounter } from '../metrics/increments.ts';
import { BLOCK_MS, DAY_MS } from '../time/range.ts';
import type { RowFault, SampleRow } from './sample-row.ts';

/** An increment reaches back over a few samples at most: a glitch keeps the reference before it. */
const REACH_SAMPLES = 4;
/** Further apart than this many intervals, the shape between two samples is unknown; as when samples arrive. */
const GAP_INTERVALS = 3;
/** Two rows further apart than this are two stretches: what lies between is nobody's. */
const MOST_APART_MS = 92 * DAY_MS;

/**
 * Makes 5-minute blocks of the samples of one series, which must come oldest first: the same blocks as the store makes of
 * the same samples when they arrive.
 */
export class SeriesBlocks {
  /** Blocks that later samples may still add to, oldest first. */
  #open: Block[] = [];
  #done: Block[] = [];
  #state: CounterState | null = null;
  #last: { atMs: number; value: number } | null = null;
  /** Times of the last samples. */
  readonly #times: number[] = [];
  /** Blocks before this are done. */
  #sealedMs = Number.NEGATIVE_INFINITY;

  constructor(readonly counter: boolean) {}

  /** Blocks that are done and were not taken. */
  get doneCount(): number {
    return this.#done.length;
  }

  /** Adds a sample; `intervalMs` is its scheduled interval. A fault leaves everything as it was. */
  add(row: Pick<SampleRow, 'atMs' | 'value' | 'added'>, intervalMs: number): RowFault | null {
    const { atMs, value } = row;
    if (this.#last !== null && atMs <= this.#last.atMs)
      return { fault: 'it is not later than the row before of its series; sort the file by time' };
    if (!this.counter) {
      addGaugeSample(this.#blockAt(blockStartMs(atMs)), value, intervalMs);
    } else {
      const increment = this.#incrementOf(row, intervalMs);
      if (increment !== null && increment.fromMs < this.#sealedMs)
        return { fault: 'its added_since lies before several rows of its series' };
      addCounterSample(this.#blockAt(blockStartMs(atMs)), value);
      if (increment !== null) addIncrement((startMs) => this.#blockAt(startMs), increment);
    }
    this.#last = { atMs, value };
    this.#times.push(atMs);
    if (this.#times.length > REACH_SAMPLES) this.#seal(this.#times.shift() ?? atMs);
    return null;
  }

  #incrementOf(
    { atMs, value, added }: Pick<SampleRow, 'atMs' | 'value' | 'added'>,
    intervalMs: number,
  ): Increment | null {
    switch (added) {
      case 'difference':
        return this.#difference(atMs, value, intervalMs);
      case 'work out': {
        // Far apart the old reference is worth nothing, and sharing out would make a block for every 5 minutes between.
        const tooFar = this.#state !== null && atMs - this.#state.atMs > MOST_APART_MS;
        const sample = { atMs, value, intervalMs, start: null, previousVisitMs: null, absentThen: false };
        const step = stepCounter(tooFar ? null : this.#state, sample);
        this.#state = step.state;
        return step.increment;
      }
      default:
        return added;
    }
  }

  /** Rows of two exports may stand in one file: what the store did not say of them is a gap, or not known. */
  #difference(atMs: number, value: number, intervalMs: number): Increment | null {
    if (this.#last === null || value < this.#last.value || atMs - this.#last.atMs > MOST_APART_MS)
      return null;
    const gap = atMs - this.#last.atMs > GAP_INTERVALS * intervalMs;
    const { atMs: fromMs, value: before } = this.#last;
    return { fromMs, toMs: atMs, increase: value - before, gap, reset: false, partial: false };
  }

  #blockAt(startMs: number): Block {
    let place = this.#open.length;
    for (; place > 0; place--) {
      const block = this.#open[place - 1];
      if (block === undefined || block.startMs < startMs) break;
      if (block.startMs === startMs) return block;
    }
    const block = emptyBlock(startMs);
    if (place === this.#open.length) this.#open.push(block);
    else this.#open.splice(place, 0, block);
    return block;
  }

  #seal(beforeMs: number): void {
    this.#sealedMs = beforeMs;
    let count = 0;
    while (count < this.#open.length && (this.#open[count]?.startMs ?? 0) + BLOCK_MS <= beforeMs) count += 1;
    if (count > 0) this.#done.push(...this.#open.splice(0, count));
  }

  /** Takes the blocks that no later sample can change. */
  takeDone(): Block[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  /** Takes all that is left, at the end of the file. */
  takeAll(): Block[] {
    const all = [...this.#done, ...this.#open];
    this.#done = [];
    this.#open = [];
    return all;
  }
}
