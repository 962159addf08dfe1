import { parseArgs } from 'node:util';

/** How much is measured. */
export interface PeersOptions {
  /** Samples of the set that all three hold. */
  samples: number;
  /** Machines of 40 series each that all three scrape. */
  machines: number;
  /** Stretches of `seconds` in which CPU is counted, after `settle` seconds that are not. */
  windows: number;
  seconds: number;
  settle: number;
  /** Rounds of questions, each in another order, and repeats of a question in a round. */
  rounds: number;
  repeats: number;
  /** Whether `docs/performance.md` is written anew. */
  writes: boolean;
}

const DEFAULTS = {
  samples: 20_000_000,
  machines: 200,
  windows: 5,
  seconds: 40,
  settle: 120,
  rounds: 5,
  repeats: 25,
};

/** An hour of the set: twelve points are enough to see that all hold the same. */
const LEAST_SAMPLES = 468_000;

/** Reads the command line. Throws on anything that it does not know. */
export function readPeersOptions(args: readonly string[]): PeersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      samples: { type: 'string' },
      machines: { type: 'string' },
      windows: { type: 'string' },
      seconds: { type: 'string' },
      settle: { type: 'string' },
      rounds: { type: 'string' },
      repeats: { type: 'string' },
      'as-built': { type: 'boolean' },
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
  const samples = whole('samples');
  if (samples < LEAST_SAMPLES)
    throw new Error(`bench: --samples takes ${LEAST_SAMPLES} or more; of fewer, answers cannot be compared`);
  return {
    samples,
    machines: whole('machines'),
    windows: whole('windows'),
    seconds: whole('seconds'),
    settle: whole('settle'),
    rounds: whole('rounds'),
    repeats: whole('repeats'),
    writes: values.write ?? false,
  };
}
