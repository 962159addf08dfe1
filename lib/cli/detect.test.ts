import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomNormal, randomPoisson, seededRandom } from '@/lib/core/verdict/test-series.ts';
import { capture } from './capture.ts';
import { detectInSeries } from './detect-series.ts';
import { readSeriesCsv } from './series-csv.ts';

const START = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const DAY = 1_440;
const AT = new Date(START + 10 * DAY * MINUTE).toISOString();
const firingSchema = z.strictObject({
  start: z.iso.datetime(),
  end: z.iso.datetime().nullable(),
  score: z.number(),
  value: z.number(),
  expected: z.number(),
  what: z.string(),
});
const detectedSchema = z.strictObject({
  id: z.string().nullable().optional(),
  rule: z.string(),
  firings: z.array(firingSchema),
  notes: z.array(z.string()).optional(),
});

/** Rows from ten days before the deploy until a day after it. */
function csvOf(stepMinutes: number, valueAt: (minute: number) => number | string): string {
  const rows = ['timestamp,value'];
  for (let minute = 0; minute < 11 * DAY; minute += stepMinutes) {
    rows.push(`${new Date(START + minute * MINUTE).toISOString()},${valueAt(minute)}`);
  }
  return rows.join('\n');
}

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'afterwatch-detect-'));
  mkdirSync(join(cwd, 'sets'));
  const random = seededRandom(7);
  const level = (minute: number) =>
    100 * Math.exp(0.3 * Math.sin((2 * Math.PI * minute) / DAY) + 0.05 * randomNormal(random));
  const after = (minute: number) => minute - 10 * DAY;
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  write(
    'rise.csv',
    csvOf(5, (minute) => level(minute) * (after(minute) >= 300 ? 2 : 1)),
  );
  write(
    'spike.csv',
    csvOf(5, (minute) => level(minute) * (after(minute) === 400 ? 6 : 1)),
  );
  write(
    'drift.csv',
    csvOf(5, (minute) => level(minute) * Math.exp(Math.max(0, after(minute)) / DAY)),
  );
  write(
    'cap.csv',
    csvOf(1, (minute) => (after(minute) < 0 ? level(minute) : Math.min(150, 4 * level(minute)))),
  );
  write(
    'refused.csv',
    csvOf(1, (minute) => (after(minute) === 200 ? 12 : 0)),
  );
  let total = 0;
  write(
    'counter.csv',
    csvOf(1, (minute) => {
      if (after(minute) < 500 || after(minute) >= 520) total += randomPoisson(random, 40);
      return total;
    }),
  );
  write(
    'frozen.csv',
    csvOf(5, (minute) => (after(minute) > 600 ? 99.5 : level(minute))),
  );
  write(
    'negative.csv',
    csvOf(5, (minute) => level(minute) - 120 + (after(minute) >= 300 ? 200 : 0)),
  );
  write('broken.csv', 'timestamp,value\n2026-01-05T00:00:00Z,1\nnever,2\n');
  write('short.csv', 'timestamp,value\n2026-01-05T00:00:00Z,1\n2026-01-05T00:05:00Z,2\n');
  write('sets/beside.csv', csvOf(5, level));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => capture(['detect', ...args], { env: {}, cwd });

async function firingsOf(...args: string[]) {
  const { code, out } = await run(...args, '--json');
  expect(code).toBe(0);
  return detectedSchema.parse(JSON.parse(out)).firings;
}
/** Minutes after the deploy. */
const minuteOf = (time: string | null | undefined) => (Date.parse(time ?? '') - START) / MINUTE - 10 * DAY;

