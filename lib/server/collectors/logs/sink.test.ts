import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import type { LogsTarget } from '@/lib/server/config/types.ts';
import { scrubText } from '@/lib/server/log/scrub.ts';
import { logs } from './index.ts';
import { type Batch, LogSink, MAX_LINES } from './sink.ts';
import { closeSink, sinkOf } from './sinks.ts';

const NOW_MS = Date.parse('2026-04-09T20:00:00Z');
const TARGET: LogsTarget = {
  app: 'harbor',
  environment: 'production',
  kind: 'logs',
  name: 'logs',
  address: 'POST /api/logs',
  patterns: [],
  keepText: false,
  logApp: null,
  intervalSeconds: null,
  timeoutSeconds: null,
};

function makeSink(change: Partial<LogsTarget> = {}): LogSink {
  return new LogSink({ ...TARGET, ...change }, 'marker');
}

function batch(lines: readonly unknown[] | string, change: Partial<Batch> = {}): Batch {
  const body = typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n');
  return { body, batchId: null, nowMs: NOW_MS, scrub: scrubText, ...change };
}

/** What Fly's shipper sends for one line of a machine. */
function flyLine(
  message: string,
  change: { instance?: string; name?: string; level?: string; at?: number } = {},
) {
  const { instance = '148e2d', name = 'harbor', level = 'info', at = NOW_MS } = change;
  return {
    event: { provider: 'app' },
    fly: { app: { instance, name }, region: 'ams' },
    host: 'b9c1',
    log: { level },
    message,
    timestamp: new Date(at).toISOString(),
  };
}

function countOf(
  sink: LogSink,
  metric: string,
  labels: Record<string, string>,
  nowMs = NOW_MS,
): number | null {
  const found = sink
    .samples(nowMs)
    .find((one) => one.metric === metric && JSON.stringify(one.labels) === JSON.stringify(labels));
  return found?.value ?? null;
}
const pattern = (sink: LogSink, name: string, machine?: string, nowMs = NOW_MS) =>
  countOf(
    sink,
    'logs_pattern_lines_total',
    { pattern: name, ...(machine === undefined ? {} : { machine }) },
    nowMs,
  );

