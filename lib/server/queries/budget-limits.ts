import 'server-only';
import type { QuotaFact } from '@/lib/core/alerts/facts/limits.ts';
import { forecastLimit } from '@/lib/core/budget/forecast/forecast-limit.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import { costUsd, type Price } from '@/lib/core/budget/prices.ts';
import { rankLimits } from '@/lib/core/budget/rank-limits.ts';
import type { Unit } from '@/lib/core/metrics/catalogue/entry.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { BudgetLimit } from '@/lib/core/model/budget.ts';
import type { Period } from '@/lib/core/model/money.ts';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import { chooseRateWindow, type RateWindow } from '@/lib/core/units/format-rate.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { readQuotas } from '../engine/facts/limits-quotas.ts';
import { readRates } from '../engine/facts/limits-rates.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import { addHistories, paceOf, readUseHistory, type UseCounter } from './budget-history.ts';
import { latestFresh } from './budget-levels.ts';
import { type OwnBudget, ownBudgetOf } from './budget-own.ts';

/** How a quota is called, what it is counted in, and the counter that runs towards it. */
interface Known {
  name: string;
  unit: Unit;
  metric: MetricName;
  memory: MetricName | null;
}

/** By the last part of a quota’s id. */
const KNOWN: Readonly<Record<string, Known>> = {
  commands: {
    name: 'Command quota',
    unit: 'commands',
    metric: 'upstash_month_requests_total',
    memory: 'upstash_commands_total',
  },
  bandwidth: {
    name: 'Traffic quota',
    unit: 'bytes',
    metric: 'upstash_month_bandwidth_bytes_total',
    memory: null,
  },
  active_time: {
    name: 'Active time quota',
    unit: 'seconds',
    metric: 'neon_active_seconds_total',
    memory: null,
  },
  compute_time: {
    name: 'Compute quota',
    unit: 'seconds',
    metric: 'neon_compute_unit_seconds_total',
    memory: null,
  },
  plan_compute: {
    name: 'Free compute',
    unit: 'seconds',
    metric: 'neon_compute_unit_seconds_total',
    memory: null,
  },
  written_data: { name: 'Write quota', unit: 'bytes', metric: 'neon_written_bytes_total', memory: null },
  data_transfer: {
    name: 'Transfer quota',
    unit: 'bytes',
    metric: 'neon_transfer_bytes_total',
    memory: null,
  },
};
const VENDORS: Readonly<Record<string, string>> = { upstash: 'Upstash', neon: 'Neon' };
/** What was deployed longer ago changes no forecast of now. */
const STEPS_MS = 30 * DAY_MS;

const MOST_LATE_MS = 6 * HOUR_MS;

/** A limit before its forecast. */
export interface AskedLimit extends Omit<BudgetLimit, 'forecast' | 'lasts' | 'why' | 'past' | 'ahead'> {
  startsMs: number | null;
  counters: readonly [UseCounter, ...UseCounter[]];
  /** Used up beside what is counted, evenly. */
  evenPerSecond: number;
}

/** Every limit that a provider tells, or a person has set there or here, with its forecast; what runs out first stands first. */
export async function readBudgetLimits(
  runtime: Runtime,
  question: FactQuestion,
  own: OwnBudget,
  commandPrice: Price,
  nowMs: number,
): Promise<readonly BudgetLimit[]> {
  const [quotas, budgets] = await Promise.all([
    readQuotas(question),
    readUpstashBudgets(runtime, question, commandPrice, nowMs),
  ]);
  const asked = [
    ...quotas(nowMs).flatMap((fact) => askedOf(fact, question.statuses, nowMs) ?? []),
    ...budgets,
    ...ownBudgetOf(own, question, nowMs),
  ];
  const steps = stepsOf(runtime, question, nowMs);
  const limits = await Promise.all(
    asked.map(async ({ startsMs, counters, evenPerSecond, ...limit }): Promise<BudgetLimit> => {
      const [first, ...others] = counters;
      const more = others.map((counter) => readUseHistory(runtime, counter, nowMs));
      const history = addHistories(
        await readUseHistory(runtime, first, nowMs),
        await Promise.all(more),
        evenPerSecond,
      );
      const { used, allowed, renewsMs } = limit;
      const pace = paceOf(history);
      // A provider that tells late leaves the last hours open: what it told before stands in for them.
      const isLate = limit.perSecond === null && isBetween(pace.overMs, HOUR_MS, MOST_LATE_MS);
      const perSecond = isLate ? pace.perSecond : limit.perSecond;
      const told = forecastLimit({ used, allowed, history, nowMs, startsMs, renewsMs, perSecond, steps });
      const shown = perSecond ?? pace.perSecond;
      return {
        ...limit,
        perSecond: shown,
        rateWindow: windowOf(shown, limit.unit),
        quality: isLate ? 'inferred' : limit.quality,
        ...told,
      };
    }),
  );
  return rankLimits(limits);
}

