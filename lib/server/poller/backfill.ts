import 'server-only';
import { z } from 'zod';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';

/** How far back we ask: the days that a baseline is made of, and one to spare. */
export const REACH_MS = 15 * DAY_MS;
/** After a failed reading: history is never worth a second attempt at once. */
const RETRY_MS = HOUR_MS;

/** A target whose provider has a memory. */
export interface HistoryTarget {
  id: TargetId;
  /** Null while its first good visit is to come: only then do we know that it answers us. */
  lastOkAtMs(): number | null;
  read(range: TimeRange, onProgress: (share: number) => void): Promise<readonly HistorySeries[]>;
}

/** How fine a provider tells each metric, ms: the usual width of its coarsest series. */
type Resolutions = Readonly<Record<string, number>>;

/** `share` 0–1 while it runs; then what was kept, and how fine each metric is. */
export type BackfillStatus =
  | { kind: 'waiting' }
  | { kind: 'running'; share: number }
  | { kind: 'done'; atMs: number; series: number; fromMs: number | null; resolutionsMs: Resolutions }
  | { kind: 'failed'; atMs: number; text: string };

const savedSchema = z.object({
  atMs: z.number(),
  series: z.number(),
  fromMs: z.number().nullable(),
  resolutionsMs: z.record(z.string(), z.number().positive()).default({}),
});

export interface BackfillDeps {
  store: Pick<Store, 'getState' | 'putState' | 'putHistory'>;
  wallMs: () => number;
}

/**
 * Reads once, on first contact, what each provider knows from before our first visit. What was read is remembered in the
 * store, so that a restart does not ask again. One target at a time, and never before a good visit.
 */
export class Backfill {
  readonly #states = new Map<TargetId, BackfillStatus>();
  /** Targets of which the store was asked what an earlier process had read. */
  readonly #looked = new Set<TargetId>();
  #running: Promise<void> | null = null;

  constructor(
    private readonly targets: readonly HistoryTarget[],
    private readonly deps: BackfillDeps,
  ) {
    for (const { id } of targets) this.#states.set(id, { kind: 'waiting' });
  }

  /** Null for a target without a memory. */
  status(id: TargetId): BackfillStatus | null {
    return this.#states.get(id) ?? null;
  }

  /** Does what is due; cheap when nothing is. Never rejects: a failure is a status. */
  run(): Promise<void> {
    this.#running ??= this.#all().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #all(): Promise<void> {
    // First of all, so that a source which is away now keeps the history that it gave before.
    for (const { id } of this.targets) await this.#recall(id);
    for (const target of this.targets) if (this.#isDue(target)) await this.#one(target);
  }

  /** What an earlier process has read; asked again when the store did not answer. */
  async #recall(id: TargetId): Promise<void> {
    if (this.#looked.has(id)) return;
    try {
      const saved = savedSchema.safeParse(await this.deps.store.getState(keyOf(id)));
      this.#looked.add(id);
      this.#states.set(id, saved.success ? { kind: 'done', ...saved.data } : { kind: 'waiting' });
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #isDue({ id, lastOkAtMs }: HistoryTarget): boolean {
    const state = this.#states.get(id);
    if (lastOkAtMs() === null || !this.#looked.has(id) || state === undefined) return false;
    if (state.kind === 'done') return false;
    return state.kind !== 'failed' || this.deps.wallMs() - state.atMs >= RETRY_MS;
  }

  async #one(target: HistoryTarget): Promise<void> {
    const { store, wallMs } = this.deps;
    try {
      this.#states.set(target.id, { kind: 'running', share: 0 });
      const range = { startMs: wallMs() - REACH_MS, endMs: wallMs() };
      const series = await target.read(range, (share) =>
        this.#states.set(target.id, { kind: 'running', share: Math.min(1, Math.max(0, share)) }),
      );
      const known = series.filter(({ stretches }) => stretches.length > 0);
      await store.putHistory(target.id, known);
      const starts = known.map(({ stretches }) => stretches[0]?.startMs ?? Number.POSITIVE_INFINITY);
      const fromMs = starts.length === 0 ? null : Math.min(...starts);
      const done = { atMs: wallMs(), series: known.length, fromMs, resolutionsMs: resolutionsOf(known) };
      await store.putState({ [keyOf(target.id)]: done });
      this.#states.set(target.id, { kind: 'done', ...done });
    } catch (error) {
      this.#fail(target.id, error);
    }
  }

  #fail(id: TargetId, error: unknown): void {
    const text = error instanceof Error ? error.message : 'history could not be read';
    this.#states.set(id, { kind: 'failed', atMs: this.deps.wallMs(), text });
  }
}

function keyOf(id: TargetId): string {
  return `backfill/${id}`;
}

/** By metric the usual width of a stretch, of the coarsest series where they differ. */
function resolutionsOf(series: readonly HistorySeries[]): Resolutions {
  const widest: Record<string, number> = {};
  for (const { metric, stretches } of series) {
    const widths = stretches.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
    const usual = widths[Math.floor(widths.length / 2)] ?? 0;
    if (usual > 0) widest[metric] = Math.max(widest[metric] ?? 0, usual);
  }
  return widest;
}
