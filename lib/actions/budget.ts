'use server';
import { z } from 'zod';
import type { BudgetView } from '@/lib/core/model/budget.ts';
import { readBudget as read } from '@/lib/server/queries/budget.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { action } from './action.ts';

/** The one batched read of the Budget page: limits, costs and prices in one answer a tick. */
export const readBudget = action(
  z.strictObject({ app: z.string().max(100), environment: z.string().max(100) }),
  async (_call, input): Promise<BudgetView> => read(getRuntime(), input),
  { name: 'readBudget' },
);
