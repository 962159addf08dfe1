import { join } from 'node:path';
import { openLeading } from '@/lib/server/store/postgres/test-place.ts';
import { openSqliteStore } from '@/lib/server/store/sqlite/sqlite-store.ts';
import type { Store } from '@/lib/server/store/store.ts';

/** Where a measured store lies. Travels between processes. */
export type Place = { engine: 'sqlite'; dir: string } | { engine: 'postgres'; url: string };

const RETENTION = { samplesDays: 30, blocksDays: 90, hourlyDays: 730 };

/** Opens it as the one that leads. Rejects when another one does. */
export function openPlace(place: Place, now: () => number): Promise<Store> {
  switch (place.engine) {
    case 'sqlite': {
      const workerPath = join(process.cwd(), 'dist/store-worker.mjs');
      return openSqliteStore({ dir: place.dir, workerPath, retention: RETENTION, now });
    }
    case 'postgres':
      return openLeading(place.url, { retention: RETENTION, now });
    default:
      return place satisfies never;
  }
}
