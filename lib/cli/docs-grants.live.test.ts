import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
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
const PASSWORD = 'a%odd@pass/word:1';

/** The fenced blocks of a page in one language, as a person copies them. */
function snippets(page: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, name, body]) => (name === language && body !== undefined ? [body] : []));
}

/** One line of a page’s snippet, with a password in it. */
const filled = (text: string | undefined) => (text ?? '').replaceAll(/(?<=[>'])PASSWORD/g, PASSWORD).trim();

describe.runIf(hasRedis())('docs/connect-redis.md, at a real Redis', () => {
  const grant = filled(snippets('connect-redis.md', 'redis')[0]);
  let cache: Peer;
  let admin: Redis;
  beforeAll(async () => {
    cache = await startRedis();
    admin = new Redis(cache.url);
    await admin.set('session:1', 'private');
  });
  afterAll(async () => {
    admin.disconnect();
    await cache.stop();
  });

  async function makeUser(words: readonly string[]): Promise<void> {
    await admin.call('ACL', 'DELUSER', 'watcher');
    await admin.call('ACL', ...words.slice(1));
  }
  const visit = async () => {
    const url = `redis://watcher:${encodeURIComponent(PASSWORD)}@127.0.0.1:${cache.port}`;
    const address = `127.0.0.1:${cache.port}`;
    // Metered, so that the first visit sends all that is ever sent.
    const target: RedisTarget = {
      ...SCOPE,
      ...{ kind: 'redis', name: 'cache', url: new Secret(url), address, metered: true, plan: null },
    };
    const [report] = await visitTargets([target]);
    expect(JSON.stringify(report)).not.toContain(PASSWORD);
    return report;
  };

  it('the user of the page misses nothing, and is refused nothing that is sent', async () => {
    const words = grant.split(/\s+/);
    expect(words.slice(0, 3)).toEqual(['ACL', 'SETUSER', 'watcher']);
    await makeUser(words);
    await admin.call('ACL', 'LOG', 'RESET');
    expect(await visit()).toMatchObject({ verdict: 'ok', state: 'ok', missing: [], commands: [] });
    expect(await admin.call('ACL', 'LOG')).toEqual([]);
  });

  it('it reads no key of the app, writes none, and changes no setting', async () => {
    await makeUser(grant.split(/\s+/));
    const user = new Redis({ port: cache.port, username: 'watcher', password: PASSWORD, lazyConnect: true });
    user.on('error', () => undefined);
    try {
      for (const command of [
        ['GET', 'session:1'],
        ['SET', 'afterwatch:probe', '1'],
        ['KEYS', '*'],
        ['CONFIG', 'GET', 'maxmemory'],
        ['CLIENT', 'LIST'],
        ['PUBLISH', 'room', 'word'],
      ])
        await expect(user.call(command[0] ?? '', ...command.slice(1)), command.join(' ')).rejects.toThrow(
          'NOPERM',
        );
    } finally {
      user.disconnect();
    }
  });

  it('without +info the doctor prints the one word that mends it', async () => {
    await makeUser(grant.split(/\s+/).filter((word) => word !== '+info'));
    const report = await visit();
    expect(report).toMatchObject({ verdict: 'mend', state: 'misconfigured' });
    expect(report?.commands).toEqual(['ACL SETUSER watcher +info']);
    await admin.call('ACL', 'SETUSER', 'watcher', '+info');
    expect(await visit()).toMatchObject({ verdict: 'ok', commands: [] });
  });

  it.each(['+get', '~afterwatch:probe'])('without %s no number is missing', async (word) => {
    await makeUser(grant.split(/\s+/));
    const whole = (await visit())?.text.replace(/ in \d+ ms.*/, '');
    await makeUser(grant.split(/\s+/).filter((one) => one !== word));
    const report = await visit();
    expect(report).toMatchObject({ verdict: 'ok', state: 'ok', missing: [] });
    expect(report?.text.replace(/ in \d+ ms.*/, '')).toBe(whole);
  });

  it('a user that is gone is a refused login, in the words of the page', async () => {
    await admin.call('ACL', 'DELUSER', 'watcher');
    expect(await visit()).toMatchObject({
      verdict: 'mend',
      state: 'refused',
      text: expect.stringContaining('refused the user name or password of user "watcher"'),
    });
  });
});

describe.runIf(hasPostgres())('docs/connect-postgres.md, at a real PostgreSQL', () => {
  const [role = '', connect = '', whole = ''] = snippets('connect-postgres.md', 'sql').map(filled);
  const lines = role.split('\n');
  let db: PostgresPeer;
  beforeAll(async () => {
    db = await startPostgres();
    db.psql('DROP EXTENSION pg_stat_statements', 'app');
    db.psql("CREATE TABLE item (note text); INSERT INTO item VALUES ('private')", 'app');
  });
  afterAll(() => db.stop());

  function makeRole(without: RegExp | null = null): void {
    db.psql('GRANT CONNECT ON DATABASE app TO PUBLIC', 'app');
    db.psql('DROP EXTENSION IF EXISTS pg_stat_statements', 'app');
    if (db.psql("SELECT 1 FROM pg_roles WHERE rolname = 'watcher'") !== '')
      db.psql('DROP OWNED BY watcher; DROP ROLE watcher', 'app');
    const kept = lines.filter((line) => without === null || !without.test(line));
    expect(kept).toHaveLength(lines.length - (without === null ? 0 : 1));
    for (const line of kept) db.psql(line, 'app');
    // Somebody else's statement has to be there to be hidden.
    db.psql('SELECT note FROM item', 'app');
  }
  const visit = async () => {
    const url = db.urlFor('watcher', { password: PASSWORD, database: 'app' });
    const target: PostgresTarget = {
      ...SCOPE,
      ...{ kind: 'postgres', name: 'main-db', url: new Secret(url), address: new URL(url).host },
    };
    const [report] = await visitTargets([target]);
    expect(JSON.stringify(report)).not.toContain(PASSWORD);
    return report;
  };

  it('the role of the page misses nothing', async () => {
    makeRole();
    expect(await visit()).toMatchObject({
      ...{ verdict: 'ok', state: 'ok', missing: [], commands: [], codes: [] },
    });
  });

  it('it reads no table and writes none', () => {
    makeRole();
    const asWatcher = (sql: string) => () => db.psql(`SET SESSION AUTHORIZATION watcher; ${sql}`, 'app');
    expect(asWatcher('SELECT note FROM item')).toThrow('permission denied');
    expect(asWatcher('CREATE TABLE mine (a int)')).toThrow(/permission denied|read-only/);
    expect(asWatcher('SELECT pg_reload_conf()')).toThrow('permission denied');
    expect(db.psql("SELECT pg_has_role('watcher', 'pg_monitor', 'usage')", 'app')).toBe('f');
  });

  it.each([
    [/^GRANT pg_read_all_stats/, 'no_pg_monitor', 'GRANT pg_monitor TO "watcher"', 'mend'],
    [
      /^CREATE EXTENSION/,
      'no_pg_stat_statements',
      'CREATE EXTENSION pg_stat_statements -- with it in shared_preload_libraries',
      'warning',
    ],
  ] as const)(
    'without %s the doctor names it, and its command mends it',
    async (line, code, command, verdict) => {
      makeRole(line);
      const report = await visit();
      expect(report).toMatchObject({ verdict, state: 'ok', codes: [code], commands: [command] });
      db.psql(report?.commands[0] ?? '', 'app');
      expect(await visit()).toMatchObject({ verdict: 'ok', commands: [], codes: [] });
    },
  );

  it('pg_monitor in place of its part does as well', async () => {
    makeRole(/^GRANT pg_read_all_stats/);
    db.psql(whole, 'app');
    expect(await visit()).toMatchObject({ verdict: 'ok', commands: [], codes: [] });
  });

  it('where PUBLIC may not connect the doctor asks for CONNECT, and the line of the page is enough', async () => {
    makeRole();
    db.psql('REVOKE CONNECT ON DATABASE app FROM PUBLIC', 'app');
    const report = await visit();
    expect(report).toMatchObject({ verdict: 'mend', state: 'misconfigured' });
    expect(report?.commands).toEqual(['GRANT CONNECT ON DATABASE "app" TO "watcher"']);
    db.psql(connect, 'app');
    expect(await visit()).toMatchObject({ verdict: 'ok', missing: [], commands: [] });
  });
});
