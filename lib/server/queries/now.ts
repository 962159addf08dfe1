import 'server-only';
import type { Scope, SourceKind } from '@/lib/core/model/target.ts';
import type {
  ChartView,
  NowChart,
  NowTick,
  NowView,
  Revisions,
  SentenceView,
} from '@/lib/core/model/view.ts';
import { headOf } from '@/lib/core/modes/suspension-head.ts';
import { writeNowSentence } from '@/lib/core/sentence/now-sentence.ts';
import { writeWindowSentence } from '@/lib/core/sentence/window-sentence.ts';
import type { NamedRange } from '@/lib/core/time/named-range.ts';
import { type Comparison, type PageWindow, windowRange } from '@/lib/core/time/page-window.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { toWatchView } from '../watch/watch-view.ts';
import { readOpenAlerts } from './alerts.ts';
import { readChart } from './chart.ts';
import type { LineQuestion } from './chart-line.ts';
import { comparedFromMs } from './comparison.ts';
import { chooseGrid, finestStepMs, type Span } from './grid.ts';
import { historyRevision } from './history.ts';
import { readMachines } from './machines.ts';
import { readMarks, readOrigin } from './marks.ts';
import { readMode } from './mode.ts';
import { readMoney } from './money.ts';
import { type Rung, redisGetsRung } from './redis-gets-rung.ts';
import { readResponses429 } from './responses-429.ts';
import { changedParts, revisionsOf } from './revisions.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';
import { readSuspension } from './suspension.ts';
import { unlessAway } from './unless-away.ts';
import { readCurrentWatch, watchedOrigin, withChanges } from './watch.ts';

export interface NowInput {
  app?: string;
  environment?: string;
  window: PageWindow;
  /** The second window; null for none. */
  comparison: Comparison | null;
}

/** Faster than this nobody can read, slower than that a page looks dead. */
const REFRESH_MS = { min: 5_000, max: 60_000 };
/** From the beginning of a visit until its samples are stored, as a rule. */
const LANDING_MS = 600;

/**
 * Everything that the Now page shows. Charts, their sentence and their gaps are of the window; mode, machines and sources
 * are always those of now.
 */
export async function readNow(runtime: Runtime, input: NowInput): Promise<NowView> {
  const nowMs = runtime.clock.wallMs();
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, input);
  const { window, comparison } = input;
  const span: Span = { range: windowRange(window, nowMs), nowMs, isLive: window.kind === 'live' };
  const ids = targetIdsOf(runtime, scope);
  const statuses = ids.flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
  const rung = redisGetsRung(runtime, scope);
  const [charts, machines, mode, watched, suspension, money] = await Promise.all([
    readCharts(runtime, scope, span, comparison, statuses, rung),
    readMachines(runtime, statuses, nowMs),
    readMode(runtime, statuses, nowMs),
    unlessAway(readCurrentWatch(runtime, scope), null),
    unlessAway(readSuspension(runtime, scope, nowMs), null),
    unlessAway(readMoney(runtime, scope), null),
  ]);
  const sources = readSources(runtime, statuses, nowMs);
  const untilMs = Math.min(span.range.endMs, nowMs);
  const watch = watched === null ? null : toWatchView(runtime, watched.deploy, watched.record);
  const alerts = readOpenAlerts(runtime, scope, nowMs);
  return {
    asOfMs: nowMs,
    scope,
    scopes,
    range: span.range,
    window,
    comparison,
    demo: runtime.config.mode === 'demo',
    storeId: runtime.store.id,
    sentence: writeSentence(window, span, { ...charts, redisGetsTitle: rung.title, sources, watch }),
    mode,
    suspension,
    redisGetsTitle: rung.title,
    charts: withChanges(charts, watched, untilMs),
    marks: readMarks(runtime, scope, span.range),
    origin: watchedOrigin(watched, untilMs) ?? readOrigin(runtime, scope, untilMs),
    watch,
    alerts,
    money,
    machines,
    sources,
    historyRevision: historyRevision(runtime),
    revisions: revisionsOf({ watch, alerts, money }),
    refreshMs: refreshOf(statuses),
  };
}

/** What a tick is asked for beside what the page shows. */
export interface NowTickAsked extends NowInput {
  /** Points before it are known to the caller; 0 asks for everything. */
  sinceMs: number;
  /** True while somebody has the banner of a suspension open. */
  details?: boolean | undefined;
  /** Revisions of the view that the tick is put onto. */
  known?: Revisions | undefined;
}

/**
 * What changed since the caller's last look: of each line only the points from `sinceMs` on, of a suspension only the
 * head unless its details are asked for, of the steady parts those that are other ones than the caller's, the rest whole.
 */
