import { type FaultRuns, isWithin, type Span } from './faults.ts';
import { type Counted, countSince, flow } from './flow.ts';
import { GETS, MACHINES, REPLACE_DOWN_MS } from './story.ts';
import type { Origin } from './world-machine.ts';

/** A storm begins the process again this often. */
const STORM_EVERY_MS = 30_000;
/** The second machine takes a new secret this much later than the first one. */
const ROLL_MS = 8_000;
const LEAK_PER_SECOND = 20;
const SPIKE_PER_SECOND = 40 / 60;

const KILLED = MACHINES[1].name;
const STORMY = MACHINES[0].name;

/** What the faults make of one machine. Every list of spans is ascending and does not overlap. */
export interface MachineFaults {
  /** When its process does not run. A process begins at the end of each. */
  downs: readonly Span[];
  /** When it reads its switch as false though it was set to suspend. */
  unsuspended: readonly Span[];
  /** Starts that a change of a secret brought, there and back. */
  secretStarts: readonly number[];
}

/** Events that only faults bring, counted from a fixed origin. */
export interface FaultFlows {
  /** GETs up to what a limit lets through, beside those of the machines: sent by the first one. */
  plateau: Counted;
  /** 429s of the first machine. */
  limited: Counted;
  /** GETs that come from no machine that we know. */
  leaked: Counted;
}

/** Downs and switches of one machine, as the runs have it. */
export function machineFaults(faults: FaultRuns, name: string): MachineFaults {
  const order = MACHINES.findIndex((machine) => machine.name === name);
  const roll = order * ROLL_MS;
  const restart = (fromMs: number): Span => ({ fromMs, toMs: fromMs + REPLACE_DOWN_MS });
  const downs: Span[] = [];
  if (name === KILLED) downs.push(...faults.of('kill'));
  if (name === STORMY) {
    for (const { fromMs, toMs } of faults.of('storm')) {
      for (let atMs = fromMs; atMs < toMs; atMs += STORM_EVERY_MS) downs.push(restart(atMs));
    }
  }
  // A secret reaches a machine by a start, and so does its way back.
  for (const { fromMs, toMs } of faults.of('bad_value'))
    downs.push(restart(fromMs + roll), restart(toMs + roll));
  const unsuspended = faults
    .of('bad_value')
    .map(({ fromMs, toMs }) => ({ fromMs: fromMs + roll + REPLACE_DOWN_MS, toMs: toMs + roll }));
  const secretStarts = faults
    .of('bad_value')
    .flatMap(({ fromMs, toMs }) => [restart(fromMs + roll).toMs, restart(toMs + roll).toMs]);
  return { downs: merge(downs), unsuspended: merge(unsuspended), secretStarts };
}

/** The flows that only faults bring. */
export function faultFlows(faults: FaultRuns, { seed, startMs }: Origin, ownGets: Counted): FaultFlows {
  const steady = (name: string, perSecond: number, noise: number) =>
    flow(name, [{ fromMs: startMs, perSecond, noise }], { seed, originMs: startMs, dayShare: 0 });
  const during = (counted: Counted, id: Parameters<FaultRuns['of']>[0]): Counted => {
    return (atMs) => {
      let sum = 0;
      for (const { fromMs, toMs } of faults.of(id)) sum += countSince(counted, fromMs, Math.min(atMs, toMs));
      return sum;
    };
  };
  // As flat as only a limit makes it: whatever the machines ask, together they get so much and no more.
  const plateau: Counted = (atMs) => {
    let sum = 0;
    for (const { fromMs, toMs } of faults.of('plateau')) {
      const untilMs = Math.min(atMs, toMs);
      if (untilMs <= fromMs) continue;
      const own = countSince(ownGets, fromMs, untilMs);
      sum += Math.max(0, Math.floor(((untilMs - fromMs) / 1000) * GETS.perSecond.old) - own);
    }
    return sum;
  };
  return {
    plateau,
    limited: during(steady('spike', SPIKE_PER_SECOND, 0.2), 'limit_spike'),
    leaked: during(steady('leak', LEAK_PER_SECOND, 0.1), 'leak'),
  };
}

/** The last process start that the faults brought by `atMs`; null when none did. */
export function faultStart({ downs }: MachineFaults, atMs: number): number | null {
  return downs.findLast(({ toMs }) => toMs <= atMs)?.toMs ?? null;
}

/** True while the machine does not run. */
export function isDown({ downs }: MachineFaults, atMs: number): boolean {
  return downs.some((span) => isWithin(span, atMs));
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last === undefined || span.fromMs > last.toMs) merged.push({ ...span });
    else last.toMs = Math.max(last.toMs, span.toMs);
  }
  return merged;
}
