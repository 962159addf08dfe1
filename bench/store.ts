import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hasPostgres } from '../test/peers.ts';
import { dateOf, machineShape, writePart } from './lib/performance-page.ts';
import type { Row } from './lib/row.ts';
import { ENGINES, type EngineName } from './store/engines.ts';
import { becomeHost } from './store/host-process.ts';
import { measureJitter } from './store/jitter.ts';
import { measureStore, type StoreFigures } from './store/measure-store.ts';
import { printStorePart, rowsOf } from './store/report.ts';

const DEFAULT_SAMPLES = 1_000_000;
const JITTER_HOURS = 26;
const REPEATS = 40;

// The same bundle is the process that holds the store.
becomeHost();

/**
 * Measures both stores: writing, packing, size, memory, a kill, reopening, reading, and how all of that grows. Two minutes
 * with a million samples, about eight with 20 million (`--samples N`); `--engine sqlite` takes one; `--write` puts the
 * table into `docs/performance.md`.
 */
export async function benchStore(args: readonly string[] = []): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { samples: { type: 'string' }, engine: { type: 'string' }, write: { type: 'boolean' } },
  });
  const samples = Number(values.samples ?? DEFAULT_SAMPLES);
  if (!Number.isInteger(samples) || samples < 1)
    throw new Error(`bench: --samples takes a whole number, not "${values.samples}"`);
  const startedMs = Date.now();
  const log = (text: string): void => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    process.stderr.write(`bench: ${String(seconds).padStart(4)} s  ${text}\n`);
  };
  log('a day of 150 series with jitter');
  const jitter = await measureJitter(Math.min(JITTER_HOURS, Math.ceil(samples / 40_000)));
  const engines = enginesOf(values.engine, log);
  const all: StoreFigures[] = [];
  const hostFile = fileURLToPath(import.meta.url);
  for (const engine of engines)
    all.push(await measureStore(engine, { samples, repeats: REPEATS, hostFile, log }));
  if (values.write) {
    const facts = { date: dateOf(startedMs), machine: machineShape(), asked: samples, jitter };
    writePart('store', printStorePart(all, facts));
  }
  return [...jitter.map((row) => ({ ...row, name: `SQLite, jitter: ${row.name}` })), ...rowsOf(all)];
}

/** Without a wish, the stores that can be started here. */
function enginesOf(asked: string | undefined, log: (text: string) => void): EngineName[] {
  const names = ENGINES.filter((name) => asked === undefined || name === asked);
  if (names.length === 0) throw new Error(`bench: --engine takes ${ENGINES.join(' or ')}, not "${asked}"`);
  if (hasPostgres()) return names;
  if (asked === 'postgres')
    throw new Error('bench: PostgreSQL is not installed; install the package postgresql');
  log('PostgreSQL is not installed: it is left out');
  return names.filter((name) => name !== 'postgres');
}
