import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capture } from './capture.ts';

const TOKEN = `aw_${'x'.repeat(43)}`;
const ANSWER = {
  id: '20260409T175452-abcdefghjkmn',
  url: 'http://127.0.0.1:3000/deploys/20260409T175452-abcdefghjkmn',
  release: 'v1203',
  app: 'harbor',
  environment: 'production',
  merged: false,
  claims: [{}, {}],
  audit: [
    { severity: 'error', message: 'the month does not fit the day' },
    { severity: 'info', message: 'rounded' },
  ],
  redactions: 1,
};

let folder: string;
let server: Server | null = null;
let seen: {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterwatch-deploy-'));
  writeFileSync(join(folder, 'SUMMARY.md'), '# v1203\n\nGETs 733K/h → 24K/h\n');
  seen = [];
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `deploy …` against a server that answers this. */
async function run(args: string[], answer: { status?: number; body?: unknown } = {}) {
  const made = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    seen.push({ method: request.method, url: request.url, headers: request.headers, body: JSON.parse(body) });
    response.writeHead(answer.status ?? 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? ANSWER));
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const address = made.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return capture(['deploy', ...args], { cwd: folder, env: { AFTERWATCH_URL: url, AFTERWATCH_TOKEN: TOKEN } });
}

describe('deploy', () => {
  it('sends the summary with its flags, and prints what was found and where', async () => {
    const { code, out, err } = await run([
      '--file',
      'SUMMARY.md',
      '--release',
      'v1203',
      '--app',
      'harbor',
      '--link',
      'https://ci/1',
      '--kind',
      'code',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'registered v1203 of harbor/production: 2 claims, 2 audit findings, 1 secret taken out',
      '  the month does not fit the day',
      ANSWER.url,
    ]);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/deploys',
        headers: { authorization: `Bearer ${TOKEN}`, 'x-afterwatch-client': 'cli' },
        body: {
          summary: '# v1203\n\nGETs 733K/h → 24K/h\n',
          release: 'v1203',
          app: 'harbor',
          links: ['https://ci/1'],
        },
      },
    ]);
  });

  it('the same command is the same request, another one is not', async () => {
    await run(['--file', 'SUMMARY.md']);
    const again = await run(['--file', 'SUMMARY.md'], { status: 200, body: { ...ANSWER, merged: true } });
    await run(['--file', 'SUMMARY.md', '--release', 'v1204']);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/^added to v1203/);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^cli-[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('--json prints the answer and nothing else', async () => {
    const { out } = await run(['--file', 'SUMMARY.md', '--json']);
    expect(JSON.parse(out)).toEqual(ANSWER);
  });

  it.each([
    [400, 1, 'app: this server watches no app of that name'],
    [409, 1, 'This Idempotency-Key was used for another request'],
    [413, 1, 'The body is larger than 64 KB'],
    [429, 1, 'Too many'],
  ])('%s of the server is its no, in its words', async (status, expected, message) => {
    const { code, err } = await run(['--release', 'v1'], { status, body: { error: { code: 'x', message } } });
    expect(code).toBe(expected);
    expect(err).toBe(`afterwatch deploy: ${message}`);
  });

  it('exits 3 when it is refused, 2 when the file cannot be read, 3 when it is misused, and then sends nothing', async () => {
    expect((await run(['--release', 'v1'], { status: 403, body: {} })).code).toBe(3);
    seen = [];
    expect(await run(['--file', 'NONE.md'])).toMatchObject({
      code: 2,
      err: 'afterwatch deploy: NONE.md: there is no such file',
    });
    for (const args of [
      [],
      ['--kind', 'wish', '--release', 'v1'],
      ['--release', 'v1', '--key', 'a b'],
      ['SUMMARY.md'],
    ])
      expect((await run(args)).code, args.join(' ')).toBe(3);
    expect(seen).toEqual([]);
  });
});
