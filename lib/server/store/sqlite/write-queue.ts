import 'server-only';
import { type VisitRow, writeScrapeRow } from '../codec/scrape-row.ts';
import type { Head, NewNames } from '../head/head.ts';
import type { WorkerClient } from './client.ts';
import type { SeriesRow, Slice } from './protocol.ts';

/** A disk that is this far behind will not catch up: better to say so than to fill the memory. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

interface Entry {
  target: number;
  row: VisitRow;
  bytes: Uint8Array;
}

interface Batch {
  entries: Entry[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Makes visits durable, then shows them to the head. One commit at a time; what arrives meanwhile shares the next one.
 */
export class WriteQueue {
  #waiting: Batch[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;
  lastCommitMs: number | null = null;

  constructor(
    readonly client: WorkerClient,
    readonly head: Head,
    readonly onDurable: (target: number, row: VisitRow) => void,
  ) {}

  /** Resolves when all rows are durable and visible. */
  put(rows: readonly { target: number; row: VisitRow }[]): Promise<void> {
    const entries = rows.map(({ target, row }) => ({ target, row, bytes: writeScrapeRow(row) }));
    const size = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.#waitingBytes + size > MOST_WAITING_BYTES) {
      return Promise.reject(new Error('the disk is too slow for what is being written'));
    }
    this.#waitingBytes += size;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** True while rows are on their way. */
  get busy(): boolean {
    return this.#running !== null;
  }

  /** Waits until nothing is on its way. Look at `busy` after it: others may have been quicker. */
  async drained(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // Lets all callers of this turn share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batches = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      await this.#commit(batches);
    }
    this.#running = null;
  }

  async #commit(batches: readonly Batch[]): Promise<void> {
    const names = this.head.takeUnsaved();
    const entries = batches.flatMap((batch) => batch.entries);
    try {
      const { rows, bytes } = joinRows(entries);
      const ask = { targets: names.targets, series: names.series.map(toSeriesRow), rows, bytes };
      const { commitMs } = await this.client.call('append', ask, [bytes.buffer]);
      this.lastCommitMs = commitMs;
    } catch (error) {
      this.head.putBackUnsaved(names);
      for (const batch of batches) batch.reject(error);
      return;
    }
    for (const { target, row } of entries) this.onDurable(target, row);
    for (const batch of batches) batch.resolve();
  }
}

function joinRows(entries: readonly Entry[]): { rows: Slice[]; bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + entry.bytes.length, 0));
  let offset = 0;
  const rows = entries.map(({ target, row, bytes: own }) => {
    bytes.set(own, offset);
    const slice = { target, atMs: row.atMs, offset, length: own.length };
    offset += own.length;
    return slice;
  });
  return { rows, bytes };
}

/** A new name as the worker takes it. */
export function toSeriesRow({ series, target }: NewNames['series'][number]): SeriesRow {
  const { id, metric, labels, quality } = series.info;
  return { id, target, metric, labels, quality, counter: series.counter, saved: null };
}
