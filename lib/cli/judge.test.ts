import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { capture } from './capture.ts';

const T = Date.parse('2026-04-09T17:54:52Z');
const AT = new Date(T).toISOString();
const STEP_MS = 5 * MINUTE_MS;

const pair = z.tuple([z.number(), z.number()]).nullable();
const level = z.strictObject({ value: z.number().nullable(), unit: z.string() });
const judgedSchema = z.strictObject({
  id: z.string().optional(),
  state: z.enum(CLAIM_STATES),
  provisional: z.boolean(),
  reason: z.string().optional(),
  effectPct: z.number().nullable(),
  interval: pair,
  before: level,
  after: level,
  decidedAt: z.string().nullable(),
  decidableBy: z.string().nullable(),
  coverage: z.number().nullable(),
  baselineDays: z.number(),
  onset: z.strictObject({ at: z.string(), lo: z.string(), hi: z.string() }).nullable(),
  why: z.string(),
  looks: z.array(z.strictObject({ at: z.string(), state: z.enum(CLAIM_STATES), interval: pair })).optional(),
});

/** Noise that is the same in every run, −1 to 1. */
function noiseAt(index: number): number {
  const x = Math.sin(index * 12.9898) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** Rows from `days` before T₀ to `hours` after it; what is asked for at each time. */
function rows(
  days: number,
  hours: number,
  valueAt: (sinceMs: number, index: number) => number | string,
): string {
  const lines = ['timestamp,value'];
  const fromMs = Math.floor((T - days * DAY_MS) / STEP_MS) * STEP_MS;
  for (let atMs = fromMs, i = 0; atMs < T + hours * HOUR_MS; atMs += STEP_MS, i += 1)
    lines.push(`${new Date(atMs).toISOString()},${valueAt(atMs - T, i)}`);
  return `${lines.join('\n')}\n`;
}

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'afterwatch-judge-'));
  mkdirSync(join(cwd, 'sets'));
  const base = (index: number) => 1_000 * (1 + 0.05 * noiseAt(index));
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  write(
    'drop.csv',
    rows(14, 26, (since, i) => Math.round(base(i) * (since > 0 ? 0.03 : 1))),
  );
  write(
    'same.csv',
    rows(14, 26, (_, i) => Math.round(base(i))),
  );
  write(
    'short.csv',
    rows(14, 0.75, (since, i) => Math.round(base(i) * (since > 0 ? 0.03 : 1))),
  );
  write(
    'young.csv',
    rows(2, 26, (since, i) => Math.round(base(i) * (since > 0 ? 0.03 : 1))),
  );
  write(
    'nan.csv',
    rows(14, 6, (since, i) => (since > 0 ? 'NaN' : Math.round(base(i)))),
  );
  let total = 0;
  write(
    'counter.csv',
    rows(14, 26, (since, i) => (total += Math.round(base(i) * (since > 0 ? 0.03 : 1)))),
  );
  write('bad.csv', 'timestamp,value\n2026-04-09T17:54:52Z,many\n');
  write(
    'sets/drop.csv',
    rows(14, 3, (since, i) => Math.round(base(i) * (since > 0 ? 0.03 : 1))),
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => capture(['judge', ...args], { cwd, env: {} });
async function judged(...args: string[]) {
  const { code, out, err } = await run(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return judgedSchema.parse(JSON.parse(out));
}

describe('judge', () => {
  it('a fall that is kept is met after 24 h, with its numbers in the unit asked for', async () => {
    const one = await judged(
      'drop.csv',
      '--at',
      AT,
      '--claim',
      'falls by 96.7%',
      '--kind',
      'count',
      '--unit',
      '/h',
    );
    expect(one).toMatchObject({ state: 'met', provisional: false, baselineDays: 14 });
    expect(one.effectPct).toBeCloseTo(-97, 0);
    expect(one.before).toMatchObject({ unit: '/h' });
    expect(one.before.value).toBeGreaterThan(11_000);
    expect(one.before.value).toBeLessThan(13_000);
    expect(one.after.value).toBeLessThan(500);
    expect(one.coverage).toBeGreaterThan(0.95);
    expect(Date.parse(one.decidedAt ?? '')).toBeGreaterThan(T);
    expect(Math.abs(Date.parse(one.onset?.at ?? '') - T)).toBeLessThan(HOUR_MS);
  });

  it('the same numbers as a rate, a count and a counter give the same verdict', async () => {
    const claim = ['--at', AT, '--claim', 'falls to 600/h'];
    const count = await judged('drop.csv', ...claim, '--kind', 'count');
    const counter = await judged('counter.csv', ...claim, '--kind', 'counter');
    expect(count.state).toBe('met');
    expect(counter.state).toBe('met');
    expect(counter.effectPct).toBeCloseTo(count.effectPct ?? 0, 0);
    expect(count.before.unit).toBe('/s');
  });

  it('a promise of none is missed while there are some', async () => {
    const one = await judged('drop.csv', '--at', AT, '--claim', 'falls to 0/h', '--kind', 'count');
    expect(one.state).toBe('missed');
  });

  it('nothing that happened is never a kept promise', async () => {
    for (const claim of ['falls by 5%', 'falls by 60%', 'rises by 20%']) {
      const one = await judged('same.csv', '--at', AT, '--claim', claim, '--kind', 'count');
      expect(['missed', 'undecided'], claim).toContain(one.state);
    }
    expect(
      await judged('same.csv', '--at', AT, '--claim', 'must not increase', '--kind', 'count'),
    ).toMatchObject({ state: 'met' });
  });

  it('--until judges as of then, and says what it would have said at each look', async () => {
    const until = new Date(T + 3 * HOUR_MS).toISOString();
    const one = await judged(
      'drop.csv',
      '--at',
      AT,
      '--claim',
      'falls by 90%',
      '--kind',
      'count',
      '--until',
      until,
      '--every',
      '15m',
    );
    const looks = one.looks ?? [];
    expect(looks.length).toBeGreaterThan(10);
    expect(looks[0]?.state).toBe('settling');
    expect(looks.at(-1)).toMatchObject({ state: one.state, interval: one.interval });
    expect(Date.parse(looks.at(-1)?.at ?? '')).toBeLessThanOrEqual(Date.parse(until));
    expect(one).toMatchObject({ state: 'met', provisional: true });
    const times = looks.map(({ at }) => Date.parse(at));
    expect(times.slice(1, -1).every((at, i) => at - (times[i] ?? 0) === 15 * MINUTE_MS)).toBe(true);
  });

  it.each([
    ['a gauge', ['--kind', 'gauge']],
    ['a rate that nobody gave a unit', ['--kind', 'rate']],
  ])('%s counts no events: nothing is decided before 1 h, at no look', async (_, flags) => {
    const early = await judged('short.csv', '--at', AT, '--claim', 'falls by 80%', ...flags, '--every', '5m');
    for (const { state } of [early, ...(early.looks ?? [])])
      expect(['settling', 'on_track', 'undecided']).toContain(state);
    const late = await judged('drop.csv', '--at', AT, '--claim', 'falls by 80%', ...flags);
    expect(late.state).toBe('met');
    expect(Date.parse(late.decidedAt ?? '')).toBeGreaterThanOrEqual(T + HOUR_MS);
  });

  it('what nobody measured is neither a pass nor a fail', async () => {
    const until = new Date(T + 5 * HOUR_MS).toISOString();
    for (const file of ['nan.csv', 'short.csv'])
      expect(
        await judged(file, '--at', AT, '--claim', 'falls by 90%', '--kind', 'count', '--until', until),
      ).toMatchObject({
        state: 'cant_tell',
        reason: 'no_data',
      });
    for (const at of ['2026-05-01T00:00:00Z', '2026-01-01T00:00:00Z'])
      expect(
        await judged('drop.csv', '--at', at, '--claim', 'must not increase', '--kind', 'count'),
      ).toMatchObject({
        state: 'cant_tell',
      });
    const young = await judged('young.csv', '--at', AT, '--claim', 'falls by 90%', '--kind', 'count');
    expect(['on_track', 'cant_tell']).toContain(young.state);
    expect(young.baselineDays).toBeLessThan(7);
  });

  it('without --json it is one line for a person', async () => {
    const { code, out } = await run('drop.csv', '--at', AT, '--claim', 'falls by 96.7%', '--kind', 'count');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(1);
    expect(out).toMatch(/^met {2}−9[67]\.\d % \[.*\] {2}\S/);
  });

  it('a manifest gives one JSON line a case; a bad line is its own fault and the others go on', async () => {
    const claim = { at: AT, claim: 'falls by 90%', kind: 'count' };
    writeFileSync(
      join(cwd, 'sets/cases.jsonl'),
      [
        JSON.stringify({ id: 'beside', csv: 'drop.csv', ...claim }),
        '{ broken',
        JSON.stringify({ id: 'from-cwd', csv: 'sets/drop.csv', ...claim, until: T + 2 * HOUR_MS }),
        JSON.stringify({ id: 'no-claim', csv: 'drop.csv', at: AT, claim: 'goes sideways', kind: 'count' }),
        JSON.stringify({ id: 'no-file', csv: 'none.csv', ...claim }),
        JSON.stringify({ id: 'no-time', csv: 'drop.csv', at: 'soon', claim: 'falls by 90%' }),
        JSON.stringify({ id: 7, csv: '../drop.csv', at: T / 1_000, claim: 'falls by 90%', kind: 'count' }),
      ].join('\n'),
    );
    const { code, out, err } = await run('--manifest', 'sets/cases.jsonl', '--every', '1h');
    expect(code).toBe(2);
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ id, line, state }) => id ?? line ?? state)).toEqual([
      'beside',
      2,
      'from-cwd',
      'no-claim',
      'no-file',
      'no-time',
      '7',
    ]);
    for (const at of [0, 2, 6])
      expect(judgedSchema.parse(lines[at])).toMatchObject({ state: 'met', looks: expect.any(Array) });
    expect(lines[3]?.error).toMatch(/falls by 96\.7%/);
    expect(lines[4]?.error).toMatch(/none\.csv: there is no such file/);
    expect(lines[5]?.error).toMatch(/^at: /);
    expect(err.split('\n')).toHaveLength(4);
  });

  it.each<[string[], number, RegExp]>([
    [[], 3, /takes one SERIES\.csv/],
    [['drop.csv'], 3, /at: /],
    [['drop.csv', '--at', 'soon', '--claim', 'falls by 5%'], 3, /at: /],
    [['drop.csv', '--at', AT], 3, /claim: /],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--kind', 'wish'], 3, /kind: one of/],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--until', AT], 3, /until: an instant after/],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--baseline-days', '99'], 3, /1 to 28/],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--every', '7m'], 3, /multiple of 5m/],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--fast'], 3, /flags/],
    [['--manifest', 'x.jsonl', '--at', AT], 3, /--manifest takes only/],
    [['--manifest', 'x.jsonl'], 2, /x\.jsonl: there is no such file/],
    [['none.csv', '--at', AT, '--claim', 'falls by 5%'], 2, /none\.csv: there is no such file/],
    [['bad.csv', '--at', AT, '--claim', 'falls by 5%'], 2, /bad\.csv: line 2: "many" is no number/],
    [['drop.csv', '--at', AT, '--claim', 'goes sideways'], 2, /written like: falls by 96\.7%/],
    [['drop.csv', '--at', AT, '--claim', 'falls to 5', '--kind', 'count'], 2, /names no time/],
    [['drop.csv', '--at', AT, '--claim', 'falls by 5%', '--unit', '/parsec'], 2, /unit/],
  ])('%j exits %i and says why', async (args, expected, said) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(said);
  });
});
