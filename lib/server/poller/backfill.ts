import 'server-only';
import { z } from 'zod';
import type { HistorySeries } from '@/lib/core/model/history.ts';
import type { TargetId } from '@/lib/core/model/target.ts';
import { DAY_MS, HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';

/** How far back we ask: the days that a baseline is made of, and one to spare. */
const REACH_MS = 15 * DAY_MS;
/** After a failed reading: history is never worth a second attempt at once. */
const RETRY_MS = HOUR_MS;

/** A target whose provider has a memory. */
export interface HistoryTarget {
  id: TargetId;
  /** Null while its first good visit is to come: only then do we know that it answers us. */
  lastOkAtMs(): number | null;
  read(range: TimeRange, onProgress: (share: number) => void): Promise<readonly HistorySeries[]>;
}

/** `share` 0–1 while it runs; then what was kept. */
export type BackfillStatus =
  | { kind: 'waiting' }
  | { kind: 'running'; share: number }
  | { kind: 'done'; atMs: number; series: number; fromMs: number | null }
  | { kind: 'failed'; atMs: number; text: string };

const savedSchema = z.object({ atMs: z.number(), series: z.number(), fromMs: z.number().nullable() });

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
    for (const target of this.targets) if (this.#isDue(target)) await this.#one(target);
  }

  #isDue({ id, lastOkAtMs }: HistoryTarget): boolean {
    const state = this.#states.get(id);
    if (lastOkAtMs() === null || state === undefined || state.kind === 'done') return false;
    return state.kind !== 'failed' || this.deps.wallMs() - state.atMs >= RETRY_MS;
  }

  async #one(target: HistoryTarget): Promise<void> {
    const { store, wallMs } = this.deps;
    const key = `backfill/${target.id}`;
    try {
      const saved = savedSchema.safeParse(await store.getState(key));
      if (saved.success) {
        this.#states.set(target.id, { kind: 'done', ...saved.data });
        return;
      }
      this.#states.set(target.id, { kind: 'running', share: 0 });
      const range = { startMs: wallMs() - REACH_MS, endMs: wallMs() };
      const series = await target.read(range, (share) =>
        this.#states.set(target.id, { kind: 'running', share: Math.min(1, Math.max(0, share)) }),
      );
      const known = series.filter(({ stretches }) => stretches.length > 0);
      await store.putHistory(target.id, known);
      const starts = known.map(({ stretches }) => stretches[0]?.startMs ?? Number.POSITIVE_INFINITY);
      const fromMs = starts.length === 0 ? null : Math.min(...starts);
      const done = { atMs: wallMs(), series: known.length, fromMs };
      await store.putState({ [key]: done });
      this.#states.set(target.id, { kind: 'done', ...done });
    } catch (error) {
      const text = error instanceof Error ? error.message : 'history could not be read';
      this.#states.set(target.id, { kind: 'failed', atMs: wallMs(), text });
    }
  }
}
