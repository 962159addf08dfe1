import 'server-only';
import type { Sample, StartMarker } from '@/lib/core/model/sample.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';

/** More than any fleet has; a sender that makes names up cannot make series without end. */
const MOST_MACHINES = 100;
const FORGOTTEN_AFTER_MS = 6 * HOUR_MS;
/** Where lines of machines beyond the limit are counted. */
const OTHERS = 'others';

/** What one machine's lines came to. Counts begin at 0 when it is first heard, so its first line counts too. */
export interface MachineCounts {
  lines: number;
  byPattern: number[];
  heardAtMs: number;
  start: StartMarker;
}

/** Counts by machine; lines that name none have counts of their own. */
export class Machines {
  readonly #counts = new Map<string | null, MachineCounts>();
  #made = 0;
  constructor(
    private readonly marker: string,
    private readonly patterns: readonly string[],
  ) {}

  /** The counts of a machine, made when it is new. `nowMs`: arrival of its line. */
  of(machine: string | null, nowMs: number): MachineCounts {
    const name =
      machine === null || this.#counts.has(machine) || this.#counts.size < MOST_MACHINES ? machine : OTHERS;
    const known = this.#counts.get(name);
    if (known !== undefined) {
      known.heardAtMs = nowMs;
      return known;
    }
    this.#made += 1;
    const made: MachineCounts = {
      lines: 0,
      byPattern: this.patterns.map(() => 0),
      heardAtMs: nowMs,
      start: { marker: `${this.marker}-${this.#made}`, atMs: nowMs },
    };
    this.#counts.set(name, made);
    return made;
  }

  /** All counts; machines that have been silent for hours are forgotten. */
  samples(nowMs: number): Sample[] {
    for (const [name, { heardAtMs }] of this.#counts) {
      if (nowMs - heardAtMs > FORGOTTEN_AFTER_MS) this.#counts.delete(name);
    }
    return [...this.#counts].flatMap(([name, { lines, byPattern, start }]) => {
      const machine: Record<string, string> = name === null ? {} : { machine: name };
      return [
        { metric: 'logs_lines_total', labels: machine, value: lines, start },
        ...byPattern.map((value, i) => ({
          metric: 'logs_pattern_lines_total',
          labels: { pattern: this.patterns[i] ?? '', ...machine },
          value,
          start,
        })),
      ];
    });
  }
}
