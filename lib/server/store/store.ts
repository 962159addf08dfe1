import 'server-only';
import type { Bucket } from '@/lib/core/metrics/blocks.ts';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { StoreOutage } from '@/lib/core/model/outage.ts';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { Scrape, ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { BackupHeader } from './packed/dump-file.ts';
import type { SampleColumns } from './sample-run.ts';

/** A source that makes up label values must not fill the memory: further new series are not kept. */
export const MOST_SERIES = 200_000;

/** One line of data: a metric with its labels on one target. */
export interface SeriesInfo {
  id: number;
  metric: string;
  labels: Labels;
  targetId: TargetId;
  quality: Quality;
}

export interface SeriesSelector {
  metric: string;
  /** Only series that hold all of these labels. */
  labels?: Labels;
  /** Only these targets; all when left out. */
  targetIds?: readonly TargetId[];
}

export interface LatestSample {
  series: SeriesInfo;
  atMs: number;
  value: number;
}

export interface BucketSeries {
  series: SeriesInfo;
  /** On the aligned grid of the asked range; a bucket without any data is null. */
  buckets: readonly (Bucket | null)[];
}

/**
 * Columns of one series: bucket `i` of them is bucket `first + i` of the aligned grid of the asked range, and what lies
 * before or behind them is empty. NaN where a value is unknown; a gauge's mean is `sum / n`.
 */
export interface BucketColumns {
  readonly first: number;
  readonly length: number;
  readonly n: ArrayLike<number>;
  readonly sum: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly last: ArrayLike<number>;
  readonly increase: ArrayLike<number>;
  readonly gapIncrease: ArrayLike<number>;
  readonly coveredMs: ArrayLike<number>;
  isEmpty(index: number): boolean;
}

/** What one visit left behind, without its samples. */
export interface ScrapeMark {
  targetId: TargetId;
  atMs: number;
  intervalMs: number;
  durationMs: number;
  ok: boolean;
  error: { kind: ScrapeErrorKind; message: string } | null;
}

/** A counter that fell although its source tells of no restart. */
export interface CounterFall {
  series: SeriesInfo;
  atMs: number;
  /** `glitch`: nothing was added. `restart`: it was believed, and the new value was added. */
  countedAs: 'glitch' | 'restart';
}

/** Some samples of one series, oldest first; the next run of the same series goes on where this one ends. */
export interface SampleRun extends SampleColumns {
  series: SeriesInfo;
  counter: boolean;
}

/** A restart seen inside a range: drawn as a small tick, never as a spike. */
export interface ResetMark {
  seriesId: number;
  atMs: number;
}

export interface StoreStats {
  /** `sqlite`, later `postgres` and others. */
  engine: string;
  series: number;
  samplesAppended: number;
  samplesDropped: { late: number; duplicate: number; future: number };
  bytesOnDisk: number;
  lastCommitMs: number | null;
  lastError: string | null;
  /** Null while the database answers, and for a store that has none. */
  outage: StoreOutage | null;
}

/**
 * The one contract of storage. Increments are computed once, when a sample arrives; every rate is a sum of
 * increments over covered time. Times are Unix ms, ranges half-open. Implementations run `contract.test.ts`.
 */
export interface Store {
  /** Changes with every opened store: pages, actions and routes of one server report the same. */
  readonly id: string;

  /** Takes visits, good and bad; resolves when they are durable. One commit a call. Rejects when they are not. */
  append(scrapes: readonly Scrape[]): Promise<void>;

  /** Known series, newest data or not. From memory. */
  findSeries(selector: SeriesSelector): readonly SeriesInfo[];

  /** Last sample of each matching series. From memory. */
  latest(selector: SeriesSelector): readonly LatestSample[];

  /**
   * Buckets of each matching series over the aligned grid of `range`. Reads samples for steps under 5 minutes and
   * 5-minute blocks else, hourly sums where blocks have gone.
   */
  readBuckets(selector: SeriesSelector, range: TimeRange, stepMs: number): Promise<readonly BucketSeries[]>;

  /**
   * The same, given to `take` series after series as columns that are only good until it returns: for sums over the
   * thousands of series of a large fleet. Every series is given once, in the order of `findSeries`.
   */
  scanBuckets(
    selector: SeriesSelector,
    range: TimeRange,
    stepMs: number,
    take: (series: SeriesInfo, columns: BucketColumns) => void,
  ): Promise<void>;

  /**
   * Every sample of the matching series in `range`, series after series, each oldest first; a few hours a turn, so that
   * a whole store can be read in little memory. What is older than samples are kept is not there. For exports.
   */
  readSamples(selector: SeriesSelector, range: TimeRange): AsyncIterable<SampleRun>;

  /** Visits in `range`, oldest first. For gaps and their reasons. */
  readScrapes(targetIds: readonly TargetId[], range: TimeRange): Promise<readonly ScrapeMark[]>;

  /** Restarts of matching series in `range`. */
  readResets(selector: SeriesSelector, range: TimeRange): Promise<readonly ResetMark[]>;

  /** The newest unexplained fall of a counter of each of these targets since it was opened. From memory. */
  lastFalls(targetIds: readonly TargetId[]): readonly CounterFall[];

  /**
   * Takes what a provider knows from before our first visit, as `backfilled` series of 5-minute blocks that stand beside
   * the measured ones and never change them. The same stretches again change nothing; what is older than blocks are
   * kept is left out. Durable when resolved.
   */
  putHistory(targetId: TargetId, series: readonly HistorySeries[]): Promise<void>;

  /**
   * Backfilled series over the aligned grid of `range`. Steps under 5 minutes get an even share of their block:
   * nothing finer is known.
   */
  readHistory(selector: SeriesSelector, range: TimeRange, stepMs: number): Promise<readonly BucketSeries[]>;

  /** Small state by key (ledger, sessions …), durable when resolved, all of a call or none. Values are JSON; null takes a key away. */
  getState(key: string): Promise<unknown>;
  putState(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** All state under keys that begin so, by key. For starts: it looks at every key and gives everything at once. */
  listState(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;

  /** Packs full hours and deletes what retention says. Called by the poller once a minute; cheap when idle. */
  maintain(nowMs: number): Promise<void>;

  /**
   * Everything but private state (see `packed/private-keys.ts`) as it is when this resolves, as the bytes of a file; what
   * was acknowledged before is in it. The same for every database. Goes on beside everything else; rejects with
   * `StoreBusyError` while another is read. Absent where another instance is the one that writes.
   */
  backup?(about: { version: string }): Promise<AsyncGenerator<Uint8Array, void>>;

  /**
   * Puts the backup in the file at `path` in the place of everything, all of it or nothing, and leaves private state as
   * it is. Rejects with `BackupFault` when it is none that this program can read: nothing was changed. After anything
   * else, success above all, this store takes nothing any more: close it and open it anew.
   */
  restore?(path: string): Promise<BackupHeader>;

  stats(): StoreStats;
  /** Waits for what was handed in, then closes. */
  close(): Promise<void>;
}
