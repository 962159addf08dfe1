// How well the forecast of the budget page tells: npm run bench:forecast -- [--data FOLDER] [--write].
import { runBundled } from '../lib/run-bundled.mjs';

await runBundled('forecast', 'benchForecast');
