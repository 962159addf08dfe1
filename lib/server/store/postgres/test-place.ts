import { join } from 'node:path';
import type { PackedStoreOptions } from '../main/packed-store.ts';
import type { Store } from '../store.ts';
import { LeaseBoard } from './lease.ts';
import { openPostgresFollower, openPostgresStore } from './postgres-store.ts';

const dist = (name: string) => join(process.cwd(), 'dist', name);
/** The bundled threads, as the program gives them. */
export const THREADS = { workerPath: dist('postgres-worker.mjs'), linkPath: dist('postgres-link.mjs') };

/** For tests: takes the lease, which must be free, and opens the store of the one who leads. */
export async function openLeading(url: string, options: PackedStoreOptions): Promise<Store> {
  const board = await LeaseBoard.open(url);
  try {
    const lease = await board.take({ holder: 'a test', address: 'http://127.0.0.1:1' });
    if (lease === null) throw new Error('another instance leads');
    return closing(await openPostgresStore({ ...options, ...THREADS, url, lease }), board);
  } catch (error) {
    await board.close();
    throw error;
  }
}

/** For tests: the store of one who follows. */
export function openFollowing(url: string): ReturnType<typeof openPostgresFollower> {
  return openPostgresFollower({ ...THREADS, url });
}

function closing(store: Store, board: LeaseBoard): Store {
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    await board.close();
  };
  return store;
}
