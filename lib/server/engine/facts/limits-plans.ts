import 'server-only';
import type { PlanFact } from '@/lib/core/alerts/facts/limits.ts';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import { chooseRedisPlans, redisPlanKind, redisPlanOf } from '@/lib/core/budget/plans.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';
import { readRates } from './limits-rates.ts';

/** What a week was like a month is taken to be. */
const WEEK_MS = 7 * DAY_MS;

/** Redis of Upstash with its plan and the cheapest that would do; only where all that is priced is known. */
export async function readPlanFacts(question: FactQuestion): Promise<(atMs: number) => readonly PlanFact[]> {
  const upstash = question.statuses.filter(({ target }) => target.kind === 'upstash');
  if (upstash.length === 0) return () => [];
  const [visited, storage, disks, requests, bytes] = await Promise.all([
    readVisited(question),
    readLevels(question, 'upstash_storage_bytes', ['upstash']),
    readLevels(question, 'upstash_disk_limit_bytes', ['upstash']),
    readRates(question, 'upstash_month_requests_total', 'upstash', WEEK_MS),
    readRates(question, 'upstash_month_bandwidth_bytes_total', 'upstash', WEEK_MS),
  ]);
  const prices = effectivePrices(question.deps.config.prices ?? {});
  return (atMs) =>
    upstash.flatMap(({ id, target, facts }): PlanFact[] => {
      const source = visited(atMs).find((one) => one.id === id);
      const fresh = (levels: readonly Level[]) =>
        levels.find((one) => one.targetId === id && isFresh(one, source))?.value ?? null;
      const { days } = monthOf(atMs);
      const perMonth = (perSecond: number | null) =>
        perSecond === null ? null : (perSecond * days * DAY_MS) / SECOND_MS;
      const use = {
        now: redisPlanOf({ kind: redisPlanKind(facts.plan), diskLimitBytes: fresh(disks(atMs)) }),
        commandsPerMonth: perMonth(requests(id, atMs)),
        storageBytes: fresh(storage(atMs)),
        bandwidthBytesPerMonth: perMonth(bytes(id, atMs)),
      };
      // Whether counts of a database with read regions hold what those bill is not known.
      if (Object.values(use).includes(null) || (facts.readRegions ?? '').trim() !== '') return [];
      const plans = chooseRedisPlans(
        {
          ...use,
          // The busiest second is not looked at: all plans of this size take as many.
          mostCommandsPerSecond: null,
          ...{ readRegions: 0, writesShare: null },
          daysInMonth: days,
        },
        prices,
      );
      const now = plans.find(({ isNow }) => isNow);
      if (now === undefined || now.usdPerMonth === null) return [];
      const [best] = plans
        .filter(({ isNow, against }) => !isNow && against === null)
        .flatMap(({ name, usdPerMonth: usd }) => (usd === null ? [] : [{ name, usd }]))
        .sort((a, b) => a.usd - b.usd);
      const cheaper = best !== undefined && best.usd < now.usdPerMonth ? best : null;
      return [{ source: target.name, now: now.name, usdNow: now.usdPerMonth, cheaper }];
    });
}
