import type { FaultRuns, Span } from './faults.ts';
import { type Counted, flow, type Phase, within, without } from './flow.ts';
import * as story from './story.ts';
import { type MachineFaults, machineFaults } from './world-faults.ts';

/** What a world is made from. */
export interface Origin {
  seed: number;
  /** Start of the fleet: the story's zero. */
  startMs: number;
}

/** Everything one machine does, counted from a fixed origin over all of its processes. */
export interface MachineFlows {
  getHits: Counted;
  getMisses: Counted;
  /** Redis commands beside GET, by command. */
  commands: ReadonlyMap<string, Counted>;
  responses: ReadonlyMap<string, Counted>;
  localHits: Counted;
  /** In the order of `story.STATEMENTS`. */
  statements: readonly Counted[];
  /** New connections to Redis, also those that fail. */
  connects: Counted;
  /** Requests let pass while Redis refused to answer the limiter. */
  failedOpen: Counted;
  /** What faults do to this machine, as it stands now. */
  faults: () => MachineFaults;
}

/** The flows of a machine as the story tells them, and as faults bend them. */
export function machineFlows(
  machine: story.MachineStory,
  { seed, startMs }: Origin,
  runs: FaultRuns,
): MachineFlows {
  const faults = remembered(runs, () => machineFaults(runs, machine.name));
  const quota = remembered(runs, () => runs.of('quota'));
  // With a fleet around that answers, traffic of a machine that is down is lost for as long as it takes to notice.
  const silent = () => faults().downs;

  const told = (name: string, rate: story.RateStory, phases: readonly Phase[]) =>
    flow(`${machine.name}/${name}`, phases, { seed, originMs: startMs, dayShare: rate.dayShare });
  const make = (name: string, rate: story.RateStory, options: PhaseOptions = {}) =>
    without(told(name, rate, phasesOf(machine, startMs, rate, options)), silent);
  // A switch that is read as false makes a suspended machine use Redis again, in the way of its release.
  const awake = (name: string, rate: story.RateStory, part = 1) => {
    const share = machine.shares.at(-1)?.share ?? 0;
    const phase = { fromMs: startMs, perSecond: rate.perSecond.v1203 * share * part, noise: 0.2 };
    return within(told(`${name} awake`, rate, [phase]), () => faults().unsuspended);
  };
  const last = machine.eras.at(-1)?.manner;
  const redis = (name: string, rate: story.RateStory, options: PhaseOptions = {}, awakePart = 1): Counted => {
    const base = make(name, rate, options);
    const both = last === 'suspended' ? sum(base, awake(name, rate, awakePart)) : base;
    return without(both, quota);
  };
  const hits = (manner: story.Manner) => story.HIT_RATIO[manner];
  const responses = new Map(
    Object.entries(story.RESPONSES).map(([status, rate]) => [status, make(status, rate)] as const),
  );
  // What is turned away is decided on the machine, and stays a decision.
  const passed = [...responses].filter(([status]) => status !== '429').map(([, counted]) => counted);
  return {
    getHits: redis('get hits', story.GETS, { warmUp: true, part: hits }, hits('v1203')),
    getMisses: redis(
      'get misses',
      story.GETS,
      { warmUp: true, part: (manner) => 1 - hits(manner) },
      1 - hits('v1203'),
    ),
    commands: new Map(
      Object.entries(story.OTHER_COMMANDS).map(([cmd, rate]) => [cmd, redis(cmd, rate)] as const),
    ),
    responses,
    connects: make('connects', story.CONNECTS),
    failedOpen: within((atMs) => passed.reduce((all, counted) => all + counted(atMs), 0), quota),
    localHits: make('local hits', story.LOCAL_HITS),
    // Without its cache the app asks the database again.
    statements: story.STATEMENTS.map(({ query, rate }) => {
      const base = make(query, rate, { warmUp: true });
      return sum(base, within(base, quota));
    }),
    faults,
  };
}

interface PhaseOptions {
  /** A new process asks more for a while. */
  warmUp?: boolean;
  /** Part of the rate in a manner. */
  part?: (manner: story.Manner) => number;
}

/** One era after the other: nothing while it is replaced, more while it warms up, then as its manner is. */
function phasesOf(
  machine: story.MachineStory,
  startMs: number,
  rate: story.RateStory,
  { warmUp = false, part = () => 1 }: PhaseOptions,
): Phase[] {
  const [first, ...later] = machine.eras;
  if (first === undefined) return [];
  const moments = [
    { fromMs: first.fromMs, factor: 1 },
    ...later.flatMap(({ fromMs, manner }) => {
      const upMs = fromMs + story.REPLACE_DOWN_MS;
      return [
        { fromMs, factor: 0 },
        { fromMs: upMs, factor: warmUp && manner === 'v1206' ? story.WARM_UP_FACTOR : 1 },
        { fromMs: upMs + story.WARM_UP_MS, factor: 1 },
      ];
    }),
    // Between these, traffic is shared out anew.
    ...machine.shares.flatMap(({ fromMs }) => (Number.isFinite(fromMs) ? [{ fromMs, factor: null }] : [])),
  ].toSorted((a, b) => a.fromMs - b.fromMs);
  let factor = 1;
  return moments.map((moment): Phase => {
    factor = moment.factor ?? factor;
    const manner = eraAt(machine, moment.fromMs).manner;
    const share = machine.shares.findLast(({ fromMs }) => fromMs <= moment.fromMs)?.share ?? 0;
    return {
      fromMs: startMs + moment.fromMs,
      perSecond: rate.perSecond[manner] * part(manner) * share * factor,
      noise: rate.noise[manner],
    };
  });
}

/** The era in force at a time relative to the start. */
export function eraAt(machine: story.MachineStory, relativeMs: number): story.Era {
  const era = machine.eras.findLast(({ fromMs }) => fromMs <= relativeMs) ?? machine.eras[0];
  if (era === undefined) throw new Error(`demo fleet: ${machine.name} has no era`);
  return era;
}

function sum(a: Counted, b: Counted): Counted {
  return (atMs) => a(atMs) + b(atMs);
}

/** Works out anew only when the list of faults has changed. */
function remembered<T extends readonly Span[] | MachineFaults>(runs: FaultRuns, make: () => T): () => T {
  let version = -1;
  let value: T | null = null;
  return () => {
    if (value === null || version !== runs.version) {
      version = runs.version;
      value = make();
    }
    return value;
  };
}
