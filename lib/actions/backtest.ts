'use server';
import { z } from 'zod';
import type { BacktestView } from '@/lib/core/alerts/alerts-view.ts';
import { ALERT_RULES } from '@/lib/core/alerts/rules/rule.ts';
import { askBacktest, within } from '@/lib/server/engine/ask-backtest.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** A page sends one action at a time: nobody waits for an acknowledgement because a rule is being walked. */
const ANSWER_MS = 1_000;

/**
 * What a rule would have done in the last days. Null while it is still being walked: the same question a little later gets
 * the answer of the same walk.
 */
export const backtestRule = action(
  z.strictObject({
    app: z.string().max(100),
    environment: z.string().max(100),
    rule: z.enum(ALERT_RULES),
    days: z.int().min(1).max(15),
  }),
  async (_call, { app, environment, ...asked }): Promise<BacktestView | null> =>
    within(ANSWER_MS, askBacktest(getRuntime(), { ...asked, scope: { app, environment } })),
  { name: 'backtestRule', cost: 2 },
);
