/** Numbers of one UTC day by clock time; null where nothing was measured. */
export type DaySlots = readonly (number | null)[];

/**
 * One day by 5-minute blocks, in two parts: `top / base` is the number that a chart shows. For a ratio its two counts,
 * for a rate the rate over 1. Null in both where a block was not measured.
 */
export interface DayParts {
  top: DaySlots;
  base: DaySlots;
}

/** A day in slots of `blocksPerSlot` blocks; null where less than half of a slot was measured, or its base is 0. */
export function slotsOf({ top, base }: DayParts, blocksPerSlot: number): DaySlots {
  return Array.from({ length: Math.floor(top.length / blocksPerSlot) }, (_, slot) => {
    let tops = 0;
    let bases = 0;
    let known = 0;
    for (let i = slot * blocksPerSlot; i < (slot + 1) * blocksPerSlot; i++) {
      const above = top[i] ?? null;
      const below = base[i] ?? null;
      if (above === null || below === null) continue;
      known += 1;
      tops += above;
      bases += below;
    }
    return known * 2 >= blocksPerSlot && bases > 0 ? tops / bases : null;
  });
}
