import 'server-only';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { alignUp, BLOCK_MS, DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Retention } from '@/lib/server/config/types.ts';
import type { VisitRow } from '../codec/scrape-row.ts';
import type { Grid } from '../grid.ts';
import type { Head } from '../head/head.ts';
import type { HeadSeries } from '../head/registry.ts';
import { hourOf } from '../head/target-head.ts';
import { historyGrid, spreadBlocks } from '../history-grid.ts';
import type {
  BucketSeries,
  CounterFall,
  LatestSample,
  ResetMark,
  ScrapeMark,
  SeriesInfo,
  SeriesSelector,
  Store,
  StoreStats,
} from '../store.ts';
import { WorkerClient } from './client.ts';
import { lockFolder } from './lock.ts';
import { Maintenance } from './maintenance.ts';
import { openError, writeError } from './open-errors.ts';
import {
  askFor,
  askForHistory,
  BATCH_SERIES,
  type GridRange,
  gridRange,
  readHead,
  toAnswer,
} from './read.ts';
import { restoreHead } from './restore.ts';
import { toSeriesRow, WriteQueue } from './write-queue.ts';

const FILE_NAME = 'afterwatch.db';
/** A visit dated further ahead than this comes from a wrong clock. */
const FUTURE_MS = 10 * MINUTE_MS;
/** A source that makes up label values must not fill the memory. */
const MOST_SERIES = 200_000;

export interface SqliteStoreOptions {
  /** Folder of the store; made when missing, for this user only. */
  dir: string;
  /** Absolute path of the bundled worker, `dist/store-worker.mjs`. */
  workerPath: string;
  retention: Retention;
  /** Wall clock; `Date.now` when left out. */
  now?: () => number;
  /** Told once about each thing that a person should know. */
  onWarning?: (message: string) => void;
}

