import type { FaultRuns } from '../faults.ts';
import type { WorldSeries } from '../prometheus/promql.ts';

type Labels = Readonly<Record<string, string>>;

/** Gathers the series of one moment. `where` are the labels of the process, with its `instance`; `labels` the others. */
export type PutSeries = (name: string, value: number, where: Labels, labels?: Labels) => void;

/** Two weeks of five minutes, as a reader of history asks for them once a query. */
const MOST_MOMENTS = 4_600;
const FORGET_MS = 60_000;

interface Moment {
  ids: Uint16Array;
  values: Float64Array;
}

/**
 * Series of moments with each label set as one object for good, so that an engine can know it again. What was made of a
 * moment is kept for a minute as plain numbers: history is read by several queries over the same moments.
 */
export class SeriesMemory {
  readonly #ids = new Map<string, number>();
  readonly #labels: Labels[] = [];
  readonly #moments = new Map<number, Moment>();
  #version = -1;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly faults: Pick<FaultRuns, 'version'>) {}

  /** The series at `atMs`, made by `make` unless they are known. */
  at(atMs: number, make: (put: PutSeries) => void): WorldSeries[] {
    if (this.#version !== this.faults.version) this.#moments.clear();
    this.#version = this.faults.version;
    const moment = this.#moments.get(atMs) ?? this.#make(atMs, make);
    return Array.from(moment.ids, (id, i) => ({
      labels: this.#labels[id] ?? {},
      value: moment.values[i] ?? 0,
      atMs,
    }));
  }

  #make(atMs: number, make: (put: PutSeries) => void): Moment {
    const ids: number[] = [];
    const values: number[] = [];
    make((name, value, where, labels) => {
      ids.push(this.#idOf(name, where, labels));
      values.push(value);
    });
    const moment = { ids: Uint16Array.from(ids), values: Float64Array.from(values) };
    if (this.#moments.size >= MOST_MOMENTS) this.#moments.clear();
    this.#moments.set(atMs, moment);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#moments.clear();
    }, FORGET_MS).unref();
    return moment;
  }

  #idOf(name: string, where: Labels, labels: Labels | undefined): number {
    // A metric has the same labels in the same order each time: their values tell its series apart.
    let key = `${name} ${where.instance}`;
    if (labels !== undefined) for (const label in labels) key += `\n${labels[label]}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#labels.length;
    this.#ids.set(key, id);
    this.#labels.push({ __name__: name, ...where, ...labels });
    return id;
  }
}