describe('the log sink', () => {
  it('counts built-in patterns by machine, from an array as Vector sends it', async () => {
    const sink = makeSink();
    const body = JSON.stringify([
      flyLine('cache: REDIS SUSPENDED, serving from memory'),
      flyLine('boom', { level: 'error' }),
      flyLine('{"level":50,"msg":"pool empty"}', { instance: '9185f' }),
      flyLine('rate limit reached for tenant 7', { instance: '9185f' }),
      flyLine('took 429 ms'),
    ]);
    expect(await sink.take(batch(body))).toEqual({ ok: true, counted: 5, refused: {} });
    expect(pattern(sink, 'redis_suspended', '148e2d')).toBe(1);
    expect(pattern(sink, 'error', '148e2d')).toBe(1);
    expect(pattern(sink, 'limiter', '148e2d')).toBe(0);
    expect(pattern(sink, 'redis_suspended', '9185f')).toBe(0);
    expect(pattern(sink, 'error', '9185f')).toBe(1);
    expect(pattern(sink, 'limiter', '9185f')).toBe(1);
    expect(countOf(sink, 'logs_lines_total', { machine: '148e2d' })).toBe(3);
  });

  it('reads NDJSON, plain text and unknown shapes, and counts what it cannot read', async () => {
    const sink = makeSink({ patterns: [{ name: 'full', match: 'disk full', level: null }] });
    const body = [
      '{"msg":"disk full"}',
      'plain: disk full',
      '{"strange":{"what":"disk full"}}',
      '',
      '{"message":"cut in ha',
      '[info] disk full',
    ].join('\n');
    expect(await sink.take(batch(body))).toEqual({ ok: true, counted: 4, refused: { unreadable: 1 } });
    expect(pattern(sink, 'full')).toBe(4);
    expect(await sink.take(batch('[1, null, ["x"], "disk full", {"log":"disk full"}]'))).toMatchObject({
      counted: 2,
      refused: { unreadable: 3 },
    });
    expect(countOf(sink, 'logs_refused_lines_total', { reason: 'unreadable' })).toBe(4);
  });

  it('holds a pattern to its level, and takes one of a built-in name in its place', async () => {
    const sink = makeSink({
      patterns: [
        { name: 'error', match: 'payment', level: 'warn' },
        { name: 'slow', match: '/slow(er)?\\b/i', level: null },
      ],
    });
    await sink.take(
      batch([
        { message: 'payment failed', level: 'ERROR' },
        { message: 'payment late', level: 'warning' },
        { message: 'payment made', level: 'info' },
        { message: 'payment of no level' },
        { message: 'other', level: 'fatal' },
        { message: 'SLOWER than ever' },
        { message: 'slowest' },
      ]),
    );
    expect(pattern(sink, 'error')).toBe(2);
    expect(pattern(sink, 'slow')).toBe(1);
  });

  it('counts a batch that is sent again once, by its content or its id, for ten minutes', async () => {
    const sink = makeSink();
    const body = batch([{ message: 'REDIS SUSPENDED' }]);
    await sink.take(body);
    expect(await sink.take({ ...body, nowMs: NOW_MS + MINUTE_MS })).toEqual({
      ok: true,
      counted: 0,
      refused: { duplicate: 1 },
    });
    expect(await sink.take({ ...body, nowMs: NOW_MS + 11 * MINUTE_MS })).toMatchObject({ counted: 1 });
    const named = { batchId: 'b-1' };
    expect(await sink.take(batch([{ message: 'one' }], named))).toMatchObject({ counted: 1 });
    expect(await sink.take(batch([{ message: 'two' }], named))).toMatchObject({ refused: { duplicate: 1 } });
    expect(await sink.take(batch([{ message: 'one' }], { batchId: 'b-2' }))).toMatchObject({ counted: 1 });
  });

  it('leaves late lines out of counts, and takes a time ahead of ours as a clock that is off', async () => {
    const sink = makeSink();
    const lines = [
      flyLine('REDIS SUSPENDED', { at: NOW_MS - 11 * MINUTE_MS }),
      flyLine('REDIS SUSPENDED', { at: NOW_MS - 9 * MINUTE_MS }),
      flyLine('REDIS SUSPENDED', { at: NOW_MS + 60 * MINUTE_MS }),
    ];
    expect(await sink.take(batch(lines))).toEqual({ ok: true, counted: 2, refused: { late: 1 } });
    expect(pattern(sink, 'redis_suspended', '148e2d')).toBe(2);
  });

  it('takes lines of one app only where the configuration names it', async () => {
    const sink = makeSink({ logApp: 'harbor' });
    const lines = [flyLine('a', { name: 'other' }), flyLine('b'), { message: 'names none' }];
    expect(await sink.take(batch(lines))).toEqual({ ok: true, counted: 2, refused: { other_app: 1 } });
  });

  it('says nothing instead of zero when lines stop coming, and goes on with the old counts', async () => {
    const sink = makeSink();
    expect(sink.samples(NOW_MS)).toEqual([]);
    await sink.take(batch([{ message: 'REDIS SUSPENDED', host: 'm1' }]));
    expect(pattern(sink, 'redis_suspended', 'm1', NOW_MS + 10 * MINUTE_MS)).toBe(1);
    const laterMs = NOW_MS + 11 * MINUTE_MS;
    expect(sink.samples(laterMs)).toEqual([{ metric: 'logs_last_line_age_seconds', labels: {}, value: 660 }]);
    await sink.take(batch([{ message: 'REDIS SUSPENDED again', host: 'm1' }], { nowMs: laterMs }));
    expect(pattern(sink, 'redis_suspended', 'm1', laterMs)).toBe(2);
  });

  it('refuses more than 10,000 lines, and a flood until it may come again', async () => {
    const sink = makeSink();
    expect(await sink.take(batch('x\n'.repeat(MAX_LINES + 1)))).toEqual({
      ok: false,
      reason: 'too_many_lines',
    });
    const full = (i: number, nowMs = NOW_MS) => sink.take(batch(`${i}\n`.repeat(MAX_LINES), { nowMs }));
    for (let i = 0; i < 30; i += 1) expect(await full(i)).toMatchObject({ counted: MAX_LINES });
    expect(await full(30)).toEqual({ ok: false, reason: 'limited', retryAfterSeconds: 2 });
    expect(await full(30, NOW_MS + 2 * SECOND_MS)).toMatchObject({ counted: MAX_LINES });
  });

  it('keeps no text unless asked, then the last 200 matching lines without secrets', async () => {
    const secret = 'redis://default:hunter2-canary@cache:6379';
    const line = { message: `REDIS SUSPENDED at ${secret}\u001b[31m`, host: 'a/b\u202e' };
    const silent = makeSink();
    await silent.take(batch([line]));
    expect(silent.kept).toEqual([]);
    const keeping = makeSink({ keepText: true });
    await keeping.take(batch([line, { message: 'nothing special' }]));
    expect(keeping.kept).toEqual([
      {
        atMs: NOW_MS,
        machine: 'a_b',
        patterns: ['redis_suspended'],
        text: 'REDIS SUSPENDED at redis://[secret]@cache:6379 [31m',
      },
    ]);
    const many = Array.from({ length: 300 }, (_, i) => ({ message: `REDIS SUSPENDED ${i}` }));
    await keeping.take(batch(many));
    expect(keeping.kept).toHaveLength(200);
    expect(keeping.kept.at(-1)?.text).toBe('REDIS SUSPENDED 299');
  });

  it('makes no series without end for machines that are made up', async () => {
    const sink = makeSink();
    await sink.take(batch(Array.from({ length: 500 }, (_, i) => ({ message: 'x', host: `m${i}` }))));
    const machines = sink.samples(NOW_MS).filter(({ metric }) => metric === 'logs_lines_total');
    expect(machines).toHaveLength(101);
    expect(countOf(sink, 'logs_lines_total', { machine: 'others' })).toBe(400);
  });

  it('survives hostile lines', async () => {
    const sink = makeSink({ patterns: [{ name: 'evil', match: '/(a+)+$/', level: null }] });
    const deep = `{"message":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const lines = [
      `${'a'.repeat(100_000)}!`,
      deep,
      '{"__proto__":{"level":"fatal"},"message":"p"}',
      '{"message":{"nested":1},"level":{},"timestamp":1e308,"host":7}',
      '{"message":"x","timestamp":"2026-13-99T99:99:99Z"}',
      '\u0000\u0001',
    ];
    expect(await sink.take(batch(lines.join('\n')))).toMatchObject({ ok: true, counted: lines.length });
    expect(pattern(sink, 'error')).toBe(0);
  });
});

describe('the logs source', () => {
  it('reads the sink that the route fills, and says when no line comes', async () => {
    const session = logs.open(TARGET);
    const visit = (nowMs: number) => session.collect({ signal: AbortSignal.timeout(5_000), nowMs });
    expect(session.pace()).toMatchObject({ normalSeconds: 15, timeoutSeconds: 5 });
    expect(await visit(NOW_MS)).toMatchObject({ samples: [], notices: [{ code: 'no_lines' }] });
    await sinkOf(TARGET).take(batch('{"message":"REDIS SUSPENDED","host":"m1"}\n{"cut'));
    const { samples, notices } = await visit(NOW_MS + 1_000);
    expect(samples).toContainEqual({
      metric: 'logs_pattern_lines_total',
      labels: { pattern: 'redis_suspended', machine: 'm1' },
      value: 1,
      start: { marker: expect.any(String), atMs: NOW_MS },
    });
    expect(notices).toMatchObject([{ code: 'lines_unreadable' }]);
    expect((await visit(NOW_MS + 20 * MINUTE_MS)).notices[0]).toMatchObject({ code: 'silent' });
    await session.close();
    expect(sinkOf(TARGET).lastLineMs).toBeNull();
    closeSink(TARGET);
  });
});
