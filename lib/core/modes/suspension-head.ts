import type { SuspensionHead, SuspensionView } from '../model/suspension.ts';

/** What a tick brings while the banner is closed: its line, and on the way back the stages that the line tells of. */
export function headOf(view: SuspensionView): SuspensionHead {
  const { consequences: _, next: __, stages, detailsAtMs: ___, ...head } = view;
  return head.mode === 'active' ? { ...head, stages } : head;
}

/**
 * What is known of a suspension after a tick. A whole one stands for itself; the head of one goes onto what was read
 * before, whose details are then as old as `knownAtMs` says unless they say better. Undefined where only a head came and
 * nothing is known that it could go onto: then the whole must be asked for.
 */
export function withHead(
  known: SuspensionView | null,
  came: SuspensionView | SuspensionHead | null,
  knownAtMs: number,
): SuspensionView | null | undefined {
  if (came === null || isWhole(came)) return came;
  // What followed from another one is nothing that could be shown under this one.
  if (known === null || known.mode !== came.mode || known.sinceMs !== came.sinceMs) return undefined;
  const { consequences, stages, next, detailsAtMs = knownAtMs } = known;
  return { consequences, stages, next, ...came, detailsAtMs };
}

function isWhole(came: SuspensionView | SuspensionHead): came is SuspensionView {
  return 'consequences' in came;
}
