import { SECOND_MS, type TimeRange } from '../time/range.ts';
import { effectOf, type NeonOperation } from './operations.ts';

/** The log rounds to seconds, and two clocks are never the same. */
const SLACK_MS = 2 * SECOND_MS;

/**
 * Starts of a compute that were asked for while a visit of ours ran: those that we may have caused. Empty is the proof
 * that watching woke nothing. `operations` of one endpoint.
 */
export function startsDuring(
  operations: readonly NeonOperation[],
  visits: readonly TimeRange[],
): NeonOperation[] {
  return operations.filter(
    (operation) =>
      effectOf(operation) === 'start' &&
      visits.some(
        ({ startMs, endMs }) =>
          operation.createdMs >= startMs - SLACK_MS && operation.createdMs <= endMs + SLACK_MS,
      ),
  );
}
