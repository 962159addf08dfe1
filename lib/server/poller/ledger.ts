import 'server-only';
import { z } from 'zod';
import type { TargetId } from '@/lib/core/model/target.ts';
import type { ObserverAct } from '../collectors/collector.ts';
import type { Store } from '../store/store.ts';

export interface ObserverCost {
  commands: number;
  connects: number;
  queries: number;
  requests: number;
}

const costSchema = z.strictObject({
  commands: z.number().int().nonnegative(),
  connects: z.number().int().nonnegative(),
  queries: z.number().int().nonnegative(),
  requests: z.number().int().nonnegative(),
});
const daySchema = z.record(z.string(), costSchema);

const FIELD: Record<ObserverAct, keyof ObserverCost> = {
  command: 'commands',
  connect: 'connects',
  query: 'queries',
  request: 'requests',
};

export const NO_COST: ObserverCost = { commands: 0, connects: 0, queries: 0, requests: 0 };

/**
 * What watching has cost: every command, connect, query and request that we send, by UTC day and target.
 * Counted before it is sent, kept in the store, carried over a restart.
 */
export class Ledger {
  #day = '';
  #costs = new Map<TargetId, ObserverCost>();
  #dirty = false;

  constructor(
    private readonly store: Pick<Store, 'getState' | 'putState'>,
    private readonly nowMs: () => number,
  ) {}

  /** Reads today's counts, so that a restart does not forget them. */
  async load(): Promise<void> {
    const day = this.#today();
    const saved = daySchema.safeParse(await this.store.getState(`ledger/${day}`));
    this.#day = day;
    this.#costs = new Map(saved.success ? Object.entries(saved.data) : []);
  }

  count(targetId: TargetId, act: ObserverAct, times = 1): void {
    this.#turnDay();
    const cost = this.#costs.get(targetId) ?? { ...NO_COST };
    cost[FIELD[act]] += times;
    this.#costs.set(targetId, cost);
    this.#dirty = true;
  }

  /** Today's cost of one target. */
  today(targetId: TargetId): ObserverCost {
    this.#turnDay();
    return { ...(this.#costs.get(targetId) ?? NO_COST) };
  }

  /** Writes what has changed; durable when resolved. */
  async save(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      await this.store.putState({ [`ledger/${this.#day}`]: Object.fromEntries(this.#costs) });
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }

  /** At midnight UTC a new page begins; yesterday's was saved with its last change at most one save ago. */
  #turnDay(): void {
    const day = this.#today();
    if (day === this.#day) return;
    if (this.#day !== '') {
      const closing = { [`ledger/${this.#day}`]: Object.fromEntries(this.#costs) };
      // A failed save of a closed day loses seconds of counts, never a start of the new day.
      void this.store.putState(closing).catch(() => undefined);
    }
    this.#day = day;
    this.#costs = new Map();
  }

  #today(): string {
    return new Date(this.nowMs()).toISOString().slice(0, 10);
  }
}
