import 'server-only';
import { join } from 'node:path';

/** A file that `scripts/bundle.mjs` made. Next runs with the project folder as its working directory. */
export function distFile(name: string): string {
  return join(process.cwd(), 'dist', name);
}
