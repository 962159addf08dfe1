import 'server-only';

/** One long work at a time, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #refusal: Error | null = null;

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#refusal !== null) throw this.#refusal;
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Waits for the turn and keeps it until the given function is called. */
  take(): Promise<() => void> {
    return new Promise((taken, failed) => {
      this.run(() => new Promise<void>((done) => taken(done))).catch(failed);
    });
  }

  /** Whoever still waits gets this error in place of a turn. */
  refuse(error: Error): void {
    this.#refusal = error;
  }
}
