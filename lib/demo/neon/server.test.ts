import { afterEach, describe, expect, test } from 'vitest';
import {
  checkSchema,
  type OpenApiSpec,
  parameterNames,
  readOpenApi,
  responseSchema,
} from '@/test/openapi.ts';
import { ScaleToZeroCompute } from './compute.ts';
import { type NeonServer, startNeonServer } from './server.ts';
import { type StillParts, stillWorld } from './still-world.ts';
import type { OperationState } from './world.ts';

const NOW_MS = Date.UTC(2026, 10, 3, 9, 50);
const HOUR_MS = 3_600_000;
const KEY = 'napi_of_the_test';
const spec = readOpenApi('neon-api-v2.read-only-subset.openapi.yaml');
const servers: NeonServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(parts: StillParts = {}, keyScope?: 'project'): Promise<NeonServer> {
  const options = { nowMs: () => NOW_MS, apiKey: KEY, ...(keyScope !== undefined && { keyScope }) };
  const server = await startNeonServer(stillWorld(NOW_MS, parts), options);
  servers.push(server);
  return server;
}

async function ask(server: NeonServer, path: string, key = KEY, method = 'GET') {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

function operation(n: number, more: Partial<OperationState> = {}): OperationState {
  return {
    id: `5c0ffee0-0000-4000-8000-${String(n).padStart(12, '0')}`,
    action: n % 2 === 0 ? 'start_compute' : 'suspend_compute',
    status: 'finished',
    branchId: 'br-quiet-hill-1',
    endpointId: 'ep-calm-lake-1',
    createdMs: NOW_MS - n * 60_000,
    updatedMs: NOW_MS - n * 60_000 + 900,
    ...more,
  };
}

const rich: StillParts = {
  project: {
    quota: { computeUnitSeconds: 360_000, logicalSizeBytes: 1e9 },
    maintenanceMs: NOW_MS + HOUR_MS,
    spendingLimitCents: 5000,
  },
  branches: [{}, { state: 'archived' }],
  endpoints: [
    {},
    { current: 'idle', lastActiveMs: null, startedMs: null, suspendedMs: null, suspendTimeoutSeconds: -1 },
    { current: 'init', pending: 'active', type: 'read_only', disabled: true },
  ],
  operations: [
    operation(1, { status: 'failed' }),
    operation(2, { endpointId: null, action: 'create_branch' }),
    operation(3, { updatedMs: NOW_MS + 5_000 }),
  ],
  usage: () => ({ computeUnitSeconds: 900.5, publicBytes: 1e6, privateBytes: 0 }),
};
const CONSUMPTION = `/consumption_history/v2/projects?org_id=org-morning-bread-810409&project_ids=quiet-river-028834&from=2026-11-03T05:00:00.000Z&to=2026-11-03T08:00:00.000Z&granularity=hourly&metrics=compute_unit_seconds,public_network_transfer_bytes`;

describe('the fake Neon against the published description', () => {
  const calls: [asked: string, described: string, status: number][] = [
    ['/projects?limit=10', '/projects', 200],
    ['/projects/quiet-river-028834', '/projects/{project_id}', 200],
    [
      '/projects/quiet-river-028834/branches?limit=200&sort_by=updated_at&sort_order=desc',
      '/projects/{project_id}/branches',
      200,
    ],
    ['/projects/quiet-river-028834/endpoints', '/projects/{project_id}/endpoints', 200],
    [
      '/projects/quiet-river-028834/endpoints/ep-calm-lake-1',
      '/projects/{project_id}/endpoints/{endpoint_id}',
      200,
    ],
    ['/projects/quiet-river-028834/operations?limit=2', '/projects/{project_id}/operations', 200],
    [CONSUMPTION, '/consumption_history/v2/projects', 200],
    [
      '/organizations/org-morning-bread-810409/billing/spending_limit',
      '/organizations/{org_id}/billing/spending_limit',
      200,
    ],
    ['/projects/another-one', '/projects/{project_id}', 404],
    [
      CONSUMPTION.replace('05:00', '05:30').replace('2026-11-03T05', '2026-09-03T05'),
      '/consumption_history/v2/projects',
      406,
    ],
  ];

  test.skipIf(spec === null)('the description is there (skipped where its folder is not)', () => {
    expect(spec).not.toBeNull();
  });

  test.skipIf(spec === null).each(calls)('%s answers as described', async (asked, described, status) => {
    const server = await start(rich);
    const answer = await ask(server, asked);
    expect(answer.status).toBe(status);
    const known: OpenApiSpec = spec ?? { document: {} };
    expect(checkSchema(known, responseSchema(known, 'get', described, status), answer.body)).toEqual([]);
    // What we ask by is described too.
    const names = parameterNames(known, 'get', described);
    for (const name of new URL(asked, 'http://neon').searchParams.keys()) expect(names).toContain(name);
  });

  test.skipIf(spec === null)('a wrong key is refused in the described shape', async () => {
    const server = await start();
    const answer = await ask(server, '/projects', 'napi_wrong');
    expect(answer.status).toBe(401);
    const known: OpenApiSpec = spec ?? { document: {} };
    expect(checkSchema(known, responseSchema(known, 'get', '/projects', 'default'), answer.body)).toEqual([]);
  });
});

describe('the fake Neon', () => {
  test('pages operations newest first, each once', async () => {
    const server = await start({ operations: Array.from({ length: 25 }, (_, n) => operation(n + 1)) });
    const ids: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await ask(server, `/projects/quiet-river-028834/operations?limit=10${cursor}`);
      const { operations, pagination } = body as {
        operations: { id: string }[];
        pagination?: { cursor: string };
      };
      ids.push(...operations.map(({ id }) => id));
      if (pagination === undefined) break;
      cursor = `&cursor=${pagination.cursor}`;
    }
    expect(ids).toEqual(Array.from({ length: 25 }, (_, n) => operation(n + 1).id));
  });

  test('a project-scoped key sees its project and no list, and nobody may write', async () => {
    const server = await start({}, 'project');
    expect((await ask(server, '/projects')).status).toBe(403);
    expect((await ask(server, CONSUMPTION)).status).toBe(403);
    expect((await ask(server, '/projects/quiet-river-028834')).status).toBe(200);
    const path = '/projects/quiet-river-028834/endpoints/ep-calm-lake-1/start';
    expect((await ask(server, path, KEY, 'POST')).status).toBe(403);
    expect(server.ledger.at(-1)).toMatchObject({ method: 'POST', path });
  });
});

