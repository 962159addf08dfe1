import 'server-only';
import { type Acts, addActs, NO_ACTS } from '@/lib/core/budget/acts.ts';
import { costUsd, type Price } from '@/lib/core/budget/prices.ts';
import { commandPrice } from '@/lib/core/budget/source-price.ts';
import type { ObserverView } from '@/lib/core/model/view.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';

/** What watching one source costs: yesterday, a day at the present pace, in money where it is billed, and our own limit. */
export function readObserver({ ledger }: Pick<Runtime, 'ledger'>, status: TargetStatus): ObserverView {
  const { id, budget, pausedUntilMs } = status;
  const price = priceOf(status);
  const aDay = status.costADay === null ? null : wholeActs(status.costADay);
  return {
    yesterday: ledger.yesterday(id),
    aDay,
    usdToday: price === null ? null : costUsd(ledger.today(id).commands, price),
    usdADay: price === null ? null : costUsd(aDay?.commands ?? null, price),
    contactsADay: budget?.contactsPerDay ?? null,
    pausedUntilMs,
  };
}

/** What watching all sources has cost on one UTC day; those that are not configured any more count too. */
export interface ObserverDay extends Acts {
  /** `2026-04-09`. */
  day: string;
}

/** Today and the days before it on which anything was sent, newest first; 15 at most. */
export function readObserverDays({ ledger }: Pick<Runtime, 'ledger'>): ObserverDay[] {
  return ledger.days().map(({ day, costs }) => ({ day, ...[...costs.values()].reduce(addActs, NO_ACTS) }));
}

/** The price of a command of ours; null where nothing is billed or the price is not known. */
function priceOf({ target, budget, facts }: TargetStatus): Price | null {
  if (target.kind !== 'redis' || budget === null) return null;
  return commandPrice({ host: hostOf(target.address), flavour: facts.flavour ?? null });
}

/** The host of `host:port`. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}

function wholeActs({ commands, connects, queries, requests }: Acts): Acts {
  return {
    commands: Math.round(commands),
    connects: Math.round(connects),
    queries: Math.round(queries),
    requests: Math.round(requests),
  };
}
