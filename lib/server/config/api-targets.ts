import 'server-only';
import { z } from 'zod';
import type { Scope } from '@/lib/core/model/target.ts';
import { readHttpAddress } from './address.ts';
import {
  type flyMachinesSchema,
  flySchema,
  neonSchema,
  prometheusSchema,
  promQuerySchema,
  upstashSchema,
} from './api-schema.ts';
import { parseAt, type Reporter } from './issues.ts';
import { labelProblem, metricProblem } from './metric-name.ts';
import { Secret } from './secret.ts';
import { settingsOf } from './settings.ts';
import type {
  FlyScrape,
  FlyTarget,
  NeonTarget,
  PrometheusTarget,
  PromQuery,
  UpstashTarget,
} from './types.ts';
import type { Path } from './yaml-file.ts';

/** A target that is read through an API, and what tells it from others that reach the same thing. */
interface Named<T> {
  target: T;
  key: string;
  path: Path;
}

// Queries are parsed one by one, so that a fault in one is said by its own line and key.
const PROMETHEUS = prometheusSchema.extend({ queries: z.array(z.unknown()).max(100).optional() });

const UPSTASH_API = 'https://api.upstash.com/v2';
const NEON_API = 'https://console.neon.tech/api/v2';
const FLY_MACHINES = 'https://api.machines.dev';
const FLY_GRAPHQL = 'https://api.fly.io/graphql';
const FLY_PROMETHEUS = 'https://api.fly.io/prometheus';

export function readUpstash(
  reporter: Reporter,
  data: unknown,
  path: Path,
  scope: Scope,
): Named<UpstashTarget>[] {
  const source = parseAt(reporter, upstashSchema, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const { name = 'upstash', email, apiKey, database = null, apiUrl = UPSTASH_API } = source;
  const base = withoutSlash(apiUrl);
  const target: UpstashTarget = {
    ...settings,
    kind: 'upstash',
    name,
    apiUrl: base,
    address: hostOf(base),
    email,
    apiKey: new Secret(apiKey),
    database,
  };
  return [{ target, key: `${base}|${email}|${database ?? ''}`, path }];
}

export function readNeon(reporter: Reporter, data: unknown, path: Path, scope: Scope): Named<NeonTarget>[] {
  const source = parseAt(reporter, neonSchema, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const { name = 'neon', apiKey, project = null, apiUrl = NEON_API } = source;
  const base = withoutSlash(apiUrl);
  const target: NeonTarget = {
    ...settings,
    kind: 'neon',
    name,
    apiUrl: base,
    address: hostOf(base),
    apiKey: new Secret(apiKey),
    project,
  };
  return [{ target, key: `${base}|${project ?? ''}`, path }];
}

export function readFly(reporter: Reporter, data: unknown, path: Path, scope: Scope): Named<FlyTarget>[] {
  const source = parseAt(reporter, flySchema, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const { name = 'fly', token, flyApp, organization = null } = source;
  const machinesUrl = withoutSlash(source.machinesUrl ?? FLY_MACHINES);
  const target: FlyTarget = {
    ...settings,
    kind: 'fly',
    name,
    machinesUrl,
    graphqlUrl: withoutSlash(source.graphqlUrl ?? FLY_GRAPHQL),
    prometheusUrl: withoutSlash(source.prometheusUrl ?? FLY_PROMETHEUS),
    address: hostOf(machinesUrl),
    token: new Secret(token),
    flyApp,
    organization,
    scrape: source.machines === undefined ? null : readScrape(reporter, source.machines, path),
  };
  return [{ target, key: `${machinesUrl}|${flyApp}`, path }];
}

function readScrape(reporter: Reporter, machines: z.output<typeof flyMachinesSchema>, path: Path): FlyScrape {
  const { url, port = null, token, interval = null, timeout = null } = machines;
  if (url !== undefined && port !== null) {
    reporter.report(
      [...path, 'machines', 'port'],
      'stands beside url; a port is for the private network, so give one of the two',
    );
  }
  if (interval !== null && timeout !== null && timeout > interval) {
    reporter.report([...path, 'machines', 'timeout'], 'must be no longer than the interval');
  }
  return {
    url: url === undefined ? null : withoutSlash(url),
    port,
    path: machines.path ?? null,
    health: machines.health ?? null,
    token: token === undefined ? null : new Secret(token),
    intervalSeconds: interval,
    timeoutSeconds: timeout,
  };
}

export function readPrometheus(
  reporter: Reporter,
  data: unknown,
  path: Path,
  scope: Scope,
): Named<PrometheusTarget>[] {
  const source = parseAt(reporter, PROMETHEUS, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const { name = 'prometheus', url, token, user, password } = source;
  if ((user === undefined) !== (password === undefined)) {
    const missing = user === undefined ? 'user' : 'password';
    reporter.report([...path, missing], 'is missing: basic authentication takes a user and a password');
  }
  if (token !== undefined && user !== undefined) {
    reporter.report(
      [...path, 'token'],
      'stands beside user and password; one of the two is sent, so give one',
    );
  }
  const base = withoutSlash(url);
  const target: PrometheusTarget = {
    ...settings,
    kind: 'prometheus',
    name,
    apiUrl: base,
    address: hostOf(base),
    bearer: token === undefined ? null : new Secret(token),
    basic: user === undefined || password === undefined ? null : { user, password: new Secret(password) },
    match: source.match ?? null,
    queries: readQueries(reporter, source.queries ?? [], path),
  };
  return [{ target, key: base, path }];
}

function readQueries(reporter: Reporter, queries: readonly unknown[], path: Path): PromQuery[] {
  return queries.flatMap((data, i): PromQuery[] => {
    const at = [...path, 'queries', i];
    const query = parseAt(reporter, promQuerySchema, data, at);
    if (query === null) return [];
    const { metric, query: text, labels = {}, scale = 1 } = query;
    const problem = metricProblem(metric, {});
    if (problem !== null) reporter.report([...at, 'metric'], problem);
    for (const label of Object.keys(labels)) {
      const fault = labelProblem(metric, label);
      if (fault !== null) reporter.report([...at, 'labels', label], fault);
    }
    return [{ metric, query: text, labels, scale }];
  });
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** `host:port`. The schema has already refused what is no address. */
function hostOf(url: string): string {
  const read = readHttpAddress(url);
  return read.ok ? read.address.address : '';
}
