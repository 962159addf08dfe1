import 'server-only';
import { DAY_MS, HOUR_MS } from '@/lib/core/time/range.ts';
import type { Retention } from '@/lib/server/config/types.ts';
import type { Head } from '../head/head.ts';
import { hourOf } from '../head/target-head.ts';
import { PERIOD_MS } from '../packed/keys.ts';
import type { WorkerClient } from './client.ts';
import type { StorePlace } from './place.ts';
import type { WriteQueue } from './write-queue.ts';

/** An hour is packed when the second one after it begins. */
const HOURS_IN_HEAD = 2;
/** Blocks move into their day's row this often: rarely enough to be cheap, often enough to keep reads short. */
const FOLD_HOURS = 6;
const MOST_SERIES_A_RUN = 1000;

interface Parts {
  place: Pick<StorePlace, 'check' | 'explain'>;
  retention: Retention;
  client: WorkerClient;
  head: Head;
  queue: WriteQueue;
  onWarning?: (message: string) => void;
}

/** Packs, folds and deletes, one thing after another. A failure is told and tried again at the next run. */
export class Maintenance {
  readonly #parts: Parts;
  #foldedHour: number | null = null;
  #expiredHour: number | null = null;
  /** Rows of packed hours may have been left by a process that died while packing. */
  #leftOver = true;
  #running: Promise<void> | null = null;
  /** Hours up to and with this one are being packed right now; null when none is. */
  #packingHour: number | null = null;
  #holds = 0;
  lastError: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Never rejects: `lastError` says what went wrong. */
  run(nowMs: number): Promise<void> {
    if (this.#holds > 0) return Promise.resolve();
    this.#running ??= this.#guarded(nowMs).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Waits for what runs, and lets nothing begin until the given function is called. */
  async hold(): Promise<() => void> {
    this.#holds += 1;
    await this.settled();
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds -= 1;
      isHeld = false;
    };
  }

  /** True while hours are being packed that `touches` says yes to. */
  isPacking(touches: (hour: number) => boolean): boolean {
    return this.#packingHour !== null && touches(this.#packingHour);
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #guarded(nowMs: number): Promise<void> {
    try {
      await this.#parts.place.check();
      const hour = hourOf(nowMs) - HOURS_IN_HEAD;
      await this.#pack(hour);
      await this.#fold(hour);
      await this.#expire(nowMs);
      this.lastError = null;
    } catch (error) {
      const { message } = this.#parts.place.explain(error);
      if (this.lastError !== message) this.#parts.onWarning?.(message);
      this.lastError = message;
    }
  }

  async #pack(hour: number): Promise<void> {
    const { head, queue, client } = this.#parts;
    const isDue = () =>
      [...head.targets()].some((target) => (target.head.hours[0]?.hour ?? hour + 1) <= hour);
    if (!this.#leftOver && !isDue()) return;
    while (queue.busy) await queue.drained();
    // From here on, in one turn: a visit to a sealed hour is late, one to another hour being packed waits. So what
    // the worker reads next is all that there is of these hours.
    this.#packingHour = hour;
    const sealed = [...head.targets()].map((target) => {
      const lastHour = target.head.hours.findLast((rows) => rows.hour <= hour)?.hour ?? null;
      if (lastHour !== null) target.sealedHour = Math.max(target.sealedHour ?? lastHour, lastHour);
      return { target, lastHour };
    });
    try {
      await client.call('pack', { hour });
    } finally {
      this.#packingHour = null;
    }
    this.#leftOver = false;
    for (const { target, lastHour } of sealed) {
      if (lastHour === null) continue;
      target.packedHour = lastHour;
      target.head.dropHours(lastHour);
    }
  }

  async #fold(packedHour: number): Promise<void> {
    const hour = Math.floor((packedHour + 1) / FOLD_HOURS) * FOLD_HOURS - 1;
    if (hour === this.#foldedHour) return;
    await this.#parts.client.call('fold', { hour });
    this.#foldedHour = hour;
  }

  async #expire(nowMs: number): Promise<void> {
    if (this.#expiredHour === hourOf(nowMs)) return;
    const { retention, client, head } = this.#parts;
    // Age is measured from the newest data, never past the clock: a wrong clock alone removes nothing.
    const newestMs = Math.max(0, ...[...head.targets()].map((target) => target.head.lastVisitMs ?? 0));
    const fromMs = Math.min(nowMs, newestMs);
    const seriesIds = this.#silentSeries(fromMs - retention.hourlyDays * DAY_MS);
    await client.call('expire', {
      samplesHour: Math.floor((fromMs - retention.samplesDays * DAY_MS) / HOUR_MS),
      blocksDay: Math.floor((fromMs - retention.blocksDays * DAY_MS) / DAY_MS),
      hourlyPeriod: Math.floor((fromMs - retention.hourlyDays * DAY_MS) / PERIOD_MS),
      seriesIds,
    });
    head.removeSeries(seriesIds);
    this.#expiredHour = hourOf(nowMs);
  }

  /** Series silent for longer than anything is kept. */
  #silentSeries(goneMs: number): number[] {
    return this.#parts.head.registry
      .all()
      .filter(({ lastAtMs }) => lastAtMs !== null && lastAtMs < goneMs)
      .slice(0, MOST_SERIES_A_RUN)
      .map(({ info }) => info.id);
  }
}
