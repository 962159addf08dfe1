import type { StageView } from '../model/suspension.ts';

/** The way back of another environment of the same app, where Redis came back after it was suspended here. */
export interface StagingFacts {
  /** `staging`. */
  environment: string;
  /** Its own stages. */
  stages: readonly StageView[];
}

/** Environments in which something is tried before people see it, by how their names begin. */
const TRIED_IN = /^(stag|pre|test|dev|canary|uat|qa)/i;

/** True for environments in which something is tried first. */
export function isTriedIn(environment: string): boolean {
  return TRIED_IN.test(environment);
}

const WAITS: Omit<StageView, 'id' | 'title'> = {
  ...{ state: 'waiting', startedMs: null, dueMs: null, decidedMs: null },
  evidence: 'waits for the stage before it',
};

/**
 * Staging is the first stage while no machine here uses Redis again, and where it passed it stands for one that was left
 * out here. What was looked at here always comes first.
 */
export function withStaging(stages: readonly StageView[], staging: StagingFacts | null): StageView[] {
  const first = staging === null ? null : stageOf(staging);
  if (first === null) return [...stages];
  if (stages.length === 0) {
    return [
      first,
      { id: 'all', title: 'All machines', ...WAITS },
      { id: 'day', title: 'A day on all machines', ...WAITS },
    ];
  }
  return stages.map((stage) =>
    stage.id === 'first' && stage.state === 'blocked' && first.state === 'passed' ? first : stage,
  );
}

/** Of all its machines, once all of them are back; else of the first. */
function stageOf({ environment, stages }: StagingFacts): StageView | null {
  const all = stages.find(({ id, state }) => id === 'all' && state !== 'waiting');
  const seen = all ?? stages.find(({ id }) => id === 'first') ?? null;
  return seen === null ? null : { ...seen, id: 'first', title: `Staging: ${environment}` };
}
