import 'server-only';
import { randomUUID } from 'node:crypto';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { Scrape } from '@/lib/core/model/scrape.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { Retention } from '@/lib/server/config/types.ts';
import type { VisitRow } from '../codec/scrape-row.ts';
import type { Grid } from '../grid.ts';
import type { Head } from '../head/head.ts';
import type { HeadSeries } from '../head/registry.ts';
import { hourOf } from '../head/target-head.ts';
import { blocksGrid, historyFromMs, historyGrid } from '../history-grid.ts';
import type { BackupHeader } from '../packed/dump-file.ts';
import { MOST_SERIES, type Store, type StoreStats } from '../store.ts';
import { BackupDesk } from './backup.ts';
import type { WorkerClient } from './client.ts';
import { Maintenance } from './maintenance.ts';
import { PackedReads } from './packed-reads.ts';
import type { StorePlace } from './place.ts';
import { restoreHead } from './restore.ts';
import { toSeriesRow, WriteQueue } from './write-queue.ts';

/** A visit dated further ahead than this comes from a wrong clock. */
const FUTURE_MS = 10 * MINUTE_MS;
/** Series of a provider's memory that are written together: each may be as long as blocks are kept. */
const HISTORY_BATCH = 8;

export interface PackedStoreOptions {
  retention: Retention;
  /** Wall clock; `Date.now` when left out. */
  now?: () => number;
  /** Told once about each thing that a person should know. */
  onWarning?: (message: string) => void;
}

interface Parts extends PackedStoreOptions {
  place: StorePlace;
  now: () => number;
  client: WorkerClient;
  head: Head;
}

/** Brings back what was written before, through an open worker. Rejects when a row is damaged. */
export async function openPackedStore(
  options: PackedStoreOptions & { place: StorePlace; client: WorkerClient },
): Promise<Store> {
  const head = await restoreHead(options.client);
  return new PackedStore({ ...options, now: options.now ?? Date.now, head });
}

