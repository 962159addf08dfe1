import 'server-only';
import type { SourceFact } from '@/lib/core/alerts/facts.ts';
import type { SourceHistory, SourceState } from '@/lib/core/model/source-state.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { FactReader } from './fact-reader.ts';
import { readPastVisits } from './past-visits.ts';

/** Sources of the scope as their latest visits left them; those of the past by the same rule from stored visits. */
export const readSourceFacts: FactReader<readonly SourceFact[]> = async (question) => {
  if (question.isPast) {
    const visits = await readPastVisits(question);
    return (atMs) => visits(atMs).map(toSourceFact);
  }
  const now = question.statuses.map(({ id, target, state, history, lastError }) =>
    toSourceFact({ id, kind: target.kind, name: target.name, state, history, lastError }),
  );
  return () => now;
};

interface Status {
  id: TargetId;
  kind: SourceKind;
  name: string;
  state: SourceState;
  history: SourceHistory;
  lastError: { text: string } | null;
}

function toSourceFact({ id, kind, name, state, history, lastError }: Status): SourceFact {
  const { failures, lastErrorKind } = history;
  return {
    id,
    kind,
    name,
    state,
    failures,
    errorKind: failures > 0 ? lastErrorKind : null,
    error: failures > 0 ? (lastError?.text ?? null) : null,
  };
}
