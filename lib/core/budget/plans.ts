import type { PlanChoice } from '../model/budget.ts';
import { NEON_PLANS } from '../neon/limits.ts';
import { DAY_MS, SECOND_MS } from '../time/range.ts';
import { rateText } from '../units/format-rate.ts';
import { valueText } from '../units/format-value.ts';
import { amountUsd } from './costs.ts';
import type { PriceTable } from './effective-prices.ts';
import {
  NEON_PLAN_IDS,
  type NeonPlanId,
  PAYG_FREE_STORAGE_BYTES,
  READ_REGION_SHARE,
  REDIS_PLAN_IDS,
  REDIS_PLANS,
  type RedisPlan,
  type RedisPlanId,
} from './plan-table.ts';

export { type NeonPlanId, type RedisPlanId, redisPlanKind, redisPlanOf } from './plan-table.ts';

/** What a Redis is used for in a month; null where not known. */
export interface RedisUse {
  now: RedisPlanId | null;
  commandsPerMonth: number | null;
  storageBytes: number | null;
  bandwidthBytesPerMonth: number | null;
  mostCommandsPerSecond: number | null;
  readRegions: number;
  /** Share of commands that write, 0–1, where they were counted before regions multiply them; null: counted as billed. */
  writesShare: number | null;
  daysInMonth: number;
}

/** Every plan of Upstash at this use, and the rate at which each is as dear as the one of now. */
export function chooseRedisPlans(use: RedisUse, prices: PriceTable): PlanChoice[] {
  const monthSeconds = (use.daysInMonth * DAY_MS) / SECOND_MS;
  const times = use.writesShare === null ? 1 : 1 + use.readRegions * use.writesShare;
  const commands = use.commandsPerMonth === null ? null : use.commandsPerMonth * times;
  const perCommand = (prices.upstash_command.usd / prices.upstash_command.per) * times;
  const over = (bytes: number | null, free: number) => Math.max(0, (bytes ?? 0) - free);
  const extras =
    (amountUsd(over(use.storageBytes, PAYG_FREE_STORAGE_BYTES), prices.upstash_storage) ?? 0) +
    (amountUsd(over(use.bandwidthBytesPerMonth, REDIS_PLANS.payg.bandwidthBytes), prices.upstash_bandwidth) ??
      0);
  const fixedUsd = ({ priceId }: RedisPlan) =>
    priceId === null ? 0 : prices[priceId].usd * (1 + READ_REGION_SHARE * use.readRegions);
  const usdOf = (id: RedisPlanId) => {
    if (id !== 'payg') return fixedUsd(REDIS_PLANS[id]);
    const paid = amountUsd(commands, prices.upstash_command);
    return paid === null ? null : paid + extras;
  };
  /** The rate at which pay as you go costs as much as a plan with a price of its own. */
  const evenWith = (id: RedisPlanId) =>
    perCommand <= 0 ? null : Math.max(0, fixedUsd(REDIS_PLANS[id]) - extras) / perCommand / monthSeconds;
  return REDIS_PLAN_IDS.map((id) => {
    const isFixed = REDIS_PLANS[id].priceId !== null;
    return {
      id: `upstash/${id}`,
      name: `Upstash ${REDIS_PLANS[id].name}`,
      usdPerMonth: usdOf(id),
      breakEvenPerSecond: use.now === 'payg' && isFixed ? evenWith(id) : null,
      cheaperBelowPerSecond:
        use.now !== null && REDIS_PLANS[use.now].priceId !== null && id === 'payg' ? evenWith(use.now) : null,
      rateWindow: 'h',
      unit: 'commands',
      isNow: id === use.now,
      leftOut: id === 'payg' ? leftOutOf(use) : null,
      against: againstRedis(REDIS_PLANS[id], id, { ...use, commandsPerMonth: commands }),
    };
  });
}

function leftOutOf({ storageBytes, bandwidthBytesPerMonth }: RedisUse): string | null {
  const unknown = [
    ...(storageBytes === null ? ['storage'] : []),
    ...(bandwidthBytesPerMonth === null ? ['traffic'] : []),
  ];
  return unknown.length === 0 ? null : `without ${unknown.join(' and ')}, which is not known`;
}

