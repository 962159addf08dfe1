/** One thing that the demo can break, in the words of its panel. */
export interface DemoFault {
  id: string;
  name: string;
  /** What it does, in a few words. */
  effect: string;
  /** It ends by itself after this long. */
  lastsMs: number;
}

const SECOND_MS = 1_000;

/** Everything that the demo can break. Each is real to the collectors: the fleet itself changes. */
export const DEMO_FAULTS = [
  { id: 'limit_spike', name: '429 spike', effect: '40 a minute for 5 min', lastsMs: 300 * SECOND_MS },
  {
    id: 'bad_value',
    name: 'Suspend Redis by a bad value',
    effect: 'fa61a138…, read as false',
    lastsMs: 300 * SECOND_MS,
  },
  { id: 'quota', name: 'Quota exhausted', effect: 'commands refused', lastsMs: 180 * SECOND_MS },
  { id: 'leak', name: 'Leak from a stale machine', effect: '1.2K GETs/min', lastsMs: 300 * SECOND_MS },
  { id: 'kill', name: 'Kill a machine', effect: '9185e2bc, back in 90 s', lastsMs: 90 * SECOND_MS },
  { id: 'storm', name: 'Restart storm', effect: '6 restarts in 3 min', lastsMs: 180 * SECOND_MS },
  {
    id: 'plateau',
    name: 'Plateau',
    effect: 'GETs flat at the top; told within 35 min',
    lastsMs: 2_700 * SECOND_MS,
  },
  { id: 'slow', name: 'Slow API', effect: 'p95 at 900 ms', lastsMs: 600 * SECOND_MS },
] as const satisfies readonly DemoFault[];

/** Closed set. */
export type DemoFaultId = (typeof DEMO_FAULTS)[number]['id'];

/** The ids alone, for schemas. */
export const DEMO_FAULT_IDS = DEMO_FAULTS.map(({ id }) => id) as [DemoFaultId, ...DemoFaultId[]];

/** A fault that runs; its rest in ms, by the clock of the server. */
export interface RunningFault {
  id: DemoFaultId;
  endsInMs: number;
}
