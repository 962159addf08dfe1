import type { Unit } from '../metrics/catalogue/entry.ts';
import type { TimeRange } from '../time/range.ts';
import type { RedisMode } from './redis-mode.ts';
import type { Quality } from './sample.ts';
import type { SourceState } from './source-state.ts';
import type { Scope, SourceKind, TargetId } from './target.ts';

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

export interface GoalView {
  direction: 'atMost' | 'atLeast';
  /** In the unit of the chart, per second for a rate. */
  value: number;
  /** As the person wrote it: `24K/h`. */
  text: string;
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
  /** Times of counter restarts, for a small tick on the axis. */
  resets: readonly number[];
  goals: readonly GoalView[];
  /** Level at the end of the line (mean of its last five minutes) and up to when it is known; stays when newer data are missing. */
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
  intervalMs: number;
  lastError: { text: string; atMs: number } | null;
  /** What a person can do about it; null when nothing is wrong. */
  fix: string | null;
  notices: readonly string[];
  /** Server's own words, such as `redis 7.0.15`. */
  version: string | null;
  /** What watching it has cost today (UTC): commands, connects, queries and requests sent by us. */
  costToday: { commands: number; connects: number; queries: number; requests: number };
}

export interface MachineView {
  id: TargetId;
  name: string;
  region: string | null;
  version: string | null;
  state: SourceState;
  /** From its health endpoint; `unknown` when it has none or its body says nothing. */
  health: 'passing' | 'warning' | 'failing' | 'unknown';
  restarts24h: number | null;
  requestsPerSecond: number | null;
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

/** The Now page: everything that one tick may change. */
export interface NowView {
  asOfMs: number;
  scope: Scope;
  /** All scopes that the config names; a selector shows when there are two. */
  scopes: readonly Scope[];
  range: TimeRange;
  rangeName: string;
  demo: boolean;
  /** Changes with every opened store: two parts of a server that differ in it do not share one. */
  storeId: string;
  sentence: SentenceView;
  mode: ModeView | null;
  /** Title of the first hero: `Redis GETs`, or `Redis read commands` on a lower rung. */
  redisGetsTitle: string;
  charts: Record<NowChart, ChartView>;
  machines: readonly MachineView[];
  sources: readonly SourceView[];
  /** The interval at which asking again brings something new. */
  refreshMs: number;
}

/** One tick: charts hold only points from `sinceMs` on, the rest is whole. */
export interface NowTick extends Omit<NowView, 'charts'> {
  sinceMs: number;
  charts: Record<NowChart, ChartView>;
}

/** Answer of every action: thrown texts are blanked in production builds, so failures are values. */
export type ActionResult<T> =
  | { ok: true; data: T }
  | { ok: false; error: { code: ActionErrorCode; message: string } };
export type ActionErrorCode =
  | 'not_signed_in'
  | 'forbidden'
  | 'bad_input'
  | 'too_many'
  | 'not_ready'
  | 'not_found'
  | 'internal';
