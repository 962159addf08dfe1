import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret.ts';
import { guardOutput } from './guard-output.ts';
import { createLog, registerSecret, registerSecretsIn, scrubText, toLogLevel } from './index.ts';
import { scrubLine } from './scrub.ts';

const KEY = Symbol.for('afterwatch.secrets');
afterEach(() => {
  delete (globalThis as unknown as Record<symbol, unknown>)[KEY];
});

const CANARY = 'canary/Pa55+wörd"\\ 9f3a';

/** All lines that a log wrote while `use` ran, as one text. */
function logged(use: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  use(createLog({ level: 'trace', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

/** Every spelling of the canary that must not be in a text. */
function spellingsIn(text: string): string[] {
  return Object.entries({
    raw: CANARY,
    core: '9f3a',
    url: encodeURIComponent(CANARY),
    json: JSON.stringify(CANARY).slice(1, -1),
    base64: Buffer.from(CANARY).toString('base64'),
    basic: Buffer.from(`user:${CANARY}`).toString('base64').slice(8, -4),
    hex: Buffer.from(CANARY).toString('hex'),
  }).flatMap(([name, spelling]) => (text.includes(spelling) ? [name] : []));
}

describe('createLog', () => {
  const places: readonly [where: string, use: (log: ReturnType<typeof createLog>) => void][] = [
    ['the message', (log) => log.info(`cannot reach ${CANARY}`)],
    ['a field', (log) => log.info({ url: CANARY }, 'x')],
    ['a nested field', (log) => log.info({ a: { b: [{ c: { d: `x ${CANARY} y` } }] } }, 'x')],
    ['the name of a field', (log) => log.info({ [CANARY]: 1 }, 'x')],
    ['the message of an error', (log) => log.error({ err: new Error(`bad ${CANARY}`) }, 'x')],
    ['the cause of an error', (log) => log.error({ err: new Error('a', { cause: new Error(CANARY) }) }, 'x')],
    [
      'a property of an error',
      (log) => log.error({ err: Object.assign(new Error('a'), { sql: CANARY }) }, 'x'),
    ],
    ['an error as the only thing', (log) => log.error(new Error(CANARY))],
    ['bindings of a child', (log) => log.child({ target: CANARY }).info('x')],
    ['a format argument', (log) => log.info('failed: %s', CANARY)],
    ['inspected text', (log) => log.info(inspect({ deep: { er: CANARY } }))],
    ['JSON inside a text', (log) => log.info(JSON.stringify({ body: CANARY }))],
    ['URL-encoded', (log) => log.info(`https://x.example/?q=${encodeURIComponent(CANARY)}`)],
    ['base64', (log) => log.info(Buffer.from(CANARY).toString('base64'))],
    ['base64 of user:password', (log) => log.info(`h=${Buffer.from(`user:${CANARY}`).toString('base64')}`)],
    ['hex', (log) => log.info(Buffer.from(CANARY).toString('hex'))],
  ];
  it.each(places)('a registered secret never leaves through %s', (_where, use) => {
    expect(spellingsIn(logged(use)), 'the canary must be there before it is registered').not.toEqual([]);
    registerSecret(CANARY);
    const text = logged(use);
    expect(spellingsIn(text)).toEqual([]);
    expect(text).toContain('[secret]');
  });

  it('the stack of an error loses the secret and keeps its frames', () => {
    registerSecret(CANARY);
    const text = logged((log) => log.error({ err: new Error(`bad ${CANARY}`) }, 'x'));
    expect(JSON.parse(text).err.stack).toMatch(/\[secret\][\s\S]*log\.test\.ts/);
  });

  it('lines stay JSON, even when a secret is made of digits or of quotes', () => {
    registerSecret('2026');
    registerSecret('","level":"');
    const line = JSON.parse(logged((log) => log.warn({ year: 'in 2026', n: 2026 }, 'hello')));
    expect(line).toMatchObject({ level: 'warn', msg: 'hello', year: 'in [secret]', n: 2026 });
  });

  it('levels below the chosen one are not written', () => {
    const lines: string[] = [];
    createLog({ level: 'warn', destination: { write: (line) => lines.push(line) } }).info('quiet');
    expect(lines).toEqual([]);
    expect([toLogLevel('DEBUG'), toLogLevel('loud'), toLogLevel(undefined)]).toEqual([
      'debug',
      'info',
      'info',
    ]);
  });
});

describe('registerSecretsIn', () => {
  it('finds every Secret of a configuration, and the password inside an address', () => {
    const config = {
      targets: [{ url: new Secret('redis://default:p%40ss-word1@cache.example:6379') }],
      token: new Secret('tok-12345678'),
      again: null as unknown,
    };
    config.again = config;
    registerSecretsIn(config);
    expect(scrubText('AUTH p@ss-word1 then p%40ss-word1 and tok-12345678')).toBe(
      'AUTH [secret] then [secret] and [secret]',
    );
    expect(scrubText('cache.example is down')).toBe('cache.example is down');
  });

  it('a value of three characters is not hidden everywhere', () => {
    registerSecret('the');
    expect(scrubText('the cache')).toBe('the cache');
  });
});

describe('scrubText', () => {
  it.each([
    ['redis://default:hunter2@h:6379/0', 'redis://[secret]@h:6379/0'],
    ['postgres://u:p@ss/w0rd?#@db.example/x', 'postgres://[secret]@db.example/x'],
    ['https://token@h.example/x', 'https://[secret]@h.example/x'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [secret]'],
    ['authorization=abcdef12', 'authorization=[secret]'],
    ['Basic dXNlcjpwYXNz', 'Basic [secret]'],
    ['password: hunter22', 'password: [secret]'],
    ['key napi_abcdefgh12345678 refused', 'key [secret] refused'],
    ['FlyV1 fm2_lJPECAAAAAAAAAAAxBBB', '[secret]'],
    ['ghp_0123456789abcdef', '[secret]'],
    ['https://hooks.slack.com/services/T0/B0/abc', 'https://hooks.slack.com/services/[secret]'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2ln', '[secret]'],
  ])('hides the credential in %j though nobody registered it', (text, clean) => {
    expect(scrubText(text)).toBe(clean);
  });

  it.each([
    'http://127.0.0.1:3000/x?mail=a@b.example',
    'redis: main-cache gave no INFO reply within 5 s; check the network rule',
    'a basic truth',
    'rediss://cache.example:6379',
  ])('leaves %j alone', (text) => {
    expect(scrubText(text)).toBe(text);
  });

  it('a secret across the cut leaves no half behind', () => {
    registerSecret(CANARY);
    const text = scrubText(`${'x'.repeat(16_384 - 8)}${CANARY}`);
    expect(text).not.toContain('canary');
  });

  it('hostile text of a megabyte is no hold-up', () => {
    const started = performance.now();
    for (const piece of ['a://b:', 'password=', 'eyJaaaaaaaa.', 'Bearer ', '://', 'a'])
      scrubText(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('a broken JSON line is scrubbed as text', () => {
    registerSecret(CANARY);
    expect(scrubLine(`{"a": ${CANARY}\n`)).toBe('{"a": [secret]\n');
  });
});

describe('guardOutput', () => {
  it('what the framework prints past the log is scrubbed, other bytes pass untouched', () => {
    registerSecret('canary-42');
    const seen: unknown[] = [];
    const original = (chunk: unknown) => seen.push(chunk) > 0;
    const stream = { write: original as NodeJS.WriteStream['write'] };
    const undo = guardOutput([stream]);
    guardOutput([stream]);
    const half = Buffer.from([0xc3]);
    stream.write('Error: canary-42\n');
    stream.write(Buffer.from('bytes canary-42'));
    stream.write(half);
    expect(seen).toEqual(['Error: [secret]\n', 'bytes [secret]', half]);
    stream.write('{"year":1795305,"text":"in 1795305"}\n');
    expect(seen.at(-1)).toBe('{"year":1795305,"text":"in 1795305"}\n');
    registerSecret('1795305');
    stream.write('{"year":1795305,"text":"in 1795305"}\n');
    expect(seen.at(-1)).toBe('{"year":1795305,"text":"in [secret]"}\n');
    undo();
    expect(stream.write).toBe(original);
  });
});
