import 'server-only';

/** Lets few in at a time and few wait; the rest are turned away at once. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  constructor(
    private readonly places: number,
    private readonly seats: number,
  ) {}

  /** The result of `work`, or null when all places and seats are taken. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.#running >= this.places) {
      if (this.#waiting.length >= this.seats) return null;
      // The one that leaves hands its place over, so the count stays as it is.
      await new Promise<void>((enter) => this.#waiting.push(enter));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
