import 'server-only';
import { z } from 'zod';
import { ACT_FIELDS, type Acts, NO_ACTS } from '@/lib/core/budget/acts.ts';
import { dayOf } from '@/lib/core/budget/day.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { ObserverAct } from '../collectors/collector.ts';
import type { Store } from '../store/store.ts';

const countSchema = z.number().int().nonnegative();
const actsSchema = z.strictObject({
  commands: countSchema,
  connects: countSchema,
  queries: countSchema,
  requests: countSchema,
});
const pageSchema = z.strictObject({
  day: z.iso.date(),
  costs: z.record(z.string(), actsSchema),
  /** Contacts that a visit under way may cost at most: a process that dies in it is charged them. */
  reserved: z.record(z.string(), countSchema),
});

/** Today and the 14 days before it. */
export const LEDGER_DAYS = 15;
/** Pages lie in a ring, so that old days need no deleting: a day has one page, and more pages than are read. */
const PAGES = LEDGER_DAYS + 1;

/** One UTC day of the ledger. */
export interface LedgerDay {
  /** `2026-04-09`. */
  day: string;
  costs: ReadonlyMap<TargetId, Readonly<Acts>>;
}

interface Page {
  costs: Map<TargetId, Acts>;
  reserved: Map<TargetId, number>;
}

/**
 * What watching has cost: every command, connect, query and request that we send, by UTC day and target. Counted before
 * it is sent, kept in the store, carried over a restart. Where contacts are billed, what a visit may cost is written
 * down before it begins, so that a process that is killed in each of its visits meets the cap too.
 */
export class Ledger {
  readonly #pages = new Map<string, Page>();
  readonly #dirty = new Set<string>();

  constructor(
    private readonly store: Pick<Store, 'getState' | 'putState'>,
    private readonly nowMs: () => number,
  ) {}

  /** Reads the days that are kept, so that a restart does not forget them. */
  async load(): Promise<void> {
    const keys = Array.from({ length: PAGES }, (_, i) => keyOf(i));
    const rows = await Promise.all(keys.map((key) => this.store.getState(key)));
    for (const row of rows) {
      const saved = pageSchema.safeParse(row);
      if (!saved.success) continue;
      const { day, costs, reserved } = saved.data;
      const page = this.#page(day);
      for (const [id, cost] of Object.entries(costs)) page.costs.set(id, cost);
      // The visit was cut short and nobody counted it: what it may have cost is taken as spent.
      for (const [id, contacts] of Object.entries(reserved)) costIn(page, id).commands += contacts;
    }
  }

  count(targetId: TargetId, act: ObserverAct, times = 1): void {
    const day = this.#today();
    const page = this.#page(day);
    costIn(page, targetId)[ACT_FIELDS[act]] += times;
    const reserved = page.reserved.get(targetId);
    // Counted now, so no longer to be reckoned with.
    if (reserved !== undefined && (act === 'command' || act === 'connect'))
      page.reserved.set(targetId, Math.max(0, reserved - times));
    this.#dirty.add(day);
  }

  /** Today's cost of one target. */
  today(targetId: TargetId): Acts {
    return this.#cost(this.#today(), targetId) ?? { ...NO_ACTS };
  }

  /** Yesterday's cost of one target; null when nothing was sent to it then. */
  yesterday(targetId: TargetId): Acts | null {
    return this.#cost(dayOf(this.nowMs() - DAY_MS), targetId);
  }

  /** Today and the days before it on which anything was sent, newest first. */
  days(): readonly LedgerDay[] {
    const nowMs = this.nowMs();
    return Array.from({ length: LEDGER_DAYS }, (_, i) => dayOf(nowMs - i * DAY_MS)).flatMap((day, i) => {
      const costs = this.#pages.get(day)?.costs ?? new Map<TargetId, Acts>();
      return i === 0 || costs.size > 0 ? [{ day, costs }] : [];
    });
  }

  /** Before a visit that may be billed: writes down what it may cost at most. Durable when resolved. */
  async reserve(targetId: TargetId, contacts: number): Promise<void> {
    const day = this.#today();
    this.#page(day).reserved.set(targetId, contacts);
    this.#dirty.add(day);
    await this.save();
  }

  /** After it: what it did cost has been counted. Durable when resolved. */
  async settle(targetId: TargetId): Promise<void> {
    for (const [day, { reserved }] of this.#pages) if (reserved.delete(targetId)) this.#dirty.add(day);
    await this.save();
  }

  /** Writes the days that have changed; durable when resolved. */
  async save(): Promise<void> {
    if (this.#dirty.size === 0) return;
    const days = [...this.#dirty];
    this.#dirty.clear();
    this.#forgetOld();
    try {
      await this.store.putState(Object.fromEntries(days.flatMap((day) => this.#entry(day))));
    } catch (error) {
      for (const day of days) this.#dirty.add(day);
      throw error;
    }
  }

  #entry(day: string): [string, unknown][] {
    const page = this.#pages.get(day);
    if (page === undefined) return [];
    const { costs, reserved } = page;
    const own = [...costs].map(([id, cost]): [TargetId, Acts] => [id, { ...cost }]);
    const row = { day, costs: Object.fromEntries(own), reserved: Object.fromEntries(reserved) };
    return [[keyOf(Date.parse(day) / DAY_MS), row]];
  }

  #cost(day: string, targetId: TargetId): Acts | null {
    const cost = this.#pages.get(day)?.costs.get(targetId);
    return cost === undefined ? null : { ...cost };
  }

  #page(day: string): Page {
    const known = this.#pages.get(day);
    if (known !== undefined) return known;
    const page: Page = { costs: new Map(), reserved: new Map() };
    this.#pages.set(day, page);
    return page;
  }

  #forgetOld(): void {
    const oldest = dayOf(this.nowMs() - PAGES * DAY_MS);
    for (const day of this.#pages.keys()) if (day < oldest) this.#pages.delete(day);
  }

  #today(): string {
    return dayOf(this.nowMs());
  }
}

function keyOf(dayNumber: number): string {
  return `ledger/${dayNumber % PAGES}`;
}

function costIn({ costs }: Page, targetId: TargetId): Acts {
  const known = costs.get(targetId);
  if (known !== undefined) return known;
  const cost = { ...NO_ACTS };
  costs.set(targetId, cost);
  return cost;
}
