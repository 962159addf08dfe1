import 'server-only';
import type { ChartView, UsualView } from '@/lib/core/model/view.ts';
import { BLOCK_MS, DAY_MS } from '@/lib/core/time/range.ts';
import { slotsOf } from '@/lib/core/usual/day-slots.ts';
import { DAYS_NEEDED, type Usual, usualOf } from '@/lib/core/usual/usual.ts';
import type { Runtime } from '../runtime.ts';
import type { Grid } from './grid.ts';
import { historyRevision } from './history.ts';
import { remember } from './remember.ts';
import { readUsualDays, type UsualQuestion } from './usual-days.ts';

/** Whole days before the one in which a window begins. */
const DAYS = 14;
/** Neighbours on either side that a clock time is smoothed with, in 5-minute blocks. */
const REACH_BLOCKS = 3;
const MEMORY = { name: 'usual', most: 128 };
/** Digits sent: more than any screen shows. */
const DIGITS = 5;

/** What is usual over a window, or how many days there are of those that it takes. */
export type UsualAnswer = Pick<ChartView, 'usual' | 'usualForming'>;

/**
 * What is usual at the clock times (UTC) of the grid, from up to 14 whole days before the day in which it begins. Work
 * and reads are shared by all who ask within five minutes, whatever their range.
 */
export async function readUsual(runtime: Runtime, question: UsualQuestion, grid: Grid): Promise<UsualAnswer> {
  const slotMs = Math.max(BLOCK_MS, grid.stepMs);
  const lastDay = Math.floor(grid.range.startMs / DAY_MS);
  const usual = await rememberUsual(runtime, question, lastDay, slotMs / BLOCK_MS);
  const slots = grid.starts.map((startMs) => Math.floor((startMs % DAY_MS) / slotMs));
  const days = slots.reduce((most, slot) => Math.max(most, usual.days[slot] ?? 0), 0);
  if (days < DAYS_NEEDED) return { usual: null, usualForming: { days, needed: DAYS_NEEDED } };
  return { usual: toView(usual, grid.starts, slots, days) };
}

/** With whose memory helped, and on how many of the days. */
interface KnownUsual extends Usual {
  backfilled: { days: number; provider: string } | null;
}

function toView(
  usual: KnownUsual,
  starts: readonly number[],
  slots: readonly number[],
  days: number,
): UsualView {
  const { backfilled } = usual;
  return {
    label: `usual, ${days} days`,
    ...(backfilled !== null && {
      backfilled: { days: Math.min(backfilled.days, days), of: days, provider: backfilled.provider },
    }),
    points: starts.map((startMs, i) => [startMs, usual.middle[slots[i] ?? 0] ?? null]),
    band: starts.map((startMs, i) => {
      const slot = slots[i] ?? 0;
      return [startMs, usual.low[slot] ?? null, usual.high[slot] ?? null];
    }),
  };
}

function rememberUsual(
  runtime: Runtime,
  question: UsualQuestion,
  lastDay: number,
  blocksPerSlot: number,
): Promise<KnownUsual> {
  const key = JSON.stringify([question, lastDay, blocksPerSlot, historyRevision(runtime)]);
  return remember(runtime, MEMORY, key, BLOCK_MS, async () => {
    const days = await readUsualDays(runtime, question, lastDay - DAYS, DAYS);
    const slots = DAY_MS / BLOCK_MS / blocksPerSlot;
    const values = days.map(({ parts }) => slotsOf(parts, blocksPerSlot));
    const {
      middle,
      low,
      high,
      days: counts,
    } = usualOf(values, slots, Math.floor(REACH_BLOCKS / blocksPerSlot));
    const providers = days.flatMap(({ provider }) => provider ?? []);
    const [provider] = providers;
    return {
      middle: middle.map(round),
      low: low.map(round),
      high: high.map(round),
      days: counts,
      backfilled: provider === undefined ? null : { days: providers.length, provider },
    };
  });
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}
