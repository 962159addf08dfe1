import type { BenchOptions } from './options.ts';
import type { Pool } from './pool.ts';

/** A gate of the method and whether it holds. */
export interface GateRow {
  name: string;
  measured: string;
  gate: string;
  holds: boolean;
}

export interface Table {
  title: string;
  /** What a reader must know to read it. */
  note: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** What one part of the bench found. */
export interface Section {
  gates: readonly GateRow[];
  tables: readonly Table[];
}

/** What a part of the bench works with. */
export interface Plan {
  pool: Pool;
  options: BenchOptions;
  /** Seeds for `part` of the watches, from a range of their own. */
  seeds: (range: number, part?: number) => number[];
}

const SEEDS_APART = 1_000_000;
const LEAST_WATCHES = 10;

export function planOf(pool: Pool, options: BenchOptions): Plan {
  return {
    pool,
    options,
    seeds: (range, part = 1) => {
      const share = options.isFull ? Math.max(1, part) : part;
      const count = Math.max(LEAST_WATCHES, Math.round(options.watches * share));
      return Array.from({ length: count }, (_, i) => options.seed + range * SEEDS_APART + i);
    },
  };
}
