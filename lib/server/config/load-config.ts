import 'server-only';
import { relative, resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_SCOPE } from '@/lib/core/model/target.ts';
import { toAlertSettings } from './alerts-schema.ts';
import { toBudget, toPrices } from './budget-schema.ts';
import { FaultList } from './faults.ts';
import { readGoal } from './goals.ts';
import { fileReporter, parseAt, type Reporter } from './issues.ts';
import { toNotify } from './notify-schema.ts';
import { fileSchema, type retentionSchema } from './schema.ts';
import { readServerSettings } from './server-settings.ts';
import { scopeOf } from './settings.ts';
import { readSource } from './targets.ts';
import { type Config, ConfigError, type Retention } from './types.ts';
import { readVariableSources, reportDoubles } from './variable-sources.ts';
import { type Env, errorCode, type ReadTextFile, Variables } from './variables.ts';
import { findWarnings, isDemoAsked, type OpenedFile } from './warnings.ts';
import { readYamlFile } from './yaml-file.ts';

export interface LoadInput {
  env: Env;
  /** Folder that relative paths start from. */
  cwd: string;
  readFile: ReadTextFile;
}

const DEFAULT_FILE = 'afterwatch.yml';

// Sources and goals are parsed one by one: a fault in one must not hide what is wrong between the others.
const PARTS = {
  ...fileSchema.shape,
  sources: z.array(z.unknown()).max(200).optional(),
  goals: z.array(z.unknown()).max(200).optional(),
};
const KEYS = z.strictObject(
  Object.fromEntries(Object.keys(PARTS).map((key) => [key, z.unknown().optional()])),
);

/**
 * The configuration: `AFTERWATCH_CONFIG` or `./afterwatch.yml`, and variables. Without any source, or where the demo was
 * asked for, its mode is `demo` and it has no targets. Throws `ConfigError` with all faults at once; no fault holds a value.
 */
export function loadConfig({ env, cwd, readFile }: LoadInput): Config {
  const faults = new FaultList();
  const variables = new Variables(env, (path) => readFile(resolve(cwd, path)), faults);
  const opened = openFile({ env, cwd, readFile }, variables, faults);
  const reporter = opened === null ? NO_FILE : fileReporter(opened.file, opened.where, faults);
  const parts = readParts(reporter, opened?.file.data ?? {});
  const scope = scopeOf(parts, DEFAULT_SCOPE);
  // With the demo asked for, what the file would watch is left alone, and so are its faults.
  const isDemo = isDemoAsked(env);
  const written = (isDemo ? [] : parts.sources).flatMap((data, i) =>
    readSource(reporter, data, ['sources', i], scope),
  );
  if (opened !== null) reportDoubles(written, reporter, opened.file);
  const added = isDemo
    ? []
    : readVariableSources({ written, file: opened?.file ?? null, variables, faults, scope });
  const targets = [...written, ...added].map(({ target }) => target);
  const goals = (isDemo ? [] : parts.goals).flatMap(
    (data, i) => readGoal(reporter, data, ['goals', i], scope) ?? [],
  );
  const retention = readRetention(parts.retention, reporter);
  // The demo invents what it shows: nobody is to be told of it.
  const notify = toNotify(isDemo ? {} : parts.notify, reporter);
  const server = readServerSettings({
    written: parts.server,
    fileReporter: reporter,
    env,
    variables,
    faults,
    cwd,
  });
  if (faults.size > 0) throw new ConfigError(faults.sorted());
  const warnings = findWarnings(env, opened, targets);
  const budget = toBudget(parts.budget);
  return {
    mode: targets.length === 0 ? 'demo' : 'configured',
    targets,
    goals,
    alerts: toAlertSettings(parts.alerts, budget),
    notify,
    retention,
    prices: toPrices(parts.prices),
    budget,
    ...server,
    warnings,
  };
}

const NO_FILE: Reporter = { report: () => {}, writtenAt: () => null };

/** Null when there is no file, or none that can be read (a fault then says so). */
function openFile(
  { env, cwd, readFile }: LoadInput,
  variables: Variables,
  faults: FaultList,
): OpenedFile | null {
  const asked = env.AFTERWATCH_CONFIG || null;
  const path = resolve(cwd, asked ?? DEFAULT_FILE);
  const inside = relative(cwd, path);
  const where = inside.startsWith('..') ? path : inside;
  try {
    const { text, mode } = readFile(path);
    const file = readYamlFile(text, where, variables, faults);
    return file === null ? null : { file, where, mode };
  } catch (error) {
    const code = errorCode(error);
    if (asked !== null) faults.add('AFTERWATCH_CONFIG', null, `the file it names cannot be read (${code})`);
    else if (code !== 'ENOENT') faults.add(where, null, `cannot be read (${code})`);
    return null;
  }
}

/** The top of the file; a part with faults counts as not written. */
function readParts(reporter: Reporter, data: unknown) {
  const map = parseAt(reporter, z.looseObject({}), data ?? {}, []) ?? {};
  parseAt(reporter, KEYS, map, []);
  const part = <T>(key: keyof typeof PARTS, schema: z.ZodType<T>): T | null =>
    Object.hasOwn(map, key) ? parseAt(reporter, schema, map[key], [key]) : null;
  return {
    app: part('app', PARTS.app) ?? undefined,
    environment: part('environment', PARTS.environment) ?? undefined,
    sources: part('sources', PARTS.sources) ?? [],
    goals: part('goals', PARTS.goals) ?? [],
    alerts: part('alerts', PARTS.alerts) ?? {},
    notify: part('notify', PARTS.notify) ?? {},
    retention: part('retention', PARTS.retention) ?? {},
    prices: part('prices', PARTS.prices) ?? {},
    budget: part('budget', PARTS.budget) ?? {},
    server: part('server', PARTS.server) ?? {},
  };
}

function readRetention(written: z.output<typeof retentionSchema>, reporter: Reporter): Retention {
  const samplesDays = written.samples ?? 30;
  const blocksDays = written.blocks ?? Math.max(90, samplesDays);
  const hourlyDays = written.hourly ?? Math.max(730, blocksDays);
  if (blocksDays < samplesDays) {
    reporter.report(['retention', 'blocks'], 'must not be shorter than samples: blocks take over from them');
  }
  if (hourlyDays < blocksDays) {
    reporter.report(
      ['retention', 'hourly'],
      'must not be shorter than blocks: hourly sums take over from them',
    );
  }
  return { samplesDays, blocksDays, hourlyDays };
}
