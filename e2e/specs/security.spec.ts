import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { expectNoAxeFindings } from '../fixtures/axe.ts';
import { type BuiltAction, listActions, listPaths } from '../fixtures/build-manifest.ts';
import { type RawAnswer, type RawRequest, sendRaw } from '../fixtures/raw-request.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { test } from '../fixtures/test.ts';
import { refuseOutside } from '../guard.ts';

const PASSWORD = 'canary-password-71ab';
const TOKEN = 'canary-token-9f3c27d1';
/** Actions that a stranger may call: they are how one stops being a stranger. */
const FOR_STRANGERS = new Set(['signIn', 'signOut']);

/** Names that only a reader may see, and secrets that nobody may. The ports are closed: errors are shown, too. */
const NAMES = ['canary-shop', 'canary-cache', 'canary-store'];
const SECRETS = [PASSWORD, TOKEN, 'canary-redis-5e1d', 'canary-pg-88c0'];
const CONFIG = `
sources:
  - kind: redis
    app: canary-shop
    name: canary-cache
    url: redis://default:canary-redis-5e1d@127.0.0.1:1
  - kind: postgres
    app: canary-shop
    name: canary-store
    url: postgres://reader:canary-pg-88c0@127.0.0.1:1/shop
`;

let guarded: RunningServer;
let folder: string;
let session: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'afterwatch-security-'));
  const config = join(folder, 'afterwatch.yml');
  writeFileSync(config, CONFIG, { mode: 0o600 });
  guarded = await startServer(
    { AFTERWATCH_PASSWORD: PASSWORD, AFTERWATCH_TOKEN: TOKEN, AFTERWATCH_CONFIG: config },
    { dataDir: join(folder, 'data') },
  );
  session = await signIn(guarded.baseUrl);
});

