import 'server-only';
import type { SourceState } from '@/lib/core/model/source-state.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { TargetStatus } from '../../poller/target-poller.ts';
import type { FactQuestion } from './fact-reader.ts';
import { readPastVisits } from './past-visits.ts';

/** A target as its visits had left it at one time. */
export interface Visited {
  id: TargetId;
  kind: SourceKind;
  name: string;
  state: SourceState;
  intervalMs: number;
  /** Null before its first good visit. */
  lastOkMs: number | null;
}

/** Tells for any asked time which targets there were and what their visits had found. */
export async function readVisited(question: FactQuestion): Promise<(atMs: number) => readonly Visited[]> {
  if (!question.isPast) {
    const now = question.statuses.map(toVisited);
    return () => now;
  }
  const visits = await readPastVisits(question);
  return (atMs) =>
    visits(atMs)
      .filter(({ isSeen }) => isSeen)
      .map(({ history, ...rest }) => toVisited({ ...rest, target: rest, history }));
}

function toVisited({
  id,
  target: { kind, name },
  state,
  history: { intervalMs, lastOkAtMs },
}: Pick<TargetStatus, 'id' | 'state' | 'history'> & {
  target: Pick<TargetStatus['target'], 'kind' | 'name'>;
}): Visited {
  return { id, kind, name, state, intervalMs, lastOkMs: lastOkAtMs };
}

/** True while it tells nothing: no answer, or none yet. A machine that is left alone because it sleeps is not silent. */
export function isSilent({ state }: Pick<Visited, 'state'>): boolean {
  return state !== 'ok' && state !== 'asleep';
}
