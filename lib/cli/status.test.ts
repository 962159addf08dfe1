import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { capture } from './capture.ts';

const TOKEN = 'token-of-more-than-16';
const SOURCE = {
  id: 'default/production/redis/main',
  kind: 'redis',
  name: 'main',
  state: 'ok',
  ageSeconds: 4.2,
  lastError: null,
  fix: null,
};
const BODY = {
  mode: { mode: 'active', quality: 'measured', evidence: 'INFO answers', sinceMs: null },
  sources: [SOURCE],
  alerts: [] as unknown[],
  watch: null,
  observer: { commands: 12, connects: 1, queries: 3, requests: 4, since: '2026-11-22T00:00:00Z' },
};

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A small server on a free port of loopback; gives its address. */
async function serve(handle: RequestListener): Promise<string> {
  const made = createServer(handle);
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function statusOf(body: unknown, args: string[] = [], env: Record<string, string> = {}, status = 200) {
  const url = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return capture(['status', ...args], { cwd: '/', env: { AFTERWATCH_URL: url, ...env } });
}
const withSources = (...states: string[]) => ({
  ...BODY,
  sources: states.map((state, i) => ({ ...SOURCE, id: `${SOURCE.id}${i}`, state })),
});

describe('status: exit codes', () => {
  it('0 when nothing fires and every source is read; asleep is read, starting is while another is', async () => {
    expect((await statusOf(BODY)).code).toBe(0);
    expect((await statusOf(withSources('ok', 'asleep', 'starting'))).code).toBe(0);
  });
  it('1 when an alert fires, even when a source is down', async () => {
    expect((await statusOf({ ...withSources('down'), alerts: [{ rule: 'gets' }] })).code).toBe(1);
  });
  it('says what fires, without control characters', async () => {
    const alerts = [{ title: 'cache gives no\u001b[2J answer', detail: 'Nothing within 5 s.' }];
    const { code, out } = await statusOf({ ...BODY, alerts });
    expect(code).toBe(1);
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/^1 firing\n\nfiring: cache gives no.* answer\n {2}Nothing within 5 s\.\n/);
  });
  it('says where the current watch stands; its verdict changes no exit code', async () => {
    const watch = {
      ...{ deploy: 'x', release: 'v1203', app: 'harbor', environment: 'production', state: 'cant_tell' },
      ...{ provisional: true, reason: 'redis_suspended', met: 1, of: 3, since: null, override: null },
      ...{ origin: '2026-04-09T17:54:52Z', ends: '2026-04-10T17:54:52Z' },
    };
    const { code, out } = await statusOf({ ...BODY, watch });
    expect(code).toBe(0);
    expect(out).toContain('\nwatch: v1203 can’t tell: redis suspended, 1 of 3 claims met, T+24:00\n');
    const met = { ...watch, state: 'met', reason: null, override: 'missed' };
    expect((await statusOf({ ...BODY, watch: met })).out).toContain(
      'watch: v1203 missed by hand (measured: met, provisional), 1 of 3',
    );
  });
  it('2 when a source cannot be read, with the source named', async () => {
    for (const state of ['stale', 'down', 'refused', 'limited', 'paused_budget', 'misconfigured', 'odd']) {
      const { code, out } = await statusOf(withSources('ok', state));
      expect(code, state).toBe(2);
      expect(out).toMatch(new RegExp(`^can't tell: default/production/redis/main1 is ${state}\n`));
    }
  });
  it('2 when nothing has been read yet: silence is not health', async () => {
    expect((await statusOf(withSources('starting', 'starting'))).code).toBe(2);
    expect((await statusOf(withSources())).code).toBe(2);
  });
});

