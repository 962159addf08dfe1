import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SWITCHES, type FrozenCopy, type ShareSwitches } from '../model/share.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { clipToRange, findOutside } from './clip-to-range.ts';
import { frozenCopySchema, parseCopy } from './copy-schema.ts';
import { makeRedactor, type ShareNames } from './redact.ts';
import { redactCopy } from './redact-copy.ts';
import { COPY_START_MS, testCopy } from './test-copy.ts';

const ALL: ShareSwitches = {
  ...{ hosts: true, machines: true, regions: true, queries: true, people: true, money: true },
};
const NO_NAMES: ShareNames = { hosts: [], machines: [], regions: [], queries: [], people: [] };
const clean = (text: string) => ({ text, count: 0 });

function redact(
  copy: FrozenCopy,
  switches: ShareSwitches = ALL,
  names: Partial<ShareNames> = {},
): FrozenCopy {
  return redactCopy(copy, { switches, names: { ...NO_NAMES, ...names }, clean, hidden: 0 });
}

type Path = (string | number)[];

/** Every place in a value, the value itself first. */
function placesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, own]) =>
          placesOf(own, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [{ path, value }, ...inner];
}

/** The same value with another one in one place. */
function withAt(value: unknown, [key, ...rest]: Path, put: (old: unknown) => unknown): unknown {
  if (key === undefined) return put(value);
  if (Array.isArray(value)) return value.map((own, i) => (i === key ? withAt(own, rest, put) : own));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: withAt(record[key], rest, put) };
}

describe('what may leave', () => {
  it('a key that is not on the list is a fault, at every depth, when a copy is made and when one is read', () => {
    const copy = redact(testCopy());
    expect(frozenCopySchema.parse(copy)).toEqual(copy);
    const objects = placesOf(copy).filter(
      ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
    );
    expect(objects.length).toBeGreaterThan(50);
    for (const { path } of objects) {
      const planted = withAt(copy, path, (old) => ({ ...(old as object), planted: 'x' }));
      expect(frozenCopySchema.safeParse(planted).success, path.join('.')).toBe(false);
    }
    const charts = testCopy().charts.map((chart) => ({ ...chart, view: { ...chart.view, planted: 1 } }));
    expect(() => redact({ ...testCopy(), charts })).toThrow(/charts\.0\.view \(unknown: planted\)/);
  });

  it('every text passes through the one function; what does not is a word of a closed set', () => {
    const copy = redact(testCopy());
    const texts = placesOf(copy).filter(({ value }) => typeof value === 'string');
    let passed = 0;
    for (const { path } of texts) {
      const parsed = parseCopy(
        withAt(copy, path, () => 'Planted 10.0.0.7'),
        () => 'masked',
      );
      if (parsed.success) passed += 1;
      expect(JSON.stringify(parsed.data ?? ''), path.join('.')).not.toContain('Planted');
    }
    expect(passed).toBeGreaterThan(40);
  });

  it('no id, link or hint of ours leaves, and what belongs together still does', () => {
    const copy = redact(testCopy());
    const text = JSON.stringify(copy);
    for (const own of ['/deploys/', 'harbor/production', 'gets-95', 'source_down', '"d1"', '"i2"'])
      expect(text).not.toContain(own);
    expect(copy.charts[1]?.id).toBe(`claim:${copy.claims[0]?.id}`);
    expect(copy.timeline[3]?.fact).toMatchObject({ deployId: 'deploy-1', claimId: copy.claims[0]?.id });
  });
});

