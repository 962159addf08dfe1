import type { Unit } from '../metrics/catalogue/entry.ts';
import type { RateWindow } from '../units/format-rate.ts';

/** How often a limit starts again, or a price is due. */
export const PERIODS = ['day', 'month', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Something that runs out: `Free quota, 500K a month`. */
export interface LimitRow {
  kind: 'limit';
  id: string;
  name: string;
  unit: Unit;
  /** What may be used in a period; null where the provider does not tell. */
  allowed: number | null;
  period: Period | null;
  /** Used so far in this period; null where not known. */
  used: number | null;
  /** The rate that the forecast is made with, per second; null without one. */
  perSecond: number | null;
  rateWindow: RateWindow;
  /** When it is gone at that rate; null when it lasts the period, or nobody can tell. */
  endsAtMs: number | null;
  /** True when it is known to last until the period ends. */
  lasts: boolean;
}

/** What something costs, before and after the deploy. */
export interface PriceRow {
  kind: 'price';
  id: string;
  name: string;
  /** `$0.20 per 100K`: dollars for so many units. */
  price: { usd: number; per: number };
  /** Dollars a period; null where a side is not known. */
  beforeUsd: number | null;
  afterUsd: number | null;
  period: Period;
}

/** The rate at which another plan becomes cheaper. */
export interface PlanRow {
  kind: 'plan';
  id: string;
  name: string;
  usd: number;
  period: Period;
  unit: Unit;
  /** Per second; null where it is never cheaper, or not known. */
  breakEvenPerSecond: number | null;
  rateWindow: RateWindow;
}

/** Connections that the machines may open together, against what the database allows. */
export interface PoolRow {
  kind: 'pool';
  id: string;
  name: string;
  machines: number | null;
  perMachine: number | null;
  /** Steady: machines × pool. */
  steady: number | null;
  /** While old and new machines run side by side. */
  deployPeak: number | null;
  allowed: number | null;
}

export type MoneyRow = LimitRow | PriceRow | PlanRow | PoolRow;

/** What runs out first, and what it costs. Amounts in dollars, rates per second; null where unknown. */
export interface MoneyView {
  rows: readonly MoneyRow[];
  /** Where prices come from and when they were looked up: `prices of 9 Apr 2026`; null when they are the reader's own. */
  priceNote: string | null;
}

/** The limit that runs out first; null when none does, or none can be told. */
export function firstLimit(rows: readonly MoneyRow[]): (LimitRow & { endsAtMs: number }) | null {
  const ending = rows.flatMap((row) =>
    row.kind === 'limit' && row.endsAtMs !== null ? [{ ...row, endsAtMs: row.endsAtMs }] : [],
  );
  return ending.reduce<(typeof ending)[number] | null>(
    (first, row) => (first === null || row.endsAtMs < first.endsAtMs ? row : first),
    null,
  );
}

/** Limits by time left, those that cannot be told after them, those that last after these; then everything else as given. */
export function rankMoneyRows(rows: readonly MoneyRow[]): readonly MoneyRow[] {
  const rank = (row: MoneyRow) => {
    if (row.kind !== 'limit') return 3;
    if (row.endsAtMs !== null) return 0;
    return row.lasts ? 2 : 1;
  };
  const endOf = (row: MoneyRow) => (row.kind === 'limit' ? (row.endsAtMs ?? 0) : 0);
  return [...rows].sort((a, b) => rank(a) - rank(b) || endOf(a) - endOf(b));
}
