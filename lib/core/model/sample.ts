/** Labels of a series beyond its target, such as `{ cmd: 'get' }`. */
export type Labels = Readonly<Record<string, string>>;

/**
 * When the counting process began. `marker` changes at every restart (Redis `run_id`, a process start time);
 * `atMs` is the start as Unix ms, or null where the source does not tell it.
 */
export interface StartMarker {
  marker: string;
  atMs: number | null;
}

/**
 * How good a number is. `backfilled` was read from a provider's memory, `stated` was written by a person;
 * `inferred` and `unavailable` always come with a reason on screen.
 */
export const QUALITIES = ['measured', 'inferred', 'backfilled', 'stated', 'unavailable'] as const;
export type Quality = (typeof QUALITIES)[number];

/** One number of one scrape, in the base unit of its catalogue entry. */
export interface Sample {
  /** A name of the metric catalogue. */
  metric: string;
  labels: Labels;
  /** Finite. A field that is absent makes no sample. */
  value: number;
  /** Defaults to the scrape's own start marker. */
  start?: StartMarker;
  /** Defaults to `measured`. */
  quality?: 'measured' | 'inferred';
}

/** Stable text for a label set: sorted, so that the same labels always give the same key. */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return names.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(',');
}

/** The process that counts a series, where its source tells of several; empty where it is the target itself. */
export function processOf(labels: Labels): string {
  return labels.machine ?? labels.instance ?? '';
}
