import { formatClock } from '../units/clock.ts';
import { formatDuration } from '../units/duration.ts';
import { blocked, type CheckFacts, type CheckFound, failing, holds, waiting } from './check-types.ts';
import type { ModeFact } from './guard-types.ts';
import { machinesAside, ownSwitch, ownWindow, serviceOfFleet } from './own-switch.ts';

/**
 * Whether Redis was what it is meant to be between two times: in use, or suspended where that was the deploy. Null where
 * nothing tells of it at all.
 */
export function modeCheck(facts: CheckFacts, fromMs: number, dueMs: number): CheckFound | null {
  const modes = (facts.modes ?? []).filter(({ mode }) => mode !== 'unknown');
  if (modes.length === 0) return null;
  const meant = ownSwitch(facts) ?? 'on';
  const aside = machinesAside(facts);
  const isMeant = (fact: ModeFact) => serviceOfFleet(fact, aside) === meant;
  // A switch takes its own time.
  const ownMs = ownSwitch(facts) === null ? fromMs : switchedMs(facts, modes.find(isMeant)?.atMs ?? null);
  const startMs = Math.min(dueMs, Math.max(fromMs, ownMs));
  const untilMs = Math.min(facts.asOfMs, dueMs);
  if (untilMs <= startMs) return waiting();
  const isWrong = (fact: ModeFact) => {
    const service = serviceOfFleet(fact, aside);
    return service !== meant && service !== 'throttled' && service !== 'unknown';
  };
  const what = meant === 'on' ? 'in use' : 'suspended';
  const wrong = firstOf(modes, startMs, untilMs, isWrong);
  if (wrong === null) {
    return holds(facts.asOfMs >= dueMs, `Redis ${what} for ${formatDuration(untilMs - startMs)}`);
  }
  const since = `since ${formatClock(wrong.atMs)}`;
  if (wrong.by !== null) {
    return blocked(
      meant === 'on' ? 'redis_suspended' : 'interrupted',
      `Redis not ${what} ${since}, by ${wrong.by.release}`,
    );
  }
  return failing(`Redis not ${what} ${since}: ${wrong.mode.replaceAll('_', ' ')}`);
}

/** When a deploy’s own switch was thrown; at the latest when its time was over. */
function switchedMs(facts: CheckFacts, meantMs: number | null): number {
  const { endMs } = ownWindow(facts);
  return meantMs === null ? endMs : Math.min(endMs, Math.max(facts.originMs, meantMs));
}

/** The mode with which it went wrong: what was wrong in a stretch may have begun before it, and gone on in another form. */
function firstOf(
  modes: readonly ModeFact[],
  fromMs: number,
  untilMs: number,
  isWrong: (fact: ModeFact) => boolean,
): ModeFact | null {
  let at = modes.findIndex(
    (fact, i) =>
      fact.atMs < untilMs && (modes[i + 1]?.atMs ?? Number.POSITIVE_INFINITY) > fromMs && isWrong(fact),
  );
  if (at === -1) return null;
  for (let i = at - 1; i >= 0; i--) {
    const fact = modes[i];
    if (fact === undefined || !isWrong(fact)) break;
    at = i;
  }
  return modes[at] ?? null;
}
