import 'server-only';
import type { CostFact } from '@/lib/core/alerts/facts/limits.ts';
import { costUsd, PRICES } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { LATE_RATE_MS, readRates } from './limits-rates.ts';

/** Something that is paid by use. */
interface Part {
  what: string;
  /** Null where the rate of now is not known. */
  usdPerDay: (atMs: number) => number | null;
}

const DAY_SECONDS = DAY_MS / SECOND_MS;
const HOUR_SECONDS = HOUR_MS / SECOND_MS;

/**
 * What a day costs at the rate of the last hour and at list prices, over everything that is paid by use. Null where
 * nothing is, or where a part can't be told.
 */
export async function readCost(question: FactQuestion): Promise<(atMs: number) => CostFact | null> {
  const parts = [...(await redisParts(question)), ...(await neonParts(question))];
  return (atMs) => {
    const known = parts.map(({ what, usdPerDay }) => ({ what, usd: usdPerDay(atMs) }));
    if (known.length === 0 || known.some(({ usd }) => usd === null)) return null;
    const sums = known.map(({ what, usd }) => ({ what, usd: usd ?? 0 })).sort((a, b) => b.usd - a.usd);
    const [most] = sums;
    return {
      usdPerDay: sums.reduce((sum, { usd }) => sum + usd, 0),
      most: most === undefined ? '' : `${most.what}, ${formatMoney(most.usd)}/day`,
    };
  };
}

/** Commands, as the provider itself counts them, else as Redis does. */
async function redisParts(question: FactQuestion): Promise<Part[]> {
  const upstash = question.statuses.filter(({ target }) => target.kind === 'upstash');
  const what = 'Redis commands';
  const priced = (perSecond: number | null) =>
    costUsd(perSecond === null ? null : perSecond * DAY_SECONDS, PRICES.upstash_command);
  if (upstash.length > 0) {
    const rates = await readRates(question, 'upstash_month_requests_total', 'upstash');
    return upstash
      .filter(({ facts }) => facts.plan === 'pay as you go')
      .map(({ id }) => ({ what, usdPerDay: (atMs) => priced(rates(id, atMs)) }));
  }
  const rates = await readRates(question, 'redis_commands_processed_total', 'redis');
  return question.statuses
    .filter(isBilledRedis)
    .map(({ id }) => ({ what, usdPerDay: (atMs) => priced(rates(id, atMs)) }));
}

function isBilledRedis({ target, facts }: TargetStatus): boolean {
  if (target.kind !== 'redis' || target.plan === 'fixed' || target.metered === false) return false;
  const host = target.address.replace(/:\d+$/, '');
  return commandPrice({ host, flavour: facts.flavour ?? null }) !== null;
}

async function neonParts(question: FactQuestion): Promise<Part[]> {
  const plans = Object.values(NEON_PLANS);
  const paid = question.statuses.flatMap(({ id, target, facts }) => {
    const plan = target.kind === 'neon' ? plans.find(({ name }) => name === facts.plan) : undefined;
    const usd = plan?.usdPerComputeUnitHour ?? null;
    return usd === null ? [] : [{ id, usd }];
  });
  if (paid.length === 0) return [];
  const rates = await readRates(question, 'neon_compute_unit_seconds_total', 'neon', LATE_RATE_MS);
  return paid.map(({ id, usd }) => ({
    what: 'Neon compute',
    usdPerDay: (atMs) => {
      const perSecond = rates(id, atMs);
      return perSecond === null ? null : costUsd((perSecond * DAY_SECONDS) / HOUR_SECONDS, { usd, per: 1 });
    },
  }));
}
