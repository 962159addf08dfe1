import { describe, expect, it } from 'vitest';
import { isAtLeast, type LogLine, MAX_LINE_CHARS, readLine } from './line.ts';
import { compileLogPattern, withBuiltIn } from './patterns.ts';
import { splitBody } from './split-body.ts';

const AT_MS = Date.parse('2026-04-09T20:00:00.123Z');

describe('readLine', () => {
  it.each<[shipper: string, item: unknown, line: Partial<LogLine>]>([
    [
      'Fly’s shipper',
      {
        event: { provider: 'app' },
        fly: { app: { instance: '148e2d', name: 'harbor' }, region: 'ams' },
        host: 'b9c1',
        log: { level: 'info' },
        message: 'up',
        timestamp: '2026-04-09T20:00:00.123456789Z',
      },
      { text: 'up', level: 'info', machine: '148e2d', app: 'harbor', atMs: AT_MS },
    ],
    [
      'Vector, from a file',
      { host: 'web-1', message: 'up', source_type: 'file', timestamp: '2026-04-09T22:00:00.123+02:00' },
      { text: 'up', level: null, machine: 'web-1', app: null, atMs: AT_MS },
    ],
    [
      'Vector, from Kubernetes',
      { kubernetes: { pod_name: 'web-7f' }, message: 'up', level: 'WARN' },
      { machine: 'web-7f', level: 'warn' },
    ],
    [
      'pino',
      { level: 50, time: AT_MS, hostname: 'm1', msg: 'down' },
      { text: 'down', level: 'error', machine: 'm1', atMs: AT_MS },
    ],
    [
      'flattened names',
      { 'fly.app.instance': 'a', 'log.level': 'critical', message: 'x' },
      { machine: 'a', level: 'fatal' },
    ],
    [
      'JSON in a line of text',
      '{"msg":"x","severity":"Error","ts":1775764800.123}',
      { text: 'x', level: 'error', atMs: AT_MS },
    ],
    ['nanoseconds', { msg: 'x', ts: AT_MS * 1e6 }, { atMs: AT_MS }],
    ['text', '  plain words  ', { text: 'plain words', level: null }],
    [
      'an app’s own JSON inside',
      { message: '{"level":60,"msg":"x"}', log: { level: 'info' } },
      { level: 'fatal' },
    ],
    ['an unknown shape', { a: 1 }, { text: '{"a":1}' }],
  ])('reads %s', (_shipper, item, line) => {
    expect(readLine(item)).toMatchObject(line);
  });

  it.each([[5], [null], [true], [[1]], [''], ['{"cut'], ['   ']])('gives null for %j', (item) => {
    expect(readLine(item)).toBeNull();
  });

  it('takes no level from numbers of two meanings, and no time without its zone', () => {
    expect(readLine({ msg: 'x', level: 3, timestamp: '2026-04-09T20:00:00' })).toMatchObject({
      level: null,
      atMs: null,
    });
    expect(readLine({ msg: 'x', level: 'toString', time: 12 })).toMatchObject({ level: null, atMs: null });
  });

  it.each<[text: string, level: LogLine['level']]>([
    ['ERROR: pool empty', 'error'],
    ['2026-04-09T20:00:00.123Z FATAL boom', 'fatal'],
    ['2026/04/09 20:00:00 [warn] 7#7: late', 'warn'],
    ['ts=1 level=error msg="x"', 'error'],
    ['[cache] REDIS SUSPENDED', null],
    ['no error so far', null],
    ['ERRORS were none', null],
    ['5 ERROR pages were served', null],
  ])('takes from the text %j the level %j', (text, level) => {
    expect(readLine(text)?.level).toBe(level);
    expect(readLine({ message: text, log: { level: 'info' } })?.level).toBe(level ?? 'info');
  });

  it('looks for a level in one pass, whatever the line is', () => {
    const startedMs = performance.now();
    for (let i = 0; i < 2_000; i += 1) readLine(`${'1:'.repeat(4_000)}${'- '.repeat(90)}`);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('cuts what is too long', () => {
    expect(readLine('x'.repeat(100_000))?.text).toHaveLength(MAX_LINE_CHARS);
  });
});

describe('splitBody', () => {
  it('tells an array, lines of JSON and lines of text apart', () => {
    expect(splitBody(' [{"a":1},"b"] ')).toEqual([{ a: 1 }, 'b']);
    expect(splitBody('{"a":1}\r\n\n{"b":2}\n')).toEqual(['{"a":1}\r', '{"b":2}']);
    expect(splitBody('[info] started\n[warn] late')).toEqual(['[info] started', '[warn] late']);
    expect(splitBody('')).toEqual([]);
  });
});

describe('built-in patterns', () => {
  const names = (text: string, level: LogLine['level'] = null) =>
    withBuiltIn([])
      .map(compileLogPattern)
      .filter(({ fits }) => fits({ text, level, machine: null, app: null, atMs: null }))
      .map(({ name }) => name);

  it.each<[text: string, found: string[]]>([
    ['[cache] REDIS SUSPENDED: using memory', ['redis_suspended']],
    ['Redis is suspended', ['redis_suspended']],
    ['redis resumed', []],
    ['Rate limit exceeded for 10.0.0.1', ['limiter']],
    ['rate-limited', ['limiter']],
    ['GET /orders status=429', ['limiter']],
    ['{"status": 429}', ['limiter']],
    ['request took 429 ms', []],
    ['HTTP 4290 things', []],
  ])('%s: %j', (text, found) => {
    expect(names(text)).toEqual(found);
  });

  it('count errors by level', () => {
    expect([names('x', 'warn'), names('x', 'error'), names('x', 'fatal')]).toEqual([
      [],
      ['error'],
      ['error'],
    ]);
    expect(isAtLeast({ level: null }, 'debug')).toBe(false);
  });
});
