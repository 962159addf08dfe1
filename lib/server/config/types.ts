import 'server-only';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope, TargetIdentity } from '@/lib/core/model/target.ts';
import type { Secret } from './secret.ts';

export interface RedisTarget extends TargetIdentity {
  kind: 'redis';
  /** `redis://` or `rediss://`, with credentials. */
  url: Secret;
  /** `host:port`, safe to show. */
  address: string;
  /** `auto`: metered when the host is under `upstash.io` or INFO says `upstash_version`. */
  metered: 'auto' | boolean;
  /** `fixed` turns metering off. */
  plan: 'fixed' | 'payg' | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

export interface PostgresTarget extends TargetIdentity {
  kind: 'postgres';
  url: Secret;
  address: string;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** Where one of our metrics is found in a machine's exposition. */
export interface MetricMapping {
  /** Name of ours, from the catalogue. */
  metric: string;
  /** Family name on the machine's page. */
  from: string;
  /** Our label → their label, or a constant written as `=value`. */
  labels: Labels;
  /** Multiplies the raw value: 0.001 turns ms into seconds. */
  scale: number;
}

/** One machine: each address is a target of its own, so one bad machine never delays another. */
export interface AppTarget extends TargetIdentity {
  kind: 'app';
  /** Name of the entry in the config that listed this machine. */
  group: string;
  metricsUrl: string | null;
  healthUrl: string | null;
  /** `host:port`, safe to show. */
  address: string;
  bearer: Secret | null;
  mapping: readonly MetricMapping[];
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

export type Target = RedisTarget | PostgresTarget | AppTarget;

/** A level that a rate should stay under (`atMost`) or over (`atLeast`), drawn as a target line. Per second. */
export interface Goal extends Scope {
  metric: string;
  labels: Labels;
  direction: 'atMost' | 'atLeast';
  perSecond: number;
  /** As the person wrote it, such as `24K/h`. */
  text: string;
}

export interface Retention {
  samplesDays: number;
  blocksDays: number;
  hourlyDays: number;
}

export interface Config {
  /** `demo`: nothing is configured, the demo fleet runs. */
  mode: 'configured' | 'demo';
  targets: readonly Target[];
  goals: readonly Goal[];
  retention: Retention;
  /** Absolute folder of the store. */
  dataDir: string;
  bind: { host: string; port: number };
  /** Base of links and cookie mode; null when only reached by its bind address. */
  publicUrl: URL | null;
  allowInsecureHttp: boolean;
  password: Secret | null;
  token: Secret | null;
  /** Faults that do not stop a start, such as a config file that others can read. No values. */
  warnings: readonly string[];
}

/** One fault of the configuration. `line` is null for a variable of the environment. Never holds a value. */
export interface ConfigFault {
  where: string;
  line: number | null;
  message: string;
}

/** All faults of a configuration at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map((f) => `${f.where}${f.line === null ? '' : `:${f.line}`}: ${f.message}`).join('\n'));
  }
}
