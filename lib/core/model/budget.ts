import type { Price, PriceId } from '../budget/prices.ts';
import type { Unit } from '../metrics/catalogue/entry.ts';
import type { RateWindow } from '../units/format-rate.ts';
import type { Period, PoolRow } from './money.ts';
import type { Quality } from './sample.ts';
import type { SuspensionView } from './suspension.ts';
import type { Scope } from './target.ts';
import type { ModeView, SentenceView, SourceView } from './view.ts';

/** When something is used up: the likely time, and the band that holds it nine times of ten. All null where it lasts. */
export interface EndForecast {
  likelyMs: number | null;
  /** Soonest of the band; null where even that lasts. */
  earliestMs: number | null;
  /** Latest of the band; null where it may last. */
  latestMs: number | null;
  /** From how much history it was made, ms. */
  fromMs: number;
}

/** Something that runs out. */
export interface BudgetLimit {
  id: string;
  name: string;
  /** Of which source: `Upstash harbor-cache`. */
  source: string;
  unit: Unit;
  used: number;
  allowed: number;
  period: Period | null;
  /** When a new period begins; null where it never does, or nobody tells. */
  renewsMs: number | null;
  /** Now, per second; null where it can't be told. */
  perSecond: number | null;
  rateWindow: RateWindow;
  forecast: EndForecast | null;
  /** True when it is known to last, with the whole band, until the period ends; where none does, for 90 days. */
  lasts: boolean;
  /** Why there is no forecast; null where there is one. */
  why: string | null;
  /** Over the period so far and to its end: `[ms, used]`, and the band of what is to come. */
  past: readonly (readonly [number, number])[];
  ahead: readonly (readonly [atMs: number, lo: number, likely: number, hi: number])[];
  quality: Quality;
}

/** What one part costs. */
export interface BudgetCost {
  id: string;
  /** `GET`, `Neon compute`, `Afterwatch itself`. */
  what: string;
  /** How many a day, in `unit`; null where not known. */
  perDay: number | null;
  unit: Unit;
  usdPerDay: number | null;
  /** By the calendar month that runs: what was used so far and what is to come at this rate. */
  usdPerMonth: number | null;
  priceId: PriceId | null;
  quality: Quality;
  /** Why an amount is missing, or what it rests on: `not billed by the command on this plan`; null or absent without a remark. */
  why?: string | null;
}

/** What everything that is paid by use costs together; null where a part of it can't be told. */
export interface BudgetTotal {
  usdPerDay: number | null;
  /** The calendar month that runs: what was used so far, and the rest at the rate of now. */
  usdPerMonth: number | null;
}

/** Another plan for the same thing. */
export interface PlanChoice {
  id: string;
  name: string;
  /** At this use; null where that is not known. */
  usdPerMonth: number | null;
  /** Per second: above it this plan is cheaper than the one of now; null where never. */
  breakEvenPerSecond: number | null;
  /** Per second: below it this plan is cheaper than the one of now; null where never. */
  cheaperBelowPerSecond?: number | null;
  rateWindow: RateWindow;
  unit: Unit;
  isNow: boolean;
  /** What the price leaves out since it is not known: `without traffic`. Null where it is whole. */
  leftOut?: string | null;
  /** Why it would not do: `holds 1 GB, 3.2 GB are used`. Null where it would. */
  against: string | null;
}

/** Pools against one database. */
export interface BudgetPool extends PoolRow {
  /** Old and new machines with a pool each while a rolling deploy adds one, with all machines twice, at most machines. */
  rollingPeak: number | null;
  maxScale: { machines: number; connections: number } | null;
  usedNow: number | null;
}

/** A database that could sleep. */
export interface BudgetAwake {
  id: string;
  name: string;
  awakeMsToday: number | null;
  awakeMsPeriod: number | null;
  usdPerDay: number | null;
  suspendAfterMs: number | null;
  /** What keeps it awake, the busiest first: statement families, workers, requests. */
  keptBy: readonly { what: string; perSecond: number | null; kind: 'statement' | 'worker' | 'requests' }[];
}

/** A price with where it comes from; `own` when the config says another one than the list. */
export interface BudgetPrice extends Price {
  id: PriceId;
  own: boolean;
  /** What the config says of it: `contract of 2026`. Null without a note. */
  note?: string | null;
}

/** Parts of the page that can be empty. */
export const BUDGET_PARTS = ['limits', 'costs', 'plans', 'pools', 'awake', 'observer', 'targets'] as const;
export type BudgetPart = (typeof BUDGET_PARTS)[number];

/** The Budget page: everything that one tick may change. */
export interface BudgetView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  suspension?: SuspensionView | null;
  sentence: SentenceView;
  /** What runs out first stands first; what lasts stands last. */
  limits: readonly BudgetLimit[];
  costs: readonly BudgetCost[];
  plans: readonly PlanChoice[];
  pools: readonly BudgetPool[];
  awake: readonly BudgetAwake[];
  /** Our own bill, by source. */
  observer: readonly BudgetCost[];
  prices: readonly BudgetPrice[];
  /** What the promised level of the latest deploys would cost, beside the level before and now. */
  targets: readonly BudgetTarget[];
  /** How the forecast is made, in plain words. */
  method: string;
  /** Why a part is empty, and what would fill it; absent for one that is not. */
  whys?: Partial<Record<BudgetPart, { reason: string; fix: string | null }>>;
  /** Where the counts by command come from, when that is not the database itself; null or absent without a remark. */
  costsNote?: string | null;
  /** Of all costs but our own; null or absent where nothing is paid by use. */
  total?: BudgetTotal | null;
  /** Alerts that fire; null where no rule has been evaluated yet. */
  firing?: number | null;
  refreshMs: number;
}

/** What a deploy's promise costs. */
export interface BudgetTarget {
  deployId: string;
  release: string;
  claimId: string;
  title: string;
  /** What the widest promise of a deploy counts; null or absent for one on a part of the app. */
  whole?: 'commands' | 'GETs' | null;
  unit: Unit;
  rateWindow: RateWindow;
  /** Rates per second and what each costs a day; null where not known, or not billed. */
  before: { perSecond: number; usdPerDay: number } | null;
  promised: { perSecond: number; usdPerDay: number } | null;
  measured: { perSecond: number; usdPerDay: number } | null;
  /** What the summary itself said, where it named money: dollars a day. */
  stated: { beforeUsdPerDay: number | null; afterUsdPerDay: number | null } | null;
}

/** True for what counts compute: seconds of a unit, which are no time of day, and are told in CU-hours. */
export function isCompute({ id, unit }: { id: string; unit: Unit }): boolean {
  return unit === 'seconds' && /\/(?:plan_)?compute(?:_time)?$/.test(id);
}

/** A name inside a sentence: `Free quota` as `free quota`; names and short forms keep their capital. */
export function nameInText(name: string): string {
  return /^[A-Z][a-z]/.test(name) && !/^(Redis|Upstash|Neon|Postgres|Fly)\b/.test(name)
    ? name.charAt(0).toLowerCase() + name.slice(1)
    : name;
}