/** Above the first bound, and up to the second one. */
function isBetween(ms: number | null, overMs: number, upToMs: number): boolean {
  return ms !== null && ms > overMs && ms <= upToMs;
}

function askedOf(
  { id, used, limit, perSecond, renewsMs, source }: QuotaFact,
  statuses: readonly TargetStatus[],
  nowMs: number,
): AskedLimit | null {
  const [vendor = '', ...rest] = id.split('/');
  const kind = rest.at(-1) ?? '';
  const known = Object.hasOwn(KNOWN, kind) ? KNOWN[kind] : undefined;
  const status = statuses.find(({ target }) => target.kind === vendor && target.name === source);
  if (known === undefined || status === undefined) return null;
  const isFree = vendor === 'upstash' && status.facts.plan === 'free';
  return {
    id,
    name: isFree && kind === 'commands' ? 'Free quota' : known.name,
    source: `${VENDORS[vendor] ?? vendor} ${source}`,
    unit: known.unit,
    used,
    allowed: limit,
    period: 'month',
    renewsMs,
    perSecond,
    rateWindow: windowOf(perSecond, known.unit),
    quality: kind === 'plan_compute' ? 'inferred' : 'measured',
    startsMs: startOf('month', renewsMs, nowMs),
    counters: [{ targetId: status.id, metric: known.metric, memory: known.memory, scale: 1 }],
    evenPerSecond: 0,
  };
}

/** Bytes and compute by the day; counts in the shortest window that gives whole numbers, an hour at least. */
function windowOf(perSecond: number | null, unit: Unit): RateWindow {
  if (unit !== 'commands') return 'day';
  const window = chooseRateWindow(perSecond);
  return window === 'day' ? 'day' : 'h';
}

function startOf(period: Period, renewsMs: number | null, nowMs: number): number | null {
  if (renewsMs === null || period !== 'month') return null;
  const at = new Date(renewsMs);
  at.setUTCMonth(at.getUTCMonth() - 1);
  return Math.min(at.getTime(), nowMs);
}

/** A month’s budget that was set at Upstash: past it the database refuses commands. */
async function readUpstashBudgets(
  runtime: Runtime,
  question: FactQuestion,
  price: Price,
  nowMs: number,
): Promise<AskedLimit[]> {
  const upstash = question.statuses.filter(({ target }) => target.kind === 'upstash');
  if (upstash.length === 0) return [];
  const rates = await readRates(question, 'upstash_month_requests_total', 'upstash');
  const month = monthOf(nowMs);
  return upstash.flatMap((status): AskedLimit[] => {
    const allowed = budgetUsd(status.facts.budget);
    const used = latestFresh(runtime, status, 'upstash_month_cost_usd', {});
    if (allowed === null || used === null) return [];
    const perSecond = costUsd(rates(status.id, nowMs), price);
    return [
      {
        id: `upstash/${status.target.name}/budget`,
        name: 'Redis budget',
        source: `Upstash ${status.target.name}`,
        unit: 'usd',
        used,
        allowed,
        period: 'month',
        renewsMs: month.endMs,
        perSecond,
        rateWindow: 'day',
        quality: 'measured',
        startsMs: month.startMs,
        counters: [
          {
            targetId: status.id,
            metric: 'upstash_month_requests_total',
            memory: 'upstash_commands_total',
            scale: price.usd / price.per,
          },
        ],
        evenPerSecond: 0,
      },
    ];
  });
}

/** The budget as the source tells it: `$1,200 a month`; null for none, and where it is not told. */
export function budgetUsd(fact: string | undefined): number | null {
  const digits = /^\$([\d,]{1,12}(?:\.\d{1,2})?) a month$/.exec(fact ?? '')?.[1];
  const usd = digits === undefined ? Number.NaN : Number(digits.replaceAll(',', ''));
  return usd > 0 ? usd : null;
}

/** When the level of use may have changed for good: deploys, and switches of Redis. */
function stepsOf({ deploys }: Runtime, { scope }: FactQuestion, nowMs: number): number[] {
  return (deploys?.listNow(scope) ?? [])
    .flatMap(({ startMs }) => (startMs > nowMs - STEPS_MS && startMs <= nowMs ? [startMs] : []))
    .sort((a, b) => a - b);
}