/**
 * Opens the store in `dir` and brings back what the last process had. Rejects with one clear sentence when another
 * process owns the folder (`StoreLockedError`), or the file is damaged, newer or out of reach (`StoreOpenError`).
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { dir } = options;
  const file = join(dir, FILE_NAME);
  const now = options.now ?? Date.now;
  let lock: ReturnType<typeof lockFolder> | null = null;
  try {
    prepareFolder(dir, options.onWarning);
    lock = lockFolder(dir, now());
    // Made here, so that nobody else can read it: the driver's files take over its rights.
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
    const client = await WorkerClient.open(options.workerPath, file);
    try {
      const head = await restoreHead(client);
      return new SqliteStore({ ...options, now, file, client, head, release: lock.release });
    } catch (error) {
      await client.close();
      throw error;
    }
  } catch (error) {
    lock?.release();
    throw openError(dir, file, error);
  }
}

function prepareFolder(dir: string, onWarning?: (message: string) => void): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if ((statSync(dir).mode & 0o077) !== 0) {
    onWarning?.(`store: ${dir} can be read by other users of this machine; chmod 700 closes it`);
  }
}

interface Parts extends SqliteStoreOptions {
  now: () => number;
  file: string;
  client: WorkerClient;
  head: Head;
  release: () => void;
}

class SqliteStore implements Store {
  readonly id = randomUUID();
  readonly #parts: Parts;
  readonly #head: Head;
  readonly #queue: WriteQueue;
  readonly #maintenance: Maintenance;
  readonly #dropped = { late: 0, duplicate: 0, future: 0 };
  #appended = 0;
  #writeError: string | null = null;
  #warnedOfSeries = false;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#head = parts.head;
    this.#queue = new WriteQueue(parts.client, parts.head, (target, row) => this.#show(target, row));
    this.#maintenance = new Maintenance({ ...parts, queue: this.#queue });
  }

  async append(scrapes: readonly Scrape[]): Promise<void> {
    if (this.#closing !== null) throw new Error('store: it is closed');
    await this.#maintenance.packed((hour) => scrapes.some(({ atMs }) => hourOf(atMs) <= hour));
    const latestMs = this.#parts.now() + FUTURE_MS;
    const rows: { target: number; row: VisitRow }[] = [];
    for (const scrape of scrapes) {
      if (!(scrape.atMs <= latestMs)) {
        this.#dropped.future += scrape.samples.length;
        continue;
      }
      const { target, row } = this.#head.toRow(scrape, (sample) => this.#refuseSeries(sample));
      if (target.sealedHour !== null && hourOf(row.atMs) <= target.sealedHour) {
        this.#dropped.late += row.values.length;
        continue;
      }
      rows.push({ target: target.number, row });
    }
    if (rows.length > 0) await this.#durably(() => this.#queue.put(rows));
  }

  #refuseSeries(sample: Sample): boolean {
    if (this.#head.registry.size < MOST_SERIES) return false;
    if (!this.#warnedOfSeries) {
      this.#warnedOfSeries = true;
      this.#parts.onWarning?.(
        `store: ${MOST_SERIES} series are the most; new ones such as ${sample.metric} are not kept. ` +
          'Look for a label with ever new values',
      );
    }
    return true;
  }

  #show(target: number, row: VisitRow): void {
    const intake = this.#head.ingest(target, row);
    this.#appended += intake?.taken ?? 0;
    this.#dropped.late += intake?.late ?? row.values.length;
    this.#dropped.duplicate += intake?.duplicate ?? 0;
  }

  async #durably(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.#writeError = null;
    } catch (error) {
      const told = writeError(this.#parts.dir, error);
      if (this.#writeError === null) this.#parts.onWarning?.(told.message);
      this.#writeError = told.message;
      throw told;
    }
  }

  findSeries(selector: SeriesSelector): readonly SeriesInfo[] {
    return this.#head.find(selector);
  }

  latest(selector: SeriesSelector): readonly LatestSample[] {
    return this.#head.registry.select(selector).map(({ info, lastAtMs, lastValue }) => ({
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
    const series = this.#head.registry.select(selector);
    const answer: BucketSeries[] = [];
    for (let i = 0; i < series.length; i += BATCH_SERIES) {
      answer.push(...(await this.#readBatch(series.slice(i, i + BATCH_SERIES), grid)));
    }
    return answer;
  }

  async #readBatch(series: readonly HeadSeries[], grid: GridRange): Promise<BucketSeries[]> {
    // Head and packed hours are told apart in one turn, before anything is awaited: what is packed meanwhile
    // is answered from the copy made here.
    const packed = series.flatMap((one) => askFor(this.#head, one, grid.startMs) ?? []);
    const live = series.map((one) => readHead(this.#head, one, grid));
    if (packed.length === 0) {
      await nextTurn();
      return toAnswer(series, grid, live, packed, null);
    }
    const { memory } = await this.#parts.client.call('grids', { series: packed, ...grid });
    return toAnswer(series, grid, live, packed, memory);
  }

  async putHistory(targetId: TargetId, history: readonly HistorySeries[]): Promise<void> {
    if (this.#closing !== null) throw new Error('store: it is closed');
    // Blocks before that are about to become hourly sums, which would then be added twice.
    const oldestMs = alignUp(this.#parts.now() - this.#parts.retention.blocksDays * DAY_MS, DAY_MS) + DAY_MS;
    for (const one of history) {
      if (this.#head.registry.size >= MOST_SERIES) return;
      const series = this.#head.historySeries(targetId, one.metric, one.labels);
      const grid = historyGrid(one.stretches, series.counter, oldestMs);
      if (grid !== null) await this.#durably(() => this.#writeHistory(series, grid));
    }
  }

  async #writeHistory({ info, counter }: HeadSeries, grid: Grid): Promise<void> {
    const names = this.#head.takeUnsaved();
    const { startMs, length, columns: memory } = grid;
    const ask = {
      targets: names.targets,
      series: names.series.map(toSeriesRow),
      grids: [{ id: info.id, counter, startMs, length }],
      memory,
    };
    try {
      await this.#parts.client.call('history', ask);
    } catch (error) {
      this.#head.putBackUnsaved(names);
      throw error;
    }
  }

  async readHistory(
    selector: SeriesSelector,
    range: TimeRange,
    stepMs: number,
  ): Promise<readonly BucketSeries[]> {
    const wanted = gridRange(range, stepMs);
    const isFine = stepMs % BLOCK_MS !== 0;
    const read = isFine ? gridRange(range, BLOCK_MS) : wanted;
    const series = this.#head.registry.selectHistory(selector);
    const answer: BucketSeries[] = [];
    for (let i = 0; i < series.length; i += BATCH_SERIES) {
      const batch = series.slice(i, i + BATCH_SERIES);
      const packed = batch.map(askForHistory);
      const { memory } = await this.#parts.client.call('grids', { series: packed, ...read });
      answer.push(...toAnswer(batch, read, [], packed, memory));
    }
    if (!isFine) return answer;
    return answer.map(({ series: info, buckets }, i) => ({
      series: info,
      buckets: spreadBlocks(buckets, series[i]?.counter ?? false, wanted),
    }));
  }

  async readScrapes(targetIds: readonly TargetId[], range: TimeRange): Promise<readonly ScrapeMark[]> {
    const targets = targetIds.flatMap((id) => {
      const target = this.#head.target(id);
      const packedHour = target?.packedHour ?? null;
      if (target === undefined || packedHour === null || hourOf(range.startMs) > packedHour) return [];
      return [{ number: target.number, id, packedHour }];
    });
    const live = this.#head.readScrapes(targetIds, range);
    const packed =
      targets.length === 0 ? [] : (await this.#parts.client.call('visits', { targets, ...range })).marks;
    return [...packed, ...live].sort((a, b) => a.atMs - b.atMs);
  }

  async readResets(selector: SeriesSelector, range: TimeRange): Promise<readonly ResetMark[]> {
    const counters = this.#head.registry.select(selector).filter((series) => series.counter);
    const ask = counters.flatMap((series) => askFor(this.#head, series, range.startMs) ?? []);
    const live = this.#head.readResets(counters, range);
    const packed =
      ask.length === 0 ? [] : (await this.#parts.client.call('resets', { series: ask, ...range })).resets;
    return [...packed, ...live].sort((a, b) => a.atMs - b.atMs);
  }

  lastFalls(targetIds: readonly TargetId[]): readonly CounterFall[] {
    return targetIds.flatMap((id) => this.#head.target(id)?.head.lastFall ?? []);
  }

  async getState(key: string): Promise<unknown> {
    const { value } = await this.#parts.client.call('getState', { key });
    return value === null ? null : JSON.parse(value);
  }

  putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const texts = Object.entries(entries).map(([key, value]): [string, string | null] => [
      key,
      value === null || value === undefined ? null : JSON.stringify(value),
    ]);
    return this.#durably(() => this.#parts.client.call('putState', { entries: texts }));
  }

  async listState(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]> {
    const { entries } = await this.#parts.client.call('listState', { prefix });
    return entries.map(([key, value]) => [key, JSON.parse(value)] as const);
  }

  maintain(nowMs: number): Promise<void> {
    return this.#closing === null ? this.#maintenance.run(nowMs) : Promise.resolve();
  }

  stats(): StoreStats {
    return {
      engine: 'sqlite',
      series: this.#head.registry.size,
      samplesAppended: this.#appended,
      samplesDropped: { ...this.#dropped },
      bytesOnDisk: sizeOf(this.#parts.file) + sizeOf(`${this.#parts.file}-wal`),
      lastCommitMs: this.#queue.lastCommitMs,
      lastError: this.#writeError ?? this.#maintenance.lastError,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    await this.#maintenance.settled();
    try {
      await this.#parts.client.close();
    } finally {
      this.#parts.release();
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
