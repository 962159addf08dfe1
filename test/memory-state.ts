import type { StateStore } from '@/lib/server/auth/state-store.ts';

/** State that lives as long as the object. For tests of what stands on a store. */
export class MemoryState implements StateStore {
  readonly rows = new Map<string, unknown>();
  /** How many times something was written. */
  writes = 0;

  async getState(key: string): Promise<unknown> {
    // Through JSON, as a real store does.
    const row = this.rows.get(key);
    return row === undefined ? undefined : JSON.parse(JSON.stringify(row));
  }

  async listState(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]> {
    const keys = [...this.rows.keys()].filter((key) => key.startsWith(prefix) && this.rows.get(key) !== null);
    return Promise.all(keys.sort().map(async (key) => [key, await this.getState(key)] as const));
  }

  async putState(entries: Readonly<Record<string, unknown>>): Promise<void> {
    this.writes += 1;
    for (const [key, value] of Object.entries(entries)) this.rows.set(key, value);
  }
}
