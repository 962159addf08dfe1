import 'server-only';
import type { PriceId } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { BudgetPrice } from '@/lib/core/model/budget.ts';
import { NEON_PLANS } from '@/lib/core/neon/limits.ts';
import type { TargetStatus } from '../poller/target-poller.ts';

export type PriceList = Readonly<Record<PriceId, BudgetPrice>>;

/** How the commands of a Redis are paid. `counted`: one by one; `flat`: by the month, or not at all. */
export type RedisBilling = { kind: 'counted'; price: BudgetPrice } | { kind: 'flat'; why: string } | null;

/** How the commands of a scope’s Redis are paid, as its provider says; null where nothing tells. */
export function redisBilling(statuses: readonly TargetStatus[], prices: PriceList): RedisBilling {
  const upstash = statuses.filter(({ target }) => target.kind === 'upstash');
  const plans = upstash.flatMap(({ facts }) => facts.plan ?? []);
  if (plans.includes('pay as you go')) return { kind: 'counted', price: prices.upstash_command };
  if (plans.includes('free')) return { kind: 'flat', why: 'not billed on the free plan, but limited' };
  if (plans.some((plan) => plan === 'pro' || plan === 'paid'))
    return { kind: 'flat', why: 'not billed by the command on this plan' };
  if (statuses.some(isBilledRedis)) return { kind: 'counted', price: prices.upstash_command };
  return null;
}

/** True for a Redis that is known to bill its commands, by its address or its own words. */
export function isBilledRedis({ target, facts }: TargetStatus): boolean {
  if (target.kind !== 'redis' || target.plan === 'fixed' || target.metered === false) return false;
  const host = target.address.replace(/:\d+$/, '');
  return commandPrice({ host, flavour: facts.flavour ?? null }) !== null;
}

/** What a Neon project pays for compute; null on a plan that is not billed by use, or not known. */
export function neonComputePrice({ facts }: TargetStatus, prices: PriceList): BudgetPrice | null {
  if (facts.plan === NEON_PLANS.launch.name) return prices.neon_compute_launch;
  if (facts.plan === NEON_PLANS.scale.name) return prices.neon_compute_scale;
  return null;
}
