import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { capture } from './capture.ts';

const OWNER = 'token-of-more-than-16';
const MADE = `aw_${'x'.repeat(43)}`;
const TOKEN = {
  id: '0123456789ab',
  name: 'shipper',
  scopes: ['ingest'],
  createdAtMs: 1_775_757_600_000,
  lastUsedAtMs: null,
};

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}
let server: Server | null = null;
let seen: Seen[] = [];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  seen = [];
});

/** Runs `token …` against a server that answers this. */
async function run(
  args: string[],
  answer: { status?: number; body: unknown },
  env: Record<string, string> = { AFTERWATCH_TOKEN: OWNER },
) {
  const made = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return { ...(await capture(['token', ...args], { cwd: '/', env: { AFTERWATCH_URL: url, ...env } })), url };
}

describe('token create', () => {
  it('asks the server with its token, and prints the made one alone on stdout', async () => {
    const { code, out, err } = await run(['create', '--name', 'shipper', '--scope', 'ingest,read'], {
      body: { ...TOKEN, token: MADE },
    });
    expect({ code, out }).toEqual({ code: 0, out: MADE });
    expect(err).toMatch(/not shown again/);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/tokens',
        headers: { authorization: `Bearer ${OWNER}` },
        body: '{"name":"shipper","scopes":["ingest","read"]}',
      },
    ]);
    expect(seen[0]?.headers.origin).toBeUndefined();
  });

  it('names its origin where it has no token, so that an open server believes it', async () => {
    const { url } = await run(
      ['create', '--name', 'x', '--scope=read', '--json'],
      { body: { ...TOKEN, token: MADE } },
      {},
    );
    expect(seen[0]?.headers).toMatchObject({ origin: url });
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each<[args: string[], said: RegExp]>([
    [[], /create, list or revoke/],
    [['make'], /create, list or revoke/],
    [['create'], /needs a --name/],
    [['create', '--name', 'x'], /needs a --scope of ingest, deploy, read/],
    [['create', '--name', 'x', '--scope', 'read,owner'], /needs a --scope/],
    [['create', '--name', 'x', '--scop', 'read'], /takes --name NAME/],
    [['list', 'all'], /takes no words/],
    [['revoke'], /takes one ID/],
    [['revoke', MADE], /takes one ID/],
    [['revoke', '../status'], /takes one ID/],
  ])('%j is refused before anything is sent', async (args, said) => {
    const { code, out, err } = await run(args, { body: {} });
    expect([code, out, seen]).toEqual([3, '', []]);
    expect(err).toMatch(said);
    expect(err).not.toContain(MADE);
  });
});

describe('token list and revoke', () => {
  it('shows tokens as a table without control signs, and as JSON', async () => {
    const body = {
      tokens: [
        { ...TOKEN, name: 'ship\u001b[2Jper' },
        { ...TOKEN, lastUsedAtMs: 1_775_757_600_000 },
      ],
    };
    const { code, out } = await run(['list'], { body });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'ID            NAME         SCOPES  CREATED     LAST USED',
      '0123456789ab  ship [2Jper  ingest  2026-04-09  never',
      '0123456789ab  shipper      ingest  2026-04-09  2026-04-09',
    ]);
    expect(JSON.parse((await run(['list', '--json'], { body })).out)).toEqual(body);
  });

  it('revokes by id', async () => {
    const { code, out } = await run(['revoke', TOKEN.id], { body: { revoked: TOKEN.id } });
    expect({ code, out }).toEqual({ code: 0, out: `revoked ${TOKEN.id}` });
    expect(seen).toMatchObject([{ method: 'DELETE', url: `/api/tokens/${TOKEN.id}` }]);
  });

  it('tells what the server said no to with 1, and everything else with 3', async () => {
    const missing = await run(['revoke', TOKEN.id], {
      status: 404,
      body: { error: { code: 'not_found', message: 'There is no token of that id.' } },
    });
    expect(missing).toMatchObject({
      code: 1,
      out: '',
      err: 'afterwatch token: There is no token of that id.',
    });
    expect(await run(['list'], { status: 403, body: {} })).toMatchObject({
      code: 3,
      err: expect.stringMatching(/refused \(403\): check AFTERWATCH_TOKEN/),
    });
    expect(await run(['list'], { body: '<html>' })).toMatchObject({
      code: 3,
      err: expect.stringMatching(/no answer that we can read/),
    });
  });
});
