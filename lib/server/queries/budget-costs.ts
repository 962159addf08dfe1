import 'server-only';
import { commandCosts } from '@/lib/core/budget/costs.ts';
import { monthOf } from '@/lib/core/budget/month.ts';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { BudgetCost, BudgetTotal } from '@/lib/core/model/budget.ts';
import type { Quality } from '@/lib/core/model/sample.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import { DAY_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import type { Runtime } from '../runtime.ts';
import type { RedisBilling } from './budget-billing.ts';
import { addUp, type Bill, type BillQuestion, readNeonBills, readUpstashBills } from './budget-bills.ts';
import { readCounted } from './budget-levels.ts';
import { machineCounters } from './commands.ts';
import { targetIdsOf } from './scope.ts';

export interface Costs {
  rows: readonly BudgetCost[];
  total: BudgetTotal | null;
  /** What the total is made of, where providers count all of it; null where nothing is paid, or Redis alone counts. */
  bills: readonly Bill[] | null;
  /** Who counted the commands, where that is not the database itself; null without a remark. */
  note: string | null;
}

const DAY_SECONDS = DAY_MS / SECOND_MS;

/** What is paid by use: commands by command, then what else the providers bill. */
export async function readCosts(ask: BillQuestion, billing: RedisBilling): Promise<Costs> {
  const [commands, upstash, neon] = await Promise.all([
    readCommandCosts(ask.runtime, ask.question, billing, ask.nowMs),
    readUpstashBills(ask, billing),
    readNeonBills(ask),
  ]);
  const isAll = ({ cost }: Bill): boolean => cost.unit === 'commands';
  const bills = [...upstash, ...neon];
  // What the provider counts is the bill; the commands are its parts.
  const parts = upstash.some(isAll) ? [] : commands.rows.filter(({ priceId }) => priceId !== null);
  const rowsOf = (some: readonly Bill[]) => some.map(({ cost }) => cost);
  return {
    rows: [
      ...rowsOf(upstash.filter(isAll)),
      ...commands.rows,
      ...rowsOf(upstash.filter((bill) => !isAll(bill))),
      ...rowsOf(neon),
    ],
    total: sumOf([...parts, ...rowsOf(bills)]),
    bills: bills.length === 0 || parts.length > 0 ? null : bills,
    note: commands.note,
  };
}

interface CountRung {
  kind: SourceKind;
  metric: MetricName;
  quality: Quality;
  note: string | null;
}

/** Who can count commands by their name, the best first; the machines’ own counters come after them. */
const RUNGS: readonly CountRung[] = [
  { kind: 'redis', metric: 'redis_commands_total', quality: 'measured', note: null },
  { kind: 'prometheus', metric: 'redis_commands_total', quality: 'measured', note: null },
  {
    kind: 'upstash',
    metric: 'upstash_commands_total',
    quality: 'inferred',
    note: 'Commands are added up from the provider’s sampled points.',
  },
];
const BY_MACHINES = 'Commands are counted by your machines: this Redis gives no counter by command.';

function chooseRung(
  runtime: Runtime,
  { scope }: FactQuestion,
): { rung: CountRung; targetIds: readonly TargetId[] } | null {
  for (const rung of RUNGS) {
    const targetIds = targetIdsOf(runtime, scope, rung.kind);
    const isThere =
      targetIds.length > 0 && runtime.store.findSeries({ metric: rung.metric, targetIds }).length > 0;
    if (isThere) return { rung, targetIds };
  }
  const metric = 'app_redis_commands_total';
  const { targetIds } = machineCounters(runtime, scope, metric);
  return targetIds.length === 0
    ? null
    : { rung: { kind: 'app', metric, quality: 'measured', note: BY_MACHINES }, targetIds };
}

async function readCommandCosts(
  runtime: Runtime,
  question: FactQuestion,
  billing: RedisBilling,
  nowMs: number,
): Promise<{ rows: BudgetCost[]; note: string | null }> {
  const chosen = chooseRung(runtime, question);
  if (chosen === null) return { rows: [], note: null };
  const { rung, targetIds } = chosen;
  const { startMs } = monthOf(nowMs);
  const keyOf = ({ labels }: { labels: Readonly<Record<string, string>> }) => labels.cmd ?? 'all commands';
  const counted = await readCounted(runtime, { metric: rung.metric, targetIds, keyOf }, startMs, nowMs);
  const seen = counted.filter(({ perSecond, soFar }) => perSecond !== 0 || (soFar ?? 0) > 0);
  const { quality, note } = rung;
  if (billing === null || billing.kind === 'flat') {
    const why = billing === null ? 'nothing says that commands are billed here' : billing.why;
    return {
      rows: seen.map(({ key, perSecond }) => ({
        id: `command/${key}`,
        what: key.toUpperCase(),
        perDay: perSecond === null ? null : perSecond * DAY_SECONDS,
        unit: 'commands',
        usdPerDay: null,
        usdPerMonth: null,
        priceId: null,
        quality,
        why,
      })),
      note,
    };
  }
  const byCommand = seen.map(({ key, perSecond, soFar }) => ({ command: key, perSecond, soFar }));
  const rows = commandCosts({
    ...{ byCommand, nowMs, price: billing.price, priceId: 'upstash_command', quality },
  });
  const isCut = seen.length > 0 && seen.every(({ soFar }) => soFar === null);
  const cut = `By command this month is not known: counting began after ${formatStamp(startMs)}.`;
  return { rows, note: [note, isCut ? cut : null].filter((one) => one !== null).join(' ') || null };
}

/** Null where a part is not known: a sum without it would look cheaper than it is. */
function sumOf(rows: readonly BudgetCost[]): BudgetTotal | null {
  const priced = rows.filter(({ priceId }) => priceId !== null);
  if (priced.length === 0) return null;
  return {
    usdPerDay: addUp(priced.map(({ usdPerDay }) => usdPerDay)),
    usdPerMonth: addUp(priced.map(({ usdPerMonth }) => usdPerMonth)),
  };
}
