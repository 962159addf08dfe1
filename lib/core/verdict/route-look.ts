import type { LookState } from './claim-state.ts';

/** Where a claim stands at one look, whichever way it is told. Percentages as the verdict has them. */
export interface RouteLook {
  /** Blocks since T₀ when it was taken, and usable ones among them. */
  atBlocks: number;
  n: number;
  state: LookState;
  isProvisional: boolean;
  /** Blocks from T₀ at which the state began. */
  sinceBlocks: number | null;
  effectPct: number | null;
  interval: readonly [number, number] | null;
  provenShare: number | null;
}

/** All looks of a watch as they stood then, oldest first, and the last one as it is graded at the end; null before that. */
export interface RouteLooks {
  looks: readonly RouteLook[];
  end: RouteLook | null;
}