describe('the range', () => {
  it('whatever is asked for, nothing outside of it is left, and what is whole inside of it stays', () => {
    const near = fc.integer({ min: -2 * HOUR_MS, max: 6 * HOUR_MS }).map((ms) => COPY_START_MS + ms);
    fc.assert(
      fc.property(near, near, fc.boolean(), (a, b, isLive) => {
        fc.pre(a !== b);
        const range = { startMs: Math.min(a, b), endMs: Math.max(a, b) };
        const frozenAtMs = isLive ? range.endMs : range.endMs + HOUR_MS;
        const clipped = clipToRange({ ...testCopy(), range, frozenAtMs });
        expect(findOutside(clipped)).toEqual([]);
        const whole = testCopy().charts[0]?.view.lines[0]?.points.filter(
          ([atMs]) => atMs >= range.startMs && atMs + 5 * MINUTE_MS <= range.endMs,
        );
        expect(clipped.charts[0]?.view.lines[0]?.points).toEqual(expect.arrayContaining(whole ?? []));
      }),
    );
  });

  it('a row outside is found wherever it stands', () => {
    const early = COPY_START_MS - MINUTE_MS;
    const copy = { ...testCopy(), frozenAtMs: COPY_START_MS + 5 * HOUR_MS };
    expect(findOutside(copy)).toEqual([]);
    const times = placesOf(copy).filter(
      ({ path, value }) =>
        typeof value === 'number' &&
        value >= COPY_START_MS &&
        // What is planned is no row, and these name the range and the time of freezing themselves.
        !/^(range|frozenAtMs|actions|rail\.(originMs|endMs))|decidableByMs|change\.before/.test(
          path.join('.'),
        ),
    );
    expect(times.length).toBeGreaterThan(300);
    for (const { path } of times)
      expect(findOutside(withAt(copy, path, () => early) as FrozenCopy), path.join('.')).not.toEqual([]);
    for (const range of [
      { startMs: 5, endMs: 5 },
      { startMs: Number.NaN, endMs: 5 },
      { startMs: 5, endMs: Number.POSITIVE_INFINITY },
    ])
      expect(findOutside({ ...copy, range })).toEqual(['range']);
  });

  it('a total of a chart that lost a bucket is that of what is left', () => {
    const range = { startMs: COPY_START_MS, endMs: COPY_START_MS + 10 * MINUTE_MS };
    const clipped = clipToRange({ ...testCopy(), range, frozenAtMs: COPY_START_MS + HOUR_MS });
    expect(clipped.charts[0]?.view.overall).toBe(10.5);
    expect(clipped.charts[0]?.view.latest).toBeNull();
  });
});

