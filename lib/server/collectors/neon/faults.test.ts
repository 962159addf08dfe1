import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { NeonFault } from '@/lib/demo/neon/server.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { makeCertificate } from '@/lib/server/http/test-certificate.ts';
import type { ScrapeError } from '../collector.ts';
import { neon } from './index.ts';
import { API_KEY, codes, failureOf, metrics, NOW_MS, neonTarget, PROJECT, startScene } from './test-world.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const closers: (() => Promise<unknown>)[] = [];
const scene = startScene.bind(null, closers);

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const status = (code: number, more: object = {}): NeonFault => ({
  kind: 'status',
  status: code,
  message: `no ${API_KEY}`,
  ...more,
});
const QUOTA =
  'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.';

describe('a visit where everything fails has one kind and words', () => {
  const rows: [string, NeonFault, ScrapeError['kind'], string, number | null][] = [
    ['401', status(401), 'auth', 'put it into NEON_API_KEY', null],
    ['403', status(403), 'grant', 'may not read', null],
    ['404', status(404), 'grant', 'check "project"', null],
    [
      '400 without an organisation',
      status(400, { message: 'org_id is required' }),
      'grant',
      '"project" in the config',
      null,
    ],
    ['402', status(402), 'quota', 'billing', null],
    ['423 locked', status(423), 'http', 'locked', null],
    ['500', status(500), 'http', 'answered 500', null],
    ['503 with a wait', status(503, { retryAfter: '20' }), 'http', 'answered 503', 20_000],
    ['429, seconds', status(429, { retryAfter: '17' }), 'limit', '700 a minute', 17_000],
    [
      '429, a date',
      status(429, { retryAfter: new Date(NOW_MS + 90_000).toUTCString() }),
      'limit',
      '429',
      90_000,
    ],
    ['429, none', status(429), 'limit', '429', null],
    ['429, nonsense', status(429, { retryAfter: 'soon' }), 'limit', '429', null],
    ['429, huge', status(429, { retryAfter: '1000000000' }), 'limit', '429', 3_600_000],
    ['429, negative', status(429, { retryAfter: '-5' }), 'limit', '429', null],
    ['a used-up quota', status(422, { message: QUOTA }), 'quota', 'wait for the next billing period', null],
    ['a quota by code', status(422, { code: 'COMPUTE_TIME_QUOTA_EXCEEDED' }), 'quota', 'quota', null],
    ['no JSON', { kind: 'body', body: '{"projects":[' }, 'parse', 'no JSON', null],
    ['another JSON', { kind: 'body', body: '[1,2]' }, 'parse', 'API v2 describes', null],
    ['null', { kind: 'body', body: 'null' }, 'parse', 'API v2 describes', null],
    ['a web page', { kind: 'html' }, 'parse', 'a web page', null],
    ['a huge body', { kind: 'huge' }, 'limit', 'more than 4 MB', null],
    [
      'a redirect',
      { kind: 'redirect', location: 'http://169.254.169.254/' },
      'http',
      'redirects are not followed',
      null,
    ],
    ['a cut answer', { kind: 'cut' }, 'network', 'closed the connection', null],
    ['a reset', { kind: 'reset' }, 'network', 'closed the connection', null],
  ];
  for (const asked of ['the project list', 'each part'] as const) {
    test.each(rows)(`%s, at ${asked}`, async (_name, fault, kind, words, retryAfterMs) => {
      const target = asked === 'each part' ? { project: PROJECT } : {};
      const { api, fail } = await scene({}, { target });
      api.setFault(fault);
      const error = await fail();
      expect(error.kind).toBe(kind);
      expect(error.message).toContain(words);
      expect(error.message).toMatch(/^neon: shop-db/);
      expect(error.retryAfterMs).toBe(retryAfterMs);
      expect(inspect(error, { depth: 10 })).not.toContain(API_KEY);
      expect(error.message).not.toContain('/api/v2');
    });
  }

  test.each<[string, NeonFault]>([
    ['silence', { kind: 'silent' }],
    ['a drip', { kind: 'drip' }],
  ])('%s ends at the deadline, with no socket left', async (_name, fault) => {
    const { api, fail } = await scene({}, { target: { project: PROJECT, timeoutSeconds: 1 } });
    api.setFault(fault);
    const beganMs = performance.now();
    const error = await fail();
    expect(error.kind).toBe('timeout');
    expect(performance.now() - beganMs).toBeLessThan(1_250);
    expect(error.message).toContain('raise its timeout');
  });

  test('refused connections, a name without DNS and a certificate for another name are network', async () => {
    const open = async (apiUrl: string) => {
      const session = neon.open(neonTarget(apiUrl, { project: PROJECT, timeoutSeconds: 4 }), {
        count: () => undefined,
      });
      closers.push(() => session.close());
      return failureOf(session.collect({ signal: AbortSignal.timeout(4_000), nowMs: NOW_MS }));
    };
    const free = net.createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect((await open(`http://127.0.0.1:${port}/api/v2`)).kind).toBe('network');

    const authority = makeCertificate({
      name: 'another.example.test',
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
    });
    const tls = createTlsServer({ key: authority.keyPem, cert: authority.certPem }, (_request, response) =>
      response.end('{}'),
    );
    closers.push(async () => {
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const untrusted = await open(`https://127.0.0.1:${(tls.address() as AddressInfo).port}/api/v2`);
    expect(untrusted.kind).toBe('network');
    expect(untrusted.message).toContain('TLS certificate');

    const metadata = await open('http://169.254.169.254/api/v2');
    expect(metadata.kind).toBe('grant');
    expect(metadata.message).toContain('link-local');
  });

  test('a server that speaks something else is parse', async () => {
    const odd = net.createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('+PONG\r\n');
    });
    closers.push(() => new Promise((resolve) => odd.close(resolve)));
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const session = neon.open(
      neonTarget(`http://127.0.0.1:${(odd.address() as AddressInfo).port}/api/v2`, { project: PROJECT }),
      { count: () => undefined },
    );
    closers.push(() => session.close());
    expect(
      (await failureOf(session.collect({ signal: AbortSignal.timeout(4_000), nowMs: NOW_MS }))).kind,
    ).toBe('parse');
  });

  test('a key with a line break cannot split a request', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    closers.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apiKey = new Secret('napi_x\r\nGET /start HTTP/1.1');
    const session = neon.open(
      neonTarget(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`, {
        apiKey,
        project: PROJECT,
      }),
      { count: () => undefined },
    );
    closers.push(() => session.close());
    const error = await failureOf(session.collect({ signal: AbortSignal.timeout(4_000), nowMs: NOW_MS }));
    expect(error.message).not.toContain('GET /start');
    expect(seen).toEqual([]);
  });
});

describe('one part of a visit fails', () => {
  const parts: [string, NeonFault, string, string][] = [
    ['/endpoints', status(500), 'part_unread', 'neon_compute_state'],
    ['/operations', status(403), 'grant_missing', 'neon_compute_awake_seconds_total'],
    ['/branches', { kind: 'html' }, 'part_unread', 'neon_branch_size_bytes'],
    ['/branches', { kind: 'cut' }, 'part_unread', 'neon_branch_size_bytes'],
  ];
  test.each(parts)('%s: the others are kept, and it is named', async (path, fault, code, missing) => {
    const { api, visit } = await scene({}, { target: { project: PROJECT } });
    const whole = await visit();
    api.setFault({ ...fault, path });
    const result = await visit(NOW_MS + MINUTE_MS);
    expect(codes(result)).toContain(code);
    expect(metrics(whole).has(missing)).toBe(true);
    expect(metrics(result).has(missing)).toBe(false);
    expect(metrics(result).size).toBeGreaterThan(4);
    expect(inspect(result)).not.toContain(API_KEY);
    api.setFault(null);
    expect(metrics(await visit(NOW_MS + 2 * MINUTE_MS))).toEqual(metrics(whole));
  });

  test('one that hangs costs its own part, and the visit ends in time', async () => {
    const { api, visit } = await scene({}, { target: { project: PROJECT, timeoutSeconds: 1 } });
    api.setFault({ kind: 'silent', path: '/operations' });
    const beganMs = performance.now();
    const result = await visit();
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    expect(codes(result)).toEqual(['part_unread']);
    expect(metrics(result).has('neon_compute_state')).toBe(true);
  });

  test('one that was limited is left alone for as long as Neon asks', async () => {
    const { api, visit } = await scene({}, { target: { project: PROJECT } });
    const asked = () => api.ledger.filter(({ path }) => path.endsWith('/branches')).length;
    api.setFault({ ...status(429, { retryAfter: '300' }), path: '/branches' });
    await visit();
    api.setFault(null);
    for (const minute of [1, 2, 4]) {
      const held = await visit(NOW_MS + minute * MINUTE_MS);
      expect(codes(held)).toEqual(['part_unread']);
    }
    expect(asked()).toBe(1);
    expect(codes(await visit(NOW_MS + 5 * MINUTE_MS))).toEqual([]);
    expect(asked()).toBe(2);
  });
});
