'use client';

import { useMutation } from '@tanstack/react-query';
import type { BacktestView } from '@/lib/core/alerts/alerts-view.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { ActionFailure, explainFailure, unwrap } from './failure.ts';

/** Days that are walked: as many as the demo has, and most histories. */
export const BACKTEST_DAYS = 15;

/** Between two questions whether it is done: actions go one at a time, and others must get through in between. */
const ASK_AGAIN_MS = 1_000;
const MOST_ASKED = 120;

/** Walks a rule over stored history; passed in, so that a test can answer in the server's place. */
export interface AlertBacktests {
  /** Null while it is still walked: ask again. */
  backtestRule: (
    input: Scope & { rule: AlertRuleId; days: number },
  ) => Promise<ActionResult<BacktestView | null>>;
}

/** What one rule would have done; asked for by a person, since it walks days. */
export function useAlertBacktest(actions: AlertBacktests, { app, environment }: Scope, rule: AlertRuleId) {
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: async () => {
      for (let asked = 0; asked < MOST_ASKED; asked += 1) {
        const view = unwrap(await actions.backtestRule({ app, environment, rule, days: BACKTEST_DAYS }));
        if (view !== null) return view;
        await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
      }
      throw new ActionFailure('It takes too long: try again in some minutes.', 'too_many');
    },
  });
  return {
    view: data ?? null,
    isRunning: isPending,
    failure: error === null ? null : explainFailure(error).text,
    run: () => mutate(),
  };
}
