import type { TimeRange } from '@/lib/core/time/range.ts';
import type { SeriesSelector, Store } from './store.ts';

/**
 * Calls `before` at every read of buckets, in whichever form they are asked for; what it throws is what the read rejects
 * with. Returns what takes it away again. For tests.
 */
export function beforeReads(
  store: Store,
  before: (selector: SeriesSelector, range: TimeRange, stepMs: number) => void,
): () => void {
  const { readBuckets, scanBuckets } = store;
  store.readBuckets = async (selector, range, stepMs) => {
    before(selector, range, stepMs);
    return readBuckets.call(store, selector, range, stepMs);
  };
  store.scanBuckets = async (selector, range, stepMs, take) => {
    before(selector, range, stepMs);
    return scanBuckets.call(store, selector, range, stepMs, take);
  };
  return () => {
    store.readBuckets = readBuckets;
    store.scanBuckets = scanBuckets;
  };
}
