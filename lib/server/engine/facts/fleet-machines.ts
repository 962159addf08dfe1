import 'server-only';
import type { MachineFact } from '@/lib/core/alerts/facts/fleet.ts';
import type { DeployLine } from '@/lib/core/model/deploy.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { MINUTE_MS } from '@/lib/core/time/range.ts';
import { sameRelease } from '../../deploys/release-name.ts';
import type { FactQuestion } from './fact-reader.ts';
import { type FlyWord, readFlyWords } from './fleet-fly.ts';
import { isFresh, type Level, readLevels } from './fleet-levels.ts';
import { type Roll, readStarts, unexplainedStarts } from './fleet-restarts.ts';
import { isSilent, readVisited, type Visited } from './fleet-visits.ts';

const OWN_CHECK = 'its health endpoint says that it fails';
/** Rolls that began longer ago explain no start of now. */
const ROLLS_LEAD_MS = 60 * MINUTE_MS;
/** A switch is seen within this time of the deploy that threw it, and machines start within it. */
const SAME_CHANGE_MS = 5 * MINUTE_MS;

/**
 * Machines by what they and their platform say of them: those that we visit, and those of Fly that we do not. One that Fly
 * parks is not silent.
 */
export async function readMachineFacts(
  question: FactQuestion,
): Promise<(atMs: number) => readonly MachineFact[]> {
  const { deps, scope, times } = question;
  const [visited, healths, infos, flyWords, starts] = await Promise.all([
    readVisited(question),
    readLevels(question, 'app_health_ok', ['app']),
    readLevels(question, 'app_machine_info', ['app']),
    readFlyWords(question),
    readStarts(question),
  ]);
  const deploys = (deps.deploys?.listNow(scope) ?? []).filter(
    ({ startMs }) => startMs >= times.startMs - ROLLS_LEAD_MS && startMs <= times.endMs,
  );
  const rolls = rollsOf(deploys);
  const idsOf = platformIds(question);
  return (atMs) => {
    const words = new Map(flyWords(atMs).map((word) => [word.machine, word]));
    const levels = { healths: newestByTarget(healths(atMs)), infos: newestByTarget(infos(atMs)) };
    const own = visited(atMs).filter(({ kind }) => kind === 'app');
    const seen = own.map((one): MachineFact => {
      const ids = [one.name, ...(idsOf.get(one.id) ?? [])];
      const fly = ids.flatMap((id) => words.get(id) ?? [])[0] ?? null;
      for (const id of ids) words.delete(id);
      // A start is known from the first visit after it on.
      const begun = starts.get(one.id)?.filter((startMs) => startMs <= (one.lastOkMs ?? 0));
      const isOut = isSilent(one);
      return {
        ...machineOf(one, fly, levels),
        restarts: begun === undefined ? (fly?.exits ?? null) : unexplainedStarts(begun, rolls, atMs),
        silent: isOut,
      };
    });
    return sameNames([...seen, ...[...words.values()].map(onlyAtFly)]);
  };
}

interface Levels {
  healths: ReadonlyMap<TargetId, Level>;
  infos: ReadonlyMap<TargetId, Level>;
}

function machineOf(
  one: Visited,
  fly: FlyWord | null,
  { healths, infos }: Levels,
): Omit<MachineFact, 'restarts' | 'silent'> {
  const fresh = (level: Level | undefined) => (level !== undefined && isFresh(level, one) ? level : null);
  const health = fresh(healths.get(one.id));
  const healthy = health === null ? null : health.value > 0;
  // Fly is visited seldom: one that answers us runs, and one that has just ended may begin again.
  const isParked =
    one.state === 'asleep' ? (fly?.parked ?? true) : one.state !== 'ok' && fly?.isLeft === true;
  const release = fresh(infos.get(one.id))?.labels.version ?? fly?.release ?? null;
  const failing = healthy === false ? OWN_CHECK : (fly?.failing ?? null);
  return {
    name: one.name,
    release: one.state === 'ok' ? release : null,
    healthy: failing !== null ? false : (healthy ?? fly?.healthy ?? null),
    failing,
    parked: isParked,
  };
}

/** A machine that only Fly tells of. */
function onlyAtFly({ machine, release, healthy, failing, parked, exits }: FlyWord): MachineFact {
  return {
    name: machine,
    release: parked ? null : release,
    healthy: failing !== null ? false : healthy,
    failing,
    restarts: exits,
    parked,
    silent: false,
  };
}

/** Names by which the platform knows machines that we visit. */
function platformIds({ statuses }: FactQuestion): ReadonlyMap<TargetId, readonly string[]> {
  return new Map(
    statuses.flatMap(({ id, target, facts }) =>
      target.kind === 'app'
        ? [[id, [target.machine?.id, facts.machine].filter((name) => name !== undefined)] as const]
        : [],
    ),
  );
}

/** Of the series of a target the one that was told last: a new version is a new series. */
function newestByTarget(levels: readonly Level[]): ReadonlyMap<TargetId, Level> {
  const newest = new Map<TargetId, Level>();
  for (const level of levels) {
    const known = newest.get(level.targetId);
    if (known === undefined || level.atMs > known.atMs) newest.set(level.targetId, level);
  }
  return newest;
}

/** One spelling for each release: `1206` and `v1206` are one. */
function sameNames(machines: readonly MachineFact[]): MachineFact[] {
  const names: string[] = [];
  return machines.map((machine) => {
    const { release } = machine;
    if (release === null) return machine;
    const known = names.find((name) => sameRelease(name, release));
    if (known === undefined) names.push(release);
    return known === undefined ? machine : { ...machine, release: known };
  });
}

/**
 * Deploys that bring starts. A switch of Redis is one where nothing else that was told or noticed brought it to the machines;
 * its end is that of the suspension, so its starts are looked for at its beginning.
 */
function rollsOf(deploys: readonly Pick<DeployLine, 'kind' | 'startMs' | 'endMs'>[]): Roll[] {
  const isSwitch = ({ kind }: Pick<DeployLine, 'kind'>): boolean => kind === 'suspend' || kind === 'resume';
  const others = deploys.filter((one) => !isSwitch(one));
  const switches = deploys.filter(
    (one) =>
      isSwitch(one) && !others.some(({ startMs }) => Math.abs(startMs - one.startMs) <= SAME_CHANGE_MS),
  );
  return [...others, ...switches.map(({ startMs }) => ({ startMs, endMs: startMs + SAME_CHANGE_MS }))];
}
