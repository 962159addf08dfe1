import 'server-only';
import type { LoadInput } from './load-config.ts';
import { ConfigError, type ConfigFault } from './types.ts';

/** Input for `loadConfig` from plain texts: no file of the machine is read. */
export function inputOf(
  yaml: string | null,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
  mode = 0o600,
): LoadInput {
  const all = new Map(Object.entries(files));
  if (yaml !== null) all.set('/app/afterwatch.yml', yaml);
  return {
    env,
    cwd: '/app',
    readFile: (path) => {
      const text = all.get(path);
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return { text, mode };
    },
  };
}

/** The faults that `act` throws; empty when it throws none. Any other error is passed on. */
export function faultsOf(act: () => unknown): readonly ConfigFault[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