/** A store over packed rows: the newest hours in memory, the rest behind a worker. The same for every database. */
class PackedStore extends PackedReads implements Store {
  readonly id = randomUUID();
  readonly #parts: Parts;
  readonly #queue: WriteQueue;
  readonly #maintenance: Maintenance;
  readonly #backups: BackupDesk;
  readonly #dropped = { late: 0, duplicate: 0, future: 0 };
  #appended = 0;
  #writeError: string | null = null;
  #warnedOfSeries = false;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    super(parts.client);
    this.#parts = parts;
    this.#queue = new WriteQueue({
      ...{ client: parts.client, head: parts.head },
      onDurable: (target, row) => this.#show(target, row),
      onTrouble: (error) => parts.onWarning?.(parts.place.explain(error).message),
    });
    this.#maintenance = new Maintenance({ ...parts, queue: this.#queue });
    const explain = (error: unknown) => parts.place.explain(error);
    this.#backups = new BackupDesk({ client: parts.client, maintenance: this.#maintenance, explain });
  }

  protected get head(): Head {
    return this.#parts.head;
  }

  /** Packing changes no answer: what the worker is asked was told apart from the head in one turn. */
  protected together<T>(read: () => Promise<T>): Promise<T> {
    return read();
  }

  async append(scrapes: readonly Scrape[]): Promise<void> {
    if (this.#closing !== null) throw new Error('store: it is closed');
    const touches = (hour: number) => scrapes.some(({ atMs }) => hourOf(atMs) <= hour);
    // From the last look until the rows are in the queue nothing is awaited: a packing that began in between would
    // take these rows for packed, and delete them.
    while (this.#maintenance.isPacking(touches)) await this.#maintenance.settled();
    const latestMs = this.#parts.now() + FUTURE_MS;
    const rows: { target: number; row: VisitRow }[] = [];
    for (const scrape of scrapes) {
      if (!(scrape.atMs <= latestMs)) {
        this.#dropped.future += scrape.samples.length;
        continue;
      }
      const { target, row } = this.head.toRow(scrape, (sample) => this.#refuseSeries(sample));
      if (target.sealedHour !== null && hourOf(row.atMs) <= target.sealedHour) {
        this.#dropped.late += row.values.length;
        continue;
      }
      rows.push({ target: target.number, row });
    }
    if (rows.length > 0) await this.#durably(() => this.#queue.put(rows));
  }

  #refuseSeries(sample: Sample): boolean {
    if (this.head.registry.size < MOST_SERIES) return false;
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
    const intake = this.head.ingest(target, row);
    this.#appended += intake?.taken ?? 0;
    this.#dropped.late += intake?.late ?? row.values.length;
    this.#dropped.duplicate += intake?.duplicate ?? 0;
  }

  async #durably(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.#writeError = null;
    } catch (error) {
      const told = this.#parts.place.explain(error);
      if (this.#writeError === null) this.#parts.onWarning?.(told.message);
      this.#writeError = told.message;
      throw told;
    }
  }

  async putHistory(targetId: TargetId, history: readonly HistorySeries[]): Promise<void> {
    if (this.#closing !== null) throw new Error('store: it is closed');
    const oldestMs = historyFromMs(this.#parts.now(), this.#parts.retention);
    for (let i = 0; i < history.length; i += HISTORY_BATCH) {
      const batch = history.slice(i, i + HISTORY_BATCH).flatMap((one) => {
        const known = this.head.registry.find(targetId, one.metric, one.labels, 'backfilled');
        if (known === undefined && this.head.registry.size >= MOST_SERIES)
          throw new Error(`store: ${MOST_SERIES} series are the most; ${one.metric} is not kept`);
        const series = known ?? this.head.historySeries(targetId, one.metric, one.labels);
        const grid =
          one.blocks === undefined
            ? historyGrid(one.stretches, series.counter, oldestMs)
            : blocksGrid(one.blocks, oldestMs);
        return grid === null ? [] : [{ series, grid }];
      });
      if (batch.length > 0) await this.#durably(() => this.#writeHistory(batch));
    }
  }

  async #writeHistory(batch: readonly { series: HeadSeries; grid: Grid }[]): Promise<void> {
    const names = this.head.takeUnsaved();
    const memory = new Float64Array(batch.reduce((sum, { grid }) => sum + grid.columns.length, 0));
    let offset = 0;
    for (const { grid } of batch) {
      memory.set(grid.columns, offset);
      offset += grid.columns.length;
    }
    const ask = {
      targets: names.targets,
      series: names.series.map(toSeriesRow),
      grids: batch.map(({ series: { info, counter }, grid: { startMs, length } }) => ({
        ...{ id: info.id, counter, startMs, length },
      })),
      memory,
    };
    try {
      await this.#parts.client.call('history', ask);
    } catch (error) {
      this.head.putBackUnsaved(names);
      throw error;
    }
  }

  putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const texts = Object.entries(entries).map(([key, value]): [string, string | null] => [
      key,
      value === null || value === undefined ? null : JSON.stringify(value),
    ]);
    return this.#durably(() => this.#parts.client.call('putState', { entries: texts }));
  }

  maintain(nowMs: number): Promise<void> {
    return this.#closing === null ? this.#maintenance.run(nowMs) : Promise.resolve();
  }

  backup(about: { version: string }): Promise<AsyncGenerator<Uint8Array, void>> {
    if (this.#closing !== null) return Promise.reject(new Error('store: it is closed'));
    const { place, now } = this.#parts;
    const facts = { engine: place.engine, madeAtMs: now(), storeBytes: place.sizeBytes() };
    return this.#backups.read({ ...about, ...facts });
  }

  restore(path: string): Promise<BackupHeader> {
    if (this.#closing !== null) return Promise.reject(new Error('store: it is closed'));
    return this.#backups.restore(path);
  }

  stats(): StoreStats {
    return {
      engine: this.#parts.place.engine,
      series: this.head.registry.size,
      samplesAppended: this.#appended,
      samplesDropped: { ...this.#dropped },
      bytesOnDisk: this.#parts.place.sizeBytes(),
      lastCommitMs: this.#queue.lastCommitMs,
      lastError: this.#writeError ?? this.#troubleText() ?? this.#maintenance.lastError,
      outage: this.#outage(),
    };
  }

  #troubleText(): string | null {
    const { trouble } = this.#queue;
    return trouble === null ? null : this.#parts.place.explain(trouble).message;
  }

  #outage(): StoreStats['outage'] {
    const forMs = this.#parts.client.awayForMs();
    if (forMs === null) return null;
    return { sinceMs: this.#parts.now() - forMs, waiting: this.#queue.waiting, lost: this.#queue.lost };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.finish();
    await this.#maintenance.settled();
    try {
      await this.#parts.client.close();
    } finally {
      await this.#parts.place.release();
    }
  }
}
