import 'server-only';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { Head } from '../head/head.ts';
import type { Calls } from '../packed/protocol.ts';
import type { WorkerClient } from './client.ts';
import { takeNames, takeRows } from './restore.ts';

/** Rows wait for at least an hour before they are packed; who was away for long had better begin anew. */
const AWAY_MS = 30 * MINUTE_MS;
/** How often a beginning is tried while the one who leads packs. */
const MOST_BEGINNINGS = 20;

/** What a step brought. */
export interface TailStep {
  /** Visits that were new. */
  rows: number;
  /** Keys of the state that were written since the step before; null when any may have been. */
  keys: readonly string[] | null;
}

/**
 * The head of an instance that follows: it reads what the one who leads has made durable, through the same door, and
 * leaves hours to the packed rows once that one has packed them.
 */
export class Tail {
  head = new Head();
  #after: Calls['tail']['ask'] = { seq: 0, target: 0, series: 0, changed: 0 };
  #token = 0;
  #packed: ReadonlyMap<number, number> = new Map();
  #steppedMs: number | null = null;

  constructor(
    private readonly client: WorkerClient,
    private readonly monoMs: () => number = () => performance.now(),
  ) {}

  /** Brings the head up to now. Rejects when the database does not answer; the next step goes on from here. */
  async step(): Promise<TailStep> {
    const isAway = this.#steppedMs === null || this.monoMs() - this.#steppedMs > AWAY_MS;
    let read = isAway ? null : await this.#catchUp();
    for (let i = 0; read === null && i < MOST_BEGINNINGS; i++) read = await this.#begin();
    if (read === null) throw new Error('hours are being packed again and again; the next look tries anew');
    this.#steppedMs = this.monoMs();
    return read;
  }

  /** Everything anew. Null when hours were packed on the way: some of their rows may have gone unread. */
  async #begin(): Promise<TailStep | null> {
    const names = await this.client.call('load', {});
    const packed = new Map<number, number>();
    for (const { number, packedHour } of names.targets)
      if (packedHour !== null) packed.set(number, packedHour);
    this.head = new Head();
    this.#packed = packed;
    this.#token = 0;
    this.#after = { seq: 0, ...this.#take(names), changed: 0 };
    const read = await this.#catchUp(true);
    return read === null ? null : { ...read, keys: null };
  }

  /** Null when another one leads now, rows have gone unread, or hours were packed during a beginning. */
  async #catchUp(isBeginning = false): Promise<TailStep | null> {
    let rows = 0;
    const keys: string[] = [];
    for (;;) {
      const read = await this.client.call('tail', this.#after);
      if (this.#token !== 0 && read.token !== this.#token) return null;
      if (isBeginning ? hasMoved(this.#packed, read.packed) : !read.isWhole) return null;
      this.#token = read.token;
      const { target, series } = this.#take(read);
      // Rows come first: those of hours that are packed by now still tell the last values and the state of counters.
      takeRows(this.head, read);
      for (const [number, hour] of read.packed)
        if (this.#packed.get(number) !== hour) this.head.leavePacked(number, hour);
      this.#packed = new Map(read.packed);
      this.#after = { seq: read.readSeq, target, series, changed: read.changed };
      rows += read.rows.length;
      keys.push(...read.keys);
      if (read.isEnd) return { rows, keys };
    }
  }

  /** Puts new names in place, and gives how far they go. */
  #take(names: Calls['load']['answer']): { target: number; series: number } {
    takeNames(this.head, names);
    return {
      target: names.targets.at(-1)?.number ?? this.#after.target,
      series: names.series.at(-1)?.id ?? this.#after.series,
    };
  }
}

function hasMoved(
  known: ReadonlyMap<number, number>,
  packed: readonly (readonly [number: number, hour: number])[],
): boolean {
  return packed.some(([number, hour]) => known.get(number) !== hour);
}
