'use client';

import { type AlertBacktests, BACKTEST_DAYS, useAlertBacktest } from '@/lib/client/use-alert-backtest.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { AlertBacktest } from '../panels/alert-backtest.tsx';

/** The backtest of one rule in the browser. */
export function AlertsBacktest({
  actions,
  scope,
  rule,
}: Readonly<{ actions: AlertBacktests; scope: Scope; rule: AlertRuleId }>) {
  const { view, isRunning, failure, run } = useAlertBacktest(actions, scope, rule);
  return (
    <AlertBacktest view={view} days={BACKTEST_DAYS} isRunning={isRunning} failure={failure} onRun={run} />
  );
}
