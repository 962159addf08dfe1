import 'server-only';
import { type Labels, labelsKey } from '@/lib/core/model/sample.ts';

export type FamilyType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'gaugehistogram'
  | 'unknown';

/** What a line of a family holds: a plain value (also a quantile), or one part of a histogram or summary. */
export type SampleRole = 'plain' | 'bucket' | 'sum' | 'count';

export interface ExpositionSample {
  /** As written, such as `http_request_duration_seconds_bucket`. */
  name: string;
  role: SampleRole;
  labels: Labels;
  /** May be NaN or infinite: what that means depends on the metric. */
  value: number;
  /** Null when the line has none, as is usual. */
  timestampMs: number | null;
}

export interface Family {
  /** The text format's name: a counter keeps its `_total`, a histogram has no suffix. */
  name: string;
  type: FamilyType;
  /** From a `# UNIT` line; null without. */
  unit: string | null;
  samples: ExpositionSample[];
}

/** A whole metrics page, whatever its dialect. A family that is only declared has no samples. */
export interface Exposition {
  families: ReadonlyMap<string, Family>;
  /** Lines with a sample, duplicates and `_created` among them. */
  series: number;
  /** Lines that repeat a name with the same labels: the last one counts. */
  duplicates: number;
  /** The earliest `_created` of the page, Unix seconds: when counting began. Never a measure. */
  createdSeconds: number | null;
}

/** A line that cannot be read. The page is refused as a whole: with a line lost, an absent series means nothing. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
  constructor(
    readonly lineNumber: number,
    readonly reason: string,
  ) {
    super(`line ${lineNumber}: ${reason}`);
  }
}

/** More series than a machine may have. */
export class SeriesLimitError extends Error {
  override readonly name = 'SeriesLimitError';
  constructor(readonly limit: number) {
    super(`more than ${limit} series`);
  }
}

/** A name with `_total` where it has none, and without where it has. */
export function otherTotal(name: string): string {
  return name.endsWith('_total') ? name.slice(0, -'_total'.length) : `${name}_total`;
}

/** Several pages of one machine as one; where both have a family, the first wins. */
export function mergeExpositions(pages: readonly Exposition[]): Exposition {
  const families = new Map<string, Family>();
  for (const page of pages) {
    for (const [name, family] of page.families) if (!families.has(name)) families.set(name, family);
  }
  const created = pages.flatMap(({ createdSeconds }) => (createdSeconds === null ? [] : [createdSeconds]));
  return {
    families,
    series: pages.reduce((sum, page) => sum + page.series, 0),
    duplicates: pages.reduce((sum, page) => sum + page.duplicates, 0),
    createdSeconds: created.length === 0 ? null : Math.min(...created),
  };
}

const PART_SUFFIXES: readonly (readonly [suffix: string, role: SampleRole])[] = [
  ['_bucket', 'bucket'],
  ['_sum', 'sum'],
  ['_count', 'count'],
];
/** `_created` is a time in Unix seconds: after 2001 and before 5138, else it is somebody's own gauge. */
const CREATED_MIN = 1e9;
const CREATED_MAX = 1e11;

interface Place {
  family: Family;
  role: SampleRole;
}

/** Gathers the lines of a page into families. */
export class ExpositionBuilder {
  readonly #families = new Map<string, Family>();
  /** Where a series stands in its family, by the text of its name and labels. */
  readonly #known = new Map<string, number>();
  /** Neighbouring lines mostly have the same name. */
  #lastPlace: { name: string; place: Place } | null = null;
  #series = 0;
  #duplicates = 0;
  #createdSeconds: number | null = null;

  constructor(private readonly maxSeries: number) {}

  /** A `# TYPE` line, or a family without one. The first declaration of a name holds. */
  declare(name: string, type: FamilyType): Family {
    this.#lastPlace = null;
    const known = this.#families.get(name);
    if (known !== undefined) {
      if (known.type === 'unknown' && known.samples.length === 0) known.type = type;
      return known;
    }
    const family: Family = { name, type, unit: null, samples: [] };
    this.#families.set(name, family);
    return family;
  }

