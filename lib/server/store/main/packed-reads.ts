import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TargetId } from '@/lib/core/model/target.ts';
import { BLOCK_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Head } from '../head/head.ts';
import type { HeadSeries } from '../head/registry.ts';
import { hourOf } from '../head/target-head.ts';
import { spreadBlocks } from '../history-grid.ts';
import type {
  BucketColumns,
  BucketSeries,
  CounterFall,
  LatestSample,
  ResetMark,
  SampleRun,
  ScrapeMark,
  SeriesInfo,
  SeriesSelector,
  Store,
} from '../store.ts';
import type { WorkerClient } from './client.ts';
import {
  askFor,
  askForHistory,
  BATCH_SERIES,
  columnsOf,
  type GridRange,
  gridRange,
  joinParts,
  padded,
  type ReadPart,
  ReadScratch,
  readHead,
} from './read.ts';
import { readSampleRuns } from './sample-reads.ts';

type Reads =
  | 'findSeries'
  | 'latest'
  | 'readBuckets'
  | 'scanBuckets'
  | 'readSamples'
  | 'readScrapes'
  | 'readResets'
  | 'lastFalls'
  | 'readHistory'
  | 'getState'
  | 'listState';

/** What a store over packed rows answers: the newest hours from memory, the rest from behind a worker. */
export abstract class PackedReads implements Pick<Store, Reads> {
  constructor(protected readonly client: WorkerClient) {}

  /** What is not packed yet. Another one takes its place where it has to be read anew. */
  protected abstract get head(): Head;

  /** Runs a read whose part from memory and whose packed part must fit together. */
  protected abstract together<T>(read: () => Promise<T>): Promise<T>;

  findSeries(selector: SeriesSelector): readonly SeriesInfo[] {
    return this.head.find(selector);
  }

  latest(selector: SeriesSelector): readonly LatestSample[] {
    return this.head.registry.select(selector).map(({ info, lastAtMs, lastValue }) => ({
      series: info,
      atMs: lastAtMs ?? Number.NaN,
      value: lastValue,
    }));
  }

  async readBuckets(
    selector: SeriesSelector,
    range: TimeRange,
    stepMs: number,
  ): Promise<readonly BucketSeries[]> {
    const span = gridRange(range, stepMs);
    const answer: BucketSeries[] = [];
    await this.#scan(selector, span, ({ series: { info, counter }, grid }) => {
      answer.push({ series: info, buckets: padded(grid, span, counter) });
    });
    return answer;
  }

  async scanBuckets(
    selector: SeriesSelector,
    range: TimeRange,
    stepMs: number,
    take: (series: SeriesInfo, columns: BucketColumns) => void,
  ): Promise<void> {
    const span = gridRange(range, stepMs);
    await this.#scan(selector, span, ({ series, grid }) => take(series.info, columnsOf(grid, span)));
  }

  /** Gives every series with its last part of the range, some a turn. What is given is good until `take` returns. */
  async #scan(selector: SeriesSelector, span: GridRange, take: (part: ReadPart) => void): Promise<void> {
    const series = this.head.registry.select(selector);
    const scratch = new ReadScratch();
    for (let i = 0; i < series.length; i += BATCH_SERIES) {
      const batch = series.slice(i, i + BATCH_SERIES);
      if (batch.some((one) => askFor(this.head, one, span.startMs) !== null)) {
        for (const part of await this.together(() => this.#readBatch(batch, span))) take(part);
      } else {
        for (const one of batch) take({ series: one, grid: readHead(this.head, one, span, scratch) });
        await nextTurn();
      }
    }
  }

  async #readBatch(series: readonly HeadSeries[], span: GridRange): Promise<ReadPart[]> {
    // Head and packed hours are told apart in one turn, before anything is awaited: what is packed meanwhile
    // is answered from the copy made here.
    const packed = series.flatMap((one) => askFor(this.head, one, span.startMs) ?? []);
    const live = series.map((one) => readHead(this.head, one, span));
    const { memory } = await this.client.call('grids', { series: packed, ...span });
    return joinParts(series, span, live, packed, memory);
  }

  async readHistory(
    selector: SeriesSelector,
    range: TimeRange,
    stepMs: number,
  ): Promise<readonly BucketSeries[]> {
    const wanted = gridRange(range, stepMs);
    const isFine = stepMs % BLOCK_MS !== 0;
    const read = isFine ? gridRange(range, BLOCK_MS) : wanted;
    const series = this.head.registry.selectHistory(selector);
    const answer: BucketSeries[] = [];
    for (let i = 0; i < series.length; i += BATCH_SERIES) {
      const batch = series.slice(i, i + BATCH_SERIES);
      const packed = batch.map(askForHistory);
      const { memory } = await this.client.call('grids', { series: packed, ...read });
      for (const { series: one, grid } of joinParts(batch, read, [], packed, memory))
        answer.push({ series: one.info, buckets: padded(grid, read, one.counter) });
    }
    if (!isFine) return answer;
    return answer.map(({ series: info, buckets }, i) => ({
      series: info,
      buckets: spreadBlocks(buckets, series[i]?.counter ?? false, wanted),
    }));
  }

  readSamples(selector: SeriesSelector, range: TimeRange): AsyncIterable<SampleRun> {
    const parts = {
      client: this.client,
      head: () => this.head,
      together: <T>(read: () => Promise<T>) => this.together(read),
    };
    return readSampleRuns(parts, selector, range);
  }

  async readScrapes(targetIds: readonly TargetId[], range: TimeRange): Promise<readonly ScrapeMark[]> {
    const targets = targetIds.flatMap((id) => {
      const target = this.head.target(id);
      const packedHour = target?.packedHour ?? null;
      if (target === undefined || packedHour === null || hourOf(range.startMs) > packedHour) return [];
      return [{ number: target.number, id, packedHour }];
    });
    const live = this.head.readScrapes(targetIds, range);
    const packed =
      targets.length === 0 ? [] : (await this.client.call('visits', { targets, ...range })).marks;
    return [...packed, ...live].sort((a, b) => a.atMs - b.atMs);
  }

  async readResets(selector: SeriesSelector, range: TimeRange): Promise<readonly ResetMark[]> {
    const counters = this.head.registry.select(selector).filter((series) => series.counter);
    const ask = counters.flatMap((series) => askFor(this.head, series, range.startMs) ?? []);
    const live = this.head.readResets(counters, range);
    const packed =
      ask.length === 0 ? [] : (await this.client.call('resets', { series: ask, ...range })).resets;
    return [...packed, ...live].sort((a, b) => a.atMs - b.atMs);
  }

  lastFalls(targetIds: readonly TargetId[]): readonly CounterFall[] {
    return targetIds.flatMap((id) => this.head.target(id)?.head.lastFall ?? []);
  }

  async getState(key: string): Promise<unknown> {
    const { value } = await this.client.call('getState', { key });
    return value === null ? null : JSON.parse(value);
  }

  async listState(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]> {
    const { entries } = await this.client.call('listState', { prefix });
    return entries.map(([key, value]) => [key, JSON.parse(value)] as const);
  }
}
