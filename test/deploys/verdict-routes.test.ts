import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GET as showBadge } from '@/app/api/badge/[token]/route.ts';
import { DELETE as revokeBadge } from '@/app/api/badges/[id]/route.ts';
import { GET as listBadges, POST as makeBadge } from '@/app/api/badges/route.ts';
import { GET as readVerdict } from '@/app/api/deploys/[id]/verdict/route.ts';
import { capture } from '@/lib/cli/capture.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { verdictAnswerSchema } from '@/lib/core/watch/verdict-answer.ts';
import { type AuthService, createAuth } from '@/lib/server/auth/index.ts';
import { Secret } from '@/lib/server/config/secret.ts';
import { createLog } from '@/lib/server/log/index.ts';
import { BadgeLinks } from '@/lib/server/notify/badge-links.ts';
import {
  changeOf,
  ORIGIN_MS,
  openBooks,
  recordOf,
  SCOPE,
  verdictOf,
} from '@/lib/server/notify/test-watches.ts';

const SITE = 'http://127.0.0.1:3000';
const OWNER = 'tok-0123456789-of-this-server';
const KEY = Symbol.for('afterwatch');
const process_ = globalThis as unknown as Record<symbol, unknown>;

let books: Awaited<ReturnType<typeof openBooks>>;
let auth: AuthService;
let nowMs: number;
let lines: string[];
beforeEach(async () => {
  nowMs = ORIGIN_MS + 2 * HOUR_MS;
  lines = [];
  const clock = { wallMs: () => nowMs };
  books = await openBooks(clock.wallMs);
  const config = {
    bind: { host: '0.0.0.0', port: 3000 },
    publicUrl: null,
    password: null,
    token: new Secret(OWNER),
    targets: [{ ...SCOPE, kind: 'redis', name: 'c' }],
  };
  auth = await createAuth(config, books.state, clock);
  const badges = await BadgeLinks.open(books.state, clock.wallMs);
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) } });
  const { state: store, deploys, watches } = books;
  process_[KEY] = { runtime: { config, clock, store, auth, log, deploys, watches, badges } };
});
afterEach(() => {
  delete process_[KEY];
});

