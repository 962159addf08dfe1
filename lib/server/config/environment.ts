import 'server-only';
import { readFileSync, statSync } from 'node:fs';
import { loadConfig } from './load-config.ts';
import type { Config } from './types.ts';
import type { Env, ReadTextFile } from './variables.ts';

/** The process's variables. The only place of the product that reads `process.env`. */
export function processEnv(): Env {
  return process.env;
}

/** True when `/gallery`, which shows invented data only, is served: under `next dev`, else with `AFTERWATCH_GALLERY=1`. */
export function isGalleryShown(env: Env = processEnv()): boolean {
  return env.NODE_ENV === 'development' || env.AFTERWATCH_GALLERY === '1';
}

/** Reads a file of the machine; permission bits are null on Windows, which has none. Throws when unreadable. */
export const readTextFile: ReadTextFile = (path) => ({
  text: readFileSync(/* turbopackIgnore: true */ path, 'utf8'),
  mode: process.platform === 'win32' ? null : statSync(/* turbopackIgnore: true */ path).mode & 0o777,
});

/** The configuration of this process. Throws `ConfigError` with all faults at once. */
export function readConfig(): Config {
  return loadConfig({ env: processEnv(), cwd: process.cwd(), readFile: readTextFile });
}
