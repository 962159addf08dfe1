import 'server-only';
import type { BacktestView } from '@/lib/core/alerts/alerts-view.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { DAY_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { KnownError } from '../http/guards.ts';
import { remember } from '../queries/remember.ts';
import { readScopes } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';
import { backtest } from './backtest.ts';

const MEMORY = { name: 'backtests', most: 60 };
const GOOD_FOR_MS = 10 * MINUTE_MS;
/** So many may wait for the one that runs. */
const MOST_WAITING = 3;

/** Hangs on the runtime, since pages and actions are bundles that share no module instance. */
const KEY = Symbol.for('afterwatch.backtest');
interface Holder {
  [KEY]?: { waiting: number; last: Promise<unknown> };
}

/**
 * The backtest of a rule over the last days, not older than ten minutes, nor than what the rule fired last. One runs at a time; rejects with a `KnownError`
 * for a scope that is not watched, and while too many wait.
 */
export async function askBacktest(
  runtime: Runtime,
  { scope, rule, days }: { scope: Scope; rule: AlertRuleId; days: number },
): Promise<BacktestView> {
  const isWatched = readScopes(runtime).some(
    ({ app, environment }) => app === scope.app && environment === scope.environment,
  );
  if (!isWatched) throw new KnownError('not_found', 'Nothing of that app is watched.');
  const { app, environment } = scope;
  const settings = runtime.alerts?.settings ?? null;
  const key = JSON.stringify([app, environment, rule, days, settings, lastFiredMs(runtime, scope, rule)]);
  return remember(runtime, MEMORY, key, GOOD_FOR_MS, () =>
    inTurn(runtime, () => {
      const endMs = runtime.clock.wallMs();
      return backtest(runtime, { scope, rule, range: { startMs: endMs - days * DAY_MS, endMs } });
    }),
  );
}

function lastFiredMs({ alerts }: Runtime, scope: Scope, rule: AlertRuleId): number | null {
  const events = alerts?.current(scope)?.events ?? [];
  const isOfRule = (id: string): boolean => id === rule || id.startsWith(`${rule}:`);
  return events.findLast(({ id, what }) => what === 'firing' && isOfRule(id))?.atMs ?? null;
}

function inTurn<T>(runtime: Runtime & Holder, run: () => Promise<T>): Promise<T> {
  runtime[KEY] ??= { waiting: 0, last: Promise.resolve() };
  const turns = runtime[KEY];
  if (turns.waiting > MOST_WAITING)
    throw new KnownError('too_many', 'Other backtests are running: try again in a minute.');
  turns.waiting += 1;
  const turn = turns.last.then(run).finally(() => {
    turns.waiting -= 1;
  });
  turns.last = turn.catch(() => undefined);
  return turn;
}

/** What it gives, or null when that takes longer than `ms`. What comes later, good or bad, is for those who ask again. */
export async function within<T>(ms: number, asked: Promise<T>): Promise<T | null> {
  let late: NodeJS.Timeout | undefined;
  const waited = new Promise<null>((resolve) => {
    late = setTimeout(() => resolve(null), ms);
    late.unref();
  });
  try {
    return await Promise.race([asked, waited]);
  } finally {
    clearTimeout(late);
  }
}
