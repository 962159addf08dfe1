import 'server-only';
import type { MetricName } from '@/lib/core/metrics/catalogue/index.ts';
import type { SourceKind, TargetId } from '@/lib/core/model/target.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, readLevels } from './fleet-levels.ts';
import { readVisited } from './fleet-visits.ts';

/** The newest value of some metrics of a source; null where its latest visits do not tell it. */
export async function readFresh<M extends MetricName>(
  question: FactQuestion,
  kind: SourceKind,
  metrics: readonly M[],
): Promise<(targetId: TargetId, metric: M, atMs: number) => number | null> {
  const [visited, ...levels] = await Promise.all([
    readVisited(question),
    ...metrics.map((metric) => readLevels(question, metric, [kind])),
  ]);
  return (targetId, metric, atMs) => {
    const source = visited(atMs).find(({ id }) => id === targetId);
    const level = levels[metrics.indexOf(metric)]?.(atMs).find(
      (one) => one.targetId === targetId && isFresh(one, source),
    );
    return level?.value ?? null;
  };
}