describe('status: output', () => {
  it('is a table for people, with error and remedy of what failed', async () => {
    const down = {
      ...SOURCE,
      state: 'down',
      ageSeconds: 3_700,
      lastError: 'gave no reply',
      fix: 'Check the port.',
    };
    const { out, err } = await statusOf({ ...BODY, sources: [{ ...SOURCE, id: 'a/b/redis/c' }, down] });
    expect(err).toBe('');
    expect(out.split('\n')).toEqual([
      "can't tell: default/production/redis/main is down",
      '',
      'Redis mode: active (measured: INFO answers)',
      '',
      'SOURCE                         STATE  LAST READ',
      'a/b/redis/c                    ok     4 s ago',
      'default/production/redis/main  down   1 h 1 m ago',
      '',
      'default/production/redis/main: gave no reply',
      '  to do: Check the port.',
      '',
      'watching has cost 12 commands, 1 connects, 3 queries and 4 requests today (UTC)',
    ]);
  });
  it('is the JSON of the server and nothing else with --json, unknown fields included', async () => {
    const body = { ...BODY, later: { field: [1] } };
    const { out, err, code } = await statusOf(body, ['--json']);
    expect(JSON.parse(out)).toEqual(body);
    expect([err, code]).toEqual(['', 0]);
  });
  it('lets no text of a source reach the terminal as a command', async () => {
    const bad = { ...SOURCE, state: 'down', lastError: '\u001b]0;title\u0007\u001b[2J', fix: null };
    const { out } = await statusOf({ ...BODY, sources: [bad] });
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
  it('leaves the mode out while it is not known', async () => {
    expect((await statusOf({ ...BODY, mode: null })).out).not.toContain('Redis mode');
  });
});

describe('status: the way to the server', () => {
  it('sends the token as bearer, from the variable or its file, and only then', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.end(JSON.stringify(BODY));
    });
    await capture(['status'], { cwd: '/', env: { AFTERWATCH_URL: `${url}/`, AFTERWATCH_TOKEN: TOKEN } });
    await capture(['status'], { cwd: '/', env: { AFTERWATCH_URL: `${url}/below/` } });
    expect(seen).toEqual([`/api/status Bearer ${TOKEN}`, '/below/api/status undefined']);
  });
  it('ends with 3 and what to do, on stderr alone, when refused', async () => {
    const without = await statusOf('{}', [], {}, 401);
    expect([without.code, without.out]).toEqual([3, '']);
    expect(without.err).toMatch(/refused \(401\): set AFTERWATCH_TOKEN to the token/);
    const wrong = await statusOf('{}', ['--json'], { AFTERWATCH_TOKEN: TOKEN }, 401);
    expect(wrong.err).toMatch(/refused \(401\): check AFTERWATCH_TOKEN/);
    expect(`${wrong.out}${wrong.err}`).not.toContain(TOKEN);
  });
  it('ends with 3 for whatever is no status', async () => {
    for (const body of ['<html></html>', '{}', 'null', JSON.stringify({ ...BODY, sources: 'x' }), '']) {
      const { code, out, err } = await statusOf(body);
      expect([code, out]).toEqual([3, '']);
      expect(err).toMatch(/gave no status that we can read/);
    }
    expect((await statusOf(BODY, [], {}, 503)).err).toMatch(/is starting or cannot serve/);
    expect((await statusOf(BODY, [], {}, 500)).code).toBe(3);
  });
  it('never follows a redirect, which could take the token elsewhere', async () => {
    let visits = 0;
    const url = await serve((_request, response) => {
      visits += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { code, err } = await capture(['status'], {
      cwd: '/',
      env: { AFTERWATCH_URL: url, AFTERWATCH_TOKEN: TOKEN },
    });
    expect([code, visits]).toEqual([3, 1]);
    expect(err).toMatch(/answered with a redirect \(302\)/);
  });
  it('ends with 3 when nobody listens, and for an address that is none', async () => {
    const url = await serve(() => {});
    server?.close();
    server = null;
    const { code, err } = await capture(['status'], { cwd: '/', env: { AFTERWATCH_URL: url } });
    expect(code).toBe(3);
    expect(err).toMatch(/cannot reach http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    for (const bad of ['localhost', 'ftp://h', 'http://user:hunter2@h']) {
      const refused = await capture(['status'], { cwd: '/', env: { AFTERWATCH_URL: bad } });
      expect(refused).toMatchObject({ code: 3, out: '' });
      expect(refused.err).not.toContain('hunter2');
    }
  });
  it('gives up on an endless body', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect((await capture(['status'], { cwd: '/', env: { AFTERWATCH_URL: url } })).code).toBe(3);
  });
});
