/**
 * What a Neon compute is doing. Neon itself knows `init`, `active` and `idle`; a start or a stop shows as a pending
 * state beside them. `asleep` is Neon's `idle`: suspended, healthy and free of charge. `disabled` refuses connections
 * until a person enables it.
 */
export const COMPUTE_STATES = ['starting', 'active', 'stopping', 'asleep', 'disabled', 'unknown'] as const;
export type ComputeState = (typeof COMPUTE_STATES)[number];

/** The fields of an endpoint that tell its state, as the API words them. */
export interface RawComputeState {
  current: string;
  /** Null when nothing is pending. */
  pending: string | null;
  disabled: boolean;
}

/** State of a compute. Words that are new to us are `unknown`, never the healthy one. */
export function computeState({ current, pending, disabled }: RawComputeState): ComputeState {
  if (disabled) return 'disabled';
  if (current !== 'init' && current !== 'active' && current !== 'idle') return 'unknown';
  switch (pending) {
    case null:
      // Created and not started yet: it is on its way to its first start.
      return current === 'init' ? 'starting' : current === 'idle' ? 'asleep' : 'active';
    case 'active':
      return 'starting';
    case 'idle':
      return 'stopping';
    case 'init':
      return 'starting';
    default:
      return 'unknown';
  }
}

/** What Neon does where nothing is set. */
const DEFAULT_SUSPEND_SECONDS = 300;
/** Larger computes have a fixed size and are never suspended. */
const LARGEST_SLEEPER_CU = 16;

/**
 * Seconds without activity after which a compute is suspended; null when it never is. `setSeconds` as the API gives
 * it: 0 for the default, -1 for never.
 */
export function suspendAfterSeconds(setSeconds: number, maxCu: number | null): number | null {
  if (setSeconds < 0 || (maxCu !== null && maxCu > LARGEST_SLEEPER_CU)) return null;
  return setSeconds === 0 ? DEFAULT_SUSPEND_SECONDS : setSeconds;
}
