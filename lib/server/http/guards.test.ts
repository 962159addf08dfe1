import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ActionResult } from '@/lib/core/model/view.ts';
import { makeAsker } from '@/test/askers.ts';
import { MemoryState } from '@/test/memory-state.ts';
import { type AuthService, createAuth } from '../auth/index.ts';
import type { Asker } from '../auth/request-facts.ts';
import { Secret } from '../config/secret.ts';
import { createLog } from '../log/index.ts';
import { type ActionOptions, guardAction } from './guard-action.ts';
import { guardRoute, type RouteOptions } from './guard-route.ts';
import { type GuardDeps, KnownError } from './guards.ts';

const PASSWORD = 'correct horse battery';
const TOKEN = 'tok-0123456789';
const SITE = 'http://127.0.0.1:3000';
let lines: string[];
let deps: GuardDeps;

function startAuth(password: string | null): Promise<AuthService> {
  return createAuth(
    {
      bind: { host: '127.0.0.1', port: 3000 },
      publicUrl: null,
      password: password === null ? null : new Secret(password),
      token: new Secret(TOKEN),
    },
    new MemoryState(),
    { wallMs: () => 1_700_000_000_000 },
  );
}

beforeEach(async () => {
  lines = [];
  deps = {
    auth: await startAuth(PASSWORD),
    log: createLog({ level: 'info', destination: { write: (line) => lines.push(line) } }),
  };
});

async function signedIn(): Promise<ReadonlyMap<string, string>> {
  const result = await deps.auth.signIn(makeAsker(), PASSWORD);
  if (!result.ok) throw new Error(result.reason);
  return new Map(result.cookies.map((one) => [one.name, one.value]));
}

describe('KnownError', () => {
  it('is known by its name, since what the process holds is built apart from routes and actions', () => {
    class Twin extends Error {
      override readonly name = 'KnownError';
    }
    expect(new Twin('x') instanceof KnownError).toBe(true);
    expect(new KnownError('not_found', 'x') instanceof KnownError).toBe(true);
    expect(new Error('x') instanceof KnownError).toBe(false);
    expect({ name: 'KnownError' } instanceof KnownError).toBe(false);
  });
});

