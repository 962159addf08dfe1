import type { Block } from '../metrics/blocks.ts';
import { type Labels, labelsKey } from '../model/sample.ts';
import { BLOCKS_A_PART, type HistoryPart, SERIES_A_PART, toColumns } from './part.ts';
import type { RowFault, SampleRow } from './sample-row.ts';
import { SeriesBlocks } from './series-blocks.ts';

/** Blocks that are held back so that a file in the order of time gives parts of few series with many blocks. */
const HELD_BLOCKS = 60_000;
/** Distances of samples that are looked at to tell the usual one. */
const DISTANCES = 33;
/** Where a series has one sample only. */
const LONE_SAMPLE_MS = 60_000;

interface Series {
  target: string;
  metric: string;
  labels: Labels;
  quality: SampleRow['quality'];
  blocks: SeriesBlocks;
  lastMs: number;
  distances: number[];
  intervalMs: number;
}

export interface PartMakerOptions {
  /** Whether a metric is a counter. */
  isCounter: (metric: string) => boolean;
  /** Usual distance of samples by series, from an earlier reading of the same file; unknown where left out. */
  intervals?: ReadonlyMap<string, number>;
}

/**
 * Turns the rows of a file into parts to be sent. The same rows give the same parts in the same order, so that a cut-off
 * import can go on where it was.
 */
export class PartMaker {
  readonly #series = new Map<string, Series>();
  /** Labels of rows that were met, as text: readers give the same object for the same text. */
  readonly #labelTexts = new WeakMap<Labels, string>();
  #held = 0;
  /** Of the row before. */
  #last: Series | null = null;
  readonly #isCounter: (metric: string) => boolean;
  readonly #intervals: ReadonlyMap<string, number>;

  constructor({ isCounter, intervals = new Map() }: PartMakerOptions) {
    this.#isCounter = isCounter;
    this.#intervals = intervals;
  }

  get seriesCount(): number {
    return this.#series.size;
  }

  /** Adds one row of a target; a fault changes nothing. */
  add(row: SampleRow, target: string): RowFault | null {
    const series = this.#seriesOf(row, target);
    const before = series.blocks.doneCount;
    const fault = series.blocks.add(row, row.intervalMs ?? series.intervalMs);
    if (fault !== null) return fault;
    if (series.distances.length < DISTANCES && series.lastMs > 0)
      series.distances.push(row.atMs - series.lastMs);
    series.lastMs = row.atMs;
    this.#held += series.blocks.doneCount - before;
    return null;
  }

  #seriesOf({ metric, labels, quality, intervalMs }: SampleRow, target: string): Series {
    // Rows of one series mostly follow each other, and readers give the same labels for the same text.
    const last = this.#last;
    if (
      last !== null &&
      last.labels === labels &&
      last.metric === metric &&
      last.target === target &&
      last.quality === quality
    )
      return last;
    const text = this.#labelTexts.get(labels) ?? labelsKey(labels);
    this.#labelTexts.set(labels, text);
    const key = `${target} ${metric} ${quality} ${text}`;
    const known = this.#series.get(key);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    const made: Series = {
      ...{ target, metric, labels, quality, lastMs: 0, distances: [] },
      blocks: new SeriesBlocks(this.#isCounter(metric)),
      intervalMs: intervalMs ?? this.#intervals.get(key) ?? LONE_SAMPLE_MS,
    };
    this.#series.set(key, made);
    this.#last = made;
    return made;
  }

  /** True when there is enough for some parts: take them before more rows are added. */
  get isFull(): boolean {
    return this.#held >= HELD_BLOCKS;
  }

  /** The parts that are due; with `all` also what later rows could have changed. */
  *takeParts(all: boolean): Generator<HistoryPart> {
    this.#held = 0;
    let part: HistoryPart = { series: [] };
    let room = BLOCKS_A_PART;
    for (const { target, metric, labels, blocks, intervalMs, distances } of this.#series.values()) {
      let left: readonly Block[] = all ? blocks.takeAll() : blocks.takeDone();
      while (left.length > 0) {
        const some = left.slice(0, room);
        left = left.slice(room);
        const sampleMs = median(distances) ?? intervalMs;
        part.series.push({ target, metric, labels, sampleMs, blocks: toColumns(some) });
        room -= some.length;
        if (room > 0 && part.series.length < SERIES_A_PART) continue;
        yield part;
        part = { series: [] };
        room = BLOCKS_A_PART;
      }
    }
    if (part.series.length > 0) yield part;
  }

  /** Usual distance of the samples of each series, for a second reading. */
  intervals(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#series].map(([key, { distances, intervalMs }]) => [key, median(distances) ?? intervalMs]),
    );
  }
}

/** Null of nothing. */
function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
