import type { CountedSeries } from './machine-text.ts';

/** Label names and values of a series. */
export type Labels = Readonly<Record<string, string>>;

/** Stable key of a series. */
export function seriesKey(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}

/** The numbers of one process: they begin at nothing and die with it. */
export class ProcessCounters {
  readonly #series = new Map<string, CountedSeries>();
  readonly startedMs: number;

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  add(name: string, labels: Labels, by: number): void {
    const series = this.#get(name, labels, 'counter');
    this.#series.set(seriesKey(name, labels), { ...series, value: series.value + by });
  }

  set(name: string, labels: Labels, value: number): void {
    this.#series.set(seriesKey(name, labels), { ...this.#get(name, labels, 'gauge'), value });
  }

  value(name: string, labels: Labels): number | null {
    return this.#series.get(seriesKey(name, labels))?.value ?? null;
  }

  /** All series; statuses are summed into classes such as `4xx` when `classOnly`. */
  read(classOnly: boolean): CountedSeries[] {
    if (!classOnly) return [...this.#series.values()];
    const grouped = new ProcessCounters(this.startedMs);
    for (const { name, kind, labels, value } of this.#series.values()) {
      const asShown = 'status' in labels ? { ...labels, status: `${labels.status?.[0] ?? '?'}xx` } : labels;
      if (kind === 'counter') grouped.add(name, asShown, value);
      else grouped.set(name, asShown, value);
    }
    return grouped.read(false);
  }

  #get(name: string, labels: Labels, kind: CountedSeries['kind']): CountedSeries {
    return this.#series.get(seriesKey(name, labels)) ?? { name, kind, labels, value: 0 };
  }
}