describe('what is switched off', () => {
  const names: ShareNames = {
    hosts: [['harbor-cache.upstash.io:6379', 'harbor-cache.upstash.io'], ['db-1']],
    machines: [['e784e3a2c12338', 'e784e3', 'snowy-feather-12'], ['web-2']],
    regions: [['ams'], ['iad']],
    queries: [['SELECT id FROM orders WHERE id = $1']],
    people: [['Ada Lovelace', 'Ada', 'Lovelace']],
  };
  const say = (title: string, switches: ShareSwitches = DEFAULT_SWITCHES) =>
    redact({ ...testCopy(), title }, switches, names).title;

  it.each<[text: string, expected: string]>([
    [
      'snowy-feather-12 and e784e3 in ams, web-2 in IAD',
      'machine 1 and machine 1 in region 1, machine 2 in region 2',
    ],
    ['streams of teams in Amsterdam, web-20', 'streams of teams in Amsterdam, web-20'],
    ['HARBOR-CACHE.upstash.io:6379 timed out', 'host 1 timed out'],
    ['redis://other.example:6379/0 and 10.2.3.4', 'host 1 and host 2'],
    ['fdaa:0:1::3 at 17:57:36, std::string', 'host 1 at 17:57:36, std::string'],
    ['to 10.2.3.4. From fdaa:0:1::3: refused, addr:fdaa::7', 'to host 1. From host 2: refused, addr:host 3'],
    ['slow: SELECT id FROM orders WHERE id = $1', 'slow: a statement'],
    ['`update users set name = 1` ran', '`a statement` ran'],
    ['we select rows from a list', 'we select rows from a list'],
    ['Ada and LOVELACE, ada@example.org, @grace', 'a person and LOVELACE, a person, a person'],
    // What overlaps goes whole, also where a name stands inside of an address.
    ['see https://web-2.shop.example.com/private?x=1 now', 'see host 1 now'],
    ['http://[fdaa:0:1::3]:9091/ams, postgres://[secret]@db-1/x', 'host 1, host 2'],
    ['web-2@shop.example wrote to https://hooks.example/[secret]/x', 'a person wrote to host 1'],
    ['https://harbor-cache.upstash.io/x is harbor-cache.upstash.io:6379', 'host 1 is host 1'],
    // As Markdown and unseen characters write them.
    [
      '_web-2_, **ams**, web\\-2 and snowy\\-feather-12',
      '_machine 1_, **region 1**, machine 1 and machine 2',
    ],
    ['_eu-west-3_, _148e2d1c9a0b7f_', '_region 1_, _machine 1_'],
    ['ams_total of web-2_total', 'ams_total of web-2_total'],
  ])('%s → %s', (text, expected) => {
    expect(say(text)).toBe(expected);
    expect(say(text, ALL)).toBe(text);
  });

  it('whatever stands beside a name, nothing of it is left', () => {
    const named = names.hosts.concat(names.machines, names.regions, names.people).flat();
    const other = [
      'a',
      '10.2.3.4',
      'https://x.example/',
      'ada@x.example',
      '`select 1 from t`',
      '[secret]',
      '$4',
      '🙂',
    ];
    const piece = fc.constantFrom(...named, ...named.map((name) => name.toUpperCase()), ...other);
    const { text } = makeRedactor(names, DEFAULT_SWITCHES, clean);
    const sign = fc.constantFrom(' ', '\n', '-', '.', '/', ':', '@', ',', '**', '(', '\\', '?x=', '|');
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, sign), { minLength: 1, maxLength: 12 }), (parts) => {
        const told = text(parts.flat().join(''));
        const left = named.filter((name) =>
          // People are told by case, the rest is not.
          names.people.flat().includes(name) ? told.includes(name) : told.toLowerCase().includes(name),
        );
        expect(left, told).toEqual([]);
        expect(told).not.toMatch(/10\.2\.3\.4|x\.example/);
      }),
      { numRuns: 300 },
    );
  });

  it('a long text and many names cost no more than their length', () => {
    const queries = Array.from({ length: 2_000 }, (_, i) => [
      `SELECT t${i}.id, name_${i} FROM t${i} WHERE id = $1`,
    ]);
    const machines = Array.from({ length: 500 }, (_, i) => [
      `e784e3a2c${String(i).padStart(5, '0')}`,
      `dew-${i}`,
    ]);
    const { text } = makeRedactor({ ...names, queries, machines }, DEFAULT_SWITCHES, clean);
    const started = process.cpuUsage();
    for (const piece of [
      'SELECT ',
      'SELECT a ',
      '1,',
      '$1',
      'a.',
      'a:',
      '`select t',
      '_',
      'dew-',
      'x://',
      'a@',
    ])
      text(piece.repeat((64 * 1024) / piece.length));
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(10_000);
  });

  it('the same thing has the same word everywhere, and is counted once', () => {
    const base = testCopy();
    const copy = redact(
      { ...base, title: 'web-2 restarts', lead: 'e784e3 does not, web-2 does, says Ada' },
      DEFAULT_SWITCHES,
      names,
    );
    expect(copy.title).toBe('machine 1 restarts');
    expect(copy.lead).toBe('machine 2 does not, machine 1 does, says a person');
    expect(copy.leftOut).toContainEqual({ what: 'machines', count: 2 });
    expect(copy.leftOut).toContainEqual({ what: 'people', count: 1 });
    expect(copy.leftOut.map(({ what }) => what)).not.toContain('regions');
  });

  it('people: nobody is named, and nobody becomes the product', () => {
    const copy = redact(testCopy(), DEFAULT_SWITCHES, names);
    expect(JSON.stringify(copy)).not.toMatch(/ada|lovelace/i);
    expect(copy.timeline.map(({ by }) => by)).toEqual(testCopy().timeline.map(({ by }) => by && 'a person'));
    expect(copy.leftOut).toContainEqual({ what: 'people', count: 1 });
  });

  it('money: no amount is left in a figure, a chart or a text, and what is left out is not 0', () => {
    const copy = redact(
      { ...testCopy(), title: 'US$8.40/day, $ 1,234.5, €5, 20 cents', lead: '12.50 USD −$3 v1203 10 GETs' },
      { ...ALL, money: false },
    );
    expect(copy.title).toBe('an amount/day, an amount, an amount, an amount');
    expect(copy.lead).toBe('an amount an amount v1203 10 GETs');
    expect(copy.impact[0]).toMatchObject({ value: null, note: 'at an amount per 100K' });
    expect(copy.impact[0]?.why).not.toBeNull();
    expect(copy.claims[1]).toMatchObject({ before: null, measured: null, promised: null });
    expect(JSON.stringify(copy)).not.toMatch(/\$|8\.4/);
    expect(copy.charts[0]?.view.plans).toEqual([]);
  });

  it('characters that steer a screen or turn a line go', () => {
    expect(say('a\u0000b\u001b[31mc\u202ed\u0085e', ALL)).toBe('ab[31mcde');
    expect(say('we\u200bb-2 in a\u00adms')).toBe('machine 1 in region 1');
  });
});
