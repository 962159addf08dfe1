import 'server-only';
import { SECOND_MS } from '@/lib/core/time/range.ts';
import { WorkerClient } from '../main/client.ts';
import { type FollowingOptions, type FollowingStore, openFollowingStore } from '../main/following-store.ts';
import { openPackedStore, type PackedStoreOptions } from '../main/packed-store.ts';
import type { StorePlace } from '../main/place.ts';
import type { Store } from '../store.ts';
import type { Lease } from './lease.ts';
import { openError, writeError } from './open-errors.ts';
import type { PostgresDbOptions } from './postgres-db.ts';

const CONNECT_MS = 5 * SECOND_MS;
const QUERY_MS = 15 * SECOND_MS;

export interface PostgresStoreOptions extends PackedStoreOptions {
  url: string;
  /** Absolute path of the bundled worker, `dist/postgres-worker.mjs`, and of its link, `dist/postgres-link.mjs`. */
  workerPath: string;
  linkPath: string;
  /** The right to write: let go when the store is closed, or cannot be opened. */
  lease: Lease;
}

export type PostgresFollowerOptions = Pick<PostgresStoreOptions, 'url' | 'workerPath' | 'linkPath'> &
  Pick<FollowingOptions, 'onState'>;

/**
 * Opens the store on a PostgreSQL that others may share, as the one that leads, and brings back what the last one had.
 * Rejects with one clear sentence when the database cannot be used (`StoreOpenError`).
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, lease } = options;
  const release = () => lease.release();
  try {
    return await withClient(options, lease.token, (client) =>
      openPackedStore({ ...options, client, place: placeOf(url, client, release) }),
    );
  } catch (error) {
    await release();
    throw openError(url, error);
  }
}

/** Opens it as one that follows: it reads what another instance writes. Rejects with one clear sentence. */
export async function openPostgresFollower(options: PostgresFollowerOptions): Promise<FollowingStore> {
  const { url } = options;
  try {
    return await withClient(options, null, (client) =>
      openFollowingStore({ ...options, client, place: placeOf(url, client, async () => undefined) }),
    );
  } catch (error) {
    throw openError(url, error);
  }
}

async function withClient<T>(
  { url, workerPath, linkPath }: Pick<PostgresStoreOptions, 'url' | 'workerPath' | 'linkPath'>,
  fence: number | null,
  open: (client: WorkerClient) => Promise<T>,
): Promise<T> {
  const place: PostgresDbOptions = { url, linkPath, fence, connectMs: CONNECT_MS, queryMs: QUERY_MS };
  const client = await WorkerClient.open(workerPath, { ...place });
  try {
    return await open(client);
  } catch (error) {
    await client.close();
    throw error;
  }
}

function placeOf(url: string, client: WorkerClient, release: () => Promise<void>): StorePlace {
  let bytes = 0;
  return {
    engine: 'postgres',
    sizeBytes: () => bytes,
    check: async () => {
      ({ bytes } = await client.call('size', {}));
    },
    explain: (error) => writeError(url, error),
    release,
  };
}
