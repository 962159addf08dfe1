import 'server-only';
import type { StoreWriteError } from './errors.ts';

/** What is special about where a store lies: a file of this machine, or a database that others share. */
export interface StorePlace {
  /** `sqlite`, `postgres`. */
  engine: string;
  /** As last measured. */
  sizeBytes(): number;
  /** Looks at the place itself, once a minute; rejects when what is written would not be found again. */
  check(): Promise<void> | void;
  /** What a failed write means and what to do, for people. */
  explain(error: unknown): StoreWriteError;
  /** Lets others have it. */
  release(): Promise<void> | void;
}
