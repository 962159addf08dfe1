import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import { alignDown, BLOCK_MS, DAY_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Reading } from '../runtime.ts';
import type { SeriesSelector } from '../store/store.ts';
import { eldestSeries } from './eldest-series.ts';
import { remember } from './remember.ts';
import { unlessAway } from './unless-away.ts';

/** A target silent for longer is no part of a sum any more, though the config still names it. */
export const BEGAN_DAYS = 14;
const MEMORY = { name: 'began', most: 500 };

/**
 * The targets that gave `metric` in the `days` before `beforeMs`, each by the series that it has had longest. Looked
 * up once for all who ask within five minutes. While the store is away every target counts that ever gave it: a sum that
 * lacks one is no sum, so at worst too little is shown.
 */
export async function readBegan(
  runtime: Reading,
  selector: SeriesSelector & { targetIds: readonly TargetId[] },
  beforeMs: number,
  days: number = BEGAN_DAYS,
): Promise<ReadonlySet<TargetId>> {
  const untilMs = alignDown(beforeMs, BLOCK_MS);
  const key = JSON.stringify([selector, untilMs, days]);
  const began = remember(runtime, MEMORY, key, BLOCK_MS, async () => {
    const dayMs = alignDown(untilMs, DAY_MS);
    const began = new Set<TargetId>();
    // The last day only up to the asked time: what begins after it has not begun.
    await addSeen(runtime, selector, { startMs: dayMs, endMs: untilMs }, BLOCK_MS, began);
    await addSeen(runtime, selector, { startMs: dayMs - days * DAY_MS, endMs: dayMs }, DAY_MS, began);
    return began;
  });
  return (await unlessAway<ReadonlySet<TargetId> | null>(began, null)) ?? everSeen(runtime, selector);
}

function everSeen(runtime: Reading, selector: SeriesSelector): ReadonlySet<TargetId> {
  return new Set(runtime.store.findSeries(selector).map(({ targetId }) => targetId));
}

async function addSeen(
  runtime: Reading,
  selector: SeriesSelector & { targetIds: readonly TargetId[] },
  range: TimeRange,
  stepMs: number,
  began: Set<TargetId>,
): Promise<void> {
  const targetIds = selector.targetIds.filter((id) => !began.has(id));
  if (range.endMs <= range.startMs || targetIds.length === 0) return;
  for (const eldest of eldestSeries(runtime.store, { ...selector, targetIds })) {
    await runtime.store.scanBuckets(eldest.selector, range, stepMs, ({ targetId }, columns) => {
      for (let i = 0; i < columns.length; i++) if (!columns.isEmpty(i)) began.add(targetId);
    });
  }
}
