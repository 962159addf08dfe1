import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { capture } from './capture.ts';

const TOKEN = `awb_${'x'.repeat(43)}`;
const BADGE = {
  id: '0123456789ab',
  name: 'readme',
  app: 'harbor',
  environment: 'production',
  createdAtMs: 1_775_757_600_000,
};

let server: Server | null = null;
let seen: { method: string | undefined; url: string | undefined; body: string }[];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function run(args: string[], reply: { status?: number; body: unknown }) {
  seen = [];
  const made = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    seen.push({ method: request.method, url: request.url, body });
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { url, ...(await capture(['badge', ...args], { cwd: '/', env: { AFTERWATCH_URL: url } })) };
}

describe('badge', () => {
  it('create prints the address alone on stdout, and its id beside it', async () => {
    const { url, code, out, err } = await run(['create', '--name', 'readme', '--app', 'harbor'], {
      body: { ...BADGE, token: TOKEN },
    });
    expect({ code, out }).toEqual({ code: 0, out: `${url}/api/badge/${TOKEN}.svg` });
    expect(err).toMatch(/Its id is 0123456789ab/);
    expect(seen).toEqual([{ method: 'POST', url: '/api/badges', body: '{"name":"readme","app":"harbor"}' }]);
  });

  it('list says which app each shows, and revoke withdraws one by its id', async () => {
    const { out } = await run(['list'], { body: { badges: [BADGE] } });
    expect(out.split('\n')[1]).toMatch(/^0123456789ab {2}readme {2}harbor\/production {2}2026-04-09$/);
    const revoked = await run(['revoke', BADGE.id], { body: { revoked: BADGE.id } });
    expect(revoked).toMatchObject({ code: 0, out: `revoked ${BADGE.id}` });
    expect(seen).toMatchObject([{ method: 'DELETE', url: `/api/badges/${BADGE.id}` }]);
  });

  it.each<[string[]]>([
    [[]],
    [['create']],
    [['create', '--name', ' ']],
    [['list', 'x']],
    [['revoke']],
    [['revoke', TOKEN]],
    [['make']],
  ])('%j is wrong usage, and nothing leaves this machine', async (args) => {
    const { code, out } = await run(args, { body: {} });
    expect({ code, out, seen }).toEqual({ code: 3, out: '', seen: [] });
  });

  it('what the server refuses is its no, what it cannot answer is no connection', async () => {
    const refused = await run(['create', '--name', 'x', '--app', 'y'], {
      status: 400,
      body: { error: { code: 'bad_input', message: 'no app of that name' } },
    });
    expect(refused).toMatchObject({ code: 1, err: 'afterwatch badge: no app of that name' });
    expect((await run(['list'], { body: { other: 1 } })).code).toBe(3);
  });
});
