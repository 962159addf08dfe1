import 'server-only';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import type { FaultList } from './faults.ts';
import { type Reporter, variableReporter } from './issues.ts';
import { type NamedTarget, readSource } from './targets.ts';
import type { Variables } from './variables.ts';
import type { YamlFile } from './yaml-file.ts';

/** Variables that switch a source on without a file: all of them are needed, and stand for one entry. */
interface SourceVariables {
  /** The first one tells of faults in the entry. */
  names: readonly [string, ...string[]];
  entryOf: (values: Readonly<Record<string, string>>) => unknown;
}

const SOURCE_VARIABLES: readonly SourceVariables[] = [
  { names: ['REDIS_URL'], entryOf: ({ REDIS_URL: url }) => ({ kind: 'redis', url }) },
  { names: ['DATABASE_URL'], entryOf: ({ DATABASE_URL: url }) => ({ kind: 'postgres', url }) },
  { names: ['APP_METRICS_URLS'], entryOf: ({ APP_METRICS_URLS: machines }) => ({ kind: 'app', machines }) },
  {
    names: ['UPSTASH_API_KEY', 'UPSTASH_EMAIL'],
    entryOf: ({ UPSTASH_API_KEY: apiKey, UPSTASH_EMAIL: email }) => ({ kind: 'upstash', email, apiKey }),
  },
  { names: ['NEON_API_KEY'], entryOf: ({ NEON_API_KEY: apiKey }) => ({ kind: 'neon', apiKey }) },
  {
    names: ['FLY_API_TOKEN', 'FLY_APP'],
    entryOf: ({ FLY_API_TOKEN: token, FLY_APP: flyApp }) => ({ kind: 'fly', token, flyApp }),
  },
  { names: ['PROMETHEUS_URL'], entryOf: ({ PROMETHEUS_URL: url }) => ({ kind: 'prometheus', url }) },
];

interface Input {
  /** Targets of the file. */
  written: readonly NamedTarget[];
  file: YamlFile | null;
  variables: Variables;
  faults: FaultList;
  scope: Scope;
}

/**
 * Targets of these variables, added to those of the file. They stand back when the file refers to one of them, names a
 * source of the same kind and name, or reaches the same address. Some without the others are a fault.
 */
export function readVariableSources({ written, file, variables, faults, scope }: Input): NamedTarget[] {
  return SOURCE_VARIABLES.flatMap(({ names, entryOf }) => {
    if (names.some((name) => file?.refersTo(name))) return [];
    const values = readTogether(names, variables, faults);
    if (values === null) return [];
    const reporter = variableReporter(names[0], faults);
    const found = readSource(reporter, entryOf(values), [], scope);
    const added = found.filter((one) => !written.some((other) => isSame(one, other)));
    reportClashes(added, written, reporter);
    return added;
  });
}

/** All values, or null when none is set or one is missing, which is reported. */
function readTogether(
  names: readonly string[],
  variables: Variables,
  faults: FaultList,
): Record<string, string> | null {
  const found = names.map((name) => ({ name, variable: variables.get(name) }));
  const isSet = found.some(({ variable }) => variable.state === 'set');
  const missing = found.filter(({ variable }) => variable.state === 'unset');
  if (isSet && missing.length > 0) {
    const given = found.find(({ variable }) => variable.state === 'set')?.name;
    for (const { name } of missing) faults.add(name, null, `is missing, and ${given} needs it beside it`);
  }
  const values = found.flatMap(({ name, variable }): [string, string][] =>
    variable.state === 'set' ? [[name, variable.value]] : [],
  );
  return values.length === names.length ? Object.fromEntries(values) : null;
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
