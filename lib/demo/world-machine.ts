import { type Counted, flow, type Phase, rareEvents } from './flow.ts';
import * as story from './story.ts';

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
}

/** The flows of a machine as the story tells them. */
export function machineFlows(machine: story.MachineStory, origin: Origin): MachineFlows {
  const make = (name: string, phases: readonly Phase[]) =>
    flow(`${machine.name}/${name}`, phases, {
      seed: origin.seed,
      originMs: origin.startMs + story.DEPLOY_MS,
    });
  const told = (name: string, rate: story.RateStory, warmUp = 1) =>
    make(name, phasesOf(machine, origin.startMs, rate, warmUp));
  const rare = (status: string, everyMs: number) =>
    // Each machine has its share of them; the standby, which nearly nobody meets, has none.
    machine.share < 0.01
      ? () => 0
      : rareEvents(`${machine.name}/${status}`, everyMs / machine.share, origin.seed);

  const gets = phasesOf(machine, origin.startMs, story.GETS, story.WARM_UP_FACTOR);
  return {
    getHits: make(
      'get hits',
      withHitRatio(gets, machine, origin.startMs, (ratio) => ratio),
    ),
    getMisses: make(
      'get misses',
      withHitRatio(gets, machine, origin.startMs, (ratio) => 1 - ratio),
    ),
    commands: new Map(
      Object.entries(story.OTHER_COMMANDS).map(([cmd, rate]) => [cmd, told(cmd, rate)] as const),
    ),
    responses: new Map([
      ...Object.entries(story.RESPONSES).map(([status, rate]) => [status, told(status, rate)] as const),
      ...Object.entries(story.RARE_RESPONSES_EVERY_MS).map(
        ([status, everyMs]) => [status, rare(status, everyMs)] as const,
      ),
    ]),
    localHits: told('local hits', story.LOCAL_HITS),
    statements: story.STATEMENTS.map(({ query, rate }) => told(query, rate, story.WARM_UP_FACTOR)),
  };
}

/** The old way until the machine is replaced, nothing while it is down, more while it warms up, then the new way. */
function phasesOf(
  machine: story.MachineStory,
  startMs: number,
  rate: story.RateStory,
  warmUp: number,
): Phase[] {
  const phase = (fromMs: number, perSecond: number, noise: number): Phase => ({
    fromMs: startMs + fromMs,
    perSecond: perSecond * machine.share,
    noise,
  });
  const phases = [phase(machine.firstStartMs, rate.before, rate.noiseBefore)];
  if (machine.replacedMs === null) return phases;
  const upMs = machine.replacedMs + story.REPLACE_DOWN_MS;
  return [
    ...phases,
    phase(machine.replacedMs, 0, 0),
    phase(upMs, rate.after * warmUp, rate.noiseAfter),
    phase(upMs + story.WARM_UP_MS, rate.after, rate.noiseAfter),
  ];
}

/** Splits reads into found or not found, phase by phase; an emptied cache finds less for a while. */
function withHitRatio(
  gets: readonly Phase[],
  machine: story.MachineStory,
  startMs: number,
  part: (hitRatio: number) => number,
): Phase[] {
  const replacedMs = machine.replacedMs === null ? Number.POSITIVE_INFINITY : startMs + machine.replacedMs;
  const usual = (atMs: number) => (atMs < replacedMs ? story.HIT_RATIO.before : story.HIT_RATIO.after);
  const cuts: { fromMs: number; ratio: number }[] = [];
  let coldMs = startMs + story.REDIS_RESTART_MS;
  for (const { forMs, hitRatio } of story.COLD_CACHE) {
    cuts.push({ fromMs: coldMs, ratio: hitRatio });
    coldMs += forMs;
  }
  cuts.push({ fromMs: coldMs, ratio: usual(coldMs) });

  const moments = [...new Set([...gets, ...cuts].map((one) => one.fromMs))].sort((a, b) => a - b);
  return moments.map((fromMs) => {
    const reads = gets.findLast((phase) => phase.fromMs <= fromMs) ?? gets[0];
    const cold = fromMs < coldMs ? cuts.findLast((cut) => cut.fromMs <= fromMs) : undefined;
    const ratio = cold?.ratio ?? usual(fromMs);
    return { fromMs, perSecond: (reads?.perSecond ?? 0) * part(ratio), noise: reads?.noise ?? 0 };
  });
}
