import { afterEach, describe, expect, test } from 'vitest';
import { checkSchema, parameterNames, readOpenApi, responseSchema } from '../../../test/openapi.ts';
import type { UpstashFault } from './faults.ts';
import { startUpstashServer, type UpstashServer } from './server.ts';
import { FREE_ID, PAID_ID, steadyDatabase, steadyWorld } from './test-world.ts';
import { USUAL_HABITS } from './world.ts';

const NOW_MS = Date.parse('2026-04-09T20:40:00Z');
const spec = readOpenApi('upstash-developer-api.openapi.yml');
const servers: UpstashServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(nowMs = () => NOW_MS, habits = USUAL_HABITS): Promise<UpstashServer> {
  const free = steadyDatabase(
    { get: 1 },
    { id: FREE_ID, name: 'staging-cache', plan: 'free', requestLimit: 500_000, budgetUsd: 0 },
  );
  const world = steadyWorld([steadyDatabase({ get: 10, setex: 2, evalsha: 1 }), free]);
  const server = await startUpstashServer(world, { nowMs, habits: () => habits });
  servers.push(server);
  return server;
}

const AUTH = `Basic ${Buffer.from('owner@harbor.example:k3y-of-the-account').toString('base64')}`;

async function get(server: UpstashServer, path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.url}${path}`, {
    headers: { authorization: AUTH },
    redirect: 'manual',
    ...init,
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
}

// Where the vendor's description is not at hand, the next three are skipped and the run says so.
describe.skipIf(spec === null)(
  'its answers fit the published description (skipped where that file is absent)',
  () => {
    const described = spec ?? { document: {} };
    const missing = { ...USUAL_HABITS, newest: 'missing' as const };

    test('a database, with the credentials left out', async () => {
      const { body } = await get(await start(), `/redis/database/${PAID_ID}?credentials=hide`);
      expect(parameterNames(described, 'GET', '/redis/database/{id}')).toContain('credentials');
      expect(checkSchema(described, responseSchema(described, 'GET', '/redis/database/{id}'), body)).toEqual(
        [],
      );
    });

    test('the list of databases, but for the credentials that it carries', async () => {
      const { body } = await get(await start(), '/redis/databases');
      const schema = responseSchema(described, 'GET', '/redis/databases');
      const undeclared = ['password', 'rest_token', 'read_only_rest_token'];
      expect(checkSchema(described, schema, body, { undeclared })).toEqual([]);
    });

    test.each(['1h', '7d'])('the statistics of %s, each field of them there', async (period) => {
      const { body } = await get(await start(undefined, missing), `/redis/stats/${PAID_ID}?period=${period}`);
      const schema = responseSchema(described, 'GET', '/redis/stats/{id}');
      expect(checkSchema(described, schema, body)).toEqual([]);
      const names = Object.keys((schema as { properties: object }).properties).sort();
      expect(Object.keys(body).sort()).toEqual(names);
    });
  },
);

describe('the fake API', () => {
  test('writes "no limit" as the whole 64-bit number, beyond what JavaScript holds', async () => {
    const { text } = await get(await start(), `/redis/database/${PAID_ID}?credentials=hide`);
    expect(text).toContain('"db_request_limit":8024278031528736858');
  });

  test('sends credentials wherever they are not asked to be hidden', async () => {
    const server = await start();
    expect((await get(server, `/redis/database/${PAID_ID}?credentials=hide`)).text).not.toContain(
      'demo-password',
    );
    expect((await get(server, `/redis/database/${PAID_ID}`)).text).toContain('demo-password');
    expect((await get(server, '/redis/databases')).text).toContain('demo-rest');
  });

  test('refuses a wrong key, an unknown database, an unknown path, another method and an unknown period', async () => {
    const server = await start();
    expect(
      (await get(server, '/redis/databases', { headers: { authorization: 'Basic bm86bm8=' } })).status,
    ).toBe(401);
    expect((await get(server, '/redis/stats/nobody?period=1h')).status).toBe(404);
    expect((await get(server, '/redis/everything')).status).toBe(404);
    expect(
      (
        await get(server, `/redis/database/${PAID_ID}`, {
          method: 'DELETE',
          headers: { authorization: AUTH },
        })
      ).status,
    ).toBe(405);
    expect((await get(server, `/redis/stats/${PAID_ID}?period=5m`)).status).toBe(400);
    expect(server.ledger.map(({ status }) => status)).toEqual([401, 404, 404, 405, 400]);
  });

  test('counts what its world counted, a minute late, and serves yesterday’s total for that long', async () => {
    let now = NOW_MS;
    const server = await start(() => now);
    const stats = async () => (await get(server, `/redis/stats/${PAID_ID}`)).body;
    const midnight = Date.parse('2026-04-09T00:00:00Z');
    expect((await stats()).daily_net_commands).toBe(((NOW_MS - 60_000 - midnight) / 1_000) * 13);
    now = midnight + 86_400_000 + 30_000;
    expect((await stats()).daily_net_commands).toBe((86_400 - 30) * 13);
    now += 60_000;
    expect((await stats()).daily_net_commands).toBe(30 * 13);
  });

  test('shows counts by command in points that add up, and a newest point without a value', async () => {
    const { body } = await get(await start(), `/redis/stats/${PAID_ID}?period=1h`);
    const points = body.command_counts.find(
      (one: { metric_identifier: string }) => one.metric_identifier === 'GET',
    ).data_points;
    expect(points).toHaveLength(361);
    expect(points.at(-1).y).toBeNull();
    expect(points.slice(0, -1).reduce((sum: number, { y }: { y: number }) => sum + y, 0)).toBe(36_000);
    expect(body.throughput[0].y).toBe(13);
  });

  test('the same world gives the same answer', async () => {
    const path = `/redis/stats/${PAID_ID}?period=1d`;
    expect((await get(await start(), path)).text).toBe((await get(await start(), path)).text);
  });

  test('plays a fault on one call only, until it is taken back', async () => {
    const server = await start();
    const fault: UpstashFault = { type: 'status', code: 503 };
    server.setFault(fault, 'stats');
    expect((await get(server, `/redis/stats/${PAID_ID}`)).status).toBe(503);
    expect((await get(server, `/redis/database/${PAID_ID}`)).status).toBe(200);
    server.setFault(null);
    expect((await get(server, `/redis/stats/${PAID_ID}`)).status).toBe(200);
  });
});
