import { formatClock } from '../units/clock.ts';
import { blocked, type CheckFacts, type CheckFound, done, failing, passing, waiting } from './check-types.ts';
import type { MachineRun, ModeFact } from './guard-types.ts';

import { machinesAside, machinesOf, ownSwitch, serviceOfFleet } from './own-switch.ts';

/** Machines that are named in one line of evidence. */
const MOST_NAMED = 3;

/** Which way the switch of Redis is looked at on the machines; null for a deploy that is told by its release. */
export function switchLooked(facts: CheckFacts): 'on' | 'off' | null {
  const isTold = ownModes(facts).some(({ machines }) => Object.keys(machines).length > 0);
  return isTold || (facts.machines === null && facts.rolled === null) ? ownSwitch(facts) : null;
}

/** Modes that no later deploy brought. */
function ownModes({ modes, asOfMs }: CheckFacts): ModeFact[] {
  const found = (modes ?? []).filter(({ atMs }) => atMs <= asOfMs);
  const next = found.findIndex(({ by }) => by !== null);
  return next === -1 ? found : found.slice(0, next);
}

/** Whether every machine runs what was deployed, or Redis is switched on every one of them. */
export function machinesCheck(facts: CheckFacts, dueMs: number): CheckFound {
  const isDue = facts.asOfMs >= dueMs;
  const switching = switchLooked(facts);
  if (switching !== null) return bySwitch(facts, switching, isDue);
  const known = (facts.machines ?? []).filter(({ runs }) => runs.length > 0);
  if (known.some(({ runs }) => runs.some(({ onRelease }) => onRelease))) return byVersion(facts, isDue);
  if (facts.rolled === null) {
    return isDue ? blocked('unmeasurable', 'no machine tells which release it runs') : waiting();
  }
  const { done: on, of } = facts.rolled;
  const words = `${on} of ${of} on ${facts.release}`;
  if (on >= of) return done(words);
  return isDue ? failing(words) : waiting(words);
}

function byVersion(facts: CheckFacts, isDue: boolean): CheckFound {
  const { machines, release } = facts;
  const told = (machines ?? []).flatMap(({ name, runs }) => {
    const [newest] = runs.toSorted((a, b) => b.endMs - a.endMs);
    return newest === undefined ? [] : [{ name, runs, newest }];
  });
  // One that was replaced and has gone is no machine of now.
  const newestMs = Math.max(...told.map(({ newest }) => newest.endMs));
  const present = told.filter(({ newest }) => newest.onRelease || newest.endMs >= newestMs);
  const off = present.filter(({ newest }) => !newest.onRelease).map(({ name }) => name);
  const words = `${present.length - off.length} of ${present.length} on ${release}`;
  if (off.length === 0) {
    const byMs = Math.max(...present.map(({ runs }) => arrivedMs(runs)));
    return done(`${words} by ${formatClock(byMs)}`);
  }
  const named = `${words}, not ${off.slice(0, MOST_NAMED).join(', ')}`;
  const aside = machinesAside(facts);
  if (off.every((name) => aside.has(name))) return passing(`${named}, which gets next to no requests`);
  return isDue ? failing(named) : waiting(named);
}

/** When a machine was on the release for good. */
function arrivedMs(runs: MachineRun['runs']): number {
  const leftMs = Math.max(...runs.filter(({ onRelease }) => !onRelease).map(({ endMs }) => endMs));
  const firstMs = Math.min(
    ...runs.filter(({ onRelease, endMs }) => onRelease && endMs > leftMs).map(({ startMs }) => startMs),
  );
  return Math.max(leftMs, firstMs);
}

function bySwitch(facts: CheckFacts, switching: 'on' | 'off', isDue: boolean): CheckFound {
  const last = ownModes(facts).at(-1);
  if (last === undefined)
    return isDue ? blocked('unmeasurable', 'nothing tells whether Redis is in use') : waiting();
  const wanted = machinesOf(last, switching === 'on' ? 'in_use' : 'suspended').length;
  const other = machinesOf(last, switching === 'on' ? 'suspended' : 'in_use');
  const what = switching === 'on' ? 'use Redis' : 'have it suspended';
  const words = `${wanted} of ${wanted + other.length} ${what} since ${formatClock(last.atMs)}`;
  const service = serviceOfFleet(last, machinesAside(facts));
  if (service === switching) {
    const waits = other.length === 0 ? '' : `; ${other.slice(0, 3).join(', ')} is kept aside`;
    return done(
      wanted === 0
        ? `Redis is ${switching === 'on' ? 'in use' : 'suspended'} since ${formatClock(last.atMs)}`
        : words + waits,
    );
  }
  return isDue ? failing(words) : waiting(words);
}