type Handler = typeof readVerdict;
async function call(
  handler: Handler,
  path: string,
  params: Record<string, string>,
  {
    token = OWNER,
    body,
    signal,
    method = 'GET',
  }: { token?: string | null; body?: unknown; signal?: AbortSignal; method?: string } = {},
) {
  const request = new Request(`${SITE}${path}`, {
    method,
    headers: { host: '127.0.0.1:3000', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, text, json: isJson ? JSON.parse(text) : null, headers: response.headers };
}
const verdict = (id: string, query = '', over: Parameters<typeof call>[3] = {}) =>
  call(
    readVerdict,
    `/api/deploys/${encodeURIComponent(id)}/verdict${query}`,
    { id: encodeURIComponent(id) },
    over,
  );

/** A deploy that is watched, with its one claim on track. */
async function openWatch(release = 'v1203') {
  const id = await books.tell(release);
  const [claim] = (await books.deploys.get(id))?.claims ?? [];
  const claims = { [claim?.id ?? '']: verdictOf({ state: 'on_track' }) };
  const record = recordOf(id, release, { state: 'on_track', claims });
  await books.write(record);
  return { id, record, claimId: claim?.id ?? '' };
}

describe('GET /api/deploys/ID/verdict', () => {
  it('tells machines where the deploy and each claim stand, in base units with their window', async () => {
    const { id, claimId } = await openWatch();
    const { status, json } = await verdict(id);
    expect(status).toBe(200);
    expect(verdictAnswerSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      deploy: { id, release: 'v1203', url: `${SITE}/deploys/${id}` },
      ...{ state: 'on_track', provisional: true, reason: null, closed: false },
      endsAt: '2026-04-10T17:54:52.000Z',
      sentence: expect.stringContaining('on track'),
      override: null,
      claims: [
        {
          ...{ id: claimId, state: 'on_track', effectPct: -96.7, interval: [-97.2, -96.1] },
          ...{ before: 203.6, after: 6.7, unit: 'commands', window: 's', coverage: 11 / 12 },
          baseline: { kind: 'measured', days: 14, weak: false },
        },
      ],
    });
  });

  it('knows a deploy by its id, by its release however it is written, and the latest one that is watched', async () => {
    const { id } = await openWatch('v1203');
    await books.tell('v1204', 'Nothing is promised here.');
    for (const name of [id, 'v1203', '1203', 'latest'])
      expect((await verdict(name)).json.deploy.id, name).toBe(id);
    expect((await verdict('v1204')).json).toMatchObject({
      state: null,
      sentence: expect.stringMatching(/promises nothing/),
    });
    expect((await verdict('v9')).status).toBe(404);
    expect((await verdict('latest', '?app=other')).status).toBe(404);
    expect((await verdict('20260409T175452-aaaaaaaaaaaa')).status).toBe(404);
  });

  it('a claim that waits to be confirmed is no verdict, and says so', async () => {
    const told = { release: 'v5', summary: 'Redis GETs: 733,000/hour → 24,000/hour', time: ORIGIN_MS };
    const replay = { sender: 't', key: null, signedAs: null, body: 'x' };
    await books.deploys.register({ scope: SCOPE, deploy: told, origin: 'api', replay });
    expect((await verdict('v5')).json).toMatchObject({
      state: null,
      claims: [],
      sentence: expect.stringMatching(/wait to be confirmed/),
    });
  });

  it('waits until promises are kept or not kept, and is woken by the change itself', async () => {
    const { id, record } = await openWatch();
    const began = performance.now();
    const waiting = verdict(id, '?wait=60');
    await new Promise((next) => setTimeout(next, 30));
    await books.write({ ...record, state: 'undecided' }, [changeOf('undecided')]);
    await new Promise((next) => setTimeout(next, 30));
    await books.write({ ...record, state: 'met' }, [changeOf('met')]);
    expect((await waiting).json).toMatchObject({ state: 'met', provisional: true });
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('answers at once where nothing more will come: decided, over, or decided by a person', async () => {
    const { id, record } = await openWatch();
    const began = performance.now();
    await books.watches.override(id, { state: 'missed', by: 'Ann', reason: 'seen by hand' });
    expect((await verdict(id, '?wait=60')).json).toMatchObject({
      state: 'on_track',
      override: { state: 'missed', by: 'Ann' },
    });
    await books.write({ ...record, override: null, state: 'cant_tell', reason: 'no_data', closedMs: nowMs });
    expect((await verdict(id, '?wait=60')).json).toMatchObject({ state: 'cant_tell', closed: true });
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('the wait ends with its time, and with the request', async () => {
    const { id } = await openWatch();
    expect((await verdict(id, '?wait=1')).json.state).toBe('on_track');
    const abort = new AbortController();
    const began = performance.now();
    const waiting = verdict(id, '?wait=60', { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await waiting;
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('so many may wait and no more; the rest are told to come again, and may still read', async () => {
    const { id, record } = await openWatch();
    const many = Array.from({ length: 101 }, () => verdict(id, '?wait=60'));
    const turnedAway = await Promise.race(many);
    expect(turnedAway.status).toBe(429);
    expect(turnedAway.headers.get('retry-after')).toBe('5');
    expect((await verdict(id)).status).toBe(200);
    await books.write({ ...record, state: 'met' }, [changeOf('met')]);
    const statuses = (await Promise.all(many)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    // Everybody has gone, so there is room again.
    await books.write({ ...record, state: 'on_track' }, []);
    expect((await verdict(id, '?wait=1')).status).toBe(200);
  });

  it.each(['?wait=61', '?wait=-1', '?wait=soon', '?waits=5'])('%s is refused', async (query) => {
    const { id } = await openWatch();
    expect((await verdict(id, query)).status).toBe(400);
  });

  it('needs a session or a token that may read', async () => {
    const { id } = await openWatch();
    const reader = (await auth.tokens.create({ name: 'r', scopes: ['read'] })).token;
    const teller = (await auth.tokens.create({ name: 'd', scopes: ['deploy'] })).token;
    expect((await verdict(id, '', { token: reader })).status).toBe(200);
    expect((await verdict(id, '', { token: teller })).status).toBe(403);
    expect((await verdict(id, '', { token: null })).status).toBe(403);
    expect((await verdict(id, '', { token: `aw_${'x'.repeat(43)}` })).status).toBe(401);
  });
});

describe('a badge', () => {
  const make = (body: unknown = { name: 'readme' }) =>
    call(makeBadge as Handler, '/api/badges', {}, { method: 'POST', body });
  const show = (file: string) =>
    call(showBadge as Handler, `/api/badge/${file}`, { token: file }, { token: null });

  it('shows strangers release, state and age of its own app, and nothing else', async () => {
    const made = await make();
    expect(made.status).toBe(200);
    const file = `${made.json.token}.svg`;
    expect((await show(file)).text).toContain('nothing watched');
    await openWatch();
    const badge = await show(file);
    expect(badge.status).toBe(200);
    expect(badge.headers.get('content-type')).toContain('image/svg+xml');
    expect(badge.headers.get('cache-control')).toBe('no-cache, max-age=60');
    expect(badge.headers.get('set-cookie')).toBeNull();
    expect(badge.text).toContain('v1203 on track T+02:00');
    expect(badge.text).not.toMatch(/harbor|redis|733/i);
    const [id = ''] = books.watches.linesNow(SCOPE).keys();
    await books.watches.override(id, { state: 'missed', by: 'Ann', reason: 'seen by hand' });
    expect((await show(file)).text).toContain('v1203 missed by hand T+02:00');
    expect((await show(file)).text).not.toContain('Ann');
  });

  it('what is no badge, or no longer one, is a 404 that draws itself', async () => {
    const { json } = await make();
    for (const file of [
      json.token,
      `${json.token}.png`,
      `awb_${'x'.repeat(43)}.svg`,
      '.svg',
      '',
      '[token]',
      `${'a'.repeat(5_000)}.svg`,
      '%00.svg',
    ]) {
      const badge = await show(file);
      expect(badge.status, file.slice(0, 60)).toBe(404);
      expect(badge.text).toContain('unknown badge');
    }
    expect((await show(`${json.token}.svg`)).status).toBe(200);
    const gone = await call(
      revokeBadge as Handler,
      `/api/badges/${json.id}`,
      { id: json.id },
      { method: 'DELETE' },
    );
    expect(gone.json).toEqual({ revoked: json.id });
    expect((await show(`${json.token}.svg`)).status).toBe(404);
    const again = await call(
      revokeBadge as Handler,
      `/api/badges/${json.id}`,
      { id: json.id },
      { method: 'DELETE' },
    );
    expect(again.status).toBe(404);
  });

  it('its token is told once and kept nowhere; it opens nothing else', async () => {
    const { json } = await make();
    const list = await call(listBadges as Handler, '/api/badges', {});
    expect(list.json.badges).toEqual([{ id: json.id, name: 'readme', ...SCOPE, createdAtMs: nowMs }]);
    expect(JSON.stringify([...books.state.rows]) + lines.join('') + list.text).not.toContain(json.token);
    const { id } = await openWatch();
    expect((await verdict(id, '', { token: json.token })).status).not.toBe(200);
  });

  it('only the person of this server makes one, for an app that is watched', async () => {
    const reader = (await auth.tokens.create({ name: 'r', scopes: ['read'] })).token;
    const tried = await call(
      makeBadge as Handler,
      '/api/badges',
      {},
      { method: 'POST', body: { name: 'x' }, token: reader },
    );
    expect(tried.status).toBe(403);
    expect((await make({ name: 'x', app: 'other' })).json.error.message).toMatch(/no app of that name/);
    expect((await make({ name: '' })).status).toBe(400);
    expect((await make({ name: 'x', extra: 1 })).status).toBe(400);
  });

  it('a badge survives a restart', async () => {
    const { json } = await make();
    const opened = await BadgeLinks.open(books.state, () => nowMs);
    expect(opened.scopeOf(json.token)).toEqual(SCOPE);
    expect(opened.scopeOf(`awb_${'x'.repeat(43)}`)).toBeNull();
  });
});

describe('the commands, asking these routes', () => {
  /** Serves the routes as the framework does; gives what a command needs to ask them. */
  async function serve() {
    const server = createServer(async (incoming, response) => {
      const path = incoming.url ?? '/';
      const parts: Uint8Array[] = [];
      for await (const part of incoming) parts.push(part);
      const { authorization = '' } = incoming.headers;
      const request = new Request(`${SITE}${path}`, {
        method: incoming.method ?? 'GET',
        headers: { host: '127.0.0.1:3000', ...(authorization === '' ? {} : { authorization }) },
        ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
      });
      const [, id = ''] = /^\/api\/deploys\/([^/]+)\/verdict/.exec(path) ?? [];
      const [, token = ''] = /^\/api\/badge\/(.+)$/.exec(path) ?? [];
      const handler = id !== '' ? readVerdict : token !== '' ? showBadge : makeBadge;
      const answer = await (handler as Handler)(request, {
        params: Promise.resolve(id !== '' ? { id } : { token }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(await answer.text());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url, close, io: { cwd: '/', env: { AFTERWATCH_URL: url, AFTERWATCH_TOKEN: OWNER } } };
  }

  it('verdict --wait hears of a verdict when it is given, and exits by it', async () => {
    const { id, record } = await openWatch('web@2.1');
    const { io, close } = await serve();
    try {
      expect((await capture(['verdict', 'web@2.1'], io)).code).toBe(2);
      const waiting = capture(['verdict', 'web@2.1', '--wait', '5m'], io);
      await new Promise((next) => setTimeout(next, 50));
      await books.write({ ...record, state: 'worse', provisional: false }, [changeOf('worse')]);
      const { code, out, err } = await waiting;
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(out).toContain('web@2.1: worse');
      expect(out).toContain(`/deploys/${id}`);
      expect((await capture(['verdict', 'web@9', '--wait', '5m'], io)).code).toBe(3);
    } finally {
      close();
    }
  });

  it('badge create prints an address that anybody can open', async () => {
    await openWatch();
    const { io, close } = await serve();
    try {
      const { code, out } = await capture(['badge', 'create', '--name', 'readme'], io);
      expect(code).toBe(0);
      const badge = await fetch(out);
      expect(badge.status).toBe(200);
      expect(await badge.text()).toContain('v1203 on track T+02:00');
    } finally {
      close();
    }
  });
});
