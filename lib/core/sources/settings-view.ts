import type { Acts } from '../budget/acts.ts';
import type { ContactBudget } from '../budget/pace.ts';
import type { Unit } from '../metrics/catalogue/entry.ts';
import type { HeartbeatView, ReceiverView } from '../model/receiver.ts';
import type { Notice, ScrapeErrorKind } from '../model/scrape.ts';
import type { SourceState } from '../model/source-state.ts';
import type { Scope, SourceKind, TargetId } from '../model/target.ts';
import type { SourceShape } from './source-kind.ts';
import type { NamedVariable } from './write-yaml.ts';

/** How the reading of a provider's memory stands. */
export type BackfillView =
  | { kind: 'waiting' }
  /** `share` is 0–1. */
  | { kind: 'running'; share: number }
  /** `fromMs`: the oldest of it; null when the provider remembered nothing. */
  | { kind: 'done'; atMs: number; series: number; fromMs: number | null }
  | { kind: 'failed'; atMs: number; text: string };

/** One configured source. */
export interface SourceSettingView {
  id: TargetId;
  scope: Scope;
  kind: SourceKind;
  name: string;
  /** `host:port`, safe to show. */
  address: string;
  state: SourceState;
  /** Since the last good visit; null before the first. */
  ageMs: number | null;
  /** Why the latest visit failed; null when it was good, or none was made. */
  error: { kind: ScrapeErrorKind; message: string } | null;
  /** What a person can do about it; null when nothing is wrong. */
  fix: string | null;
  notices: readonly Notice[];
  shape: SourceShape;
  /** What was sent today (UTC). */
  costToday: Acts;
  /** What a whole day costs, by what the latest visits cost; null before the first. */
  costADay: Acts | null;
  /** Null where nothing is billed. */
  budget: ContactBudget | null;
  /** Version, plan and whatever else it told, in its own order: `[what, value]`. */
  facts: readonly (readonly [what: string, value: string])[];
  /** For each panel of the kind, in its order: whether this source has ever brought a number for it. */
  lit: readonly boolean[];
  /** Null for a source without a memory. */
  backfill: BackfillView | null;
}

/** Everything on the sources part of the settings page. */
export interface SettingsView {
  asOfMs: number;
  demo: boolean;
  /** In the order of the config. */
  sources: readonly SourceSettingView[];
  /** Kinds that nobody has configured; all of them in the demo, which watches nothing of the reader's. */
  missing: readonly SourceKind[];
  /** Whom others are told by, in the order of the config. */
  receivers: readonly ReceiverView[];
  /** Null where nobody listens for one. */
  heartbeat: HeartbeatView | null;
  data: StoredView;
  refreshMs: number;
}

/** Where what was read is kept. */
export interface StoredView {
  engine: string;
  bytes: number;
  series: number;
  role: InstanceRole;
  /** Why nothing can be written now; null where all is well. */
  fault: string | null;
}

/** `alone`: it has its data for itself. Else several instances share them, and one of them visits and writes. */
export type InstanceRole = 'alone' | 'leads' | 'follows';

/** Samples of one metric in one visit. */
export interface TestedMetric {
  metric: string;
  unit: Unit;
  samples: number;
  /** Where there is just one sample; null for several. */
  value: number | null;
}

/** What one visit on request found. */
export interface SourceTestView {
  id: TargetId;
  atMs: number;
  durationMs: number;
  state: SourceState;
  error: { kind: ScrapeErrorKind; message: string } | null;
  notices: readonly Notice[];
  /** By name. */
  metrics: readonly TestedMetric[];
  /** What this visit sent. */
  spent: Acts;
}

/** A filled form as lines of `afterwatch.yml`, read by the real config. */
export interface CheckedSource {
  yaml: string;
  variables: readonly Pick<NamedVariable, 'name' | 'holds'>[];
  /** What the config says against the lines; empty when they are sound. */
  faults: readonly string[];
}
