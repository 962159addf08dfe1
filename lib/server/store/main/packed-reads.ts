import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TargetId } from '@/lib/core/model/target.ts';
import { BLOCK_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Head } from '../head/head.ts';
import type { HeadSeries } from '../head/registry.ts';
import { hourOf } from '../head/target-head.ts';
import { spreadBlocks } from '../history-grid.ts';
import type {
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
  type GridRange,
  gridRange,
  readHead,
  toAnswer,
} from './read.ts';
import { readSampleRuns } from './sample-reads.ts';

type Reads =
  | 'findSeries'
  | 'latest'
  | 'readBuckets'
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
    const grid = gridRange(range, stepMs);
    const series = this.head.registry.select(selector);
    const answer: BucketSeries[] = [];
    for (let i = 0; i < series.length; i += BATCH_SERIES) {
      const batch = series.slice(i, i + BATCH_SERIES);
      answer.push(...(await this.together(() => this.#readBatch(batch, grid))));
    }
    return answer;
  }

  async #readBatch(series: readonly HeadSeries[], grid: GridRange): Promise<BucketSeries[]> {
    // Head and packed hours are told apart in one turn, before anything is awaited: what is packed meanwhile
    // is answered from the copy made here.
    const packed = series.flatMap((one) => askFor(this.head, one, grid.startMs) ?? []);
    const live = series.map((one) => readHead(this.head, one, grid));
    if (packed.length === 0) {
      await nextTurn();
      return toAnswer(series, grid, live, packed, null);
    }
    const { memory } = await this.client.call('grids', { series: packed, ...grid });
    return toAnswer(series, grid, live, packed, memory);
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
      answer.push(...toAnswer(batch, read, [], packed, memory));
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
