import 'server-only';
import type { PromSeries } from '../promql/answer.ts';
import { processOf } from './processes.ts';

/** What the engine last did with each process that it scrapes itself. */
export interface Scrapes {
  /** Unix ms by the engine's clock. */
  atMs: ReadonlyMap<string, number>;
  up: ReadonlyMap<string, boolean>;
}

export const NO_SCRAPES: Scrapes = { atMs: new Map(), up: new Map() };

/** The answer to `scrapesQuery`: times come without a name, states as `up`. */
export function readScrapes(series: readonly PromSeries[]): Scrapes {
  const atMs = new Map<string, number>();
  const up = new Map<string, boolean>();
  for (const { labels, points } of series) {
    const value = points[0]?.value;
    if (value === undefined) continue;
    if (labels.__name__ === 'up') up.set(processOf(labels), value === 1);
    else atMs.set(processOf(labels), Math.round(value * 1_000));
  }
  return { atMs, up };
}

/** Longer than this no engine waits between two scrapes: its own look back ends there. */
const LOOK_BACK_MS = 300_000;

/**
 * Tells old answers from new ones. For five minutes an engine repeats the last value of a series that ended without a
 * word, with the time of the question on it: taken as now, it would read as "nothing happened". A process counts as
 * read only when the engine has scraped it since our last visit; one without `up` cannot be told, and counts.
 */
export class Freshness {
  readonly #lastMs = new Map<string, number>();
  #intervalMs = 0;

  /** Takes the scrapes of one visit and gives the processes whose numbers are old. */
  step(scrapes: Scrapes): ReadonlySet<string> {
    const old = new Set<string>();
    const spans: number[] = [];
    for (const [process, atMs] of scrapes.atMs) {
      const lastMs = this.#lastMs.get(process);
      if (lastMs !== undefined && atMs <= lastMs) {
        old.add(process);
        continue;
      }
      if (lastMs !== undefined) spans.push(atMs - lastMs);
      this.#lastMs.set(process, atMs);
    }
    // The shortest: the others are those that missed a scrape.
    const shortestMs = Math.min(...spans);
    if (shortestMs <= LOOK_BACK_MS) this.#intervalMs = shortestMs;
    for (const process of this.#lastMs.keys()) if (!scrapes.atMs.has(process)) this.#lastMs.delete(process);
    return old;
  }

  /** Time between the last two scrapes that two visits in a row met: never less than theirs; 0 when unknown. */
  get scrapeIntervalMs(): number {
    return this.#intervalMs;
  }
}
