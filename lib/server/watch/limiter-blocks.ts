import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { BLOCK_MS, DAY_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { type CountBlock, isUsable } from '@/lib/core/verdict/blocks.ts';
import type { GuardFacts, LimiterBlock } from '@/lib/core/watch/guard-types.ts';
import { readFlows } from '../queries/flows.ts';
import { gridOf } from '../queries/grid.ts';
import type { Runtime } from '../runtime.ts';

const METRIC = 'app_limiter_decisions_total' as const;

/** What the limiters of an app decided since T₀, block by block, and how often they decided in the day before. */
export async function readLimiter(
  runtime: Runtime,
  { app, environment }: Scope,
  range: TimeRange,
): Promise<GuardFacts['limiter']> {
  const prefix = `${app}/${environment}/app/`;
  const targetIds = [
    ...new Set(runtime.store.findSeries({ metric: METRIC }).map(({ targetId }) => targetId)),
  ].filter((id) => id.startsWith(prefix));
  if (targetIds.length === 0) return null;
  const read = async (labels: Record<string, string>, over: TimeRange) => {
    const grid = gridOf(over, BLOCK_MS);
    const { byTarget } = await readFlows(runtime, { metric: METRIC, labels, targetIds }, grid);
    return grid.starts.map((_, i) => {
      const usable = [...byTarget.values()].flatMap((flow): NonNullable<CountBlock>[] => {
        const block = flow[i] ?? null;
        return isUsable(block) ? [block] : [];
      });
      return usable.length === 0 ? null : usable.reduce((sum, { increase }) => sum + increase, 0);
    });
  };
  const dayBefore = { startMs: range.startMs - DAY_MS, endMs: range.startMs };
  const [decisions, limited, failedOpen, before] = await Promise.all([
    read({}, range),
    read({ decision: 'limited' }, range),
    read({ decision: 'failed_open' }, range),
    read({}, dayBefore),
  ]);
  const after = decisions.map(
    (all, i): LimiterBlock =>
      all === null ? null : { decisions: all, limited: limited[i] ?? 0, failedOpen: failedOpen[i] ?? 0 },
  );
  const told = [...after, ...before].some((block) => block !== null);
  return told ? { after, dayBefore: before.reduce<number>((sum, all) => sum + (all ?? 0), 0) } : null;
}
