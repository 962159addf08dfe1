import type { LogBlocks } from './blocks.ts';
import { FIRST_LOOK_BLOCKS } from './boundary.ts';
import { widthOfMeans } from './interval.ts';
import type { ClaimTarget } from './judge-types.ts';
import { downLimit, keeps, upLimit } from './limits.ts';
import type { RouteLook, RouteLooks } from './route-look.ts';

/** Means that the watch is cut into where nothing before it was measured (method 3.4, end). */
const BATCHES = 10;

export interface StatedInput {
  level: NonNullable<ClaimTarget['level']>;
  statedBefore: number | null;
  /** Levels since T₀, null for what must not count. */
  levels: LogBlocks;
}

/** The level that still keeps a promised one; with the tolerance of its change where the summary says what was before. */
export function statedLimit({
  level: { value, direction },
  statedBefore,
}: Omit<StatedInput, 'levels'>): number {
  if (statedBefore === null || statedBefore <= 0) return value;
  const ratio = value / statedBefore;
  if (direction === 'down') return ratio < 1 ? downLimit(ratio) * statedBefore : value;
  return ratio > 1 ? upLimit(ratio) * statedBefore : value;
}

/**
 * Where a promised level stands that has no history: the mean since T₀ against it, with an interval of ten batch means.
 * Never more than on or off track, since nobody knows how far such a mean strays from day to day. Percentages are of
 * what the summary states as before, null where it states nothing.
 */
export function statedStandings(input: StatedInput): RouteLooks {
  const limit = statedLimit(input);
  const looks: RouteLook[] = [];
  const seen: number[] = [];
  let sum = 0;
  for (const [i, level] of input.levels.entries()) {
    if (level === null) continue;
    seen.push(level);
    sum += level;
    if (seen.length < FIRST_LOOK_BLOCKS) continue;
    const mean = sum / seen.length;
    const state = keeps(input.level.direction, mean, limit) ? 'on_track' : 'off_track';
    const before = looks.at(-1);
    looks.push({
      atBlocks: i + 1,
      n: seen.length,
      state,
      isProvisional: true,
      sinceBlocks: before?.state === state ? before.sinceBlocks : i + 1,
      ...effectOf(mean, seen, input.statedBefore),
      provenShare: null,
    });
  }
  return { looks, end: null };
}

function effectOf(
  mean: number,
  seen: readonly number[],
  statedBefore: number | null,
): Pick<RouteLook, 'effectPct' | 'interval'> {
  if (statedBefore === null || statedBefore <= 0) return { effectPct: null, interval: null };
  const percent = (level: number) => 100 * (level / statedBefore - 1);
  const size = Math.floor(seen.length / BATCHES);
  if (size === 0) return { effectPct: percent(mean), interval: null };
  const means = Array.from({ length: BATCHES }, (_, i) => {
    const batch = seen.slice(i * size, (i + 1) * size);
    return batch.reduce((sum, value) => sum + value, 0) / size;
  });
  const width = widthOfMeans(means);
  return { effectPct: percent(mean), interval: [percent(Math.max(0, mean - width)), percent(mean + width)] };
}
