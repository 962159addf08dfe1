import type { AlertView } from '../model/alert.ts';
import type { Scope } from '../model/target.ts';
import type { ChartView, ModeView, SentenceView, SourceView } from '../model/view.ts';
import type { AlertEvent } from './alert-book.ts';
import type { AlertGroup } from './rules/rule.ts';

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
  rules: readonly { id: string; group: AlertGroup; words: string; reads: string }[];
  refreshMs: number;
}

/** An alert in the list. */
export interface AlertRow extends AlertView {
  group: AlertGroup;
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
  chart: { title: string; question: string; variant: 'line' | 'bars'; view: ChartView } | null;
  /** What happened to it, newest first. */
  events: readonly AlertEvent[];
}
