// The accuracy of the verdict with options of its own: npm run bench:verdict -- [--watches N] [--full] [--seed N]
// [--threads N] [--only nothing,change,…] [--data FOLDER] [--write]. Without options `npm run bench -- verdict` does the same.
import { runBundled } from '../lib/run-bundled.mjs';

await runBundled('verdict', 'benchVerdict');
