/** The fleet's time: the real one, or a fixed moment that the parent process has set. */
export class FleetClock {
  #fixedMs: number | null = null;

  nowMs(): number {
    return this.#fixedMs ?? Date.now();
  }

  /** Null follows the real clock again. */
  set(atMs: number | null): void {
    this.#fixedMs = atMs;
  }
}
