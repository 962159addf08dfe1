import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { readScrapeRow, type VisitRow, writeScrapeRow } from '../codec/scrape-row.ts';
import type { Head, NewNames } from '../head/head.ts';
import type { SeriesRow, Slice } from '../packed/protocol.ts';
import type { WorkerClient } from './client.ts';
import { isAway } from './errors.ts';

/** A store that is this far behind will not catch up: better to say so than to fill the memory. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** What an entry takes beside its bytes, roughly. */
const ENTRY_BYTES = 200;
/** So much at most goes into one commit, so that a backlog gets through where one answer has a deadline. */
const MOST_COMMIT_BYTES = 2 * 1024 * 1024;
/** A database that is away is asked again after so long. */
const AGAIN_MS = SECOND_MS;

interface Entry {
  target: number;
  atMs: number;
  bytes: Uint8Array;
  /** Null once it has had to wait: it is read from the bytes again, and takes a fraction of the memory. */
  row: VisitRow | null;
}

interface Batch {
  entries: Entry[];
  size: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface WriteQueueOptions {
  client: Pick<WorkerClient, 'call'>;
  head: Pick<Head, 'takeUnsaved' | 'putBackUnsaved'>;
  /** Told of each row, in order, once it is durable. */
  onDurable: (target: number, row: VisitRow) => void;
  /** Told once when rows begin to wait for a database that is away. */
  onTrouble?: (error: unknown) => void;
}

/**
 * Makes visits durable, then shows them to the head. One commit at a time; what arrives meanwhile shares the next one.
 * While the database is away they wait, in order. A commit whose answer was lost is made again: of two rows of one visit
 * the head, packing and every reader of rows take the first and drop the other.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting: Batch[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #isFinishing = false;
  lastCommitMs: number | null = null;
  /** Why rows wait; null while none do. */
  trouble: unknown = null;
  /** Visits that are not durable yet. */
  waiting = 0;
  /** Visits that were refused, since the last commit, because too many were waiting. */
  lost = 0;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Resolves when all rows are durable and visible, which takes as long as the database is away. */
  put(rows: readonly { target: number; row: VisitRow }[]): Promise<void> {
    const entries = rows.map(({ target, row }): Entry => {
      const bytes = writeScrapeRow(row);
      return { target, atMs: row.atMs, bytes, row: this.trouble === null ? row : null };
    });
    const size = entries.reduce((sum, { bytes }) => sum + bytes.length + ENTRY_BYTES, 0);
    if (this.#waitingBytes + size > MOST_WAITING_BYTES) {
      this.lost += rows.length;
      return Promise.reject(
        this.trouble ?? new Error('the store is too slow for what is being written: this was not kept'),
      );
    }
    this.#waitingBytes += size;
    this.waiting += rows.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, size, resolve, reject });
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

  /** Tries once more; then what cannot be written is given up. Nothing may be put after it. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    this.#wake?.();
    await this.drained();
  }

  async #run(): Promise<void> {
    // Lets all callers of this turn share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batches = this.#take();
      const failure = await this.#commit(batches);
      if (failure === null) this.#settle(batches, ({ resolve }) => resolve());
      else if (isAway(failure) && !this.#isFinishing) await this.#wait(batches, failure);
      else this.#settle(batches, ({ reject }) => reject(failure));
    }
    this.#running = null;
  }

  /** The oldest, as many as one commit takes. */
  #take(): Batch[] {
    let bytes = 0;
    const isOver = this.#waiting.findIndex(({ size }, i) => {
      bytes += size;
      return i > 0 && bytes > MOST_COMMIT_BYTES;
    });
    return this.#waiting.splice(0, isOver === -1 ? this.#waiting.length : isOver);
  }

  #settle(batches: readonly Batch[], tell: (batch: Batch) => void): void {
    for (const batch of batches) {
      this.#waitingBytes -= batch.size;
      this.waiting -= batch.entries.length;
      tell(batch);
    }
  }

  async #wait(batches: Batch[], failure: unknown): Promise<void> {
    if (this.trouble === null) this.#options.onTrouble?.(failure);
    this.trouble = failure;
    this.#waiting.unshift(...batches);
    for (const { entries } of this.#waiting) for (const entry of entries) entry.row = null;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, AGAIN_MS);
    });
    this.#wake = null;
  }

  /** Null when it is durable, else what went wrong. */
  async #commit(batches: readonly Batch[]): Promise<unknown> {
    const { client, head, onDurable } = this.#options;
    const names = head.takeUnsaved();
    const entries = batches.flatMap((batch) => batch.entries);
    try {
      const { rows, bytes } = joinRows(entries);
      const ask = { targets: names.targets, series: names.series.map(toSeriesRow), rows, bytes };
      const { commitMs } = await client.call('append', ask, [bytes.buffer]);
      this.lastCommitMs = commitMs;
    } catch (error) {
      head.putBackUnsaved(names);
      return error ?? new Error('unknown');
    }
    this.trouble = null;
    this.lost = 0;
    for (const { target, bytes, row } of entries) onDurable(target, row ?? readScrapeRow(bytes));
    return null;
  }
}

function joinRows(entries: readonly Entry[]): { rows: Slice[]; bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + entry.bytes.length, 0));
  let offset = 0;
  const rows = entries.map(({ target, atMs, bytes: own }) => {
    bytes.set(own, offset);
    const slice = { target, atMs, offset, length: own.length };
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
