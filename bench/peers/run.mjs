// Afterwatch beside Prometheus with its exporters and VictoriaMetrics, in one run on one machine: npm run bench:peers
// [-- --samples N] [--machines N] [--windows N] [--seconds N] [--settle N] [--rounds N] [--repeats N] [--as-built] [--write].
import { ensureSystemParts, PEERS_OF_BENCH } from '../../scripts/install-system.mjs';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { fail } from '../../scripts/lib/project.mjs';
import { runBundled } from '../lib/run-bundled.mjs';

async function run() {
  await ensureSystemParts(PEERS_OF_BENCH, 'npm run bench:peers');
  // For a look at the bench itself: the build may be older than the sources.
  if (!process.argv.includes('--as-built')) await ensureBuilt({ out: process.stderr });
  await runBundled('peers/main', 'measurePeers');
}

await run().catch(fail);
