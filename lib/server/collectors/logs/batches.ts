import 'server-only';
import { createHash } from 'node:crypto';
import { MINUTE_MS } from '@/lib/core/time/range.ts';

/** A shipper that got no answer sends again within this time. */
const KEPT_MS = 10 * MINUTE_MS;
const MOST_KEPT = 20_000;

/** Remembers which batches were counted, so that one that is sent again after a lost answer counts once. */
export class Batches {
  /** In the order of arrival. */
  readonly #seenAtMs = new Map<string, number>();

  /** True when this batch is new. Known by the id that the shipper gave, else by its content. */
  isNew(body: string, batchId: string | null, nowMs: number): boolean {
    for (const [key, atMs] of this.#seenAtMs) {
      if (nowMs - atMs < KEPT_MS && this.#seenAtMs.size < MOST_KEPT) break;
      this.#seenAtMs.delete(key);
    }
    const key = createHash('sha256')
      .update(batchId === null ? `body ${body}` : `id ${batchId}`)
      .digest('base64');
    if (this.#seenAtMs.has(key)) return false;
    this.#seenAtMs.set(key, nowMs);
    return true;
  }
}
