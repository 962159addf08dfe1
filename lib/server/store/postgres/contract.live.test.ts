import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type Peer, type PostgresPeer, startPgbouncer, startPostgres } from '@/test/peers.ts';
import { storeContract } from '../contract.ts';
import type { PackedStoreOptions } from '../main/packed-store.ts';
import { openLeading } from './test-place.ts';

let server: PostgresPeer;
let pooler: Peer;
let owner: pg.Client;

beforeAll(async () => {
  // What a power cut would cost is not asked here, and hundreds of places are made.
  server = await startPostgres({
    statements: false,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  pooler = await startPgbouncer(server);
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await pooler.stop();
  await server.stop();
});

const ways: [name: string, url: () => string, share: number][] = [
  ['postgres', () => server.url, 1],
  ['postgres, through a pooler of transactions', () => pooler.url, 0.25],
];
for (const [name, url, share] of ways) {
  const create = async () => {
    await owner.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
    return { open: openAt, remove: async () => undefined };
  };
  const openAt = (options: PackedStoreOptions) => openLeading(url(), options);
  storeContract(name, create, share);
}
