import 'server-only';
import type { Finding } from '@/lib/core/claims/document.ts';
import { auditTogether, readSummary } from '@/lib/core/claims/index.ts';
import type { Deploy, DeployLine } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { MarkKind } from '@/lib/core/model/view.ts';
import type { ClaimForecastView, WatchDetail, WatchedDeployLine } from '@/lib/core/model/watch.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { ShelfRow } from '../deploys/deploy-shelf.ts';
import type { Runtime } from '../runtime.ts';
import { readDeployForecasts } from '../watch/forecast.ts';
import { chooseScope, readScopes } from './scope.ts';
import { readWatchDetail } from './watch.ts';

/** Deploys of one scope, newest first. */
export interface DeploysView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  /** Those of the kinds that were asked for. */
  deploys: readonly WatchedDeployLine[];
  /** How many there are of any kind. */
  all: number;
  refreshMs: number;
}

/** One deploy as it was told, and the ones beside it in time. */
export interface ToldDeployView {
  asOfMs: number;
  deploy: Deploy;
  previous: DeployLine | null;
  next: DeployLine | null;
  /** Where its summary and those of the days before contradict each other; lines are `RELEASE:LINE`. */
  together: readonly Finding[];
}

/** The same with its watch. */
export interface DeployView extends ToldDeployView {
  /** Null until a claim is confirmed. */
  watch: WatchDetail | null;
  /** Of the claims that are bound to a metric, from the days before T₀; empty once the watch is over. */
  forecasts: readonly ClaimForecastView[];
}

export interface DeploysInput {
  app?: string | undefined;
  environment?: string | undefined;
  /** All when empty or left out. */
  kinds?: readonly MarkKind[] | undefined;
  /** The newest so many; all when left out. */
  most?: number | undefined;
}

/** A rolling deploy moves with every visit to the machines. */
const REFRESH_MS = 15_000;
const ROLLING_MS = 5_000;
/** Summaries of so many days before, and so many of them, are held against a deploy's own. */
const TOGETHER_MS = 7 * DAY_MS;
const MOST_TOGETHER = 4;

/** The list of deploys. */
export async function readDeploys(
  runtime: Pick<Runtime, 'config' | 'clock' | 'deploys' | 'watches'>,
  { kinds = [], most, ...asked }: DeploysInput,
): Promise<DeploysView> {
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, asked);
  const rows = (await runtime.deploys?.list(scope)) ?? [];
  const watches = runtime.watches?.linesNow(scope);
  const chosen = rows
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map((row) => ({ ...lineOf(row), watch: watches?.get(row.id) ?? null }));
  return {
    asOfMs: runtime.clock.wallMs(),
    scope,
    scopes,
    demo: runtime.config.mode === 'demo',
    deploys: chosen.reverse().slice(0, most),
    all: rows.length,
    refreshMs: rows.some(({ endMs }) => endMs === null) ? ROLLING_MS : REFRESH_MS,
  };
}

/** One deploy whole; null when there is none of that id. */
export async function readDeploy(runtime: Runtime, id: string): Promise<DeployView | null> {
  const told = await readToldDeploy(runtime, id);
  if (told === null) return null;
  const watch = await readWatchDetail(runtime, id);
  const isOver = watch !== null && watch.view.nowMs >= watch.view.endMs;
  return { ...told, watch, forecasts: isOver ? [] : await readDeployForecasts(runtime, told.deploy) };
}

/** One deploy without its watch; null when there is none of that id. */
export async function readToldDeploy(
  runtime: Pick<Runtime, 'clock' | 'deploys'>,
  id: string,
): Promise<ToldDeployView | null> {
  const { deploys } = runtime;
  const deploy = (await deploys?.get(id)) ?? null;
  if (deploys === undefined || deploy === null) return null;
  const rows = await deploys.list(deploy);
  const at = rows.findIndex((row) => row.id === id);
  const [previous, next] = at === -1 ? [] : [rows[at - 1], rows[at + 1]];
  return {
    asOfMs: runtime.clock.wallMs(),
    deploy,
    previous: previous === undefined ? null : lineOf(previous),
    next: next === undefined ? null : lineOf(next),
    together:
      deploy.summary === '' ? [] : await readTogether(deploys, deploy, rows.slice(0, Math.max(0, at))),
  };
}

async function readTogether(
  deploys: NonNullable<Runtime['deploys']>,
  deploy: Deploy,
  before: readonly ShelfRow[],
): Promise<readonly Finding[]> {
  const near = before
    .filter(({ summed, startMs }) => summed && deploy.startMs - startMs <= TOGETHER_MS)
    .slice(-MOST_TOGETHER);
  if (near.length === 0) return [];
  const earlier = await Promise.all(near.map(({ id }) => deploys.get(id)));
  const docs = [...earlier, deploy].flatMap((one) =>
    one === null ? [] : [{ file: one.release, summary: readSummary(one.summary) }],
  );
  // What the earlier ones have against each other stands on their own pages.
  return auditTogether(docs).filter(({ lines }) =>
    lines.some((line) => String(line).startsWith(`${deploy.release}:`)),
  );
}

function lineOf({ summed: _, createdMs: _at, aliases: _names, ...line }: ShelfRow): DeployLine {
  return line;
}
