import 'server-only';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { FORECAST_METHOD } from '@/lib/core/budget/forecast/forecast-method.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { writeBudgetSentence } from '@/lib/core/sentence/budget-sentence.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { readOpenAlerts } from './alerts.ts';
import { readAwakeHours } from './budget-awake.ts';
import { redisBilling } from './budget-billing.ts';
import { readCosts } from './budget-costs.ts';
import { readBudgetLimits } from './budget-limits.ts';
import { readObserverCosts } from './budget-observer.ts';
import { type OwnBudget, ownBudgetNote } from './budget-own.ts';
import { readPlans } from './budget-plans.ts';
import { readPools } from './budget-pools.ts';
import { readTargets } from './budget-targets.ts';
import { whysOf } from './budget-whys.ts';
import { historyRevision } from './history.ts';
import { readMode } from './mode.ts';
import { remember } from './remember.ts';
import { chooseScope, readScopes, targetIdsOf } from './scope.ts';
import { readSources } from './sources.ts';
import { readSuspension } from './suspension.ts';

export interface BudgetInput {
  app?: string;
  environment?: string;
}

/** Quotas and bills move slowly: whoever looks within a minute is shown the same numbers. */
const REFRESH_MS = MINUTE_MS;
const MEMORY = { name: 'budget', most: 16 };
/** Mode and sources are newer than that: everybody who looks within these seconds is shown the same. */
const PAGE_LIFE_MS = 5_000;
const PAGE = { name: 'budget page', most: 16 };

/** The part of the page that is worked out once a minute for everybody. */
export type BudgetParts = Pick<
  BudgetView,
  | 'asOfMs'
  | 'limits'
  | 'costs'
  | 'total'
  | 'costsNote'
  | 'plans'
  | 'pools'
  | 'awake'
  | 'observer'
  | 'prices'
  | 'targets'
  | 'whys'
>;

/** Everything that the Budget page shows of one scope. */
export function readBudget(runtime: Runtime, input: BudgetInput): Promise<BudgetView> {
  const scopes = readScopes(runtime);
  const scope = chooseScope(scopes, input);
  return remember(runtime, PAGE, keyOf(scope), PAGE_LIFE_MS, () => readPage(runtime, scopes, scope));
}

async function readPage(runtime: Runtime, scopes: readonly Scope[], scope: Scope): Promise<BudgetView> {
  const nowMs = runtime.clock.wallMs();
  const statuses = statusesOf(runtime, scope, nowMs);
  const [parts, mode, suspension] = await Promise.all([
    readBudgetParts(runtime, scope),
    readMode(runtime, statuses, nowMs),
    readSuspension(runtime, scope, nowMs),
  ]);
  const open = readOpenAlerts(runtime, scope, nowMs);
  return {
    ...parts,
    scope,
    scopes,
    demo: runtime.config.mode === 'demo',
    mode,
    sources: readSources(runtime, statuses, nowMs),
    suspension,
    sentence: writeBudgetSentence({
      limits: parts.limits,
      total: parts.total ?? null,
      nowMs: parts.asOfMs,
      isSuspended: mode?.mode === 'suspended_by_us' || mode?.mode === 'suspended_by_provider',
    }),
    method: FORECAST_METHOD,
    firing: open && countFiring(open, nowMs),
    refreshMs: REFRESH_MS,
  };
}

/** What is worked out of one scope, not older than a minute; askers at the same time share it. */
export function readBudgetParts(runtime: Runtime, scope: Scope): Promise<BudgetParts> {
  const key = `${keyOf(scope)} ${historyRevision(runtime)}`;
  return remember(runtime, MEMORY, key, REFRESH_MS, () => readParts(runtime, scope));
}

async function readParts(runtime: Runtime, scope: Scope): Promise<BudgetParts> {
  const nowMs = runtime.clock.wallMs();
  const statuses = statusesOf(runtime, scope, nowMs);
  const question: FactQuestion = {
    deps: runtime,
    scope,
    statuses,
    times: { startMs: nowMs, endMs: nowMs },
    isPast: false,
  };
  const prices = effectivePrices(runtime.config.prices ?? {});
  const billing = redisBilling(statuses, prices);
  const price = billing?.kind === 'counted' ? billing.price : null;
  const { budget } = runtime.config;
  const costs = await readCosts({ runtime, question, prices, nowMs }, billing);
  const own: OwnBudget = { usdPerMonth: budget?.usdPerMonth ?? null, bills: costs.bills };
  const [limits, plans, pools, awake, targets] = await Promise.all([
    readBudgetLimits(runtime, question, own, prices.upstash_command, nowMs),
    readPlans(runtime, question, prices, nowMs),
    readPools(runtime, question, budget?.maxMachines ?? null, nowMs),
    readAwakeHours(runtime, question, prices, nowMs),
    readTargets(runtime, scope, price),
  ]);
  const rows = {
    limits,
    costs: costs.rows,
    plans,
    pools,
    awake,
    observer: readObserverCosts(runtime, statuses, billing, nowMs),
    targets,
  };
  return {
    asOfMs: nowMs,
    ...rows,
    total: costs.total,
    costsNote: [costs.note, ownBudgetNote(own, limits)].filter((one) => one !== null).join(' ') || null,
    prices: Object.values(prices),
    whys: whysOf(rows, statuses, price !== null),
  };
}

function statusesOf(runtime: Runtime, scope: Scope, nowMs: number): TargetStatus[] {
  return targetIdsOf(runtime, scope).flatMap((id) => runtime.poller.status(id, nowMs) ?? []);
}

function keyOf({ app, environment }: Scope): string {
  return JSON.stringify([app, environment]);
}
