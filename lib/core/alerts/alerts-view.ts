import type { AlertView, RunbookStep } from '../model/alert.ts';
import type { ReceiverView } from '../model/receiver.ts';
import type { SuspensionView } from '../model/suspension.ts';
import type { Scope } from '../model/target.ts';
import type { ChartView, MarkView, ModeView, SentenceView, SourceView } from '../model/view.ts';
import type { AlertEvent } from './alert-book.ts';
import type { MaintenanceView } from './maintenance.ts';
import type { AlertGroup, AlertRuleId } from './rules/rule.ts';

/** The Alerts page: everything that one tick may change. */
export interface AlertsView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  sentence: SentenceView;
  /** In the order in which people should look; null before rules have been evaluated for the first time. */
  alerts: readonly AlertRow[] | null;
  /** Of the asked alert, else of the first; null when there is none. */
  detail: AlertDetail | null;
  /** Every rule that is evaluated, in words. */
  rules: readonly RuleView[];
  /** Windows that run or are to come, the next one first. */
  maintenance: readonly MaintenanceView[];
  /** End of the running watch, for silences; null while none runs. */
  watchEndMs: number | null;
  /** Whom alerts are told; empty where nobody is. */
  receivers: readonly ReceiverView[];
  /** What suspended Redis brings with it; null or absent where it is not suspended. */
  suspension?: SuspensionView | null;
  refreshMs: number;
}

export interface RuleView {
  id: AlertRuleId;
  group: AlertGroup;
  words: string;
  reads: string;
  /** Switched off in the config: it is not evaluated. */
  isOff: boolean;
}

/** An alert in the list. */
export interface AlertRow extends AlertView {
  rule: AlertRuleId;
  group: AlertGroup;
  /** The page of the deploy that it is grouped under; null where there is none. */
  deployHref: string | null;
  /** When that deploy began; null where that is not known. */
  deployAtMs: number | null;
  /** The value over the last hour as a share of its trigger, oldest first, evenly spaced; null where it was not known. */
  spark: readonly (number | null)[];
}

/** A chart of what a rule looks at. */
export interface NamedChart {
  title: string;
  question: string;
  variant: 'line' | 'bars';
  view: ChartView;
  /** Deploys and like events in its range, oldest first. */
  marks: readonly MarkView[];
}

/** One alert, whole. */
export interface AlertDetail {
  id: string;
  /** When it began to fire; null while it has not. */
  firedAtMs: number | null;
  /** The rule in words, and what it reads. */
  words: string;
  reads: string;
  /** What the rule looks at, around the time at which it fired; null where no chart shows it. */
  chart: NamedChart | null;
  /** What to do next. */
  runbook: readonly RunbookStep[];
  /** What happened to it, newest first. */
  events: readonly AlertEvent[];
}

/** What a rule would have done over stored history. */
export interface BacktestView {
  rule: AlertRuleId;
  /** What was walked, and how far apart the looks were. */
  startMs: number;
  endMs: number;
  stepMs: number;
  /** Oldest first. */
  firings: readonly BacktestFiring[];
  /** Days of the range in UTC, oldest first: how often it fired, and whether anything was known on it. */
  days: readonly { startMs: number; firings: number; isKnown: boolean }[];
  /** What could not be walked and why, one sentence; null when all was. */
  limit: string | null;
  /** What the rule looks at over the range, with its firings as stretches; null where no chart shows it. */
  chart: NamedChart | null;
}

export interface BacktestFiring {
  alertId: string;
  title: string;
  startMs: number;
  /** Null while it lasts at the end of the range. */
  endMs: number | null;
  inhibitedBy: string | null;
}
