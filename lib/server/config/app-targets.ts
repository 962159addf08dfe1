import 'server-only';
import { z } from 'zod';
import type { Scope } from '@/lib/core/model/target.ts';
import { type Address, readHttpAddress } from './address.ts';
import { parseAt, type Reporter } from './issues.ts';
import { labelProblem, metricProblem } from './metric-name.ts';
import { appSchema, machineSchema } from './schema.ts';
import { Secret } from './secret.ts';
import { settingsOf } from './settings.ts';
import type { NamedTarget } from './targets.ts';
import type { AppTarget, MetricMapping } from './types.ts';
import type { Path } from './yaml-file.ts';

// Machines are parsed one by one, so that a fault in one is said by its own line and key.
const SOURCE = appSchema.extend({
  machines: z.union([z.string(), z.array(z.unknown()).min(1).max(500)], {
    error: 'must be a list of one to 500 addresses',
  }),
});

type Machine = z.output<typeof machineSchema>;
type Source = z.output<typeof SOURCE>;

/** One target a machine; empty when the entry has faults, which are reported. */
export function readApp(reporter: Reporter, data: unknown, path: Path, scope: Scope): NamedTarget[] {
  const source = parseAt(reporter, SOURCE, data, path);
  const settings = source && settingsOf(reporter, source, path, scope);
  if (!settings) return [];
  const mapping = readMapping(reporter, source, path);
  const bearer = source.token === undefined ? null : new Secret(source.token);
  const shared = { ...settings, kind: 'app', group: source.name ?? 'app', bearer, mapping } as const;
  return readMachines(reporter, source, path).flatMap(({ machine, path: at }) => {
    const target = machineTarget(reporter, machine, source.health ?? null, at);
    return target === null ? [] : [{ target: { ...shared, ...target.parts }, key: target.key, path: at }];
  });
}

function readMachines(reporter: Reporter, source: Source, path: Path): { machine: Machine; path: Path }[] {
  const at = [...path, 'machines'];
  if (typeof source.machines === 'string') {
    const urls = source.machines.split(/[\s,]+/).filter((url) => url !== '');
    if (urls.length === 0) reporter.report(at, 'names no machine');
    return urls.flatMap((url) => readMachine(reporter, { url }, at));
  }
  return source.machines.flatMap((entry, i) =>
    typeof entry === 'string'
      ? readMachine(reporter, { url: entry }, [...at, i], [...at, i])
      : readMachine(reporter, entry, [...at, i]),
  );
}

function readMachine(reporter: Reporter, data: unknown, path: Path, urlPath = [...path, 'url']) {
  const short: Reporter = {
    ...reporter,
    // A machine written as a plain address has no `url` key in the file.
    report: (at, message) => reporter.report(at.at(-1) === 'url' ? urlPath : at, message),
  };
  const machine = parseAt(short, machineSchema, data, path);
  return machine === null ? [] : [{ machine, path }];
}

type MachineParts = Pick<AppTarget, 'name' | 'metricsUrl' | 'healthUrl' | 'address'>;

function machineTarget(
  reporter: Reporter,
  machine: Machine,
  groupHealth: string | null,
  path: Path,
): { parts: MachineParts; key: string } | null {
  const metricsUrl = machine.url ?? null;
  const health = machine.health ?? (metricsUrl === null ? null : groupHealth);
  if (health === null && metricsUrl === null) {
    reporter.report(path, 'needs a url, a health address, or both');
    return null;
  }
  const healthUrl =
    health?.startsWith('/') && metricsUrl !== null ? new URL(health, metricsUrl).href : health;
  const healthAt = healthUrl === null ? null : readHttpAddress(healthUrl);
  if (healthAt?.ok === false) {
    reporter.report([...path, 'health'], `${healthAt.problem}, or be a path beside a url`);
    return null;
  }
  const metricsAt = metricsUrl === null ? null : readHttpAddress(metricsUrl);
  const at: Address | null = metricsAt?.ok ? metricsAt.address : (healthAt?.address ?? null);
  if (at === null) return null;
  return {
    parts: { name: machine.name ?? at.address, metricsUrl, healthUrl, address: at.address },
    key: at.key,
  };
}

function readMapping(reporter: Reporter, source: Source, path: Path): MetricMapping[] {
  return (source.metrics ?? []).map(({ metric, from, labels = {}, scale = 1 }, i) => {
    const at = [...path, 'metrics', i];
    const problem = metricProblem(metric, {});
    if (problem !== null) reporter.report([...at, 'metric'], problem);
    for (const label of Object.keys(labels)) {
      const fault = labelProblem(metric, label);
      if (fault !== null) reporter.report([...at, 'labels', label], fault);
    }
    return { metric, from, labels, scale };
  });
}
