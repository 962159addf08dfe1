import 'server-only';
import type { AlertSettings } from '@/lib/core/alerts/settings.ts';
import type { PriceOverrides } from '@/lib/core/budget/effective-prices.ts';
import type { LogPattern } from '@/lib/core/logs/patterns.ts';
import type { Labels } from '@/lib/core/model/sample.ts';
import type { Scope, TargetId, TargetIdentity } from '@/lib/core/model/target.ts';
import type { NotifySettings } from './receivers.ts';
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
  /** Sent with each request beside the token; absent for none. */
  headers?: Readonly<Record<string, string>>;
  /** Where it was found by itself: the Fly source that listed it, and its id there. Absent for one of the config. */
  machine?: { source: TargetId; id: string };
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** A database at Upstash, read by the Developer API. */
export interface UpstashTarget extends TargetIdentity {
  kind: 'upstash';
  /** Base of the API, without a slash at the end: `https://api.upstash.com/v2`. */
  apiUrl: string;
  address: string;
  email: string;
  apiKey: Secret;
  /** Id or name of the database; null: the only one of the account. */
  database: string | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** A project at Neon, read by its API. Reading it never wakes a compute. */
export interface NeonTarget extends TargetIdentity {
  kind: 'neon';
  /** `https://console.neon.tech/api/v2`. */
  apiUrl: string;
  address: string;
  apiKey: Secret;
  /** Project id; null: the only one that the key sees. */
  project: string | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** How the machines of a Fly app are read, each by itself, as they come and go. */
export interface FlyScrape {
  /** Public address of the app: Fly's proxy is told which machine to choose. Null: the private network. */
  url: string | null;
  /** On the private network; null: the port that the machine names for Fly's own metrics. */
  port: number | null;
  /** Of the metrics page; null: as the machine names it, else `/metrics`. */
  path: string | null;
  /** Path of the health page; null: none. */
  health: string | null;
  token: Secret | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** An app on Fly, read by the Machines API, GraphQL and Fly's managed Prometheus. */
export interface FlyTarget extends TargetIdentity {
  kind: 'fly';
  /** `https://api.machines.dev`. */
  machinesUrl: string;
  /** `https://api.fly.io/graphql`; null: releases and secrets are not read. */
  graphqlUrl: string | null;
  /** `https://api.fly.io/prometheus`; the organisation is added to it. Null: not read. */
  prometheusUrl: string | null;
  address: string;
  token: Secret;
  flyApp: string;
  /** Slug of the organisation; null: asked from the API. */
  organization: string | null;
  /** How each machine's own metrics are read; null or absent: they are not. */
  scrape?: FlyScrape | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** A query whose answer becomes one of our metrics. */
export interface PromQuery {
  metric: string;
  /** PromQL that gives the raw counter or gauge, one series per label set. */
  query: string;
  /** Our label → their label, or a constant written as `=value`. */
  labels: Labels;
  scale: number;
}

/** Any engine that answers PromQL. */
export interface PrometheusTarget extends TargetIdentity {
  kind: 'prometheus';
  /** Base under which `/api/v1/query` lies. */
  apiUrl: string;
  address: string;
  bearer: Secret | null;
  basic: { user: string; password: Secret } | null;
  /** Only series with these labels are read: one engine often holds many apps. Null: all. */
  match: Labels | null;
  queries: readonly PromQuery[];
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

/** Lines that a log shipper sends to `POST /api/logs`. */
export interface LogsTarget extends TargetIdentity {
  kind: 'logs';
  /** Where lines are sent, safe to show. */
  address: string;
  /** Counted beside the built-in ones; each has been compiled once without a fault. */
  patterns: readonly LogPattern[];
  /** Keeps the last matching lines in memory, without secrets. */
  keepText: boolean;
  /** Only lines of this app, as the shipper names it; null: of all. */
  logApp: string | null;
  intervalSeconds: number | null;
  timeoutSeconds: number | null;
}

export type Target =
  | RedisTarget
  | UpstashTarget
  | PostgresTarget
  | NeonTarget
  | AppTarget
  | FlyTarget
  | PrometheusTarget
  | LogsTarget;

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

/** What may be spent, and how far the app may grow; null where nothing is set. */
export interface BudgetSettings {
  usdPerMonth: number | null;
  /** That may run at most. */
  maxMachines: number | null;
}

export interface Config {
  /** `demo`: nothing is configured, the demo fleet runs. */
  mode: 'configured' | 'demo';
  targets: readonly Target[];
  goals: readonly Goal[];
  /** Levels of the alert rules. */
  alerts: AlertSettings;
  /** Whom to tell of alerts, decided verdicts and what is due. */
  notify: NotifySettings;
  retention: Retention;
  /** Prices that the team pays in place of the list's. */
  prices: PriceOverrides;
  budget: BudgetSettings;
  /** Absolute folder of the store. */
  dataDir: string;
  /** The database that several instances share in place of that folder; null for one instance alone. */
  databaseUrl: Secret | null;
  /** Where the other instances reach this one; null: at the address that it listens on. */
  instanceUrl: URL | null;
  bind: { host: string; port: number };
  /** Base of links and cookie mode; null when only reached by its bind address. */
  publicUrl: URL | null;
  allowInsecureHttp: boolean;
  password: Secret | null;
  token: Secret | null;
  /** Seals the secrets of hooks; null: none can be made. */
  secretKey: Secret | null;
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
