import { type CounterOutcome, measureCounter } from './counter-measure.ts';
import { blockGates, type GateRow, plateauGates, spikeGates, stallGates } from './detectors.ts';
import { type JudgedOutcome, type JudgedParams, measureJudged } from './judged.ts';
import type { MadeParams } from './made.ts';
import {
  type ChangeOutcome,
  type CoverOutcome,
  measureChange,
  measureCover,
  measureNothing,
  measureRivals,
  type NothingOutcome,
} from './made-measures.ts';
import { type FakeDeploy, measurePublic, type PublicParams } from './public-measure.ts';
import type { RivalAlarms } from './rivals.ts';

/** Everything that can be measured for a seed: what it needs, and what it gives. */
export interface Measures {
  nothing: { params: MadeParams; outcome: NothingOutcome };
  change: { params: MadeParams; outcome: ChangeOutcome };
  cover: { params: MadeParams & { truth: number }; outcome: CoverOutcome };
  judged: { params: JudgedParams; outcome: JudgedOutcome[] };
  rivals: { params: MadeParams; outcome: RivalAlarms };
  counter: { params: object; outcome: CounterOutcome };
  public: { params: PublicParams; outcome: FakeDeploy[] };
  /** The seed is how many watches each row takes. */
  detectors: { params: { part: keyof typeof DETECTORS }; outcome: GateRow[] };
}

const DETECTORS = { spike: spikeGates, plateau: plateauGates, stall: stallGates, block: blockGates };

export type Measure = keyof Measures;

type Act<K extends Measure> = (params: Measures[K]['params'], seed: number) => Measures[K]['outcome'];

const ACTS: { [K in Measure]: Act<K> } = {
  nothing: measureNothing,
  change: measureChange,
  cover: measureCover,
  judged: measureJudged,
  rivals: measureRivals,
  counter: measureCounter,
  public: measurePublic,
  detectors: ({ part }, watches) => DETECTORS[part](watches),
};

/** A piece of work that a thread does at once. Plain data. */
export interface Job<K extends Measure = Measure> {
  measure: K;
  params: Measures[K]['params'];
  seeds: readonly number[];
}

/** Does a piece of work: one outcome a seed, in their order. */
export function runJob<K extends Measure>({ measure, params, seeds }: Job<K>): Measures[K]['outcome'][] {
  return seeds.map((seed) => ACTS[measure](params, seed));
}
