import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GET as readOne } from '@/app/api/deploys/[id]/route.ts';
import { GET, POST } from '@/app/api/deploys/route.ts';
import { POST as githubHook } from '@/app/api/hooks/github/route.ts';
import { POST as makeHook } from '@/app/api/hooks/route.ts';
import { type AuthService, createAuth } from '@/lib/server/auth/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { DeployBook } from '@/lib/server/deploys/deploy-book.ts';
import { createLog } from '@/lib/server/log/index.ts';
import { MemoryState } from '../memory-state.ts';

const NOW_MS = Date.parse('2026-04-09T18:30:00Z');
const SITE = 'http://127.0.0.1:3000';
const OWNER = 'tok-0123456789-of-this-server';
const KEY = Symbol.for('afterwatch');
const SUMMARY = '# v1203\n\nRedis GETs: 733,000/hour → 24,000/hour (96.7% fewer)\n\npassword: hunter2hunter2';

let state: MemoryState;
let auth: AuthService;
let token: string;
let lines: string[];
let nowMs: number;
let book: DeployBook;
beforeEach(async () => {
  nowMs = NOW_MS;
  state = new MemoryState();
  lines = [];
  const config = {
    bind: { host: '127.0.0.1', port: 3000 },
    publicUrl: null,
    password: null,
    token: new Secret(OWNER),
    secretKey: new Secret('k'.repeat(32)),
    mode: 'configured',
    targets: ['production', 'staging'].map((environment) => ({
      app: 'harbor',
      environment,
      kind: 'redis',
      name: 'c',
    })),
  };
  const clock = { wallMs: () => nowMs };
  auth = await createAuth({ ...config, bind: { host: '0.0.0.0', port: 3000 } }, state, clock);
  token = (await auth.tokens.create({ name: 'ci', scopes: ['deploy'] })).token;
  book = new DeployBook({ store: state, wallMs: clock.wallMs, known: () => ({}) });
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) } });
  // Routes find the server on the process, as they do in production.
  (globalThis as unknown as Record<symbol, unknown>)[KEY] = {
    runtime: { config, clock, store: state, auth, log, deploys: book },
  };
});
afterEach(() => {
  delete (globalThis as unknown as Record<symbol, unknown>)[KEY];
});

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
interface Ask {
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
  params?: Record<string, string>;
}
async function call(
  handler: typeof POST,
  { path = '/api/deploys', body, headers = {}, params = {} }: Ask,
  method = 'POST',
) {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const request = new Request(`${SITE}${path}`, {
    method,
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
    ...sent,
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { status: response.status, json: JSON.parse(text), text, headers: response.headers };
}
const bearer = () => ({ authorization: `Bearer ${token}` });
const post = (
  body: unknown,
  headers: Record<string, string> = {},
  path = '/api/deploys?environment=production',
) => call(POST, { path, body, headers: { ...bearer(), ...headers } });

describe('POST /api/deploys', () => {
  it('registers with a token of scope deploy: id, url, claims and audit; no secret in answer, store or log', async () => {
    const { status, json, text } = await post({ release: 'v1203', summary: SUMMARY });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^20260409T183000-/),
      url: `${SITE}/deploys/${json.id}`,
      merged: false,
      redactions: 1,
      claims: [{ before: 733_000, after: 24_000, standing: 'proposed' }],
    });
    expect(Array.isArray(json.audit)).toBe(true);
    expect(text + JSON.stringify([...state.rows]) + lines.join('')).not.toContain('hunter2');
  });

  it('takes the summary as Markdown, with the other fields in the query', async () => {
    const path = '/api/deploys?environment=staging&release=v9&time=2026-04-09T17:54:52Z&kind=config';
    const { status, json } = await post(SUMMARY, { 'content-type': 'text/markdown; charset=utf-8' }, path);
    expect(status).toBe(201);
    expect(await book.get(json.id)).toMatchObject({
      environment: 'staging',
      release: 'v9',
      kind: 'config',
      startMs: Date.parse('2026-04-09T17:54:52Z'),
    });
  });

  it('201 new, 200 replay, 409 for another body under the same key', async () => {
    const key = { 'idempotency-key': 'run-1' };
    const first = await post({ release: 'v1' }, key);
    const again = await post({ release: 'v1' }, key);
    const other = await post({ release: 'v2' }, key);
    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(again.json).toEqual(first.json);
    expect(other.json.error.code).toBe('conflict');
    const merged = await post({ release: 'v1', title: 'told again' });
    expect([merged.status, merged.json.merged, merged.json.id]).toEqual([200, true, first.json.id]);
  });

  it.each<[what: string, ask: Ask, status: number, message: RegExp]>([
    [
      'no app of that name',
      { body: { release: 'v1', app: 'harbour' } },
      400,
      /harbor\/production, harbor\/staging/,
    ],
    ['several environments', { body: { release: 'v1' }, path: '/api/deploys' }, 400, /must say which/],
    ['an unknown field', { body: { release: 'v1', when: 'now' } }, 400, /unknown: when/],
    ['a time without a zone', { body: { release: 'v1', time: '2026-04-09T17:54' } }, 400, /with its zone/],
    ['a time far ahead', { body: { release: 'v1', time: '2026-05-09T17:54:00Z' } }, 400, /7 days/],
    ['no release', { body: { summary: 'words only' } }, 400, /release: missing/],
    ['a bad link', { body: { release: 'v1', links: ['javascript:alert(1)'] } }, 400, /links\.0/],
    ['no JSON', { body: '{' }, 400, /no JSON/],
    ['a list', { body: [] }, 400, /JSON object/],
    ['another type', { body: 'x', headers: { 'content-type': 'image/png' } }, 400, /Content-Type/],
    ['a folded body', { body: 'x', headers: { 'content-encoding': 'gzip' } }, 400, /plain/],
    ['more than 64 KB', { body: { release: 'v1', summary: 'x'.repeat(65_536) } }, 413, /64 KB/],
    ['a bad key', { body: { release: 'v1' }, headers: { 'idempotency-key': 'a b' } }, 400, /Idempotency-Key/],
  ])(
    'says what is wrong: %s',
    async (_what, { body, headers = {}, path = '/api/deploys?environment=production' }, status, message) => {
      const answer = await post(body, headers, path);
      expect(answer.status).toBe(status);
      expect(errorSchema.parse(answer.json).error.message).toMatch(message);
      expect(await book.list({ app: 'harbor', environment: 'production' })).toEqual([]);
    },
  );

  it('nobody else may tell: no token, another scope, a revoked one, another site', async () => {
    const reader = (await auth.tokens.create({ name: 'r', scopes: ['read', 'ingest'] })).token;
    const body = { release: 'v1' };
    const tries: [Record<string, string>, number][] = [
      [{ authorization: '' }, 403],
      [{ authorization: `Bearer ${reader}` }, 403],
      [{ authorization: `Bearer aw_${'x'.repeat(43)}` }, 401],
      [{ origin: 'https://evil.example' }, 403],
      [{ host: 'evil.example' }, 403],
    ];
    for (const [headers, status] of tries)
      expect((await post(body, headers)).status, JSON.stringify(headers)).toBe(status);
    expect(await book.list({ app: 'harbor', environment: 'production' })).toEqual([]);
    expect((await post(body, { authorization: `Bearer ${OWNER}` })).status).toBe(201);
  });

  it('a sender is stopped at 60 a minute, and another is not', async () => {
    const answers: number[] = [];
    for (let at = 0; at < 61; at += 1) answers.push((await post({ release: 'v1' })).status);
    expect(answers.slice(0, 60).every((status) => status < 300)).toBe(true);
    expect(answers[60]).toBe(429);
    expect((await post({ release: 'v1' }, { authorization: `Bearer ${OWNER}` })).status).toBe(200);
  });
});

