import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsequenceId, ConsequenceView } from '../model/suspension.ts';
import { arrivingOf } from './arriving.ts';
import { type ConsequenceFacts, consequencesOf, rateLimits } from './consequences.ts';
import type { MachineLoad } from './machine-consequences.ts';

const NOTHING = { now: null, before: null };
const machine = (name: string, over: Partial<MachineLoad> = {}): MachineLoad => ({
  ...{ name, mode: 'suspended_by_us', localCache: null, localHits: NOTHING, memoryBytes: NOTHING },
  ...over,
});
const NONE: ConsequenceFacts = {
  ...{ mode: 'suspended_by_us', machines: [], limiter: null, cacheHits: NOTHING },
  ...{ jobsDropped: null, queries: NOTHING, arriving: null },
};

function told(id: ConsequenceId, over: Partial<ConsequenceFacts>): ConsequenceView {
  const found = consequencesOf({ ...NONE, ...over }).find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is not told`);
  return found;
}

describe('what it means that Redis is out of use', () => {
  it('says of everything that nothing tells, where nothing does, and never 0', () => {
    const found = consequencesOf(NONE);
    expect(found.map(({ id, quality }) => [id, quality])).toEqual([
      ['rate_limits', 'unavailable'],
      ['limiter', 'unavailable'],
      ['shared_cache', 'inferred'],
      ['local_cache', 'unavailable'],
      ['memory', 'unavailable'],
      ['jobs', 'unavailable'],
      ['database', 'unavailable'],
      ['billed', 'unavailable'],
    ]);
    for (const { text } of found) expect(text).not.toMatch(/\d/);
    for (const { why } of found) expect(why).not.toBe('');
  });

  it.each([
    [['suspended_by_us'], 'as you set them: one machine counts'],
    [['suspended_by_us', 'suspended_by_us'], 'up to 2× what you set'],
    [['suspended_by_us', 'active'], 'up to 2× what you set'],
    [['suspended_by_us', 'active', 'active'], 'up to 2× what you set'],
    [['suspended_by_us', 'suspended_by_us', 'suspended_by_us', 'active'], 'up to 4× what you set'],
    [['suspended_by_us', 'unknown'], 'up to 1× or more of what you set'],
    [['active', 'active'], 'nothing tells on which machines Redis is off'],
    [[], 'nothing tells on which machines Redis is off'],
  ] as const)('limits: machines %j give %s', (modes, text) => {
    expect(rateLimits({ mode: 'mixed', machines: modes.map((mode) => ({ mode })) }).text).toBe(text);
  });

  it('does not guess what a limiter does while others refuse', () => {
    for (const mode of ['suspended_by_provider', 'quota_exhausted'] as const)
      expect(told('rate_limits', { mode, machines: [machine('a')] }).quality).toBe('unavailable');
  });

  it('counts what the limiter lets pass; none is only told where every machine counts', () => {
    expect(told('limiter', { limiter: { failedOpen: 0.5, isPartial: true } })).toMatchObject({
      text: 'lets 1.80K/h through unchecked',
      quality: 'measured',
    });
    expect(told('limiter', { limiter: { failedOpen: 0, isPartial: false } })).toMatchObject({
      text: 'no request was let through unchecked in the last hour',
      quality: 'measured',
    });
    expect(told('limiter', { limiter: { failedOpen: 0, isPartial: true } }).quality).toBe('unavailable');
  });

  it('tells hits of the cache now and before', () => {
    expect(told('shared_cache', { cacheHits: { now: 0.41, before: 0.93 } }).text).toMatch(
      /^not used, and cold when Redis comes back; hit ratio 41\.0.%, was 93\.0.%$/,
    );
    expect(told('shared_cache', { cacheHits: { now: 0.41, before: null } }).text).toMatch(
      /hit ratio 41\.0.%$/,
    );
    expect(told('shared_cache', { mode: 'mixed' }).text).toBe('not used where Redis is off');
  });

  it('tells of each machine how full its cache is, and how many say nothing', () => {
    const full = machine('3d8dd7a1', {
      localCache: { bytes: 38_200_000, maxBytes: 50_000_000, entries: 20_100 },
      localHits: { now: 0.61, before: 0.78 },
      memoryBytes: { now: 212_000_000, before: 180_000_000 },
    });
    const bare = machine('9185e2bc', { localCache: { bytes: 900, maxBytes: null, entries: null } });
    const machines = [full, bare, machine('c72e9810')];
    expect(told('local_cache', { machines }).text.replaceAll('\u00a0', ' ')).toBe(
      '3d8dd7a1 38.2 MB of 50.0 MB, 20.1K entries, hits 61.0 % (was 78.0 %); 9185e2bc 900 B; 1 of 3 tells nothing',
    );
    expect(told('memory', { machines }).text.replaceAll('\u00a0', ' ')).toBe(
      '3d8dd7a1 212 MB (was 180 MB); 2 of 3 tell nothing',
    );
    const many = Array.from({ length: 9 }, (_, i) => ({ ...bare, name: `m${i}` }));
    expect(told('local_cache', { machines: many }).text).toMatch(/m2 900.B; and 6 more$/);
  });

  it('tells jobs that were dropped, none, or that nothing tells', () => {
    expect(told('jobs', { jobsDropped: 14 / 3_600 }).text).toBe('14.0/h dropped');
    expect(told('jobs', { jobsDropped: 0 })).toMatchObject({ text: 'none dropped', quality: 'measured' });
    expect(told('jobs', {})).toMatchObject({ text: 'nothing tells of dropped jobs', quality: 'unavailable' });
  });

  it('tells how much harder the database is asked than in the same hour before', () => {
    const found = told('database', { queries: { now: 18_200 / 3_600, before: 8_150 / 3_600 } });
    expect(found.text).toMatch(/^18\.2K\/h queries, 8\.15K\/h before \(\+123.%\)$/);
    expect(told('database', { queries: { now: 2, before: null } }).text).toBe('7.20K/h queries');
  });

  it('tells what is billed all the same, and only where Redis is off everywhere', () => {
    const arriving = {
      ...{ perMinute: 44, usdPerDay: 0.1267 },
      parts: [
        { what: 'failed connects', perMinute: 41 },
        { what: 'unknown', perMinute: 3 },
      ],
    };
    expect(told('billed', { arriving }).text).toBe(
      '44/min, $0.13/day: failed connects 41/min, unknown 3/min',
    );
    expect(told('billed', { arriving: { ...arriving, perMinute: 0.4 } }).text).toBe(
      'nothing but our own visits arrives',
    );
    expect(consequencesOf({ ...NONE, mode: 'mixed', arriving }).some(({ id }) => id === 'billed')).toBe(
      false,
    );
  });
});

const COUNTS = {
  ...{ total: 0, ours: 0, byCommand: null, fromMachines: null, failedConnects: null, usdPerCommand: null },
};

describe('what arrives at a Redis that is suspended', () => {
  it('is all that Redis counted without ours, by who sent it', () => {
    const byCommand = new Map([
      ['info', 4],
      ['auth', 41],
      ['client|setinfo', 2],
      ['get', 2.5],
      ['incr', 0.5],
    ]);
    const found = arrivingOf({
      ...COUNTS,
      ...{ total: 50, ours: 4, byCommand, fromMachines: 0, failedConnects: 41, usdPerCommand: 2e-6 },
    });
    expect(found.perMinute).toBe(46);
    expect(found.parts).toEqual([
      { what: 'failed connects', perMinute: 41 },
      { what: 'other connects', perMinute: 2 },
      { what: 'unknown (get, incr)', perMinute: 3 },
    ]);
    expect(found.usdPerDay).toBeCloseTo(46 * 1_440 * 2e-6, 10);
  });

  it('puts down to failed connects no more than there were, where commands are not told apart', () => {
    const found = arrivingOf({ ...COUNTS, total: 48, ours: 4, failedConnects: 41 });
    expect(found.parts).toEqual([
      { what: 'failed connects', perMinute: 41 },
      { what: 'unknown', perMinute: 3 },
    ]);
  });

  it('does not put commands down to failed connects that left no greeting', () => {
    const byCommand = new Map([['get', 30]]);
    const found = arrivingOf({ ...COUNTS, total: 30, byCommand, failedConnects: 41 });
    expect(found.parts).toEqual([{ what: 'unknown (get)', perMinute: 30 }]);
  });

  it('takes off no more of ours than was asked, and names another watcher', () => {
    const info = arrivingOf({ ...COUNTS, total: 10, ours: 4, byCommand: new Map([['info', 10]]) });
    expect(info.parts).toEqual([{ what: 'unknown (info)', perMinute: 6 }]);
    const none = arrivingOf({ ...COUNTS, total: 10, ours: 4, byCommand: new Map([['get', 10]]) });
    expect(none.perMinute).toBe(10);
  });

  it('says what machines count of their own, and costs nothing where no price is known', () => {
    expect(arrivingOf({ ...COUNTS, total: 20, fromMachines: 12 })).toEqual({
      ...{ perMinute: 20, usdPerDay: null },
      parts: [
        { what: 'from your machines', perMinute: 12 },
        { what: 'unknown', perMinute: 8 },
      ],
    });
  });

  it('is never less than nothing, and its parts are never more than the whole', () => {
    const rate = fc.double({ min: 0, max: 1e4, noNaN: true });
    const maybe = fc.oneof(fc.constant(null), rate);
    const byCommand = fc.oneof(
      fc.constant(null),
      fc
        .dictionary(fc.constantFrom('get', 'auth', 'info', 'ping', 'set'), rate)
        .map((one) => new Map(Object.entries(one))),
    );
    fc.assert(
      fc.property(rate, rate, byCommand, maybe, maybe, (total, ours, named, fromMachines, failedConnects) => {
        const counts = { total, ours, byCommand: named, fromMachines, failedConnects, usdPerCommand: null };
        const { perMinute, parts } = arrivingOf(counts);
        const sum = parts.reduce((all, part) => all + part.perMinute, 0);
        const own = named === null ? ours : Math.min(ours, named.get('info') ?? 0);
        expect(perMinute).toBeCloseTo(Math.max(0, total - own), 6);
        expect(sum).toBeLessThanOrEqual(perMinute + 1e-6);
        expect(sum).toBeGreaterThanOrEqual(perMinute - 4 * 0.05 - 1e-6);
      }),
    );
  });
});
