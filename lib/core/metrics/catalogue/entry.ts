/** Base units. Conversion happens where the raw field is read, never later. */
export const UNITS = [
  'seconds',
  'bytes',
  'ratio',
  'commands',
  'queries',
  'transactions',
  'requests',
  'responses',
  'connections',
  'keys',
  'lookups',
  'events',
  'errors',
  'rows',
  'locks',
  'restarts',
  'samples',
  'processes',
  'state',
  'usd',
] as const;
export type Unit = (typeof UNITS)[number];

/** Which way is better. A band is better inside `[min, max]`. */
export type Good = 'up' | 'down' | 'neutral' | { min: number; max: number };

export interface MetricEntry {
  unit: Unit;
  /** A counter only rises until a restart; a gauge moves both ways. */
  kind: 'counter' | 'gauge';
  good: Good;
  /** The name that the common exporter uses, or null when there is none. */
  standard: string | null;
  /** The raw field it is read from. */
  source: string;
  /** First version of the source that has it, or null for "always". */
  since: string | null;
  /** One plain sentence for docs, tooltips and `/api/metrics`. */
  help: string;
  /** Labels that tell its series apart, beside the target. */
  labels: readonly string[];
  /**
   * True for labelled counters whose series do not exist before their first event: while the family is present,
   * a missing series is a measured 0.
   */
  absentIsZero: boolean;
}

type EntryInput = Omit<MetricEntry, 'kind' | 'since' | 'standard' | 'labels' | 'absentIsZero'> &
  Partial<Pick<MetricEntry, 'since' | 'standard' | 'labels' | 'absentIsZero'>>;

const DEFAULTS = { since: null, standard: null, labels: [], absentIsZero: false } as const;

export function counter(input: EntryInput): MetricEntry {
  return { ...DEFAULTS, ...input, kind: 'counter' };
}

export function gauge(input: EntryInput): MetricEntry {
  return { ...DEFAULTS, ...input, kind: 'gauge' };
}
