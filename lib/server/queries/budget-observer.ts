import 'server-only';
import { monthOf } from '@/lib/core/budget/month.ts';
import { costUsd, type Price } from '@/lib/core/budget/prices.ts';
import type { BudgetCost } from '@/lib/core/model/budget.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { isBilledRedis, type RedisBilling } from './budget-billing.ts';
import { readObserver } from './observer.ts';

/** What watching each source takes and costs: our own bill, by the ledger of everything that we send. */
export function readObserverCosts(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  billing: RedisBilling,
  nowMs: number,
): BudgetCost[] {
  const { days } = monthOf(nowMs);
  // Where one says by itself that it is billed, the others are not.
  const isNamed = statuses.some(isBilledRedis);
  return statuses.map((status): BudgetCost => {
    const { target } = status;
    const { aDay, contactsADay } = readObserver(runtime, status);
    const unit = target.kind === 'redis' ? 'commands' : target.kind === 'postgres' ? 'queries' : 'requests';
    const row = {
      id: status.id,
      what: `${target.kind} ${target.name}`,
      perDay: aDay === null ? null : aDay[unit],
      unit,
    } as const;
    const { price, why } = priceOf(status, isNamed, billing);
    const usdPerDay = aDay === null ? null : price === null ? 0 : costUsd(aDay.commands, price);
    const most = contactsADay === null ? [] : [`at most ${contactsADay} a day`];
    return {
      ...row,
      usdPerDay,
      usdPerMonth: usdPerDay === null ? null : usdPerDay * days,
      priceId: price === null ? null : 'upstash_command',
      quality: aDay === null ? 'unavailable' : 'measured',
      why: aDay === null ? 'not visited yet' : [...most, why].join('; '),
    };
  });
}

/** What one act of ours costs at a source; null where it costs nothing. */
function priceOf(
  status: TargetStatus,
  isNamed: boolean,
  billing: RedisBilling,
): { price: Price | null; why: string } {
  const { target } = status;
  const isOther = target.kind !== 'redis' || target.metered === false || (isNamed && !isBilledRedis(status));
  if (isOther || billing === null) return { price: null, why: 'nothing of it is billed' };
  if (billing.kind === 'flat') return { price: null, why: billing.why };
  return { price: billing.price, why: 'every command of ours taken as billed' };
}
