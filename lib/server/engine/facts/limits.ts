import 'server-only';
import type { LimitFacts } from '@/lib/core/alerts/facts/limits.ts';
import type { FactReader } from './fact-reader.ts';
import { readAwake } from './limits-awake.ts';
import { readCost } from './limits-cost.ts';
import { readPlanFacts } from './limits-plans.ts';
import { readPools } from './limits-pools.ts';
import { readQuotas } from './limits-quotas.ts';

/** What runs out or costs. Nothing here is asked of a source. */
export const readLimitFacts: FactReader<LimitFacts> = async (question) => {
  const [quotas, cost, plans, pools, awake] = await Promise.all([
    readQuotas(question),
    readCost(question),
    readPlanFacts(question),
    readPools(question),
    readAwake(question),
  ]);
  const tell = (atMs: number): LimitFacts => ({
    get quotas() {
      return quotas(atMs);
    },
    get cost() {
      return cost(atMs);
    },
    get plans() {
      return plans(atMs);
    },
    get pools() {
      return pools(atMs);
    },
    get awake() {
      return awake(atMs);
    },
  });
  // A backtest of one rule asks for one part, thousands of times; a look of now is told at once, so that what fails, fails here.
  return question.isPast ? tell : (atMs) => ({ ...tell(atMs) });
};
