import { NO_FLEET } from './facts/fleet.ts';
import { NO_LIMITS } from './facts/limits.ts';
import type { AlertFacts } from './facts.ts';

/** Facts of a scope of which nothing is known; tests put in what they need. */
export function emptyFacts(nowMs: number): AlertFacts {
  return {
    ...{ nowMs, mode: null, sources: [], responses: null, deploy: null, series: [], claims: [] },
    ...{ limits: NO_LIMITS, fleet: NO_FLEET },
  };
}