  setUnit(name: string, unit: string): void {
    this.declare(name, 'unknown').unit = unit;
  }

  /** The family that a sample name belongs to, by its suffix where a histogram or summary was declared. */
  place(name: string): Place {
    if (this.#lastPlace?.name !== name) this.#lastPlace = { name, place: this.#findPlace(name) };
    return this.#lastPlace.place;
  }

  #findPlace(name: string): Place {
    for (const [suffix, role] of PART_SUFFIXES) {
      if (!name.endsWith(suffix)) continue;
      const family = this.#families.get(name.slice(0, -suffix.length));
      const parted =
        family?.type === 'histogram' || family?.type === 'summary' || family?.type === 'gaugehistogram';
      if (family !== undefined && parted) return { family, role };
    }
    return { family: this.declare(name, 'unknown'), role: 'plain' };
  }

  /** `seriesText`: name and labels as written; a family that writes its labels in several orders is sorted out later. */
  add(family: Family, sample: ExpositionSample, seriesText: string): void {
    this.#count();
    const index = this.#known.get(seriesText);
    if (index !== undefined && family.samples[index]?.name === sample.name) {
      this.#duplicates += 1;
      family.samples[index] = sample;
      return;
    }
    this.#known.set(seriesText, family.samples.length);
    family.samples.push(sample);
  }

  /** Notes a `_created` line. */
  addCreated(seconds: number): void {
    this.#count();
    this.#noteCreated(seconds);
  }

  finish(): Exposition {
    this.#dropCreatedGauges();
    for (const family of this.#families.values()) {
      if (hasSeveralOrders(family)) this.#dropReordered(family);
    }
    return {
      families: this.#families,
      series: this.#series,
      duplicates: this.#duplicates,
      createdSeconds: this.#createdSeconds,
    };
  }

  #count(): void {
    this.#series += 1;
    if (this.#series > this.maxSeries) throw new SeriesLimitError(this.maxSeries);
  }

  #noteCreated(seconds: number): void {
    if (!(seconds > CREATED_MIN && seconds < CREATED_MAX)) return;
    this.#createdSeconds = Math.min(this.#createdSeconds ?? seconds, seconds);
  }

  /** The same labels in another order are the same series; the last one counts. */
  #dropReordered(family: Family): void {
    const last = new Map<string, ExpositionSample>();
    for (const sample of family.samples) last.set(`${sample.name} ${labelsKey(sample.labels)}`, sample);
    this.#duplicates += family.samples.length - last.size;
    family.samples = [...last.values()];
  }

  /** client_python writes `x_created` as a gauge of its own into the text format. */
  #dropCreatedGauges(): void {
    for (const [name, family] of this.#families) {
      if (!name.endsWith('_created') || family.type === 'counter') continue;
      const stem = name.slice(0, -'_created'.length);
      if (!this.#families.has(stem) && !this.#families.has(`${stem}_total`)) continue;
      for (const { value } of family.samples) this.#noteCreated(value);
      this.#families.delete(name);
    }
  }
}

/** True when a sample lists other labels than the one before, or the same in another order. */
function hasSeveralOrders({ samples }: Family): boolean {
  let order: string[] = Object.keys(samples[0]?.labels ?? {});
  for (const { labels } of samples) {
    let at = 0;
    let same = true;
    for (const name in labels) {
      same = same && order[at] === name;
      at += 1;
    }
    // Sum and count merely lack `le`; only as many labels in another order can be the same series.
    if (!same && at === order.length) return true;
    if (at !== order.length) order = Object.keys(labels);
  }
  return false;
}

const FAMILY_TYPES: Readonly<Record<string, FamilyType>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  info: 'info',
  stateset: 'stateset',
  gaugehistogram: 'gaugehistogram',
  unknown: 'unknown',
  untyped: 'unknown',
};

/** The type that a `# TYPE` line names; a word that nobody defined is `unknown`. */
export function familyType(word: string): FamilyType {
  return Object.hasOwn(FAMILY_TYPES, word) ? (FAMILY_TYPES[word] ?? 'unknown') : 'unknown';
}