export async function readNowTick(runtime: Runtime, input: NowTickAsked): Promise<NowTick> {
  const { watch, alerts, money, suspension = null, ...view } = await readNow(runtime, input);
  const isWhole = input.sinceMs === 0;
  const steady = { watch, alerts, money };
  const hasDetails = isWhole || input.details === true;
  const charts = Object.fromEntries(
    Object.entries(view.charts).map(([name, chart]) => [name, since(chart, input.sinceMs)]),
  ) as Record<NowChart, ChartView>;
  return {
    ...view,
    ...(isWhole ? steady : changedParts(steady, view.revisions ?? revisionsOf(steady), input.known)),
    suspension: suspension === null || hasDetails ? suspension : headOf(suspension),
    charts,
    sinceMs: input.sinceMs,
  };
}

function since(chart: ChartView, sinceMs: number): ChartView {
  const fresh = <T extends readonly [number, ...unknown[]]>(points: readonly T[]): T[] =>
    points.filter(([atMs]) => atMs >= sinceMs);
  const { lines, usual, comparison } = chart;
  return {
    ...chart,
    lines: lines.map((line) => ({ ...line, points: fresh(line.points) })),
    usual: usual === null ? null : { ...usual, points: fresh(usual.points), band: fresh(usual.band) },
    comparison: comparison === null ? null : { ...comparison, points: fresh(comparison.points) },
  };
}

function writeSentence(
  window: PageWindow,
  span: Span,
  facts: Pick<NowView, 'redisGetsTitle' | 'sources' | 'watch'> & Record<NowChart, ChartView>,
): SentenceView {
  return window.kind === 'live'
    ? writeNowSentence({ ...facts, rangeWords: RANGE_WORDS[window.name] })
    : writeWindowSentence({ ...facts, range: span.range, nowMs: span.nowMs });
}

async function readCharts(
  runtime: Runtime,
  scope: Scope,
  span: Span,
  comparison: Comparison | null,
  statuses: readonly TargetStatus[],
  rung: Rung,
): Promise<Record<NowChart, ChartView>> {
  const { range, nowMs } = span;
  // Both windows share their steps, so the older one decides what is still kept.
  const oldestMs = Math.min(range.startMs, comparedFromMs(range, comparison) ?? range.startMs);
  const finestMs = finestStepMs(runtime.config.retention, oldestMs, nowMs);
  const of = (kind: SourceKind) => ({ kind, targetIds: targetIdsOf(runtime, scope, kind) });
  const gridFor = (kind: SourceKind) =>
    chooseGrid(
      range,
      statuses.filter(({ target }) => target.kind === kind),
      finestMs,
    );
  const read = (label: string, line: LineQuestion) =>
    readChart(runtime, { scope, label, line }, gridFor(line.kind), span, comparison);
  const [redisGets, dbQueries, responses429, hitRatio] = await Promise.all([
    read(rung.title, { ...of(rung.kind), metric: rung.metric, labels: rung.labels, as: 'rate' }),
    read('Database queries', { ...of('postgres'), metric: 'db_queries_total', labels: {}, as: 'rate' }),
    readResponses429(runtime, scope, gridFor('app'), span, comparison),
    read('Cache hit ratio', {
      ...of('redis'),
      part: 'redis_keyspace_hits_total',
      rest: 'redis_keyspace_misses_total',
      as: 'value',
    }),
  ]);
  return {
    redisGets: { ...redisGets, note: rung.note },
    dbQueries: { ...dbQueries, note: dbQueries.lines[0]?.quality === 'inferred' ? DB_INFERRED : null },
    responses429,
    hitRatio,
  };
}

const DB_INFERRED =
  'Inferred: pg_stat_statements is not complete here, so transactions or a partial sum are counted.';

const RANGE_WORDS: Record<NamedRange, string> = {
  '5m': 'last 5 minutes',
  '15m': 'last 15 minutes',
  '1h': 'last hour',
  '3h': 'last 3 hours',
  '6h': 'last 6 hours',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
};

/**
 * When asking again brings something new: as soon as the next visit that leaves the page its shortest rest is stored.
 * So a number is on the screen soon after its scrape, however the visits are spread.
 */
function refreshOf(statuses: readonly TargetStatus[]): number {
  const landings = statuses.map(({ nextVisitInMs, history: { intervalMs } }) => {
    const landsInMs = nextVisitInMs + LANDING_MS;
    return landsInMs + Math.max(0, Math.ceil((REFRESH_MS.min - landsInMs) / intervalMs)) * intervalMs;
  });
  return Math.round(Math.min(REFRESH_MS.max, ...landings));
}
