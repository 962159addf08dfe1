import 'server-only';
import { poolRow } from '@/lib/core/budget/pools.ts';
import type { BudgetPool } from '@/lib/core/model/budget.ts';
import { alignDown, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { FactQuestion } from '../engine/facts/fact-reader.ts';
import { tellersOf } from '../engine/facts/fleet-levels.ts';
import { readPools as readFacts } from '../engine/facts/limits-pools.ts';
import type { Runtime } from '../runtime.ts';
import { remember } from './remember.ts';

const MOST = { name: 'budget machines', most: 20 };
const LOOKED_AT_DAYS = 30;

/** Connections that the pools of all machines could open, against what each database takes. */
export async function readPools(
  runtime: Runtime,
  question: FactQuestion,
  maxMachines: number | null,
  nowMs: number,
): Promise<BudgetPool[]> {
  const [facts, seen] = await Promise.all([
    readFacts(question),
    maxMachines ?? readMostMachines(runtime, question, nowMs),
  ]);
  return facts(nowMs).map(({ source, possible, limit, used }) =>
    poolRow({
      id: `pool/${source}`,
      name: source,
      machines: possible?.machines ?? null,
      perMachine: possible?.perMachine ?? null,
      allowed: limit,
      usedNow: used,
      maxMachines: possible === null || seen === null ? null : Math.max(seen, possible.machines),
    }),
  );
}

/**
 * The most machines that told of a pool side by side in 30 days, for two hours at least: while a deploy rolls, old and
 * new ones are there together. Null where none did.
 */
function readMostMachines(runtime: Runtime, question: FactQuestion, nowMs: number): Promise<number | null> {
  const metric = 'app_db_pool_max' as const;
  const ids = tellersOf({ ...question, isPast: true }, metric, ['app']);
  const hour = alignDown(nowMs, HOUR_MS);
  if (ids.length === 0) return Promise.resolve(null);
  const key = JSON.stringify([question.scope, hour, ids.length]);
  return remember(runtime, MOST, key, HOUR_MS, async () => {
    const range = { startMs: hour - LOOKED_AT_DAYS * DAY_MS, endMs: hour };
    const found = await runtime.store.readBuckets({ metric, targetIds: ids }, range, HOUR_MS);
    const counts: number[] = new Array(Math.round((range.endMs - range.startMs) / HOUR_MS)).fill(0);
    for (const { buckets } of found) {
      for (const [i, bucket] of buckets.entries()) if (bucket !== null) counts[i] = (counts[i] ?? 0) + 1;
    }
    const lasting = counts.map((count, i) => Math.min(count, counts[i + 1] ?? 0));
    const most = lasting.reduce((best, count) => Math.max(best, count), 0);
    return most === 0 ? null : most;
  });
}