test.afterAll(async () => {
  await guarded?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ask(request: RawRequest): Promise<RawAnswer> {
  return sendRaw(guarded.baseUrl, request);
}

function callAction(
  baseUrl: string,
  action: BuiltAction,
  headers: Readonly<Record<string, string>>,
  argument: unknown = {},
): Promise<RawAnswer> {
  return sendRaw(baseUrl, {
    method: 'POST',
    path: action.name === 'signIn' ? '/login' : '/',
    headers: { 'next-action': action.id, 'content-type': 'text/plain;charset=UTF-8', ...headers },
    body: JSON.stringify([argument]),
  });
}

function findAction(name: string): BuiltAction {
  const action = listActions().find((one) => one.name === name);
  if (action === undefined) throw new Error(`the build has no action ${name}`);
  return action;
}

function cookiesOf(answer: RawAnswer): string {
  const set = answer.headers['set-cookie'];
  return (Array.isArray(set) ? set : []).map((line) => line.split(';')[0]).join('; ');
}

async function signIn(baseUrl: string): Promise<string> {
  const answer = await callAction(
    baseUrl,
    findAction('signIn'),
    { origin: baseUrl },
    { password: PASSWORD, next: '/' },
  );
  return cookiesOf(answer);
}

/** The canaries that a body holds. */
function seenIn(answer: RawAnswer): string[] {
  return [...NAMES, ...SECRETS].filter((canary) => answer.body.includes(canary));
}

test('the canaries are real: a reader sees the names, and no secret, on the page and through the API', async () => {
  expect(session).toMatch(/(^|; )afterwatch=[\w-]{43}(;|$)/);
  const page = await ask({ path: '/', headers: { cookie: session } });
  expect([page.status, seenIn(page)]).toEqual([200, NAMES]);
  const status = await ask({ path: '/api/status', headers: { cookie: session } });
  expect([status.status, seenIn(status)]).toEqual([200, NAMES]);
});

test('no action answers a stranger', async () => {
  const actions = listActions().filter((one) => !FOR_STRANGERS.has(one.name));
  expect(actions.length).toBeGreaterThan(0);
  const cookies = { nothing: '', unknown: `afterwatch=${'A'.repeat(43)}`, broken: 'afterwatch=' };
  for (const action of actions) {
    for (const [what, cookie] of Object.entries(cookies)) {
      const answer = await callAction(guarded.baseUrl, action, { origin: guarded.baseUrl, cookie });
      expect(answer.body, `${action.name} with ${what}`).toContain('"not_signed_in"');
      expect(answer.body, `${action.name} with ${what}`).not.toContain('"ok":true');
      expect(seenIn(answer), `${action.name} with ${what}`).toEqual([]);
    }
  }
});

test('no action runs for another site, also with a live session and on an open server', async ({
  baseURL,
}) => {
  const worlds = [
    { base: guarded.baseUrl, cookie: session },
    { base: baseURL ?? '', cookie: '' },
  ];
  for (const { base, cookie } of worlds) {
    const forgeries: Record<string, Record<string, string>> = {
      'another origin': { origin: 'https://evil.example' },
      'another port': { origin: 'http://127.0.0.1:1' },
      'origin null': { origin: 'null' },
      'no origin': {},
      'a cross-site mark': { origin: base, 'sec-fetch-site': 'cross-site' },
      'a same-site mark': { origin: base, 'sec-fetch-site': 'same-site' },
      'a forwarded host': { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
      'a skipped proxy': {
        origin: 'https://evil.example',
        'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
      },
    };
    for (const action of listActions()) {
      for (const [what, headers] of Object.entries(forgeries)) {
        const answer = await callAction(base, action, { ...headers, cookie });
        expect(answer.status, `${action.name}, ${what}, ${base}`).toBe(403);
        expect(seenIn(answer)).toEqual([]);
      }
    }
  }
});

test('an action that is refused tells a reader why, and one that is not known runs nothing', async () => {
  for (const action of listActions()) {
    const answer = await callAction(
      guarded.baseUrl,
      action,
      { origin: guarded.baseUrl, cookie: session },
      { nonsense: 1 },
    );
    expect(answer.body, action.name).toContain('"bad_input"');
  }
  const unknown = await callAction(
    guarded.baseUrl,
    { id: '0'.repeat(42), name: 'none' },
    { origin: guarded.baseUrl },
  );
  expect(unknown.status).toBeGreaterThanOrEqual(400);
});

type Trick = (path: string) => RawRequest;
const TRICKS: Readonly<Record<string, Trick>> = {
  plain: (path) => ({ path }),
  '.rsc': (path) => ({ path: `${path === '/' ? '/index' : path}.rsc` }),
  '?_rsc': (path) => ({ path: `${path}?_rsc=1a2b3` }),
  'RSC header': (path) => ({ path, headers: { rsc: '1' } }),
  'RSC header with its query': (path) => ({ path: `${path}?_rsc=1a2b3`, headers: { rsc: '1' } }),
  prefetch: (path) => ({ path, headers: { rsc: '1', 'next-router-prefetch': '1' } }),
  'segment prefetch': (path) => ({
    path,
    headers: { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  }),
  'segment file': (path) => ({ path: `${path === '/' ? '/index' : path}.segments/_full.segment.rsc` }),
  'state tree': (path) => ({
    path,
    headers: { rsc: '1', 'next-router-state-tree': '%5B%22%22%2C%7B%7D%5D' },
  }),
  subrequest: (path) => ({ path, headers: { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' } }),
  'subrequest, older names': (path) => ({
    path,
    headers: { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
  }),
  'route parameter query': (path) => ({ path: `${path}?nxtPtoken=x&nxtIx=1` }),
  'double slash': (path) => ({ path: `/${path}` }),
  'encoded dot': (path) => ({ path: `/%2e${path}` }),
  'dot segments': (path) => ({ path: `/_next/static/../..${path}` }),
  'encoded slash': (path) => ({ path: path.replace(/(?<=.)\//g, '%2f') }),
  'upper case': (path) => ({ path: path.toUpperCase() }),
  'trailing slash': (path) => ({ path: `${path}/` }),
  locale: (path) => ({ path: `/en${path}` }),
  HEAD: (path) => ({ path, method: 'HEAD' }),
  OPTIONS: (path) => ({ path, method: 'OPTIONS' }),
  'forwarded host': (path) => ({
    path,
    headers: { 'x-forwarded-host': 'localhost', 'x-forwarded-for': '127.0.0.1' },
  }),
  'data request': (path) => ({ path, headers: { 'x-nextjs-data': '1' } }),
  'data path': (path) => ({ path: `/_next/data/build${path === '/' ? '/index' : path}.json` }),
  'matched path': (path) => ({ path: '/login', headers: { 'x-matched-path': path, 'x-invoke-path': path } }),
  'rewritten path': (path) => ({
    path: '/login',
    headers: { 'x-middleware-rewrite': path, 'x-rewrite-url': path },
  }),
  resume: (path) => ({ path, method: 'POST', headers: { 'next-resume': '1' } }),
  'empty cookie': (path) => ({ path, headers: { cookie: 'afterwatch=; __Host-afterwatch=' } }),
  'empty token': (path) => ({ path, headers: { authorization: 'Bearer ' } }),
  'wrong token': (path) => ({ path, headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` } }),
  'basic password': (path) => ({
    path,
    headers: { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` },
  }),
  'another method': (path) => ({ path, method: 'PATCH', headers: { authorization: 'Bearer x' } }),
};

test('no path gives its data to a stranger, whatever the trick', async () => {
  test.setTimeout(240_000);
  const leaks: string[] = [];
  const paths = listPaths();
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['/', '/api/status', '/api/query', '/api/logs', '/api/tokens', '/api/openapi.json'],
      ...['/api/deploys', '/api/deploys/[id]', '/api/hooks', '/api/hooks/github'],
    ]),
  );
  for (const path of paths) {
    for (const [name, trick] of Object.entries(TRICKS)) {
      const answer = await ask(trick(path)).catch((error: Error) => ({
        status: -1,
        headers: {},
        body: error.message,
      }));
      if (seenIn(answer).length > 0) leaks.push(`${path} by ${name}: ${seenIn(answer).join(', ')}`);
      // Refused for being too many would prove nothing.
      if (answer.status === 429) leaks.push(`${path} by ${name}: was not tried (429)`);
      // Next's own error screen answers 500 when asked for by name.
      if ((answer.status >= 500 && path !== '/_global-error') || answer.status === -1)
        leaks.push(`${path} by ${name}: ${answer.status} ${answer.body.slice(0, 80)}`);
    }
  }
  expect(leaks).toEqual([]);
});

test('a name that is not ours is answered 421 everywhere but at health', async ({ baseURL }) => {
  const { port } = new URL(guarded.baseUrl);
  const names = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    'localhost',
    `127.1:${port}`,
    `0.0.0.0:${port}`,
    '',
  ];
  for (const host of names) {
    for (const path of ['/', '/login', '/api/status', '/nothing']) {
      expect((await ask({ path, headers: { host } })).status, `${path} as ${host}`).toBe(421);
    }
    expect((await ask({ path: '/api/health', headers: { host: host || 'x' } })).status).toBe(200);
  }
  for (const path of ['/', '/api/status']) {
    const answer = await sendRaw(baseURL ?? '', { path, headers: { host: 'evil.example' } });
    expect(answer.status, `open server, ${path}`).toBe(421);
    expect(answer.body).not.toMatch(/evil|harbor/);
  }
});

test('no request makes the server call another', async () => {
  let hits = 0;
  const listener: Server = createServer((_request, response) => {
    hits += 1;
    response.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const target = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const own = new URL(guarded.baseUrl).host;
  try {
    const heads = [
      [`GET http://${target}/ HTTP/1.1`, `Host: ${own}`, 'Connection: close'],
      [`GET http://${target}/ HTTP/1.1`, `Host: ${target}`, 'Connection: close'],
      [`GET http://${target}/ HTTP/1.1`, `Host: ${own}`, 'Connection: Upgrade', 'Upgrade: websocket'],
      [`GET / HTTP/1.1`, `Host: ${own}`, 'Connection: Upgrade', 'Upgrade: websocket'],
      [`GET /api/status HTTP/1.1`, `Host: ${own}`, `X-Forwarded-Host: ${target}`, 'Connection: close'],
      [`GET //${target}/ HTTP/1.1`, `Host: ${own}`, 'Connection: close'],
      [`CONNECT ${target} HTTP/1.1`, `Host: ${own}`],
    ];
    for (const head of heads) {
      const answer = await sendBytes(head);
      expect(answer, head.join(' | ')).not.toMatch(/^HTTP\/1\.1 (101|2\d\d)/);
    }
    const action = findAction('signOut');
    await callAction(guarded.baseUrl, action, { origin: guarded.baseUrl, 'x-forwarded-host': target });
    expect(hits).toBe(0);
  } finally {
    listener.close();
  }
});

/** Sends bytes as they are; gives the answer, or nothing when the server closed at once. Fails if it stays open. */
function sendBytes(head: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(guarded.baseUrl);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
    socket.setTimeout(4_000, () => {
      socket.destroy();
      // A keep-alive answer is an answer; silence on an open connection is not.
      if (text === '') reject(new Error(`left open without an answer: ${head.join(' | ')}`));
      else resolve(text);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
}

const EVERYWHERE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

test('every kind of response carries the safety headers', async () => {
  const home = await ask({ path: '/', headers: { cookie: session } });
  const script = /\/_next\/static\/[^"']+\.js/.exec(home.body)?.[0] ?? '';
  const style = /\/_next\/static\/[^"']+\.css/.exec(home.body)?.[0] ?? '';
  const token = { authorization: `Bearer ${TOKEN}` };
  const kinds: [what: string, request: RawRequest, status: number][] = [
    ['a page', { path: '/', headers: { cookie: session } }, 200],
    ['a redirect', { path: '/' }, 307],
    ['the login', { path: '/login' }, 200],
    ['a missing page', { path: '/nothing/here' }, 404],
    ['an answer for a machine', { path: '/api/status', headers: token }, 200],
    ['a stranger machine', { path: '/api/status' }, 401],
    ['a bad parameter', { path: '/api/status?x=1', headers: token }, 400],
    ['an unknown metric', { path: '/api/query?metric=nothing', headers: token }, 404],
    ['a missing route', { path: '/api/nothing' }, 404],
    ['a wrong method', { path: '/api/status', method: 'DELETE', headers: token }, 405],
    ['another name', { path: '/', headers: { host: 'evil.example' } }, 421],
    ['another origin', { path: '/', method: 'POST', headers: { origin: 'https://evil.example' } }, 403],
    ['a tidied path', { path: '/login/' }, 308],
    ['a script', { path: script }, 200],
    ['a style sheet', { path: style }, 200],
    ['a missing asset', { path: '/_next/static/nothing.js' }, 404],
    ['no image optimizer', { path: '/_next/image?url=%2Fx&w=64&q=75' }, 404],
  ];
  for (const [what, request, status] of kinds) {
    const { headers, status: given, body } = await ask(request);
    expect(given, what).toBe(status);
    for (const [name, value] of Object.entries(EVERYWHERE))
      expect(headers[name], `${what}: ${name}`).toBe(value);
    expect(headers['permissions-policy'], what).toContain('camera=()');
    expect(headers['content-security-policy'], what).toMatch(/default-src 'none'/);
    expect(headers['content-security-policy'], what).toMatch(/frame-ancestors 'none'/);
    expect(headers['content-security-policy'], what).not.toMatch(/unsafe/);
    expect(headers['x-powered-by'], what).toBeUndefined();
    expect(headers['access-control-allow-origin'], what).toBeUndefined();
    const isAsset = request.path === script || request.path === style;
    // A tidied path holds nothing.
    if (!isAsset && given !== 308) expect(String(headers['cache-control']), what).toMatch(/no-store/);
    if (given < 300 && !isAsset) expect(String(headers['cache-control']), what).toMatch(/private/);
    expect(body, what).not.toMatch(/sourceMappingURL/);
  }
});

test('every script of a page carries the nonce of its response, another one each time, and no style is inline', async () => {
  const nonces = new Set<string>();
  for (const [path, cookie] of [
    ['/', session],
    ['/', session],
    ['/login', ''],
    ['/nothing/here', ''],
  ] as const) {
    const { body, headers } = await ask({
      path,
      headers: { cookie, 'content-security-policy': "script-src 'nonce-evil'" },
    });
    const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';
    expect(Buffer.from(nonce, 'base64').length, path).toBe(16);
    nonces.add(nonce);
    const scripts = body.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length, path).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag, path).toContain(`nonce="${nonce}"`);
    expect(body, path).not.toMatch(/<[^>]+\sstyle=/);
    expect(body, path).not.toMatch(/<style/);
    expect(body, path).not.toContain('nonce-evil');
  }
  expect(nonces.size).toBe(4);
});

/** Violations of the policy, as the browser reports them. */
async function watchPolicy(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.exposeFunction('reportViolation', (text: string) => found.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      report(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) found.push(message.text());
  });
  return found;
}

test('the browser reports no violation of the policy, and would report one', async ({ page }) => {
  const violations = await watchPolicy(page);
  const refused = await refuseOutside(page);
  await page.goto('/');
  await page.waitForRequest((request) => request.method() === 'POST', { timeout: 30_000 });
  await page.mouse.move(400, 400);
  await page.keyboard.press('Tab');
  for (const path of ['/nothing/here', '/?range=5m']) await page.goto(path);
  await expect(page.locator('h1:visible, h2:visible').first()).toBeVisible();
  expect(violations).toEqual([]);
  expect(refused).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement('p');
    script.setAttribute('onclick', 'window.hacked = true');
    script.setAttribute('style', 'color: red');
    document.body.append(script);
    script.click();
  });
  await expect.poll(() => violations.length).toBeGreaterThan(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('a person logs in by keyboard, comes back to where they were going, and logs out', async ({ page }) => {
  const violations = await watchPolicy(page);
  await page.goto(`${guarded.baseUrl}/?range=6h`);
  await expect(page).toHaveURL(/\/login\?next=/);
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible();
  expect(await page.locator('meta[name=robots]').first().getAttribute('content')).toContain('noindex');
  const field = page.getByLabel('Password');
  await field.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Type the password');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('not the password of this server');
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expectNoAxeFindings(page);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${guarded.baseUrl}/?range=6h`);
  const cookie = (await page.context().cookies()).find((one) => one.name === 'afterwatch');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(await page.evaluate(() => document.cookie)).not.toContain('afterwatch=');
  await page.goto(`${guarded.baseUrl}/login?next=%2F%2Fevil.example`);
  await expect(page, 'whoever is in is sent on, but never elsewhere').toHaveURL(`${guarded.baseUrl}/`);
  await page.goto(`${guarded.baseUrl}/login`);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible();
  await page.goto(guarded.baseUrl);
  await expect(page).toHaveURL(/\/login$/);
  expect(violations).toEqual([]);
});

test('a link from another site leads a signed-in person to the page', async ({ page, context }) => {
  const { hostname } = new URL(guarded.baseUrl);
  await context.addCookies(
    session.split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return { name, value, domain: hostname, path: '/', httpOnly: true, sameSite: 'Strict' as const };
    }),
  );
  const chat = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<a href="${guarded.baseUrl}/?range=5m">look</a>`);
  });
  await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
  try {
    // By name, so that the browser takes it for another site than 127.0.0.1.
    await page.goto(`http://localhost:${(chat.address() as AddressInfo).port}/`);
    await page.getByRole('link', { name: 'look' }).click();
    await expect(page).toHaveURL(`${guarded.baseUrl}/?range=5m`);
  } finally {
    chat.close();
  }
});

test('a logout ends the session on the server', async () => {
  const cookie = await signIn(guarded.baseUrl);
  expect((await ask({ path: '/api/status', headers: { cookie } })).status).toBe(200);
  await callAction(guarded.baseUrl, findAction('signOut'), { origin: guarded.baseUrl, cookie });
  expect((await ask({ path: '/api/status', headers: { cookie } })).status).toBe(401);
});

test('guessing ends after a few tries, and the owner still gets in', async () => {
  const action = findAction('signIn');
  const answers: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const guess = { password: `guess ${index}`, next: '/' };
    answers.push((await callAction(guarded.baseUrl, action, { origin: guarded.baseUrl }, guess)).body);
  }
  expect(answers.filter((body) => body.includes('"not_signed_in"')).length).toBeLessThanOrEqual(5);
  expect(answers.at(-1)).toContain('"too_many"');
  const right = { password: PASSWORD, next: '/' };
  const stranger = await callAction(guarded.baseUrl, action, { origin: guarded.baseUrl }, right);
  expect(stranger.body).toContain('"too_many"');
  const owner = await callAction(
    guarded.baseUrl,
    action,
    { origin: guarded.baseUrl, cookie: session },
    right,
  );
  expect(cookiesOf(owner)).toContain('afterwatch=');
});

test('no secret is in the log, in the data folder or in what a browser loads', async () => {
  const tokens = session.split('; ').map((pair) => pair.split('=')[1] ?? '');
  const secrets = [...SECRETS, ...tokens].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
    encodeURIComponent(secret),
  ]);
  const found = (text: string): string[] => secrets.filter((secret) => text.includes(secret));
  expect(found(guarded.output())).toEqual([]);
  const files = readdirSync(guarded.dataDir, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  for (const file of files) {
    expect(found(readFileSync(join(file.parentPath, file.name), 'latin1')), file.name).toEqual([]);
  }
  const assets = readdirSync('.next/static', { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  expect(assets.length).toBeGreaterThan(0);
  for (const asset of assets) {
    expect(asset.name).not.toMatch(/\.(map|ts|tsx)$/);
    const text = readFileSync(join(asset.parentPath, asset.name), 'latin1');
    // Words of the server’s own code; the token’s variable is none, since pages show commands that use it.
    for (const word of ['AFTERWATCH_SECRET_KEY', 'libsql', '$argon2'])
      expect(text.includes(word), `${asset.name} holds ${word}`).toBe(false);
  }
});
