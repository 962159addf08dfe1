import 'server-only';
import { PRICES, type Price } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { targetIdsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** List price of a command to the Redis of a scope; why there is none where nothing is billed by the command. */
export function commandPriceOf(
  { config, poller, clock, store, modes }: Runtime,
  scope: Scope,
  nowMs: number,
): Pick<Price, 'usd' | 'per'> | { why: string } {
  const reading = { config, poller, clock, store, ...(modes !== undefined && { modes }) };
  const statuses = targetIdsOf(reading, scope).flatMap((id) => poller.status(id, nowMs) ?? []);
  const provider = statuses.find(({ target }) => target.kind === 'upstash');
  if (provider !== undefined) {
    const { plan } = provider.facts;
    if (plan === 'pay as you go') return PRICES.upstash_command;
    return {
      why:
        plan === undefined
          ? 'The plan of the Redis is not known, so neither is the price of a command.'
          : `On the plan “${plan}” a command has no price of its own.`,
    };
  }
  for (const { target, facts } of statuses) {
    if (target.kind !== 'redis' || target.plan === 'fixed' || target.metered === false) continue;
    const price = commandPrice({
      host: target.address.replace(/:\d+$/, ''),
      flavour: facts.flavour ?? null,
    });
    if (price !== null) return price;
  }
  return { why: 'Commands of this Redis are not billed one by one.' };
}
