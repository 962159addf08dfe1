import 'server-only';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { BudgetPrice } from '@/lib/core/model/budget.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** Price of a command to the Redis of a scope, the team’s own before the list’s; why there is none where nothing is billed by the command. */
export function commandPriceOf(
  { config, poller, clock, store, modes }: Runtime,
  scope: Scope,
  nowMs: number,
): Pick<BudgetPrice, 'usd' | 'per' | 'own'> | { why: string } {
  const price = effectivePrices(config.prices ?? {}).upstash_command;
  const reading = { config, poller, clock, store, ...(modes !== undefined && { modes }) };
  const statuses = targetIdsOf(reading, scope).flatMap((id) => poller.status(id, nowMs) ?? []);
  const provider = statuses.find(({ target }) => target.kind === 'upstash');
  if (provider !== undefined) {
    const { plan } = provider.facts;
    if (plan === 'pay as you go') return price;
    return {
      why:
        plan === undefined
          ? 'The plan of the Redis is not known, so neither is the price of a command.'
          : `On the plan “${plan}” a command has no price of its own.`,
    };
  }
  for (const { target, facts } of statuses) {
    if (target.kind !== 'redis' || target.plan === 'fixed' || target.metered === false) continue;
    const host = target.address.replace(/:\d+$/, '');
    if (commandPrice({ host, flavour: facts.flavour ?? null }) !== null) return price;
  }
  return { why: 'Commands of this Redis are not billed one by one.' };
}
