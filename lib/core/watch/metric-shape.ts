import type { BaseSpan, UnitFamily } from '../claims/bind/base-units.ts';
import type { Good, Unit } from '../metrics/catalogue/entry.ts';
import { findMetric } from '../metrics/catalogue/index.ts';
import { findDerived } from '../metrics/derived/index.ts';
import { DAY_MS } from '../time/range.ts';

/** What of a metric decides how a claim can be held against it. */
export interface MetricShape {
  name: string;
  good: Good;
  family: UnitFamily;
  /** As its numbers are called: `seconds`, `ratio`, `commands per second`. */
  unitWords: string;
  /** True when its numbers are per time: a promise needs a window. */
  isRate: boolean;
  /** Per second of a claim to the metric's own unit: 86,400 for dollars a day. */
  perSecondFactor: number;
  /** Why no promise can be held against it; null where it can. A total that only grows says nothing of a rate. */
  rising: string | null;
  /** Which metrics tell shares of what it counts; null without one. */
  share: string | null;
}

const FAMILIES: Readonly<Partial<Record<Unit, UnitFamily>>> = {
  seconds: 'time',
  bytes: 'bytes',
  ratio: 'percent',
  usd: 'money',
};
const DAY_SECONDS = DAY_MS / 1000;
/** Totals since the month began, kept as levels; and what tells the same per time. */
const RUNNING_TOTALS: Readonly<Record<string, string>> = {
  upstash_month_cost_usd: 'upstash_commands_cost_usd_per_day',
  upstash_month_requests_used: 'upstash_net_commands_total',
  upstash_month_storage_bytes: 'upstash_storage_bytes',
};
const SHARES: Readonly<Record<string, string>> = {
  http_responses_total: 'http_server_errors_ratio and http_limited_ratio tell shares',
  fly_http_responses_total: 'fly_http_limited_ratio tells a share',
  app_limiter_decisions_total: 'app_limiter_limited_ratio and app_limiter_failed_open_ratio tell shares',
  app_cache_lookups_total: 'app_cache_hit_ratio tells a share',
};

/** The shape of a metric of the catalogue, its own or a derived one; null when there is none of this name. */
export function metricShape(name: string): MetricShape | null {
  const entry = findMetric(name);
  const derived = entry === null ? findDerived(name) : null;
  const found = entry ?? derived;
  if (found === null) return null;
  const isPerDay = name.endsWith('_usd_per_day');
  const isRate =
    entry?.kind === 'counter' || derived?.perSecond === true || name.endsWith('_per_second') || isPerDay;
  const instead = Object.hasOwn(RUNNING_TOTALS, name) ? RUNNING_TOTALS[name] : undefined;
  return {
    name,
    good: found.good,
    family: FAMILIES[found.unit] ?? 'count',
    unitWords: isPerDay ? 'dollars a day' : isRate ? `${found.unit} per time` : wordsOf(found.unit),
    isRate,
    perSecondFactor: isPerDay ? DAY_SECONDS : 1,
    rising:
      instead === undefined
        ? null
        : `${name} only grows until the month ends; bind ${instead}, which tells it per time.`,
    share: Object.hasOwn(SHARES, name) ? (SHARES[name] ?? null) : null,
  };
}

function wordsOf(unit: Unit): string {
  return unit === 'usd' ? 'dollars' : unit;
}

/**
 * A span in base units as a level of the metric; null where it is none: another unit, or a number of a rate without its
 * time. A 0 needs neither: none is none in any unit and any time.
 */
export function toMetricUnit(span: BaseSpan, shape: MetricShape): BaseSpan | null {
  if (span.low === 0 && span.high === 0) return { ...span, family: shape.family };
  const isBareRatio = shape.family === 'percent' && span.family === 'count' && Math.abs(span.high) <= 1;
  if (span.family !== shape.family && !isBareRatio) return null;
  if (span.perSecond !== shape.isRate) return null;
  const factor = shape.isRate ? shape.perSecondFactor : 1;
  return { ...span, family: shape.family, low: span.low * factor, high: span.high * factor };
}
