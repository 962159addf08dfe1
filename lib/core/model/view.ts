import type { Acts } from '../budget/acts.ts';
import type { Unit } from '../metrics/catalogue/entry.ts';
import type { Comparison, PageWindow } from '../time/page-window.ts';
import type { TimeRange } from '../time/range.ts';
import type { AlertView } from './alert.ts';
import type { MoneyView } from './money.ts';
import type { StoreOutage } from './outage.ts';
import type { RedisMode } from './redis-mode.ts';
import type { Quality } from './sample.ts';
import type { SourceState } from './source-state.ts';
import type { SuspensionHead, SuspensionView } from './suspension.ts';
import type { Scope, SourceKind, TargetId } from './target.ts';
import type { WatchView } from './watch.ts';

/** `[start of bucket in ms, value]`; null where nothing was measured. Base units; rates are per second. */
export type Point = readonly [number, number | null];

/** How the numbers of a chart are to be read. */
export type ChartAs = 'rate' | 'increase' | 'value';

export interface LineView {
  /** Stable between ticks. */
  key: string;
  label: string;
  quality: Quality;
  points: readonly Point[];
}

/** A stretch without data and why, in plain words of at most four. */
export interface GapView extends TimeRange {
  reason: string;
}

/** A stretch of a line that nobody of ours measured: it is drawn from what a provider remembered of it. */
export interface HistorySpan extends TimeRange {
  /** Whose memory: `Prometheus`. */
  provider: string;
  /** How fine the provider tells it, ms; nothing finer is known, whatever the step of the chart. */
  resolutionMs: number;
}

/** Time of a range that a line has values for, ms, by where they come from. Never both for one bucket. */
export interface CoverageView {
  measuredMs: number;
  backfilledMs: number;
}

export interface GoalView {
  direction: 'atMost' | 'atLeast';
  /** In the unit of the chart, per second for a rate. */
  value: number;
  /** As the person wrote it: `24K/h`. */
  text: string;
}

