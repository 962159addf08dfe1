import type { ACT_FIELDS } from '../budget/acts.ts';
import type { MetricName } from '../metrics/catalogue/index.ts';
import type { SourceKind } from '../model/target.ts';

/** What we send, as the ledger counts it. */
export type Act = keyof typeof ACT_FIELDS;

/** Something that one source of a kind has and another has not, on which some of its calls depend. */
export const FEATURES = [
  /** Redis: commands may be billed. */
  'metered',
  /** Redis: its address holds a password. */
  'login',
  /** Postgres: at Neon, so each visit asks whether it may, and connects anew. */
  'sleeps',
  /** App: has a metrics page, a health page. */
  'metrics_page',
  'health_page',
  /** Upstash, Neon: the config does not say which database or project, so it is looked up. */
  'looked_up',
  /** Neon: on a plan with a spending limit. */
  'spending_limit',
] as const;
export type Feature = (typeof FEATURES)[number];

/** What of a source its calls and their cost depend on. */
export interface SourceShape {
  kind: SourceKind;
  /** Seconds between two visits now. */
  intervalSeconds: number;
  features: readonly Feature[];
  /** Queries that the config adds; 0 for kinds without. */
  queries: number;
}

/** How often a call is made. */
export type Beat =
  /** At each visit, `times` times; `queries`: once for each query of the config. */
  | { kind: 'visit'; times?: number | 'queries' }
  /** At a visit, and not more often than this. */
  | { kind: 'every'; seconds: number }
  /** At first contact. */
  | { kind: 'once' }
  /** Only when something looks wrong. */
  | { kind: 'at_most'; aDay: number };

/** One exact call. */
export interface Call {
  /** Method and path, command or statement; `{…}` stands for what the source tells. */
  text: string;
  act: Act;
  beat: Beat;
  /** Only for sources that have this; for all when left out. */
  only?: Feature;
  /** Why it is made, where the call does not say so itself. */
  why?: string;
}

/** Something that a person with more rights does once. */
export interface Grant {
  /** What it is for: `A user that reads INFO and nothing else`. */
  title: string;
  /** Where it is typed: a shell, SQL, redis-cli, the config, or the steps through a console. */
  where: 'shell' | 'sql' | 'redis-cli' | 'afterwatch.yml' | 'console';
  /** To copy, line by line. Capital words and those behind `>` are to be replaced. */
  text: string;
}

/** Something on the screen that this kind of source brings. */
export interface Light {
  /** Panel, in the words of its heading: `Redis GETs`. */
  panel: string;
  /** Any one of these metrics lights it. */
  metrics: readonly MetricName[];
}

/** All that people are told about one kind of source: the settings page, the docs and the doctor say the same. */
export interface SourceKindSpec {
  kind: SourceKind;
  /** `Redis, Valkey, Upstash over TCP`. */
  title: string;
  /** One sentence: what is read. */
  reads: string;
  lights: readonly Light[];
  /** Seconds between two visits where the config says nothing. */
  usualSeconds: number;
  /** What a source of this kind has as a rule. */
  usualFeatures: readonly Feature[];
  calls: readonly Call[];
  /** What a call costs in money, in words. */
  price: string;
  /** Least privilege: what this source needs and no more. */
  grants: readonly Grant[];
  /** What a key that is refused lacks and what mends it; null where each error says so itself. */
  mend: { missing: string; step: string } | null;
  /** What the provider remembers from before our first visit; null where it has no memory. */
  memory: string | null;
  /** Variables that switch it on without a file; empty where it needs one. */
  variables: readonly string[];
  /** `docs/connect/redis.md`. */
  docs: string;
}
