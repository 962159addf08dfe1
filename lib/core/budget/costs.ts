import type { Unit } from '../metrics/catalogue/entry.ts';
import type { BudgetCost } from '../model/budget.ts';
import type { Quality } from '../model/sample.ts';
import { DAY_MS, SECOND_MS } from '../time/range.ts';
import { monthOf } from './month.ts';
import { costUsd, type Price, type PriceId } from './prices.ts';

const DAY_SECONDS = DAY_MS / SECOND_MS;

/** Upstash says that these are free; its billing page neither says so nor denies it. */
const FREE_COMMANDS: readonly string[] = ['auth', 'info', 'ping', 'quit', 'command'];
/** Each counts one, and so does every command that the script runs: that is counted under its own name, or nowhere. */
const SCRIPTS: readonly string[] = ['eval', 'evalsha', 'eval_ro', 'evalsha_ro', 'fcall', 'fcall_ro'];

/** Whether Upstash bills a command, in any case and with or without a subcommand (`client|list`). */
export function isBilledCommand(command: string): boolean {
  return !FREE_COMMANDS.includes(nameOf(command));
}

/** Whether a command runs others, which are billed as well. */
export function runsOthers(command: string): boolean {
  return SCRIPTS.includes(nameOf(command));
}

function nameOf(command: string): string {
  return command.toLowerCase().split(/[| ]/, 1)[0] ?? '';
}

/** How many units of the price one of ours is: compute is counted in seconds of a unit, traffic in bytes. */
function unitsOf(price: Pick<Price, 'unit'>): number {
  switch (price.unit) {
    case 'CU-hour':
      return 1 / 3_600;
    case 'GB':
      return 1e-9;
    case 'command':
    case 'database':
    case 'branch':
      return 1;
    default:
      return price.unit satisfies never;
  }
}

/** Dollars for an amount in our base units: commands, bytes, seconds of a compute unit. Null for an unknown amount. */
export function amountUsd(amount: number | null, price: Price): number | null {
  return costUsd(amount === null ? null : amount * unitsOf(price), price);
}

/** What a rate costs in a day. */
export function usdPerDay(perSecond: number | null, price: Price): number | null {
  return amountUsd(perSecond === null ? null : perSecond * DAY_SECONDS, price);
}

/** What a rate costs in the whole calendar month, UTC, that runs. */
export function usdPerMonth(perSecond: number | null, price: Price, nowMs: number): number | null {
  const day = usdPerDay(perSecond, price);
  return day === null ? null : day * monthOf(nowMs).days;
}

export interface RateQuestion {
  id: string;
  what: string;
  unit: Unit;
  /** Of now. */
  perSecond: number | null;
  /** Of this calendar month so far, in `unit`. */
  soFar: number | null;
  nowMs: number;
  price: Price;
  priceId: PriceId;
  quality: Quality;
}

/** What is paid by use: a day at the rate of now, and this month: what was used and the rest of it at that rate. */
export function rateCost({
  id,
  what,
  unit,
  perSecond,
  soFar,
  nowMs,
  price,
  ...rest
}: RateQuestion): BudgetCost {
  const leftSeconds = (monthOf(nowMs).endMs - nowMs) / SECOND_MS;
  const month = perSecond === null || soFar === null ? null : soFar + perSecond * leftSeconds;
  return {
    id,
    what,
    unit,
    perDay: perSecond === null ? null : perSecond * DAY_SECONDS,
    usdPerDay: usdPerDay(perSecond, price),
    usdPerMonth: amountUsd(month, price),
    priceId: rest.priceId,
    quality: perSecond === null ? 'unavailable' : rest.quality,
  };
}

export interface LevelQuestion {
  id: string;
  what: string;
  /** Held now. */
  bytes: number | null;
  /** Of it nothing is paid for so many bytes. */
  free: number;
  nowMs: number;
  price: Price;
  priceId: PriceId;
  quality: Quality;
}

/** What is paid by the month for what is held: a whole month at the level of now, and a day of it. */
export function levelCost({
  id,
  what,
  bytes,
  free,
  nowMs,
  price,
  priceId,
  quality,
}: LevelQuestion): BudgetCost {
  const month = amountUsd(bytes === null ? null : Math.max(0, bytes - free), price);
  return {
    id,
    what,
    unit: 'bytes',
    perDay: null,
    usdPerDay: month === null ? null : month / monthOf(nowMs).days,
    usdPerMonth: month,
    priceId,
    quality: bytes === null ? 'unavailable' : quality,
  };
}

export interface CommandsQuestion {
  byCommand: readonly { command: string; perSecond: number | null; soFar: number | null }[];
  nowMs: number;
  price: Price;
  priceId: PriceId;
  quality: Quality;
}

/**
 * What each command costs, the dearest first; what is not known stands last. A command that is not billed costs 0 and
 * says so. A script says that what it runs stands elsewhere, and is inferred.
 */
export function commandCosts({ byCommand, quality, ...rest }: CommandsQuestion): BudgetCost[] {
  return byCommand
    .map(({ command, perSecond, soFar }) => {
      const name = command.toUpperCase();
      const own = {
        id: `command/${command.toLowerCase()}`,
        unit: 'commands',
        perSecond,
        soFar,
        ...rest,
      } as const;
      if (!isBilledCommand(command)) {
        const row = rateCost({ ...own, what: `${name} (not billed)`, quality });
        return { ...row, usdPerDay: 0, usdPerMonth: 0 };
      }
      if (runsOthers(command))
        return rateCost({ ...own, what: `${name} (without what its scripts run)`, quality: 'inferred' });
      return rateCost({ ...own, what: name, quality });
    })
    .sort((a, b) => (b.usdPerDay ?? -1) - (a.usdPerDay ?? -1) || a.what.localeCompare(b.what));
}
