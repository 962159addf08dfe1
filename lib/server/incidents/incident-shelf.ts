import 'server-only';
import { z } from 'zod';
import { type IncidentRow, rowOf } from '@/lib/core/incidents/incident-line.ts';
import { type Incident, incidentSchema } from '@/lib/core/model/incident.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Store } from '../store/store.ts';

const { id, title, status, startMs, endMs, openedMs, deployId, origin, mergedInto } = incidentSchema.shape;
const rowSchema = z.object({
  ...{ id, title, status, startMs, endMs, openedMs, deployId, origin, mergedInto },
  actionsOpen: z.number().int(),
});

/** Years of incidents; older ones leave the list and keep their page. */
const MOST_LISTED = 2_000;

/** Incidents in the store: a record each, and one index a scope. Indexes are held in memory. */
export class IncidentShelf {
  readonly #indexes = new Map<string, readonly IncidentRow[]>();

  constructor(private readonly store: Pick<Store, 'getState' | 'putState'>) {}

  /** Every incident of a scope, oldest first. */
  async rows(scope: Scope): Promise<readonly IncidentRow[]> {
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
  rowsInMemory(scope: Scope): readonly IncidentRow[] {
    return this.#indexes.get(indexKey(scope)) ?? [];
  }

  async get(incidentId: string): Promise<Incident | null> {
    return incidentSchema.safeParse(await this.store.getState(recordKey(incidentId))).data ?? null;
  }

  /** Keeps incidents of one scope and their lines in one write, all of them or none; durable when resolved. */
  async put(scope: Scope, incidents: readonly Incident[]): Promise<void> {
    const rows = incidents.map(rowOf);
    const others = (await this.rows(scope)).filter((row) => rows.every((own) => own.id !== row.id));
    const next = [...others, ...rows].sort((a, b) => a.startMs - b.startMs).slice(-MOST_LISTED);
    await this.store.putState({
      ...Object.fromEntries(incidents.map((incident) => [recordKey(incident.id), incident])),
      [indexKey(scope)]: next,
    });
    this.#indexes.set(indexKey(scope), next);
  }
}

function indexKey({ app, environment }: Scope): string {
  return `incident/index/${app}/${environment}`;
}

function recordKey(incidentId: string): string {
  return `incident/${incidentId}`;
}
