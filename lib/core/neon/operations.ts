/** One entry of a project's operations log, the only history of starts and suspends that Neon keeps (6 months). */
export interface NeonOperation {
  id: string;
  /** As the API words it: `start_compute`, `suspend_compute`, `check_availability` … */
  action: string;
  status: string;
  /** Null for operations on a branch or on the project. */
  endpointId: string | null;
  createdMs: number;
  /** When its status last changed: for a finished one, its end. */
  updatedMs: number;
}

/**
 * How an operation went. `other` is a status that is new to us: it neither started nor stopped anything as far as we
 * know.
 */
export type OperationOutcome = 'finished' | 'running' | 'failed' | 'dropped' | 'other';

export function operationOutcome(status: string): OperationOutcome {
  switch (status) {
    case 'finished':
      return 'finished';
    case 'scheduling':
    case 'running':
    case 'cancelling':
      return 'running';
    case 'failed':
    case 'error':
      return 'failed';
    case 'cancelled':
    case 'skipped':
      return 'dropped';
    default:
      return 'other';
  }
}

const STARTS: ReadonlySet<string> = new Set(['start_compute', 'start_reserved_compute']);
/** Run for a moment on a compute that sleeps, without a start of its own in the log. */
const PASSING: ReadonlySet<string> = new Set(['check_availability', 'apply_config', 'create_compute']);

/** What a finished operation did to its compute. */
export function effectOf(operation: NeonOperation): 'start' | 'suspend' | 'passing' | 'none' {
  if (operationOutcome(operation.status) !== 'finished') return 'none';
  if (STARTS.has(operation.action)) return 'start';
  if (operation.action === 'suspend_compute') return 'suspend';
  return PASSING.has(operation.action) ? 'passing' : 'none';
}

/** Oldest first; the API gives the newest first. */
export function inTimeOrder(operations: readonly NeonOperation[]): NeonOperation[] {
  return operations.toSorted((a, b) => a.createdMs - b.createdMs || a.updatedMs - b.updatedMs);
}