describe('a compute that scales to zero', () => {
  const at = [10_000, 400_000, 500_000];
  const make = () =>
    new ScaleToZeroCompute({
      id: 'ep-calm-lake-1',
      branchId: 'br-quiet-hill-1',
      createdMs: 0,
      suspendTimeoutSeconds: 300,
      minCu: 0.25,
      maxCu: 2,
      nextActivityMs: (afterMs) => at.find((ms) => ms > afterMs) ?? null,
    });

  test('sleeps 300 s after the last use of anybody, and is woken by the next', () => {
    const compute = make();
    compute.advance(2_000_000);
    expect(compute.awakeMs()).toBe(300_000 + 100_000 + 300_000);
    expect(compute.wakeUps).toEqual({ app: 2, watcher: 0 });
    expect(compute.operations(2_000_000).map(({ action, createdMs }) => [action, createdMs])).toEqual([
      ['start_compute', 10_000],
      ['suspend_compute', 310_000],
      ['start_compute', 400_000],
      ['suspend_compute', 800_000],
    ]);
  });

  test('reading it changes nothing, connecting to it does', () => {
    const read = make();
    for (let ms = 0; ms < 2_000_000; ms += 1_000) {
      read.endpoint(ms);
      read.operations(ms);
    }
    expect(read.awakeMs()).toBe(700_000);
    const used = make();
    used.use(350_000, 'watcher');
    used.advance(2_000_000);
    expect(used.wakeUps).toEqual({ app: 1, watcher: 1 });
    expect(used.awakeMs()).toBe(300_000 + 450_000);
  });
});
