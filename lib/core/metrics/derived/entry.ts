import type { Labels } from '../../model/sample.ts';
import type { Good, Unit } from '../catalogue/entry.ts';
import type { MetricName } from '../catalogue/index.ts';

/** What one number of a formula is read from. */
export interface Term {
  metric: MetricName;
  /** Only series that hold all of these labels. */
  where: Labels;
  /** How several series become one number: counted things add up, of states the largest stands for all. */
  combine: 'sum' | 'max';
  /**
   * Unknown unless one of the series passes: without exact codes a missing 429 is no 0. Null for no condition.
   */
  onlyWith: ((labels: Labels) => boolean) | null;
}

/**
 * How a derived metric is worked out, a bucket at a time. `terms`: counters as events per second of the bucket, gauges
 * as its mean; the formula is asked only while every term is known. `quantile`: from the increases of a histogram's
 * buckets, never from means. `restarts`: times that the counter began again.
 */
export type Computation =
  | {
      kind: 'terms';
      terms: Readonly<Record<string, Term>>;
      of: (values: Readonly<Record<string, number>>) => number | null;
    }
  | { kind: 'quantile'; metric: MetricName; rank: number }
  | { kind: 'restarts'; metric: MetricName };

/** A metric that is worked out from others. It is asked for as `value`. */
export interface DerivedEntry {
  unit: Unit;
  /** True for events (or bytes) per second. */
  perSecond: boolean;
  good: Good;
  /** One plain sentence. */
  help: string;
  /** The formula in words and names of metrics. */
  formula: string;
  /** Labels that its lines keep, beside the machine. */
  labels: readonly string[];
  /** `each`: a line for each machine or database. `app`: one over all of an app in one environment. */
  over: 'each' | 'app';
  /** Changes labels before they are compared, such as a status into its class; null keeps them. */
  relabel: ((labels: Labels) => Labels) | null;
  compute: Computation;
}

type Named = Pick<DerivedEntry, 'unit' | 'good' | 'help' | 'formula'> &
  Partial<Pick<DerivedEntry, 'perSecond' | 'labels' | 'over' | 'relabel'>>;

const DEFAULTS = { perSecond: false, labels: [], over: 'each', relabel: null } as const;

/** A term: the metric, and what of it. */
export function term(metric: MetricName, rest: Partial<Omit<Term, 'metric'>> = {}): Term {
  return { metric, where: {}, combine: 'sum', onlyWith: null, ...rest };
}

/** A metric by a formula over terms. */
export function fromTerms<Name extends string>(
  named: Named,
  terms: Readonly<Record<Name, Term>>,
  of: (values: Readonly<Record<Name, number>>) => number | null,
): DerivedEntry {
  return { ...DEFAULTS, ...named, compute: { kind: 'terms', terms, of } };
}

/** A percentile of a histogram. */
export function fromHistogram(named: Named, metric: MetricName, rank: number): DerivedEntry {
  return { ...DEFAULTS, ...named, compute: { kind: 'quantile', metric, rank } };
}

/** Restarts of whoever counts a metric. */
export function fromRestarts(named: Named, metric: MetricName): DerivedEntry {
  return { ...DEFAULTS, ...named, compute: { kind: 'restarts', metric } };
}

/** The catalogue's metrics that a derived one is read from. */
export function inputsOf({ compute }: DerivedEntry): readonly MetricName[] {
  switch (compute.kind) {
    case 'terms':
      return [...new Set(Object.values(compute.terms).map(({ metric }) => metric))];
    case 'quantile':
    case 'restarts':
      return [compute.metric];
    default:
      return compute satisfies never;
  }
}
