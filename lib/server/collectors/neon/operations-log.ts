import 'server-only';
import { inTimeOrder, type NeonOperation } from '@/lib/core/neon/operations.ts';
import { alignDown, DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { AskOptions, NeonApi } from './read.ts';
import type { OperationsPage } from './schema.ts';

/** The first look takes the whole day; later ones only what is new. */
const FIRST_LIMIT = 1000;
const NEXT_LIMIT = 100;
const MAX_PAGES = 5;
const MAX_HISTORY_PAGES = 60;

/** What is known of the log since `sinceMs`, 00:00 UTC. */
export interface OperationsView {
  sinceMs: number;
  operations: readonly NeonOperation[];
  /** False when the log could not be followed back to `sinceMs`: then nothing may be counted from it. */
  complete: boolean;
}

/** The operations of one project since 00:00 UTC, kept between visits so that each visit asks for one page. */
export class OperationsLog {
  #byId = new Map<string, NeonOperation>();
  #complete = false;

  /** Reads what is new. Throws `ScrapeError`; what was known before is kept then. */
  async refresh(api: NeonApi, projectId: string, options: AskOptions): Promise<OperationsView> {
    const sinceMs = alignDown(options.clock(), DAY_MS);
    const known = this.#complete ? new Set(this.#byId.keys()) : new Set<string>();
    const limit = this.#complete ? NEXT_LIMIT : FIRST_LIMIT;
    const read = await readBack(api, projectId, { limit, maxPages: MAX_PAGES, sinceMs, known }, options);
    for (const operation of read.operations) this.#byId.set(operation.id, operation);
    this.#complete = read.complete;
    // An hour more than the day: a start that was asked for before midnight may end after it.
    for (const [id, { updatedMs }] of this.#byId) {
      if (updatedMs < sinceMs - HOUR_MS) this.#byId.delete(id);
    }
    return { sinceMs, operations: inTimeOrder([...this.#byId.values()]), complete: this.#complete };
  }
}

/** All operations since `sinceMs`, for the time before our first visit. `onPage` is told how far back we are. */
export async function readOperationsSince(
  api: NeonApi,
  projectId: string,
  sinceMs: number,
  options: AskOptions,
  onPage: (oldestMs: number) => void,
): Promise<OperationsView> {
  const bounds = { limit: FIRST_LIMIT, maxPages: MAX_HISTORY_PAGES, sinceMs, known: new Set<string>() };
  const { operations, complete } = await readBack(api, projectId, bounds, options, onPage);
  return { sinceMs, operations: inTimeOrder(operations), complete };
}

interface Bounds {
  limit: number;
  maxPages: number;
  sinceMs: number;
  /** Ids that were read before: from there on back, everything is known. */
  known: ReadonlySet<string>;
}

async function readBack(
  api: NeonApi,
  projectId: string,
  { limit, maxPages, sinceMs, known }: Bounds,
  options: AskOptions,
  onPage: (oldestMs: number) => void = () => undefined,
): Promise<{ operations: NeonOperation[]; complete: boolean }> {
  const operations: NeonOperation[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { value, skewMs } = await api.operations(projectId, { limit, cursor }, options);
    const rows = value.operations.map((row) => toOperation(row, skewMs));
    operations.push(...rows);
    // The order is not promised: without it nobody knows where the log ends.
    if (!isNewestFirst(rows)) return { operations, complete: false };
    const oldestMs = rows.at(-1)?.createdMs ?? null;
    if (oldestMs !== null) onPage(oldestMs);
    const next = value.pagination?.cursor ?? null;
    const isDone =
      oldestMs === null || oldestMs < sinceMs || next === null || rows.some(({ id }) => known.has(id));
    if (isDone) return { operations, complete: true };
    // A cursor that leads back to itself would never end.
    if (next === cursor) return { operations, complete: false };
    cursor = next;
  }
  return { operations, complete: false };
}

function toOperation(row: OperationsPage['operations'][number], skewMs: number): NeonOperation {
  return {
    id: row.id,
    action: row.action,
    status: row.status,
    endpointId: row.endpoint_id ?? null,
    createdMs: row.created_at - skewMs,
    updatedMs: row.updated_at - skewMs,
  };
}

function isNewestFirst(rows: readonly NeonOperation[]): boolean {
  return rows.every((row, at) => at === 0 || row.createdMs <= (rows[at - 1]?.createdMs ?? row.createdMs));
}