describe('detect', () => {
  it.each([
    ['regression', 'rise.csv', ['--kind', 'gauge'], 300, 420],
    ['spike', 'spike.csv', ['--kind', 'gauge'], 400, 405],
    ['drift', 'drift.csv', ['--kind', 'gauge'], 355, 1_440],
    ['plateau', 'cap.csv', ['--kind', 'gauge'], 10, 60],
    ['count-spike', 'refused.csv', [], 199, 202],
    ['stall', 'counter.csv', ['--kind', 'counter'], 500, 504],
    ['stall', 'frozen.csv', ['--kind', 'gauge'], 605, 640],
    ['regression', 'negative.csv', ['--kind', 'gauge'], 300, 420],
    ['spike', 'refused.csv', ['--kind', 'count'], 199, 202],
  ])(
    '%s finds what is in %s, with the days before the deploy as its baseline',
    async (rule, file, more, from, to) => {
      const firings = await firingsOf(file, '--rule', rule, '--at', AT, ...more);
      expect(firings).toHaveLength(1);
      expect(minuteOf(firings[0]?.start)).toBeGreaterThanOrEqual(from);
      expect(minuteOf(firings[0]?.start)).toBeLessThanOrEqual(to);
      expect(firings[0]?.score).toBeGreaterThanOrEqual(1);
    },
  );

  it('values are in the unit of the series', async () => {
    const [rise] = await firingsOf('rise.csv', '--rule', 'regression', '--unit', '/min', '--at', AT);
    expect((rise?.value ?? 0) / (rise?.expected ?? 1)).toBeCloseTo(2, 0);
    expect(rise?.expected).toBeGreaterThan(60);
    expect(rise?.expected).toBeLessThan(160);
    const [level] = await firingsOf('negative.csv', '--rule', 'regression', '--kind', 'gauge', '--at', AT);
    expect((level?.value ?? 0) - (level?.expected ?? 0)).toBeGreaterThan(100);
  });

  it('without a deploy each day is held against the days before it, and finds the same', async () => {
    const firings = await firingsOf('rise.csv', '--rule', 'regression', '--kind', 'gauge');
    expect(firings).toHaveLength(1);
    expect(minuteOf(firings[0]?.start)).toBeGreaterThanOrEqual(300);
    expect(minuteOf(firings[0]?.start)).toBeLessThanOrEqual(420);
    expect(await firingsOf('refused.csv', '--rule', 'count-spike')).toHaveLength(1);
    expect(await firingsOf('sets/beside.csv', '--rule', 'spike', '--kind', 'gauge')).toEqual([]);
  });

  it('looks no further than it is told, and only the wrong way', async () => {
    const until = new Date(START + (10 * DAY + 290) * MINUTE).toISOString();
    const rise = ['rise.csv', '--rule', 'regression', '--kind', 'gauge', '--at', AT];
    expect(await firingsOf(...rise, '--until', until)).toEqual([]);
    expect(await firingsOf(...rise, '--wrong', 'down')).toEqual([]);
  });

  it('prints a line a firing, and says so where there is none', async () => {
    const found = await run('spike.csv', '--rule', 'spike', '--kind', 'gauge', '--at', AT);
    expect(found.out).toMatch(
      /^start .*\n2026-01-15T06:40:00Z {2}2026-01-15T\S+Z {2}×\S+ {2}\S+ over 5 min, \S+ is usual$/,
    );
    const none = await run('spike.csv', '--rule', 'plateau', '--kind', 'gauge', '--at', AT);
    expect(none.out).toBe('plateau: it would not have fired');
  });

  it('says what it could not tell, and does not call it quiet without a word', async () => {
    const { code, err } = await run('short.csv', '--rule', 'regression', '--kind', 'gauge');
    expect([code, err]).toEqual([0, expect.stringContaining('no day before is measured well enough')]);
    const late = await run('short.csv', '--rule', 'spike', '--at', '2027-01-01');
    expect(late.err).toContain('no row follows the deploy');
  });

  it('a manifest gives one JSON line a case; a bad line is its own fault and the others go on', async () => {
    writeFileSync(
      join(cwd, 'sets/cases.jsonl'),
      [
        JSON.stringify({ id: 'beside', csv: 'beside.csv', rule: 'spike', kind: 'gauge' }),
        '{ broken',
        JSON.stringify({ id: 'cwd', csv: 'rise.csv', rule: 'regression', kind: 'gauge', at: AT }),
        JSON.stringify({ id: 'rule', csv: 'rise.csv', rule: 'wobble' }),
        JSON.stringify({ id: 4, csv: 'none.csv', rule: 'spike' }),
        JSON.stringify({ csv: 'refused.csv', rule: 'count-spike', at: (START + 10 * DAY * MINUTE) / 1_000 }),
        JSON.stringify({ id: 'line', csv: 'broken.csv', rule: 'spike' }),
      ].join('\n'),
    );
    const { code, out, err } = await run('--manifest', 'sets/cases.jsonl');
    expect(code).toBe(2);
    const lines = out.split('\n').map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      { id: 'beside', rule: 'spike', firings: [] },
      { id: null, line: 2, error: 'it is no JSON object' },
      { id: 'cwd', rule: 'regression', firings: [expect.anything()] },
      { id: 'rule', line: 4, error: expect.stringMatching(/^rule takes one of spike, plateau/) },
      { id: '4', line: 5, error: 'none.csv: there is no such file' },
      { id: null, rule: 'count-spike', firings: [expect.objectContaining({ value: 12 })] },
      { id: 'line', line: 7, error: expect.stringMatching(/^broken\.csv: line 3: "never" is no time/) },
    ]);
    expect(err.split('\n')).toHaveLength(4);
  });

  it.each([
    [[], /needs a SERIES\.csv/],
    [['rise.csv'], /needs a --rule: one of spike, plateau/],
    [['rise.csv', '--rule', 'nonsense'], /--rule takes one of/],
    [['rise.csv', '--rule', 'spike', '--at', 'noon'], /--at takes ISO 8601/],
    [['rise.csv', '--rule', 'spike', '--unit', '/fortnight'], /--unit takes \/s, \/min/],
    [['rise.csv', '--rule', 'plateau', '--quota', 'much'], /--quota takes a number/],
    [['rise.csv', 'spike.csv', '--rule', 'spike'], /takes one series/],
    [['rise.csv', '--rule', 'spike', '--loud'], /takes a series and the flags/],
    [['--manifest', 'a.jsonl', '--rule', 'spike'], /--manifest stands alone/],
  ])('%j is wrong usage', async (args, words) => {
    expect(await run(...args)).toEqual({ code: 3, out: '', err: expect.stringMatching(words) });
  });

  it('what cannot be read ends with 2 and says why', async () => {
    const gone = await run('gone.csv', '--rule', 'spike');
    expect(gone).toEqual({ code: 2, out: '', err: 'afterwatch detect: gone.csv: there is no such file' });
    const broken = await run('broken.csv', '--rule', 'spike', '--json');
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('line 3') });
    expect(JSON.parse(broken.out)).toEqual({ error: expect.stringContaining('line 3') });
  });
});

