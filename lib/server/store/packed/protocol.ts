import 'server-only';
import type { Labels, Quality } from '@/lib/core/model/sample.ts';
import type { SampleColumns } from '../sample-run.ts';
import type { ScrapeMark } from '../store.ts';
import type { DumpPart } from './dump.ts';
import type { BackupHeader } from './dump-file.ts';

// What the main thread and the worker say to each other. Bytes travel in one buffer a message, moved, not copied.

/** A slice of the message's buffer. */
export interface Slice {
  target: number;
  atMs: number;
  offset: number;
  length: number;
}

export interface SeriesRow {
  id: number;
  target: number;
  metric: string;
  labels: Labels;
  quality: Quality;
  counter: boolean;
  /** JSON of `SavedSeries`; null before the first packed hour. */
  saved: string | null;
}

export interface TargetRow {
  number: number;
  id: string;
  packedHour: number | null;
  /** JSON of `SavedTarget`; null before the first packed hour. */
  saved: string | null;
}

/** One series of a read. Only hours up to and with `packedHour` are answered: the head has the rest. */
export interface PackedSeries {
  id: number;
  target: number;
  counter: boolean;
  packedHour: number;
  /** How many hours an increment of a later sample can reach back. */
  reachHours: number;
}

export interface Cutoffs {
  /** Samples and visits of hours before this go. */
  samplesHour: number;
  /** Blocks of days before this become hourly sums. */
  blocksDay: number;
  /** Hourly sums of periods before this go. */
  hourlyPeriod: number;
}

/** Some rows, in one buffer. */
export interface RowsRead {
  rows: Slice[];
  bytes: Uint8Array;
  /** Of the last row that was read. */
  readSeq: number;
  /** True when no further row was there. */
  isEnd: boolean;
  /** False when numbers are missing between them: rows were deleted, or a commit failed. */
  isWhole: boolean;
}

/** Every request with its answer. */
export interface Calls {
  load: {
    ask: Record<string, never>;
    answer: { targets: TargetRow[]; series: SeriesRow[] };
  };
  /** Durable rows after `afterSeq`, oldest first. */
  replay: { ask: { afterSeq: number }; answer: RowsRead };
  /** For one that follows: everything after what it knows, as of one moment. */
  tail: {
    ask: { seq: number; target: number; series: number; changed: number };
    answer: RowsRead & {
      /** Of the lease: who leads. */
      token: number;
      targets: TargetRow[];
      series: SeriesRow[];
      /** The last packed hour of every target that has one. */
      packed: [number: number, packedHour: number][];
      /** Keys of the state that were written, and how far that goes. */
      keys: string[];
      changed: number;
    };
  };
  append: {
    ask: { targets: { number: number; id: string }[]; series: SeriesRow[]; rows: Slice[]; bytes: Uint8Array };
    answer: { commitMs: number };
  };
  /** Packs every durable row of hours up to and with `hour`. */
  pack: { ask: { hour: number }; answer: { rows: number } };
  /** Moves blocks packed from hours up to and with `hour` into the rows of their days. */
  fold: { ask: { hour: number }; answer: Record<string, never> };
  expire: { ask: Cutoffs & { seriesIds: number[] }; answer: Record<string, never> };
  /** Writes backfilled blocks into the rows of their days. `grids` lie one after another in `memory`. */
  history: {
    ask: {
      targets: { number: number; id: string }[];
      series: SeriesRow[];
      grids: { id: number; counter: boolean; startMs: number; length: number }[];
      memory: Float64Array;
    };
    answer: Record<string, never>;
  };
  /** Grids one after another in `memory`, in the order of `series`. */
  grids: {
    ask: { series: PackedSeries[]; startMs: number; stepMs: number; length: number };
    answer: { memory: Float64Array };
  };
  visits: {
    ask: { targets: { number: number; id: string; packedHour: number }[]; startMs: number; endMs: number };
    answer: { marks: ScrapeMark[] };
  };
  resets: {
    ask: { series: PackedSeries[]; startMs: number; endMs: number };
    answer: { resets: { seriesId: number; atMs: number }[] };
  };
  /** Packed samples of one series from `fromHour` on, some hours of them; null columns at the end. */
  raw: {
    ask: { series: number; target: number; startMs: number; endMs: number; fromHour: number; toHour: number };
    answer: { columns: SampleColumns | null; nextHour: number };
  };
  /** The first hour of which samples are packed; null when none is. */
  rawFrom: { ask: Record<string, never>; answer: { hour: number | null } };
  getState: { ask: { key: string }; answer: { value: string | null } };
  /** A value of null takes the key away. */
  putState: { ask: { entries: [key: string, value: string | null][] }; answer: Record<string, never> };
  /** By key. */
  listState: { ask: { prefix: string }; answer: { entries: [key: string, value: string][] } };
  /** What the data take on the disk. */
  size: { ask: Record<string, never>; answer: { bytes: number } };
  /** Waits until nothing moves packed rows, then keeps it so until `closeDump`. One at a time. */
  openDump: { ask: Record<string, never>; answer: { schema: number } };
  readDump: { ask: Record<string, never>; answer: DumpPart };
  closeDump: { ask: Record<string, never>; answer: Record<string, never> };
  /**
   * Puts the backup at `path` in the place of everything. Fails with `BackupFault` and changes nothing when it is not
   * whole; after anything else every call but `close` is refused.
   */
  restore: { ask: { path: string }; answer: BackupHeader };
  close: { ask: Record<string, never>; answer: Record<string, never> };
}

export type CallName = keyof Calls;

export interface Request<K extends CallName = CallName> {
  call: number;
  name: K;
  ask: Calls[K]['ask'];
}

/** `code` is SQLite's, such as SQLITE_FULL, or the name of the error. */
export interface Failure {
  code: string;
  message: string;
  /** True when the database can't be reached, or can't take it now: nothing is wrong with what was asked. */
  isAway: boolean;
}

export type Reply = { call: number; answer: Calls[CallName]['answer'] } | { call: number; failure: Failure };

/** First message of the worker: the file is open, or why not. */
export type Opened = { opened: true } | { opened: false; failure: Failure };
