import 'server-only';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';

/** Lines that a source takes in a minute; what is unused is kept for one minute at most. */
const LINES_A_MINUTE = 300_000;

/** How many lines may still come. A flood is refused whole, batch by batch: its shipper waits and sends again. */
export class Allowance {
  #left = LINES_A_MINUTE;
  #atMs: number | null = null;

  /** Null when the lines may come; else the whole seconds to wait. */
  take(lines: number, nowMs: number): number | null {
    const sinceMs = this.#atMs === null ? 0 : Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(LINES_A_MINUTE, this.#left + (sinceMs / MINUTE_MS) * LINES_A_MINUTE);
    this.#atMs = nowMs;
    if (this.#left >= lines) {
      this.#left -= lines;
      return null;
    }
    return Math.max(1, Math.ceil(((lines - this.#left) / LINES_A_MINUTE) * (MINUTE_MS / SECOND_MS)));
  }
}
