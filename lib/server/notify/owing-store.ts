import 'server-only';
import type { Store } from '../store/store.ts';

/**
 * State that may be owed to the store: a full disk must neither keep an alert from being told nor have it told again with
 * every tick. What is owed counts from then on, and is written with the next write that succeeds. A process that ends before
 * that repeats what it sent, under the same ids.
 */
export class OwingStore {
  readonly #owed = new Map<string, unknown>();

  constructor(private readonly store: Pick<Store, 'getState' | 'putState'>) {}

  async getState(key: string): Promise<unknown> {
    return this.#owed.has(key) ? this.#owed.get(key) : this.store.getState(key);
  }

  /** Durable when resolved, with all that was owed. Rejects when it is not: then none of it counts. */
  async putState(rows: Readonly<Record<string, unknown>>): Promise<void> {
    const owed = new Map(this.#owed);
    await this.store.putState({ ...Object.fromEntries(owed), ...rows });
    for (const [key, value] of owed) if (this.#owed.get(key) === value) this.#owed.delete(key);
  }

  /** Counts at once, and is durable when resolved with true. Never rejects. */
  async owe(rows: Readonly<Record<string, unknown>>): Promise<boolean> {
    for (const [key, value] of Object.entries(rows)) this.#owed.set(key, value);
    return this.putState({}).then(
      () => true,
      () => false,
    );
  }
}
