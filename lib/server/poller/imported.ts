import 'server-only';
import { z } from 'zod';
import type { TargetId } from '@/lib/core/model/target.ts';
import { BLOCK_MS } from '@/lib/core/time/range.ts';
import type { Store } from '../store/store.ts';
import type { BackfillStatus } from './backfill.ts';

const PREFIX = 'import/';
const savedSchema = z.object({
  atMs: z.number(),
  series: z.number(),
  fromMs: z.number(),
  resolutionsMs: z.record(z.string(), z.number().positive()),
});
type Saved = z.output<typeof savedSchema>;

/** A series that was imported. */
export interface ImportedSeries {
  metric: string;
  /** Tells it apart from others of its metric. */
  key: string;
  fromMs: number;
  /** Usual distance of its samples. */
  sampleMs: number;
}

/**
 * What people have imported of each target: it fills the time before our first visit as a provider's memory does, so it
 * is told of in the same way.
 */
export class ImportedHistory {
  readonly #known = new Map<TargetId, Saved>();
  /** Series that this process has seen, so that a part sent again counts none twice. */
  readonly #seen = new Map<TargetId, Set<string>>();
  #loading: Promise<void> | null = null;

  constructor(private readonly store: Pick<Store, 'listState' | 'putState'>) {}

  /** Reads what earlier processes were given; again after a failure. */
  load(): Promise<void> {
    this.#loading ??= this.#read().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #read(): Promise<void> {
    for (const [key, value] of await this.store.listState(PREFIX)) {
      const saved = savedSchema.safeParse(value);
      if (saved.success) this.#known.set(key.slice(PREFIX.length), saved.data);
    }
  }

  /** Series of a target that are in the store now. Durable when resolved. */
  async note(id: TargetId, series: readonly ImportedSeries[], atMs: number): Promise<void> {
    await this.load();
    const seen = this.#seen.get(id) ?? new Set<string>();
    this.#seen.set(id, seen);
    const before = this.#known.get(id);
    const resolutionsMs: Record<string, number> = { ...before?.resolutionsMs };
    for (const { metric, key, sampleMs } of series) {
      seen.add(`${metric} ${key}`);
      resolutionsMs[metric] = Math.max(resolutionsMs[metric] ?? BLOCK_MS, sampleMs);
    }
    const fromMs = Math.min(before?.fromMs ?? Number.POSITIVE_INFINITY, ...series.map((one) => one.fromMs));
    const saved = { atMs, series: Math.max(before?.series ?? 0, seen.size), fromMs, resolutionsMs };
    await this.store.putState({ [`${PREFIX}${id}`]: saved });
    this.#known.set(id, saved);
  }

  /** What a provider remembers and what was imported, as one memory; null where there is neither. */
  join(id: TargetId, own: BackfillStatus | null): BackfillStatus | null {
    const imported = this.#known.get(id);
    if (imported === undefined || (own !== null && own.kind !== 'done')) return own;
    if (own === null) return { kind: 'done', ...imported };
    const resolutionsMs: Record<string, number> = { ...own.resolutionsMs };
    for (const [metric, ms] of Object.entries(imported.resolutionsMs))
      resolutionsMs[metric] = Math.max(resolutionsMs[metric] ?? 0, ms);
    return {
      kind: 'done',
      atMs: Math.max(own.atMs, imported.atMs),
      series: own.series + imported.series,
      fromMs: Math.min(own.fromMs ?? Number.POSITIVE_INFINITY, imported.fromMs),
      resolutionsMs,
    };
  }
}
