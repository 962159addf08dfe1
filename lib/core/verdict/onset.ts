import type { ClaimVerdict } from '../model/verdict.ts';
import { BLOCK_MS } from '../time/range.ts';
import { BLOCKS_PER_DAY } from './baseline.ts';
import { logsOf } from './before-side.ts';
import { findChangeTime } from './change-time.ts';
import { deviationsOf } from './interval.ts';
import { maskBlocks } from './verdict-numbers.ts';
import type { Watched } from './watched.ts';

/**
 * When the number changed, from the day before T₀ and all since it, the settle time too: a step that began before the
 * deploy is not its work. Null where no step clears the noise, and for events that are counted one by one.
 */
export function onsetOf({ input, before, plan, startMs, atBlocks, route }: Watched): ClaimVerdict['onset'] {
  const { baseline, logs, step } = before;
  if (baseline === null || route.kind !== 'logs') return null;
  const dayBefore = logs.slice(-BLOCKS_PER_DAY);
  // A shorter row still ends at T₀: it begins that much later in the day.
  const padded = [...Array.from({ length: BLOCKS_PER_DAY - dayBefore.length }, () => null), ...dayBefore];
  const blocks = maskBlocks(input.blocks, (i) => i >= atBlocks || plan.isMasked[i] === true);
  const deviations = [
    ...deviationsOf(padded, baseline.expected),
    ...deviationsOf(logsOf(blocks, 'after', step), baseline.expected),
  ];
  const found = findChangeTime(deviations, BLOCKS_PER_DAY, baseline);
  if (found === null) return null;
  const timeOf = (index: number) => startMs + (index - BLOCKS_PER_DAY) * BLOCK_MS;
  return { atMs: timeOf(found.atIndex), loMs: timeOf(found.loIndex), hiMs: timeOf(found.hiIndex) };
}