/** What happened to the app at a time: a release, or a change of settings, secrets, scale or Redis mode. */
export const MARK_KINDS = ['code', 'config', 'secret', 'scale', 'suspend', 'resume'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface MarkView {
  id: string;
  /** `v1206`; for a change without a release a few words. */
  release: string;
  kind: MarkKind;
  /** First machine. */
  startMs: number;
  /** Last machine; equal to `startMs` when it was not rolling, null while it still is. */
  endMs: number | null;
  /** Machines that run it, of those that should; null where that is not known. */
  rolled: { done: number; of: number } | null;
  /** Drawn small, without its name. */
  minor: boolean;
  /** Page of the deploy; null while there is none. */
  href: string | null;
}

/** The deploy that time is counted from: T₀ is `atMs`, its first machine. */
export interface OriginView {
  atMs: number;
  release: string;
}

/** What is usual at this time of day. */
export interface UsualView {
  /** `usual, 14 days`: from how many days it was made. */
  label: string;
  /** Of the days those with backfilled parts, and whose memory they are; absent where all were measured. */
  backfilled?: { days: number; of: number; provider: string };
  points: readonly Point[];
  /** `[start of bucket, 10 %, 90 %]` of the days; null where too few days were measured. */
  band: readonly (readonly [number, number | null, number | null])[];
}

/** A level that money depends on, in the unit of the chart (per second for a rate). */
export interface PlanView {
  value: number;
  /** `$10/month plan`. */
  text: string;
}

/** The first line of the chart in a second window, moved onto the first one. */
export interface ComparisonView {
  /** `the day before`. */
  label: string;
  /** How far it lies back, ms. */
  offsetMs: number;
  points: readonly Point[];
  /** Mean over the covered time (rate, value) or total (increase); null without data. */
  overall: number | null;
  /** Backfilled stretches, moved with the points; absent where all of it was measured. */
  history?: readonly HistorySpan[];
}

/** Level before and after T₀, base unit; from the same rung and kind of window on both sides. */
export interface ChangeView {
  before: number;
  after: number;
  /** In words, how the two were made: `mean of 24 h before`, `mean since T+5m`. */
  beforeWords: string;
  afterWords: string;
}

/** What one chart needs; the same data feed the server's picture, the client's and the table. */
export interface ChartView {
  unit: Unit;
  as: ChartAs;
  range: TimeRange;
  stepMs: number;
  lines: readonly LineView[];
  /** True when the last bucket is still open: it is drawn dashed. */
  lastIsPartial: boolean;
  gaps: readonly GapView[];
  /** Stretches of the first line that are backfilled, oldest first; absent where all of it was measured. */
  history?: readonly HistorySpan[];
  /** How much of the range is measured and how much backfilled; absent where nothing is backfilled. */
  coverage?: CoverageView;
  /** Times of counter restarts, for a small tick on the axis. */
  resets: readonly number[];
  goals: readonly GoalView[];
  plans: readonly PlanView[];
  /** Null without enough days. */
  usual: UsualView | null;
  /** Days measured so far of those that `usual` takes; absent where it stands, or none is asked for. */
  usualForming?: { days: number; needed: number };
  /** Null when no second window was asked for. */
  comparison: ComparisonView | null;
  /** Null when the page follows no deploy, or a side is missing. */
  change: ChangeView | null;
  /**
   * Level at the end of the line (mean of its last five minutes) and up to when it is known; stays when newer data are
   * missing. Of measured values only: what a provider remembers is no level of now.
   */
  latest: { atMs: number; value: number } | null;
  /** Mean over the range's covered time (rate, value) or total (increase); null without data. */
  overall: number | null;
  /** Null when there are data. Else why not, and what would bring them. */
  missing: { reason: string; fix: string | null } | null;
  /** Said under the title: `inferred from …`, `only 4xx classes, so 429 cannot be told`. */
  note: string | null;
  /** True when the newest data are older than two scheduled intervals. */
  stale: boolean;
}

export interface SourceView {
  id: TargetId;
  kind: SourceKind;
  name: string;
  /** `host:port`. */
  address: string;
  state: SourceState;
  /** Since the last good visit; null before the first. */
  ageMs: number | null;
  /** How far its own newest numbers lie behind that visit; null where they do not, or it does not tell. */
  lagMs: number | null;
  intervalMs: number;
  lastError: { text: string; atMs: number } | null;
  /** What a person can do about it; null when nothing is wrong. */
  fix: string | null;
  notices: readonly string[];
  /** Server's own words, such as `redis 7.0.15`. */
  version: string | null;
  /** What watching it has cost today (UTC): commands, connects, queries and requests sent by us. */
  costToday: Acts;
  observer: ObserverView;
}

/** What watching a source costs beyond what was sent to it today. */
export interface ObserverView {
  /** Sent on the UTC day before; null when nothing was. */
  yesterday: Acts | null;
  /** What a day costs at the present pace, by what the latest visits cost, in whole numbers; null before the first one. */
  aDay: Acts | null;
  /** Dollars today and a day at list price; null where nothing is billed, or its price is not known. */
  usdToday: number | null;
  usdADay: number | null;
  /** Our own limit of commands and connects a day; null where nothing is billed. */
  contactsADay: number | null;
  /** When it is visited again; null unless that limit is reached. */
  pausedUntilMs: number | null;
}

export interface MachineView {
  id: TargetId;
  name: string;
  region: string | null;
  version: string | null;
  state: SourceState;
  /** From its health endpoint; `unknown` when it has none or its body says nothing. */
  health: 'passing' | 'warning' | 'failing' | 'unknown';
  /** Redis mode as this machine tells it; null when it does not. */
  mode: { mode: RedisMode; sinceMs: number | null } | null;
  restarts24h: number | null;
  requestsPerSecond: number | null;
  /** Its own cache in memory; null when it does not tell. `maxBytes` null: no bound is told. */
  localCache: { usedBytes: number; maxBytes: number | null } | null;
  /** Redis GETs for each request it answered, over the last minutes; null without both counters. */
  getsPerRequest: number | null;
  startedAtMs: number | null;
  notices: readonly string[];
}

export interface ModeView {
  mode: RedisMode;
  quality: Quality;
  /** What it was read from. */
  evidence: string;
  sinceMs: number | null;
}

/** Line one is what is known, line two what holds it back (null when nothing does). Written from data. */
export interface SentenceView {
  verdict: string;
  limit: string | null;
}

export const NOW_CHARTS = ['redisGets', 'dbQueries', 'responses429', 'hitRatio'] as const;
export type NowChart = (typeof NOW_CHARTS)[number];

/** Parts of the Now page that seldom change: a tick leaves out what the caller has as it is. */
export const STEADY_PARTS = ['watch', 'alerts', 'money'] as const;
export type SteadyPart = (typeof STEADY_PARTS)[number];
/** For each of them a word that is another one when anything in it changed, beside the time. It says nothing else. */
export type Revisions = Readonly<Record<SteadyPart, string>>;

/** The Now page: everything that one tick may change. */
export interface NowView {
  asOfMs: number;
  scope: Scope;
  /** All scopes that the config names; a selector shows when there are two. */
  scopes: readonly Scope[];
  range: TimeRange;
  window: PageWindow;
  comparison: Comparison | null;
  demo: boolean;
  /** Changes with every opened store: two parts of a server that differ in it do not share one. */
  storeId: string;
  sentence: SentenceView;
  mode: ModeView | null;
  /** Redis out of use, or on its way back; null or absent where it is simply in use, or nothing tells. */
  suspension?: SuspensionView | null;
  /** Title of the first hero: `Redis GETs`, or `Redis read commands` on a lower rung. */
  redisGetsTitle: string;
  charts: Record<NowChart, ChartView>;
  /** Deploys and like events from a while before the range on, oldest first. */
  marks: readonly MarkView[];
  origin: OriginView | null;
  /** The watch of the latest deploy; null when none is known. */
  watch: WatchView | null;
  /** Null while nothing evaluates rules; empty when rules run and nothing is open. */
  alerts: readonly AlertView[] | null;
  /** Null when neither limits nor prices are known. */
  money: MoneyView | null;
  machines: readonly MachineView[];
  sources: readonly SourceView[];
  /** Changes when a provider’s memory was read: charts of before do not fit those of after. */
  historyRevision?: number;
  /** What a tick may leave out goes by these; without them it is sent again. */
  revisions?: Revisions;
  /** The interval at which asking again brings something new. */
  refreshMs: number;
}

/**
 * One tick: charts hold only points from `sinceMs` on, a steady part is left out where the caller has it, the rest is
 * whole. With `sinceMs` 0 nothing is left out.
 */
export interface NowTick
  extends Omit<NowView, 'charts' | 'suspension' | SteadyPart>,
    Partial<Pick<NowView, SteadyPart>> {
  sinceMs: number;
  /** Only its head where nobody has the banner open. */
  suspension?: SuspensionView | SuspensionHead | null;
  charts: Record<NowChart, ChartView>;
}

/** Answer of every action: thrown texts are blanked in production builds, so failures are values. */
export type ActionResult<T> = (
  | { ok: true; data: T }
  | { ok: false; error: { code: ActionErrorCode; message: string } }
) & {
  /** The store is away at the moment: told to whoever may read. */
  outage?: StoreOutage;
};
export type ActionErrorCode =
  | 'not_signed_in'
  | 'forbidden'
  | 'bad_input'
  | 'too_many'
  | 'not_ready'
  | 'not_found'
  | 'internal';
