import { alignDown, alignUp, type TimeRange } from '../time/range.ts';

/** The real time that one side can tell of. */
export interface Reach {
  fromMs: number;
  untilMs: number;
  /** Time between two visits. */
  spanMs: number;
}

export interface WindowQuestion {
  asked: TimeRange;
  /** The sides that are there. */
  reaches: readonly Reach[];
  /** When a machine came, went or came back. */
  changes: readonly number[];
  /** Edges are multiples of it. */
  stepMs: number;
}

/** A window of fewer visits than this tells nothing of a rate. */
const FEWEST_SPANS = 2;

/**
 * The closed stretch of the asked time that every side covers. It begins after the latest change in which machines
 * answer as soon as that leaves two visits of the slowest side: before and after are different fleets, and a mean over
 * both is true of neither. Null when the sides share no two visits.
 */
export function sharedWindow({ asked, reaches, changes, stepMs }: WindowQuestion): TimeRange | null {
  const endMs = alignDown(Math.min(asked.endMs, ...reaches.map(({ untilMs }) => untilMs)), stepMs);
  const startMs = alignUp(Math.max(asked.startMs, ...reaches.map(({ fromMs }) => fromMs)), stepMs);
  const leastMs = FEWEST_SPANS * Math.max(stepMs, ...reaches.map(({ spanMs }) => spanMs));
  if (endMs - startMs < leastMs) return null;
  const cuts = changes.map((atMs) => alignUp(atMs, stepMs)).filter((atMs) => endMs - atMs >= leastMs);
  return { startMs: Math.max(startMs, ...cuts), endMs };
}

/** The same stretch as a side tells it whose numbers come `lagMs` late. */
export function delayed({ startMs, endMs }: TimeRange, lagMs: number, stepMs: number): TimeRange {
  const late = Math.round(lagMs / stepMs) * stepMs;
  return { startMs: startMs + late, endMs: endMs + late };
}
