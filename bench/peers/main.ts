import { fileURLToPath } from 'node:url';
import { dateOf, machineShape, writePart } from '../lib/performance-page.ts';
import { becomeHost } from '../store/host-process.ts';
import { measureHolding } from './holding.ts';
import { readPeersOptions } from './options.ts';
import { printPeersPart } from './report.ts';
import { measureWatching } from './watching.ts';

// The same bundle is the process that holds our store.
becomeHost();

/** Measures ours beside the peers, prints the table, and with `--write` puts it into `docs/performance.md`. */
export async function measurePeers(args: readonly string[]): Promise<void> {
  const options = readPeersOptions(args);
  const startedMs = Date.now();
  // What was started goes with this process, however it ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const log = (text: string): void => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    process.stderr.write(`bench: ${String(seconds).padStart(4)} s  ${text}\n`);
  };
  const watching = await measureWatching(options, log);
  log(`watching: ${JSON.stringify(watching)}`);
  const holding = await measureHolding(options, fileURLToPath(import.meta.url), log);
  const facts = {
    date: dateOf(startedMs),
    machine: machineShape(),
    minutes: (Date.now() - startedMs) / 60_000,
    options,
  };
  const text = printPeersPart({ watching, holding }, facts);
  console.log(text);
  if (options.writes) writePart('peers', text);
}