function againstRedis(plan: RedisPlan, id: RedisPlanId, use: RedisUse): string | null {
  const isOver = (used: number | null, most: number | null): used is number =>
    used !== null && most !== null && used > most;
  if (isOver(use.storageBytes, plan.storageBytes))
    return `holds ${valueText(plan.storageBytes, 'bytes')}, ${valueText(use.storageBytes, 'bytes')} are used`;
  if (isOver(use.commandsPerMonth, plan.commandsPerMonth))
    return `takes ${valueText(plan.commandsPerMonth, 'commands')} commands a month, ${valueText(use.commandsPerMonth, 'commands')} are sent`;
  // Pay as you go is paid for what is over.
  if (id !== 'payg' && isOver(use.bandwidthBytesPerMonth, plan.bandwidthBytes))
    return `moves ${valueText(plan.bandwidthBytes, 'bytes')} a month, ${valueText(use.bandwidthBytesPerMonth, 'bytes')} are moved`;
  if (isOver(use.mostCommandsPerSecond, plan.commandsPerSecond))
    return `takes ${rateText(plan.commandsPerSecond, 'commands', 's')}, ${rateText(use.mostCommandsPerSecond, 'commands', 's')} were sent`;
  return null;
}

/** What a Neon project is used for in a month; null where not known. */
export interface NeonUse {
  now: NeonPlanId | null;
  computeUnitSecondsPerMonth: number | null;
  storageBytes: number | null;
  transferBytesPerMonth: number | null;
  daysInMonth: number;
}

/** Every plan of Neon at this use. Rates are seconds of a compute unit. */
export function chooseNeonPlans(use: NeonUse, prices: PriceTable): PlanChoice[] {
  const usdOf = (id: NeonPlanId) => {
    if (id === 'free') return 0;
    const price = id === 'launch' ? prices.neon_compute_launch : prices.neon_compute_scale;
    const compute = amountUsd(use.computeUnitSecondsPerMonth, price);
    const storage = amountUsd(use.storageBytes, prices.neon_storage);
    if (compute === null || storage === null) return null;
    const free = NEON_PLANS[id].transferBytesIncluded ?? 0;
    const moved = Math.max(0, (use.transferBytesPerMonth ?? 0) - free);
    return compute + storage + (amountUsd(moved, prices.neon_egress) ?? 0);
  };
  return NEON_PLAN_IDS.map((id) => ({
    id: `neon/${id}`,
    name: `Neon ${NEON_PLANS[id].name}`,
    usdPerMonth: usdOf(id),
    // The price of compute is all that differs between the paid plans, so no rate turns one dearer than the other.
    breakEvenPerSecond:
      use.now === 'scale' && id === 'launch' && prices.neon_compute_launch.usd < prices.neon_compute_scale.usd
        ? 0
        : null,
    cheaperBelowPerSecond: null,
    rateWindow: 'h',
    unit: 'seconds',
    isNow: id === use.now,
    leftOut:
      id !== 'free' && use.transferBytesPerMonth === null ? 'without traffic, which is not known' : null,
    against: againstNeon(id, use),
  }));
}

function againstNeon(id: NeonPlanId, use: NeonUse): string | null {
  const { computeUnitSecondsIncluded, storageBytesIncluded, transferBytesIncluded } = NEON_PLANS[id];
  const { computeUnitSecondsPerMonth: compute, storageBytes: storage, transferBytesPerMonth: moved } = use;
  if (storageBytesIncluded !== null && storage !== null && storage > storageBytesIncluded)
    return `holds ${valueText(storageBytesIncluded, 'bytes')}, ${valueText(storage, 'bytes')} are used`;
  if (computeUnitSecondsIncluded !== null && compute !== null && compute > computeUnitSecondsIncluded)
    return `stops after ${computeUnitSecondsIncluded / 3_600} CU-hours a month, ${(compute / 3_600).toFixed(0)} are used`;
  if (id === 'free' && transferBytesIncluded !== null && moved !== null && moved > transferBytesIncluded)
    return `moves ${valueText(transferBytesIncluded, 'bytes')} a month, ${valueText(moved, 'bytes')} are moved`;
  return null;
}
