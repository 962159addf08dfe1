import 'server-only';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import type { FaultList } from './faults.ts';
import { type Reporter, variableReporter } from './issues.ts';
import { type NamedTarget, readSource } from './targets.ts';
import type { Variables } from './variables.ts';
import type { YamlFile } from './yaml-file.ts';

/** Variables that switch a source on without a file, and the entry that each stands for. */
const SOURCE_VARIABLES = {
  REDIS_URL: (value: string) => ({ kind: 'redis', url: value }),
  DATABASE_URL: (value: string) => ({ kind: 'postgres', url: value }),
  APP_METRICS_URLS: (value: string) => ({ kind: 'app', machines: value }),
};

interface Input {
  /** Targets of the file. */
  written: readonly NamedTarget[];
  file: YamlFile | null;
  variables: Variables;
  faults: FaultList;
  scope: Scope;
}

/**
 * Targets of `REDIS_URL`, `DATABASE_URL` and `APP_METRICS_URLS`, added to those of the file. A variable stands back
 * when the file refers to it, names a source of the same kind and name, or reaches the same address.
 */
export function readVariableSources({ written, file, variables, faults, scope }: Input): NamedTarget[] {
  return Object.entries(SOURCE_VARIABLES).flatMap(([variable, entryOf]) => {
    if (file?.refersTo(variable)) return [];
    const value = variables.value(variable);
    if (value === null) return [];
    const reporter = variableReporter(variable, faults);
    const found = readSource(reporter, entryOf(value), [], scope);
    const added = found.filter((one) => !written.some((other) => isSame(one, other)));
    reportClashes(added, written, reporter);
    return added;
  });
}

/** Reports file entries that name one identity, or one address, twice; with both lines. */
export function reportDoubles(named: readonly NamedTarget[], reporter: Reporter, file: YamlFile): void {
  const byId = new Map<string, NamedTarget>();
  const byKey = new Map<string, NamedTarget>();
  for (const one of named) {
    const key = `${one.target.kind}|${one.key}`;
    const sameId = byId.get(targetId(one.target));
    const sameKey = byKey.get(key);
    if (sameId !== undefined) {
      const line = file.lineOf(sameId.path);
      reporter.report(
        one.path,
        `has the same app, environment, kind and name as line ${line}; give it another name`,
      );
    } else if (sameKey !== undefined) {
      const line = file.lineOf(sameKey.path);
      reporter.report(one.path, `reaches the same address as line ${line}; one of the two is enough`);
    }
    byId.set(targetId(one.target), sameId ?? one);
    byKey.set(key, sameKey ?? one);
  }
}

function reportClashes(
  added: readonly NamedTarget[],
  written: readonly NamedTarget[],
  reporter: Reporter,
): void {
  const ids = new Set(written.map((one) => targetId(one.target)));
  for (const { target } of added) {
    const id = targetId(target);
    if (ids.has(id))
      reporter.report([], 'names a machine twice, or one whose name the file uses for another');
    ids.add(id);
  }
}

function isSame(one: NamedTarget, other: NamedTarget): boolean {
  if (one.target.kind !== other.target.kind) return false;
  return one.key === other.key || nameOf(one) === nameOf(other);
}

/** The name that the config gives: for machines, that of their entry. */
function nameOf({ target }: NamedTarget): string {
  return target.kind === 'app' ? target.group : target.name;
}