/** Labelled public series that may lie beside the checkout; they are no part of it. */
const PUBLIC = join(process.cwd(), '..', 'shared', 'data', 'nab');
describe.skipIf(!existsSync(join(PUBLIC, 'combined_windows.json')))('labelled public series', () => {
  const named = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
  const shape = { kind: 'gauge', unitMs: null } as const;
  const asked = { shape, atMs: null, untilMs: null, way: 'both', quota: null, claimedRatio: null } as const;
  const inUtc = (text: string) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

  it('thresholds that nobody tuned on them find most of what is labelled, with few false alarms a week', () => {
    const labels = named.parse(JSON.parse(readFileSync(join(PUBLIC, 'combined_windows.json'), 'utf8')));
    const files = Object.entries(labels).filter(([name]) => /^(artificial|realAWS)/.test(name));
    const seen = { hits: 0, labels: 0, falseAlarms: 0, days: 0 };
    for (const [name, windows] of files) {
      const series = readSeriesCsv(readFileSync(join(PUBLIC, name), 'utf8'));
      if ('fault' in series) throw new Error(`${name}: ${series.fault}`);
      const { firings } = detectInSeries(series.points, { ...asked, rule: 'spike' });
      const meets = (window: readonly string[], { startMs, endMs }: (typeof firings)[number]) =>
        startMs <= inUtc(window[1] ?? '') && (endMs ?? Number.POSITIVE_INFINITY) >= inUtc(window[0] ?? '');
      seen.labels += windows.length;
      seen.hits += windows.filter((window) => firings.some((firing) => meets(window, firing))).length;
      seen.falseAlarms += firings.filter((firing) => !windows.some((window) => meets(window, firing))).length;
      seen.days += ((series.points.at(-1)?.atMs ?? 0) - (series.points[0]?.atMs ?? 0)) / (DAY * MINUTE);
    }
    expect(seen.labels).toBeGreaterThanOrEqual(10);
    expect(seen.hits / seen.labels).toBeGreaterThan(0.6);
    expect((7 * seen.falseAlarms) / seen.days).toBeLessThan(0.5);
  });
});
