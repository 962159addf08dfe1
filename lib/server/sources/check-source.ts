import 'server-only';
import type { NamedVariable } from '@/lib/core/sources/write-yaml.ts';
import { describeFaults } from '../config/faults.ts';
import { loadConfig } from '../config/load-config.ts';
import { type Config, ConfigError, type Target } from '../config/types.ts';

const FILE = '/afterwatch.yml';

/**
 * Reads lines of `afterwatch.yml` by the real config, with stand-ins for what the variables will hold. No file and no
 * variable of this machine is looked at, and nothing is kept.
 */
export function checkSourceYaml(
  yaml: string,
  variables: readonly NamedVariable[],
): { targets: readonly Target[]; faults: readonly string[] } {
  const env = Object.fromEntries(variables.map(({ name, standIn }) => [name, standIn]));
  try {
    const { targets } = loadConfig({
      env: { ...env, AFTERWATCH_CONFIG: FILE },
      cwd: '/',
      readFile: () => ({ text: yaml, mode: 0o600 }),
    });
    return { targets, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { targets: [], faults: describeFaults(error.faults).split('\n') };
  }
}

/** Says so when a source of the same kind and name is configured already; null when none is. In the demo nothing is. */
export function nameFault(targets: readonly Target[], { mode, targets: known }: Config): string | null {
  if (mode === 'demo') return null;
  const nameOf = (target: Target): string =>
    `${target.kind} ${target.kind === 'app' ? target.group : target.name}`;
  const names = new Set(known.map(nameOf));
  const taken = targets.find((target) => names.has(nameOf(target)));
  return taken === undefined
    ? null
    : `a ${taken.kind} source of this name is configured already: give this one another name, app or environment`;
}