describe('a signed call', () => {
  const seconds = () => String(Math.floor(nowMs / 1000));
  const sign = (secret: string, text: string) =>
    `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  async function hook() {
    const made = await call(makeHook, {
      path: '/api/hooks',
      body: { name: 'ci' },
      headers: { authorization: `Bearer ${OWNER}` },
    });
    expect(made.status).toBe(200);
    return made.json as { id: string; secret: string };
  }
  const signed = (secret: string, body: string, over: Record<string, string> = {}) =>
    call(POST, {
      path: '/api/deploys?environment=production',
      body,
      headers: {
        'x-afterwatch-timestamp': seconds(),
        'x-afterwatch-signature': sign(secret, `${seconds()}.${body}`),
        ...over,
      },
    });

  it('registers without a token, once however often it is sent', async () => {
    const { id, secret } = await hook();
    const body = JSON.stringify({ release: 'v1203', summary: SUMMARY });
    const first = await signed(secret, body, { 'x-afterwatch-hook': id });
    expect(first.status).toBe(201);
    for (let at = 0; at < 20; at += 1) {
      const again = await signed(secret, body, { 'x-afterwatch-hook': id, 'idempotency-key': `other-${at}` });
      expect([again.status, again.json.id]).toEqual([200, first.json.id]);
    }
  });

  it('one that is forged, changed, late or of no hook is refused', async () => {
    const body = JSON.stringify({ release: 'v1' });
    expect((await signed('a'.repeat(64), body)).status, 'no hook at all').toBe(401);
    const { secret } = await hook();
    const good = sign(secret, `${seconds()}.${body}`);
    const tries: Record<string, string>[] = [
      { 'x-afterwatch-signature': `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}` },
      { 'x-afterwatch-signature': sign(secret, body) },
      { 'x-afterwatch-timestamp': String(Number(seconds()) + 1) },
      {
        'x-afterwatch-timestamp': String(Number(seconds()) - 301),
        'x-afterwatch-signature': sign(secret, `${Number(seconds()) - 301}.${body}`),
      },
      { 'x-afterwatch-hook': '000000000000' },
      { 'x-afterwatch-signature': '' },
    ];
    for (const headers of tries)
      expect((await signed(secret, body, headers)).status, JSON.stringify(headers)).toBe(401);
    const other = JSON.stringify({ release: 'v2' });
    expect((await signed(secret, other, { 'x-afterwatch-signature': good })).status).toBe(401);
    expect(await book.list({ app: 'harbor', environment: 'production' })).toEqual([]);
    await hook();
    expect((await signed(secret, body)).json.error.message).toMatch(/several hooks/);
  });

  describe('of GitHub', () => {
    const delivery = (
      secret: string,
      event: string,
      payload: unknown,
      path = '/api/hooks/github?environment=production',
    ) => {
      const body = JSON.stringify(payload);
      const headers = {
        'x-github-event': event,
        'x-github-delivery': 'd1',
        'x-hub-signature-256': sign(secret, body),
      };
      return call(githubHook, { path, body, headers });
    };
    const status = (over: { state?: string; environment?: string; payload?: unknown } = {}) => ({
      deployment_status: {
        state: over.state ?? 'success',
        created_at: '2026-04-09T18:04:00Z',
        environment_url: 'https://harbor.example',
        log_url: null,
      },
      deployment: {
        sha: '9f3c27d1aa049f3c27d1aa049f3c27d1aa04ffff',
        ref: 'main',
        environment: over.environment ?? 'production',
        created_at: '2026-04-09T17:58:00Z',
        description: 'From the pipeline',
        payload: over.payload ?? {},
      },
      repository: { full_name: 'crew/harbor' },
    });
    const published = {
      action: 'published',
      release: {
        tag_name: 'v2.4.0',
        name: 'Fewer reads',
        body: SUMMARY,
        html_url: 'https://github.example/r',
        published_at: '2026-04-09T18:00:00Z',
        draft: false,
      },
    };

    it('a deployment that succeeded is a deploy with its span, its commit and its payload as summary', async () => {
      const { secret } = await hook();
      const first = await delivery(secret, 'deployment_status', status({ payload: { summary: SUMMARY } }));
      expect(first.status).toBe(201);
      expect(await book.get(first.json.id)).toMatchObject({
        release: '9f3c27d1aa049f3c27d1aa049f3c27d1aa04ffff',
        startMs: Date.parse('2026-04-09T17:58:00Z'),
        endMs: Date.parse('2026-04-09T18:04:00Z'),
        origin: 'github',
        links: ['https://harbor.example'],
        claims: [{ after: 24_000 }],
      });
    });

    it('a published release is a deploy, its body the summary; delivered again it changes nothing', async () => {
      const { secret } = await hook();
      const first = await delivery(secret, 'release', published);
      expect([first.status, first.json.release, first.json.claims.length]).toEqual([201, 'v2.4.0', 1]);
      const before = JSON.stringify([...state.rows]);
      const again = await delivery(secret, 'release', published);
      expect([again.status, again.json.id]).toEqual([200, first.json.id]);
      expect(JSON.stringify([...state.rows])).toBe(before);
    });

    it.each([
      ['ping', {}, /pong/],
      ['push', { ref: 'main' }, /only deployment_status and release/],
      ['deployment_status', status({ state: 'in_progress' }), /in_progress/],
      ['deployment_status', status({ environment: 'preview-12' }), /preview-12/],
      ['deployment_status', { deployment: {} }, /shape/],
      ['release', { ...published, action: 'edited' }, /edited/],
    ])('%s %# is answered 202 with a word', async (event, payload, word) => {
      const { secret } = await hook();
      const answer = await delivery(secret, event, payload);
      expect([answer.status, answer.json.ignored]).toEqual([202, expect.stringMatching(word)]);
      expect(await book.list({ app: 'harbor', environment: 'production' })).toEqual([]);
    });

    it('what is not signed by the hook, or is larger than 1 MB, is refused', async () => {
      const { secret } = await hook();
      expect((await delivery('b'.repeat(64), 'release', published)).status).toBe(401);
      expect(
        (await call(githubHook, { path: '/api/hooks/github', body: published, headers: bearer() })).status,
      ).toBe(401);
      const large = { ...published, filler: 'x'.repeat(1_100_000) };
      expect((await delivery(secret, 'release', large)).status).toBeGreaterThanOrEqual(400);
      expect(await book.list({ app: 'harbor', environment: 'production' })).toEqual([]);
    });
  });
});

describe('reading', () => {
  it('lists the newest first, by kind, and gives one with its neighbours', async () => {
    for (const [release, kind, time] of [
      ['v1', 'code', 1],
      ['v2', 'secret', 2],
      ['v3', 'code', 3],
    ] as const)
      await post({ release, kind, time: NOW_MS - 3_600_000 + time * 60_000 });
    const headers = { authorization: `Bearer ${OWNER}` };
    const all = await call(GET, { path: '/api/deploys', headers }, 'GET');
    expect(all.json.deploys.map((one: { release: string }) => one.release)).toEqual(['v3', 'v2', 'v1']);
    const code = await call(GET, { path: '/api/deploys?kind=code&limit=1', headers }, 'GET');
    expect(code.json.deploys).toMatchObject([{ release: 'v3' }]);
    const { id } = all.json.deploys[1];
    const one = await call(readOne, { path: `/api/deploys/${id}`, headers, params: { id } }, 'GET');
    expect(one.json).toMatchObject({
      deploy: { release: 'v2' },
      previous: { release: 'v1' },
      next: { release: 'v3' },
    });
    const none = await call(readOne, { headers, params: { id: '../../etc' } }, 'GET');
    expect(none.status).toBe(404);
    expect((await call(GET, { headers: bearer() }, 'GET')).status, 'telling is not reading').toBe(403);
  });
});
