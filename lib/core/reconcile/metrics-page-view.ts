import type { Scope } from '../model/target.ts';
import type { ModeView, SourceView } from '../model/view.ts';
import type { Comparison, PageWindow } from '../time/page-window.ts';
import type { TimeRange } from '../time/range.ts';
import type { ReconcileView } from './view.ts';

/** One row of a table that shares something out. Numbers are per second; null where nobody counted. */
export interface ShareRow {
  /** Stable between ticks, and its name. */
  key: string;
  perSecond: number | null;
  /** Of all rows together, 0–1; null without a whole. */
  share: number | null;
  /** The same in the second window; null when none was asked for, or it has no data. */
  beforePerSecond: number | null;
  /** Per second, a bucket at a time, oldest first; null where nothing was measured. */
  points: readonly (number | null)[];
}

export interface ShareTable<Row extends ShareRow> {
  /** Largest share first. */
  rows: readonly Row[];
  totalPerSecond: number | null;
  /** Null when there are rows. Else why not, and what would bring them. */
  missing: { reason: string; fix: string | null } | null;
  /** How the numbers were got, where that is not plain. */
  note: string | null;
}

export interface CommandRow extends ShareRow {
  /** In the order of the table's `machines`; null for a machine that does not count. */
  byMachine: readonly (number | null)[];
  /** All other machines together; null when there are none. */
  othersPerSecond: number | null;
}

export interface CommandTable extends ShareTable<CommandRow> {
  /** Who counted `perSecond`; null without rows. */
  countedBy: 'redis' | 'provider' | 'machines' | null;
  /** The busiest machines, by name. */
  machines: readonly string[];
  /** How many more there are. */
  otherMachines: number;
  /** By the part of the app that sent them; empty where no machine says that. */
  components: readonly ShareRow[];
}

export interface FamilyRow extends ShareRow {
  /** Mean time of one call; null without calls, or where time is not counted. */
  meanSeconds: number | null;
  beforeMeanSeconds: number | null;
}

export interface LimitedRow extends ShareRow {
  /** 429s of the window. */
  count: number;
  /** Share of this machine's (or route's) own responses, 0–1; null without responses. */
  ofOwn: number | null;
}

export interface LimitedTable extends ShareTable<LimitedRow> {
  /** Empty where no machine tells its routes apart. */
  routes: readonly LimitedRow[];
}

/** Everything on the metrics page; one answer a tick. */
export interface MetricsPageView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  range: TimeRange;
  window: PageWindow;
  comparison: Comparison | null;
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  reconcile: ReconcileView;
  /** The same in the second window; null when none was asked for. */
  reconcileBefore: ReconcileView | null;
  commands: CommandTable;
  families: ShareTable<FamilyRow>;
  limited: LimitedTable;
  /** HTTP responses per second, what "per request" divides by; null where nobody counts them. */
  requestsPerSecond: number | null;
  beforeRequestsPerSecond: number | null;
  refreshMs: number;
}
