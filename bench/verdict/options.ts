import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How much is measured, with what, and where it is written. */
export interface BenchOptions {
  /** Watches of each family where nothing changes; the other measures take a part of it. */
  watches: number;
  /** Every measure takes as many watches as the largest one. */
  isFull: boolean;
  /** First seed; all others follow from it. */
  seed: number;
  threads: number;
  /** Sections asked for; all where empty. */
  only: readonly string[];
  /** Whether `docs/verdict-gates.md` is written anew. */
  writes: boolean;
  /** Folder of the public series. */
  dataFolder: string;
}

const DEFAULT_WATCHES = 400;
const FULL_WATCHES = 1_000;
const DEFAULT_SEED = 20_261_122;
const MOST_THREADS = 8;

/** Reads `[--watches N] [--full] [--seed N] [--threads N] [--only a,b] [--data FOLDER] [--write]`. Throws on anything else. */
export function readOptions(args: readonly string[], root: string): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      watches: { type: 'string' },
      full: { type: 'boolean' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      write: { type: 'boolean' },
    },
  });
  const isFull = values.full ?? false;
  return {
    watches: wholeNumber('watches', values.watches, isFull ? FULL_WATCHES : DEFAULT_WATCHES),
    isFull,
    seed: wholeNumber('seed', values.seed, DEFAULT_SEED),
    threads: wholeNumber('threads', values.threads, Math.min(MOST_THREADS, availableParallelism())),
    only: values.only?.split(',') ?? [],
    writes: values.write ?? false,
    dataFolder: values.data ?? join(root, '..', 'shared', 'data', 'nab'),
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`bench: --${name} takes a whole number of 1 or more, not "${text}"`);
  return value;
}
