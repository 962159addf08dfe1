import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How much is measured, with what, and where it is written. */
export interface AlertBenchOptions {
  /** Watches of each family. */
  watches: number;
  /** Alerts that are delivered while the process is killed, and how often. */
  alerts: number;
  kills: number;
  /** Stored days that are walked. */
  days: number;
  /** First seed; all others follow from it. */
  seed: number;
  /** Parts asked for; all where empty. */
  only: readonly string[];
  /** Whether `docs/alert-gates.md` is written anew. */
  writes: boolean;
  /** Folder of the public series. */
  dataFolder: string;
}

const DEFAULTS = { watches: 300, alerts: 10_000, kills: 20, days: 15, seed: 20_261_122 };

/** Reads `[--watches N] [--alerts N] [--kills N] [--days N] [--seed N] [--only a,b] [--data FOLDER] [--write]`. Throws on anything else. */
export function readOptions(
  args: readonly string[],
  root: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AlertBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      watches: { type: 'string' },
      alerts: { type: 'string' },
      kills: { type: 'string' },
      days: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      write: { type: 'boolean' },
    },
  });
  const whole = (name: keyof typeof DEFAULTS): number => {
    const text = values[name];
    const value = text === undefined ? DEFAULTS[name] : Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`bench: --${name} takes a whole number of 1 or more, not "${text}"`);
    return value;
  };
  return {
    watches: whole('watches'),
    alerts: whole('alerts'),
    kills: whole('kills'),
    days: whole('days'),
    seed: whole('seed'),
    only: values.only?.split(',') ?? [],
    writes: values.write ?? false,
    dataFolder: values.data ?? environment.AFTERWATCH_NAB ?? join(root, '..', 'shared', 'data', 'nab'),
  };
}
