import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../alerts/alert-book.ts';
import type { HeldClaim } from '../model/deploy.ts';
import type { RedisMode } from '../model/redis-mode.ts';
import { BLOCK_MS } from '../time/range.ts';
import { getsClaim } from '../watch/test-claims.ts';
import type { ModeChange } from './mode-book.ts';
import { allowedGets, promisedGets } from './stage-level.ts';
import { firingSpans, type StageWatch, troubleAt, usersIn } from './stage-watch.ts';

const SINCE = 10 * BLOCK_MS;
const CALM: StageWatch = {
  ...{ bursts: [], burstsUnseen: null, firing: [] },
  counted: new Set([SINCE + BLOCK_MS]),
};
const at = (over: Partial<Parameters<typeof troubleAt>[0]> = {}) =>
  troubleAt({ ...CALM, atMs: SINCE + BLOCK_MS, limiter: 0, requests: 4, ...over });
const event = (atMs: number, id: string, what: AlertEvent['what']): AlertEvent => ({
  ...{ atMs, id, what, title: `title of ${id}`, by: null, untilMs: null },
});

describe('one block of the way back', () => {
  it('is calm when everything was looked at and nothing happened', () => {
    expect(at()).toEqual({ trouble: null, unseen: null, limiterTold: true });
    expect(at({ limiter: null })).toEqual({ trouble: null, unseen: null, limiterTold: false });
  });

  it('is in trouble when requests pass unasked, events burst, or an alert fires', () => {
    expect(at({ limiter: 12 }).trouble).toBe('12 requests passed because the limiter could not ask');
    const burst = { endMs: SINCE + 2 * BLOCK_MS, what: '429s: 40 in 15 m, usual are 0.2' };
    expect(at({ bursts: [burst] }).trouble).toBe(burst.what);
    expect(at({ bursts: [{ ...burst, endMs: SINCE + 3 * BLOCK_MS }] }).trouble).toBeNull();
    const firing = { title: 'Server errors', startMs: SINCE + BLOCK_MS + 1, endMs: null };
    expect(at({ firing: [firing] }).trouble).toBe('alert: Server errors');
    expect(at({ firing: [{ ...firing, startMs: SINCE + 2 * BLOCK_MS }] }).trouble).toBeNull();
  });

  it('says nothing while responses or bursts are not seen, or an alert from before fires on', () => {
    expect(at({ requests: null }).unseen).toBe('responses were not counted');
    expect(at({ counted: new Set([SINCE]) }).unseen).toBe('responses of a machine were not counted');
    expect(at({ burstsUnseen: 'nobody counts' }).unseen).toBe('nobody counts');
    const old = { title: 'Server errors', startMs: 5, endMs: null };
    expect(at({ firing: [old] })).toMatchObject({
      trouble: null,
      unseen: 'an alert from before fires on: Server errors',
    });
    expect(at({ firing: [{ ...old, endMs: SINCE + BLOCK_MS }] }).unseen).toBeNull();
    // Also one that began in the block before, where the warm-up took no note of it.
    expect(at({ firing: [{ ...old, startMs: SINCE + 1 }] }).unseen).not.toBeNull();
  });
});

describe('alerts that count', () => {
  it('fire from when they fired until they recover, and again when they fire again', () => {
    const events = [
      event(1, 'http_429', 'firing'),
      event(4, 'http_429', 'recovering'),
      event(5, 'http_429', 'firing'),
      event(7, 'machine_unhealthy:a', 'firing'),
      event(9, 'machine_unhealthy:a', 'retired'),
    ];
    expect(firingSpans(events)).toEqual([
      { title: 'title of http_429', startMs: 1, endMs: 4 },
      { title: 'title of http_429', startMs: 5, endMs: null },
      { title: 'title of machine_unhealthy:a', startMs: 7, endMs: 9 },
    ]);
  });

  it('are not those that say what a return by stages is: mixed modes, two releases', () => {
    const ids = ['redis_mixed', 'redis_suspended_long', 'version_skew', 'quota:x', 'source_down:redis'];
    expect(firingSpans(ids.map((id) => event(1, id, 'firing')))).toEqual([]);
  });
});

describe('who used Redis', () => {
  const change = (atMs: number, machines: Record<string, RedisMode>): ModeChange => ({
    ...{ atMs, machines, mode: 'mixed', quality: 'measured', evidence: '' },
  });
  const changes = [
    change(10, { a: 'active', b: 'suspended_by_us' }),
    change(20, { a: 'active', b: 'active' }),
    change(30, { a: 'suspended_by_us', b: 'active' }),
  ];

  it('in a stretch is who used it all the time', () => {
    expect(usersIn(changes, { startMs: 0, endMs: 5 })).toEqual([]);
    expect(usersIn(changes, { startMs: 10, endMs: 20 })).toEqual(['a']);
    expect(usersIn(changes, { startMs: 15, endMs: 25 })).toEqual(['a']);
    expect(usersIn(changes, { startMs: 20, endMs: 30 })).toEqual(['a', 'b']);
    expect(usersIn(changes, { startMs: 25, endMs: 35 })).toEqual(['b']);
  });
});

const held = (over: Partial<HeldClaim>): HeldClaim => ({
  ...getsClaim(),
  ...{ standing: 'confirmed', edited: false },
  ...over,
});
const BEFORE = { gets: 200, requests: 20 };

describe('how many GETs are allowed', () => {
  it('is what the deploy promised of GETs, as a level or a part of before', () => {
    const fall = held({ changePct: -95, direction: 'down' });
    const promise = promisedGets([fall], BEFORE);
    expect('ratio' in promise && promise.ratio).toBeCloseTo(0.05, 6);
    const level = held({ after: 36_000, window: 'h', unit: 'commands', direction: 'down' });
    expect(promisedGets([level], BEFORE)).toEqual({ level: 10 });
  });

  it('is no more than before where nothing is promised of GETs, or nobody confirmed it', () => {
    const fall = { changePct: -95, direction: 'down' } as const;
    expect(promisedGets([], BEFORE)).toEqual({ ratio: 1 });
    expect(promisedGets([held({ ...fall, standing: 'proposed' })], BEFORE)).toEqual({ ratio: 1 });
    expect(promisedGets([held({ ...fall, labels: { cmd: 'set' } })], BEFORE)).toEqual({ ratio: 1 });
  });

  it('goes by the part of the requests that the machines served', () => {
    const half = { users: 10, all: 20 };
    expect(allowedGets({ level: 10 }, BEFORE, half, false)).toBeCloseTo(5.5, 9);
    expect(allowedGets({ level: 10 }, BEFORE, half, true)).toBeCloseTo(11, 9);
    expect(allowedGets({ ratio: 0.05 }, BEFORE, half, false)).toBeCloseTo(5.5, 9);
  });

  it('is not known where its parts are not', () => {
    const nobody = { users: null, all: null };
    expect(allowedGets({ level: 10 }, BEFORE, nobody, false)).toBeNull();
    expect(allowedGets({ level: 10 }, BEFORE, nobody, true)).toBeCloseTo(11, 9);
    expect(allowedGets({ ratio: 1 }, { gets: null, requests: 20 }, { users: 1, all: 1 }, true)).toBeNull();
    expect(allowedGets({ ratio: 1 }, { gets: 200, requests: null }, nobody, false)).toBeNull();
    expect(allowedGets({ ratio: 1 }, { gets: 200, requests: null }, nobody, true)).toBeCloseTo(220, 9);
  });
});