describe('guardAction', () => {
  let calls: unknown[];
  beforeEach(() => {
    calls = [];
  });

  async function call(
    asker: Asker,
    input: unknown,
    options: ActionOptions = {},
    work: () => unknown = () => 'done',
  ): Promise<ActionResult<unknown>> {
    const run = guardAction(
      { readDeps: () => deps, readAsker: async () => asker, rethrow: () => {} },
      z.object({ id: z.string().max(5) }),
      (_call, parsed) => {
        calls.push(parsed);
        return work();
      },
      options,
    );
    return run(input as { id: string });
  }

  it('a signed-in page of ours gets its answer', async () => {
    const cookies = await signedIn();
    expect(await call(makeAsker({ cookies }), { id: 'a' })).toEqual({ ok: true, data: 'done' });
    expect(calls).toEqual([{ id: 'a' }]);
  });

  it.each<[what: string, change: Partial<Asker>, signIn: boolean, code: string]>([
    ['no cookie', {}, false, 'not_signed_in'],
    ['an unknown cookie', { cookies: new Map([['afterwatch', 'C'.repeat(43)]]) }, false, 'not_signed_in'],
    ['another origin', { origin: 'https://evil.example' }, true, 'forbidden'],
    ['origin null', { origin: 'null' }, true, 'forbidden'],
    ['no origin', { origin: null }, true, 'forbidden'],
    ['no origin, no fetch metadata', { origin: null, secFetchSite: null }, true, 'forbidden'],
    ['a cross-site mark', { secFetchSite: 'cross-site' }, true, 'forbidden'],
    ['a same-site mark', { secFetchSite: 'same-site' }, true, 'forbidden'],
    ['a rebound name', { host: 'evil.example:3000', origin: 'http://evil.example:3000' }, true, 'forbidden'],
    ['a wrong token beside a live session', { authorization: 'Bearer nope' }, true, 'not_signed_in'],
  ])('%s: refused, and the handler never ran', async (_what, change, signIn, code) => {
    const cookies = signIn ? await signedIn() : new Map<string, string>();
    const result = await call(makeAsker({ cookies, ...change }), { id: 'a' });
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(calls).toEqual([]);
  });

  it('a public action still wants our own origin', async () => {
    const options: ActionOptions = { access: 'public' };
    expect(await call(makeAsker(), { id: 'a' }, options)).toMatchObject({ ok: true });
    expect(await call(makeAsker({ origin: 'null' }), { id: 'a' }, options)).toMatchObject({ ok: false });
  });

  it.each<[unknown]>([
    [undefined],
    [null],
    ['a'],
    [{}],
    [{ id: 1 }],
    [{ id: 'toolong' }],
    [{ id: 'a', admin: true }],
  ])('input %j does not fit and goes no further', async (input) => {
    const cookies = await signedIn();
    expect(await call(makeAsker({ cookies }), input)).toMatchObject({
      ok: false,
      error: { code: 'bad_input' },
    });
    expect(calls).toEqual([]);
  });

  it('tells a reader that the store is away, with every answer; nobody else hears of it', async () => {
    const outage = { sinceMs: 1_700_000_000_000, waiting: 12, lost: 0 };
    // No more of the store is read here.
    deps.store = { stats: () => ({ outage }) as ReturnType<NonNullable<GuardDeps['store']>['stats']> };
    const cookies = await signedIn();
    expect(await call(makeAsker({ cookies }), { id: 'a' })).toEqual({ ok: true, data: 'done', outage });
    expect(await call(makeAsker(), { id: 'a' })).not.toHaveProperty('outage');
    const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { isAway: true });
    const failed = await call(makeAsker({ cookies }), { id: 'a' }, {}, () => {
      throw away;
    });
    expect(failed).toMatchObject({ ok: false, error: { code: 'not_ready' }, outage });
    expect(JSON.stringify(failed)).toContain('store can’t be reached');
    expect(JSON.stringify(failed)).not.toContain('10.0.0.7');
    expect(lines).toEqual([]);
  });

  it('a fault keeps its text in the log and gives an id to find it by', async () => {
    const cookies = await signedIn();
    const result = await call(makeAsker({ cookies }), { id: 'a' }, { name: 'test' }, () => {
      throw new Error('canary: db at 10.0.0.1 is gone');
    });
    if (result.ok) throw new Error('must fail');
    expect(result.error.code).toBe('internal');
    expect(result.error.message).not.toContain('canary');
    const id = /under ([0-9a-f]{10})\./.exec(result.error.message)?.[1];
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id, where: 'test', level: 'error' });
    expect(lines[0]).toContain('canary');
  });

  it('a failure meant for the caller arrives as it is', async () => {
    const cookies = await signedIn();
    const result = await call(makeAsker({ cookies }), { id: 'a' }, {}, () => {
      throw new KnownError('not_found', 'No such deploy.');
    });
    expect(result).toEqual({ ok: false, error: { code: 'not_found', message: 'No such deploy.' } });
    expect(lines).toEqual([]);
  });

  it('what belongs to the framework is thrown on', async () => {
    const redirect = new Error('NEXT_REDIRECT');
    const run = guardAction(
      {
        readDeps: () => deps,
        readAsker: async () => makeAsker(),
        rethrow: (error) => {
          if (error === redirect) throw error;
        },
      },
      z.object({}),
      () => {
        throw redirect;
      },
      { access: 'public' },
    );
    await expect(run({})).rejects.toBe(redirect);
  });

  it('while the server is starting the answer is not_ready', async () => {
    const run = guardAction(
      {
        readDeps: () => {
          throw new Error('starting');
        },
        readAsker: async () => makeAsker(),
        rethrow: () => {},
      },
      z.object({}),
      () => 'done',
    );
    expect(await run({})).toMatchObject({ ok: false, error: { code: 'not_ready' } });
  });

  it('more than 600 calls a minute of one client are refused, others go on', async () => {
    const options: ActionOptions = { access: 'public', cost: 100 };
    for (let index = 0; index < 6; index += 1)
      expect((await call(makeAsker(), { id: 'a' }, options)).ok).toBe(true);
    expect(await call(makeAsker(), { id: 'a' }, options)).toMatchObject({ error: { code: 'too_many' } });
    expect((await call(makeAsker({ client: '192.0.2.9' }), { id: 'a' }, options)).ok).toBe(true);
  });
});

