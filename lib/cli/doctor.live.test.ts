import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/server/config/secret.ts';
import type { PostgresTarget, RedisTarget } from '@/lib/server/config/types.ts';
import {
  hasPostgres,
  hasRedis,
  type Peer,
  type PostgresPeer,
  startPostgres,
  startRedis,
} from '@/test/peers.ts';
import { visitTargets } from './doctor-targets.ts';

const SCOPE = { app: 'harbor', environment: 'production', intervalSeconds: null, timeoutSeconds: null };

describe.runIf(hasPostgres())('doctor at a real Postgres', () => {
  let db: PostgresPeer;
  beforeAll(async () => {
    db = await startPostgres();
    db.psql("CREATE ROLE watcher LOGIN PASSWORD 'x'");
    db.psql('CREATE ROLE nologin NOLOGIN');
  });
  afterAll(() => db.stop());

  const visit = async (role: string) => {
    const url = db.urlFor(role, { password: 'x', database: 'app' });
    const target: PostgresTarget = {
      ...SCOPE,
      kind: 'postgres',
      name: 'db',
      url: new Secret(url),
      address: new URL(url).host,
    };
    const [report] = await visitTargets([target]);
    return report;
  };

  it('prints the grant that a role lacks, and is content once that very command was run', async () => {
    // Somebody else's statement has to be there to be hidden.
    db.psql('SELECT 1', 'app');
    const report = await visit('watcher');
    expect(report).toMatchObject({ verdict: 'mend', state: 'ok' });
    expect(report?.commands).toEqual(['GRANT pg_monitor TO "watcher"']);
    db.psql(report?.commands[0] ?? '');
    expect(await visit('watcher')).toMatchObject({ verdict: 'ok', missing: [], commands: [] });
  });

  it('prints what lets a role log in', async () => {
    const report = await visit('nologin');
    expect(report).toMatchObject({ verdict: 'mend', state: 'misconfigured' });
    expect(report?.commands).toEqual(['ALTER ROLE "nologin" LOGIN']);
    expect(report?.missing).toEqual([expect.stringMatching(/does not let role "nologin" log in$/)]);
  });
});

describe.runIf(hasRedis())('doctor at a real Redis', () => {
  let cache: Peer;
  beforeAll(async () => {
    cache = await startRedis({ args: ['--user', 'default', 'on', 'nopass', '~*', '-@all', '+ping'] });
  });
  afterAll(() => cache.stop());

  it('prints the grant that a user lacks', async () => {
    const target: RedisTarget = {
      ...SCOPE,
      kind: 'redis',
      name: 'cache',
      url: new Secret(cache.url),
      address: new URL(cache.url).host,
      metered: false,
      plan: null,
    };
    const [report] = await visitTargets([target]);
    expect(report).toMatchObject({ verdict: 'mend', state: 'misconfigured', steps: [] });
    expect(report?.commands).toEqual(['ACL SETUSER default +info']);
  });
});
