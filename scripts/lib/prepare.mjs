import { ensureBuilt, ensureBundled } from './build.mjs';
import { checkDataFolder, checkDisk, checkPort } from './checks.mjs';
import { ensureInstalled, needsInstall } from './install.mjs';
import { fail, PlainError, root } from './project.mjs';

const MODES = {
  /** Everything that `next start` needs. What can fail at once is checked before minutes are spent. */
  start: async () => {
    await checkPort(process.env);
    checkDisk(checkDataFolder(process.env, root), needsInstall());
    await ensureInstalled();
    await ensureBuilt();
  },
  dev: async () => {
    await checkPort(process.env);
    checkDisk(checkDataFolder(process.env, root), needsInstall());
    await ensureInstalled();
    await ensureBundled();
  },
  test: async () => {
    await ensureInstalled();
    await ensureBundled();
  },
};

/** Runs one mode; a fault that a person can mend is one line and exit code 1. */
export async function prepare([mode]) {
  try {
    const act = Object.hasOwn(MODES, mode ?? '') ? MODES[mode] : null;
    if (act === null) throw new PlainError(`prepare.mjs takes one of ${Object.keys(MODES).join(', ')}.`);
    await act();
  } catch (error) {
    fail(error);
  }
}