describe('guardRoute', () => {
  const schema = z.object({ range: z.enum(['1h', '6h']).default('1h') });
  interface Call {
    url?: string;
    method?: string;
    headers?: Record<string, string>;
    options?: RouteOptions;
    work?: (query: { range: string }) => unknown;
    readDeps?: () => GuardDeps;
  }

  async function ask(call: Call): Promise<{ status: number; body: unknown; headers: Headers }> {
    const route = guardRoute(
      call.readDeps ?? (() => deps),
      schema,
      call.options ?? { access: 'reader' },
      (_call, query) => (call.work ?? ((given) => given))(query),
    );
    const request = new Request(`${SITE}${call.url ?? '/api/status'}`, {
      method: call.method ?? 'GET',
      headers: { host: '127.0.0.1:3000', ...call.headers },
    });
    const response = await route(request, { params: Promise.resolve({}) });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
  const token = { authorization: `Bearer ${TOKEN}` };

  it('a token reads, and nothing in between may keep the answer', async () => {
    const { status, body, headers } = await ask({ headers: token });
    expect([status, body]).toEqual([200, { range: '1h' }]);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each<[what: string, call: Call, status: number, code: string]>([
    ['a stranger', {}, 401, 'not_signed_in'],
    ['a wrong token', { headers: { authorization: 'Bearer x' } }, 401, 'not_signed_in'],
    ['another name', { headers: { ...token, host: 'evil.example' } }, 403, 'forbidden'],
    ['a value that does not fit', { url: '/api/status?range=2h', headers: token }, 400, 'bad_input'],
    ['an unknown parameter', { url: '/api/status?rnage=1h', headers: token }, 400, 'bad_input'],
    ['a parameter given twice', { url: '/api/status?range=1h&range=6h', headers: token }, 400, 'bad_input'],
    [
      'a post from another origin',
      { method: 'POST', headers: { ...token, origin: 'https://evil.example' } },
      403,
      'forbidden',
    ],
    [
      'a server that is starting',
      {
        readDeps: () => {
          throw new Error('starting');
        },
      },
      503,
      'not_ready',
    ],
  ])('%s: %#', async (_what, call, status, code) => {
    const answer = await ask(call);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code } });
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it('a cookie alone does not write: the origin must be ours', async () => {
    const cookies = await signedIn();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await ask({ headers: { cookie } })).status).toBe(200);
    expect((await ask({ method: 'POST', headers: { cookie } })).status).toBe(403);
    expect((await ask({ method: 'POST', headers: { cookie, origin: SITE } })).status).toBe(200);
  });

  it('names the unknown parameter in words', async () => {
    const { body } = await ask({ url: '/api/status?rnage=1h', headers: token });
    expect(body).toEqual({ error: { code: 'bad_input', message: 'unknown: rnage' } });
  });

  it('a public route asks nobody', async () => {
    expect((await ask({ options: { access: 'public' } })).status).toBe(200);
  });

  it('a fault gives 500 with an id and nothing of its text', async () => {
    const { status, body } = await ask({
      headers: token,
      work: () => {
        throw new Error('canary text');
      },
    });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('canary');
    expect(body).toMatchObject({ error: { code: 'internal', id: JSON.parse(lines[0] ?? '').id } });
  });

  it('details of a known failure stand beside its message', async () => {
    const work = (): never => {
      throw new KnownError('not_found', 'No such metric.', { suggestions: ['redis_up'] });
    };
    expect(await ask({ headers: token, work })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: 'No such metric.', suggestions: ['redis_up'] } },
    });
  });

  it('over the limit the answer says when to come again', async () => {
    const options: RouteOptions = { access: 'public', cost: 600 };
    expect((await ask({ options })).status).toBe(200);
    const { status, headers } = await ask({ options });
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('strangers pay one for being turned away, whatever it would have cost, and are limited before they are looked at', async () => {
    const options: RouteOptions = { access: 'reader', cost: 100 };
    for (let index = 0; index < 600; index += 1) expect((await ask({ options })).status).toBe(401);
    expect((await ask({ options })).status).toBe(429);
  });
});
