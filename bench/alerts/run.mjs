// How good the alerts are, with options of its own: npm run bench:alerts -- [--watches N] [--alerts N] [--kills N]
// [--days N] [--seed N] [--only counts,rates,gates,public,backtests,delivery,kills] [--data FOLDER] [--write].
import { runBundled } from '../lib/run-bundled.mjs';

await runBundled('alerts', 'benchAlerts');
