import 'server-only';
import type { DeployFact } from '@/lib/core/alerts/facts.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { FactReader } from './fact-reader.ts';

/** The latest deploy that began within the last 24 h; null where there is none, or no deploys are kept. */
export const readDeployFacts: FactReader<DeployFact | null> = async ({ deps, scope, isPast }) => {
  const rows = deps.deploys?.listNow(scope) ?? [];
  return (atMs) => {
    const latest = rows.findLast(
      ({ startMs, createdMs }) =>
        startMs <= atMs && atMs - startMs < DAY_MS && (!isPast || createdMs <= atMs),
    );
    if (latest === undefined) return null;
    const { id, release, kind, startMs, endMs } = latest;
    return { id, release, kind, startMs, endMs: endMs !== null && endMs <= atMs ? endMs : null };
  };
};
