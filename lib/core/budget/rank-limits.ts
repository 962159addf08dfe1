import type { BudgetLimit } from '../model/budget.ts';

/** What likely ends stands first, the soonest before the others; then what may end, what nobody can tell, what lasts. */
export function rankLimits(limits: readonly BudgetLimit[]): readonly BudgetLimit[] {
  return limits
    .map((limit) => ({ limit, ...placeOf(limit) }))
    .sort((a, b) => a.rank - b.rank || a.atMs - b.atMs || a.limit.name.localeCompare(b.limit.name))
    .map(({ limit }) => limit);
}

function placeOf({ forecast, lasts }: BudgetLimit): { rank: number; atMs: number } {
  if (lasts) return { rank: 3, atMs: 0 };
  if (forecast === null) return { rank: 2, atMs: 0 };
  if (forecast.likelyMs !== null) return { rank: 0, atMs: forecast.likelyMs };
  return forecast.earliestMs === null ? { rank: 2, atMs: 0 } : { rank: 1, atMs: forecast.earliestMs };
}
