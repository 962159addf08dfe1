import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { WatchRecord } from '@/lib/core/model/verdict.ts';
import type { NowChart, NowView, OriginView } from '@/lib/core/model/view.ts';
import type { ClaimChart, WatchDetail, WatchView } from '@/lib/core/model/watch.ts';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { Runtime } from '../runtime.ts';
import { changeOf, readClaimChart, watchWindow } from '../watch/claim-chart.ts';
import { readWatchMachines } from '../watch/watch-machines.ts';
import { scaleOf, toWatchView } from '../watch/watch-view.ts';
import { readMarks } from './marks.ts';
import { remember } from './remember.ts';

/** The Now page asks every few seconds; the text of a deploy hardly ever changes. */
const DEPLOY_LIFE_MS = 15 * SECOND_MS;
const MEMORY = { name: 'watched-deploy', most: 16 };
const CHARTS = { name: 'watch-charts', most: 4 };
/** Charts of a page with more claims would take longer to read than to look at. */
const MOST_CHARTS = 40;

/** The watch that a scope is on, with its record; null when none is open and none ended within a day. */
export interface CurrentWatch {
  deploy: Deploy;
  record: WatchRecord;
}

/** The watch that the Now page and the header show; null without one. */
export async function readCurrentWatch(runtime: Runtime, scope: Scope): Promise<CurrentWatch | null> {
  const record = runtime.watches?.currentNow(scope) ?? null;
  if (record === null) return null;
  const deploy = await remember(runtime, MEMORY, record.deployId, DEPLOY_LIFE_MS, async () =>
    runtime.deploys?.get(record.deployId),
  );
  return deploy == null ? null : { deploy, record };
}

/** The same as a page shows it. */
export async function readWatch(runtime: Runtime, scope: Scope): Promise<WatchView | null> {
  const current = await readCurrentWatch(runtime, scope);
  return current === null ? null : toWatchView(runtime, current.deploy, current.record);
}

/** T₀ of the watched deploy, where it lies before `untilMs`; null else. */
export function watchedOrigin(current: CurrentWatch | null, untilMs: number): OriginView | null {
  if (current === null || current.record.originMs > untilMs) return null;
  return { atMs: current.record.originMs, release: current.record.release };
}

/** Metrics that the charts of the Now page are drawn from. */
const CHARTED: Readonly<Partial<Record<NowChart, (metric: string, labels: string) => boolean>>> = {
  redisGets: (metric, labels) => metric === 'redis_commands_total' && labels === '{"cmd":"get"}',
  dbQueries: (metric, labels) => metric === 'db_queries_total' && labels === '{}',
  hitRatio: (metric, labels) => metric === 'redis_hit_ratio' && labels === '{}',
};

/** Charts of the Now page with what the watched deploy changed in them, where a claim is about the same number. */
export function withChanges(
  charts: NowView['charts'],
  current: CurrentWatch | null,
  untilMs: number,
): NowView['charts'] {
  if (current === null || current.record.originMs > untilMs) return charts;
  const changed = (Object.keys(CHARTED) as NowChart[]).flatMap((name) => {
    const claim = current.deploy.claims.find(
      ({ id, metric, labels }) =>
        metric !== null &&
        Object.hasOwn(current.record.claims, id) &&
        CHARTED[name]?.(metric, JSON.stringify(labels)) === true,
    );
    const verdict = claim === undefined ? undefined : current.record.claims[claim.id];
    if (claim === undefined || verdict === undefined) return [];
    const change = changeOf(verdict, scaleOf(claim, verdict.before).factor);
    return change === null ? [] : [[name, { ...charts[name], change }] as const];
  });
  return { ...charts, ...Object.fromEntries(changed) };
}

/** A watch with all that it rests on; null where there is none of that deploy. */
export async function readWatchDetail(runtime: Runtime, deployId: string): Promise<WatchDetail | null> {
  const record = (await runtime.watches?.get(deployId)) ?? null;
  const deploy = record === null ? null : ((await runtime.deploys?.get(deployId)) ?? null);
  if (record === null || deploy === null) return null;
  const view = toWatchView(runtime, deploy, record);
  const { app, environment } = deploy;
  const window = watchWindow(record, view.nowMs);
  return {
    view,
    verdicts: record.claims,
    checks: record.checks,
    followUps: record.followUps,
    changes: record.changes.toReversed(),
    notChecked: record.notChecked,
    override: record.override,
    charts: await rememberCharts(runtime, deploy, record),
    marks: readMarks(runtime, { app, environment }, window),
    machines: await readWatchMachines(runtime, deploy, record),
  };
}

/** They change once a block; the page asks every few seconds. */
function rememberCharts(runtime: Runtime, deploy: Deploy, record: WatchRecord): Promise<ClaimChart[]> {
  const held = deploy.claims.filter(({ id }) => Object.hasOwn(record.claims, id));
  const key = JSON.stringify([record.deployId, record.judgedMs, held]);
  return remember(runtime, CHARTS, key, MINUTE_MS, async () => {
    const charts: ClaimChart[] = [];
    for (const claim of held.slice(0, MOST_CHARTS)) {
      const verdict = record.claims[claim.id];
      // One after another: each may read two weeks.
      const chart =
        verdict === undefined ? null : await readClaimChart(runtime, deploy, claim, verdict, record);
      if (chart !== null) charts.push(chart);
    }
    return charts;
  });
}
