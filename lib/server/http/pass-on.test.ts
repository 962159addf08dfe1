import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishBindAddress } from '../config/bind-address.ts';
import { publishLeaderDoor } from './leader-door.ts';
import { PASSED_HEADER } from './pass-on.ts';
import { installServerFront, readClient } from './server-front.ts';

const SECRET = 's'.repeat(32);
const servers: Server[] = [];
let seen: { client: string; host: string | undefined; passed: unknown }[];
let address: string;
let leader: { address: string; secret: string } | null;

/** A server that says its name, the method and the body. */
async function serve(name: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const client = readClient({ get: (header) => (request.headers[header] as string | undefined) ?? null });
    seen.push({ client, host: request.headers.host, passed: request.headers[PASSED_HEADER] });
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.statusCode = 201;
    response.end(`${name} ${request.method} ${request.url} ${Buffer.concat(parts).toString()}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  seen = [];
  installServerFront({ behindProxy: false, refuseUpgrades: true });
  address = await serve('here');
  leader = { address: await serve('leader'), secret: SECRET };
  publishBindAddress({ bind: { host: '127.0.0.1', port: Number(new URL(address).port) }, publicUrl: null });
  publishLeaderDoor({ leader: () => leader, ownSecret: () => SECRET });
});
afterEach(async () => {
  publishLeaderDoor(null);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** As a machine sends it: without an origin, with a token. */
const act = (path: string, init: RequestInit = {}) =>
  fetch(`${address}${path}`, {
    method: 'POST',
    ...init,
    headers: { authorization: 'Bearer t', ...init.headers },
  });
const text = async (path: string, init: RequestInit = {}) => (await fetch(`${address}${path}`, init)).text();

describe('an instance that follows', () => {
  it('passes on what changes something, whole, with its host and its client, and brings the whole answer back', async () => {
    const body = 'x'.repeat(300_000);
    const response = await act('/api/deploys?a=1', { body });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe(`leader POST /api/deploys?a=1 ${body}`);
    expect(seen).toEqual([{ client: '127.0.0.1', host: new URL(address).host, passed: undefined }]);
  });

  it.each(['/api/query?metric=redis_up', '/api/health', '/api/ready', '/s/abc', '/_next/static/a.js'])(
    'answers %s itself',
    async (path) => {
      expect(await text(path)).toBe(`here GET ${path} `);
    },
  );

  it('makes a page itself when the leader does not answer, and refuses what would change something', async () => {
    expect(await text('/deploys')).toMatch(/^leader/);
    leader = { address: 'http://127.0.0.1:1', secret: SECRET };
    expect(await text('/deploys')).toMatch(/^here GET/);
    const refused = await act('/api/deploys', { body: '{}' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
    expect((await fetch(`${address}/api/deploys/x/verdict?wait=60`)).status).toBe(503);
  });

  it('believes only who knows the secret of the lease, and passes nothing on twice', async () => {
    const guess = { [PASSED_HEADER]: `${'g'.repeat(32)} 9.9.9.9` };
    expect(await (await act('/api/x', { headers: guess })).text()).toMatch(/^leader/);
    expect(seen.at(-1)).toMatchObject({ client: '127.0.0.1' });
    const right = { [PASSED_HEADER]: `${SECRET} 9.9.9.9` };
    expect(await (await act('/api/x', { headers: right })).text()).toMatch(/^here/);
    expect(seen.at(-1)).toMatchObject({ client: '9.9.9.9', passed: undefined });
  });

  it('answers everything itself once it leads', async () => {
    leader = null;
    expect(await (await act('/api/deploys', { body: 'x' })).text()).toBe('here POST /api/deploys x');
  });

  it('leaves what breaks a rule to its own refusal, and brings its own name in place of the other one’s', async () => {
    expect(await (await act('/api/x', { headers: { origin: 'https://evil.example' } })).text()).toMatch(
      /^here/,
    );
    expect(await text('/deploys', { method: 'POST' })).toMatch(/^here/);
    // The one that leads is known by another name.
    publishBindAddress({ bind: { host: '127.0.0.1', port: 1 }, publicUrl: null });
    const headers = { [PASSED_HEADER]: `${SECRET} 9.9.9.9` };
    expect(await (await act('/api/x', { headers })).text()).toMatch(/^here/);
    expect(seen.at(-1)?.host).toBe('127.0.0.1:1');
  });
});
