import 'server-only';
import { z } from 'zod';
import { CANT_TELL_REASONS, CLAIM_STATES } from '@/lib/core/model/claim.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { type WatchRecord, watchRecordSchema } from '@/lib/core/model/verdict.ts';
import type { Store } from '../store/store.ts';

/** A watch in the index of its scope. */
const rowSchema = z.object({
  deployId: z.string(),
  originMs: z.number(),
  closedMs: z.number().nullable(),
  state: z.enum(CLAIM_STATES),
  provisional: z.boolean(),
  reason: z.enum(CANT_TELL_REASONS).nullable(),
  met: z.number().int(),
  of: z.number().int(),
  overridden: z.boolean(),
});
export type WatchRow = z.output<typeof rowSchema>;

/** As many years of deploys as a list shows; older watches keep their record. */
const MOST_ROWS = 2_000;

/** Watches in the store: a record each, and one index a scope. Indexes are held in memory. */
export class WatchShelf {
  readonly #indexes = new Map<string, readonly WatchRow[]>();

  constructor(private readonly store: Pick<Store, 'getState' | 'putState'>) {}

  /** Every watch of a scope, oldest deploy first. */
  async rows(scope: Scope): Promise<readonly WatchRow[]> {
    const key = indexKey(scope);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const list = z.array(z.unknown()).safeParse(await this.store.getState(key));
    // What an older version wrote and this one cannot read is left out of the list; its record stays.
    const rows = (list.data ?? []).flatMap((row) => rowSchema.safeParse(row).data ?? []);
    const read = this.#indexes.get(key) ?? rows;
    this.#indexes.set(key, read);
    return read;
  }

  /** Those that were read before; without the disk. */
  rowsInMemory(scope: Scope): readonly WatchRow[] {
    return this.#indexes.get(indexKey(scope)) ?? [];
  }

  async get(deployId: string): Promise<WatchRecord | null> {
    return watchRecordSchema.safeParse(await this.store.getState(recordKey(deployId))).data ?? null;
  }

  /** Keeps a record, and its line where that changed, in one write; durable when resolved. */
  async put(record: WatchRecord): Promise<void> {
    const row = rowOf(record);
    const rows = await this.rows(record);
    const known = rows.find(({ deployId }) => deployId === record.deployId);
    const isSame = known !== undefined && JSON.stringify(known) === JSON.stringify(row);
    const next = isSame
      ? rows
      : [...rows.filter(({ deployId }) => deployId !== record.deployId), row]
          .sort((a, b) => a.originMs - b.originMs)
          .slice(-MOST_ROWS);
    await this.store.putState({
      [recordKey(record.deployId)]: record,
      ...(isSame ? {} : { [indexKey(record)]: next }),
    });
    this.#indexes.set(indexKey(record), next);
  }
}

function rowOf({
  deployId,
  originMs,
  closedMs,
  state,
  provisional,
  reason,
  claims,
  override,
}: WatchRecord): WatchRow {
  const all = Object.values(claims);
  const met = all.filter((claim) => claim.state === 'met' || claim.state === 'mostly_met').length;
  return {
    ...{ deployId, originMs, closedMs, state, provisional, reason },
    ...{ met, of: all.length, overridden: override !== null },
  };
}

function indexKey({ app, environment }: Scope): string {
  return `watches/${app}/${environment}`;
}

function recordKey(deployId: string): string {
  return `watch/${deployId}`;
}
