import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import type { StateChange, WatchLine, WatchRecord } from '@/lib/core/model/verdict.ts';

/** A watch that moved: what it is now, and what changed. Told once it is durable. */
export interface WatchEvent {
  record: WatchRecord;
  changes: readonly StateChange[];
}

/** As much of the watches as notices need. */
export interface WatchSource {
  get(deployId: string): Promise<WatchRecord | null>;
  /** Every watch of a scope in short, open and closed, by deploy. From memory. */
  linesNow(scope: Scope): ReadonlyMap<string, WatchLine>;
  /** Gives what ends the listening. */
  onChange(listener: (event: WatchEvent) => void): () => void;
  /** Writes down that somebody was reminded of a follow-up. */
  reminded(deployId: string, followUpId: string, atMs: number): Promise<unknown>;
}
