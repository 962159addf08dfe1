import { readBudget } from '@/lib/actions/budget.ts';
import type { BudgetReads } from './use-budget-view.ts';

/** The real server action behind the Budget page. */
export const budgetActions: BudgetReads = { readBudget };
