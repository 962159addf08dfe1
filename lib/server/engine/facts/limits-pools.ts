import 'server-only';
import type { PoolFact } from '@/lib/core/alerts/facts/limits.ts';
import type { FactQuestion } from './fact-reader.ts';
import { isFresh, type Level, readLevels, tellersOf } from './fleet-levels.ts';
import { isSilent, readVisited, type Visited } from './fleet-visits.ts';

/** Neon keeps so many connections of each compute for itself. */
const NEON_RESERVED = 7;
/** A pooler in front of the database: pools of the machines end there, and not at the database. */
const POOLER = /-pooler\./;

/** Connections to each database, and what the pools of all machines could open to the only one there is. */
export async function readPools(question: FactQuestion): Promise<(atMs: number) => readonly PoolFact[]> {
  const poolKinds =
    tellersOf(question, 'app_db_pool_max', ['app']).length > 0
      ? (['app'] as const)
      : (['prometheus'] as const);
  const [visited, pools, open, most, reserved, neonMost] = await Promise.all([
    readVisited(question),
    readLevels(question, 'app_db_pool_max', poolKinds),
    readLevels(question, 'db_connections', ['postgres']),
    readLevels(question, 'db_connections_max', ['postgres']),
    readLevels(question, 'db_connections_reserved', ['postgres']),
    readLevels(question, 'neon_compute_connections_max', ['neon']),
  ]);
  const pooled = new Set(
    question.statuses.flatMap(({ id, target }) =>
      target.kind === 'postgres' && POOLER.test(target.address) ? [id] : [],
    ),
  );
  const maxMachines = question.deps.config.budget?.maxMachines ?? null;
  return (atMs) => {
    const now = visited(atMs);
    const possible = possibleOf(pools(atMs), now);
    const databases = now.filter(({ kind }) => kind === 'postgres');
    // A limit is a setting: the last one that was told holds while the database sleeps.
    const facts = databases.flatMap((source): PoolFact[] => {
      const own = (levels: readonly Level[]) => levels.filter(({ targetId }) => targetId === source.id);
      const limit = own(most(atMs))[0]?.value ?? null;
      if (limit === null) return [];
      const isOnly = databases.length === 1 && !pooled.has(source.id);
      return [
        {
          used: usedOf(own(open(atMs)), source),
          possible: isOnly ? possible : null,
          maxMachines: isOnly ? maxMachines : null,
          limit: limit - (own(reserved(atMs))[0]?.value ?? 0),
          source: source.name,
        },
      ];
    });
    return facts.length > 0 || databases.length > 0
      ? facts
      : neonPools(neonMost(atMs), now, { possible, maxMachines });
  };
}

/** All states added up; null while the database tells nothing. */
function usedOf(open: readonly Level[], source: Visited): number | null {
  const fresh = open.filter((level) => isFresh(level, source));
  return fresh.length === 0 ? null : fresh.reduce((sum, { value }) => sum + value, 0);
}

/** A machine that is silent may hold its connections all the same; one that sleeps has none. */
function possibleOf(pools: readonly Level[], now: readonly Visited[]): PoolFact['possible'] {
  const sources = new Map(now.map((one) => [one.id, one]));
  const told = pools.filter((level) => {
    const source = sources.get(level.targetId);
    if (source === undefined || source.state === 'asleep') return false;
    return isFresh(level, source) || isSilent(source);
  });
  if (told.length === 0) return null;
  return { machines: told.length, perMachine: Math.max(...told.map(({ value }) => value)) };
}

/** Where Postgres itself is not visited: what a project with one compute allows at its smallest size. */
function neonPools(
  most: readonly Level[],
  now: readonly Visited[],
  pools: Pick<PoolFact, 'possible' | 'maxMachines'>,
): PoolFact[] {
  const smallest = most.filter(({ labels }) => labels.at === 'min');
  const [only] = smallest;
  const source = now.find(({ id }) => id === only?.targetId);
  if (only === undefined || smallest.length > 1 || source === undefined) return [];
  return [{ used: null, ...pools, limit: only.value - NEON_RESERVED, source: source.name }];
}
