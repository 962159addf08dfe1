import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDIS_MODES, type RedisMode } from '../model/redis-mode.ts';
import type { SeenMode } from './evidence.ts';
import type { FleetMode } from './fleet-mode.ts';
import { changesIn, EMPTY_BOOK, type ModeBook, stepBook, suspendedSpans } from './mode-book.ts';
import { type ModeTrack, stepTrack } from './mode-track.ts';

const T0 = Date.UTC(2026, 3, 9, 17);
const TICK = 15_000;

const seen = (mode: RedisMode, over: Partial<SeenMode> = {}): SeenMode => ({
  mode,
  quality: mode === 'unknown' ? 'unavailable' : 'inferred',
  evidence: `seen ${mode}`,
  isOwnWord: false,
  ...over,
});
const word = (mode: RedisMode): SeenMode => seen(mode, { quality: 'measured', isOwnWord: true });

function walk(looks: readonly SeenMode[]): ModeTrack {
  let track: ModeTrack | null = null;
  for (const [i, look] of looks.entries()) track = stepTrack(track, look, T0 + i * TICK);
  if (track === null) throw new Error('no look');
  return track;
}

describe('one mode over time', () => {
  it('does not know since when it is what it was at the first look', () => {
    expect(walk([seen('active')]).sinceMs).toBeNull();
    expect(walk([seen('unknown'), seen('active')]).sinceMs).toBeNull();
  });

  it('takes another mode at the second look in a row, from the first one on', () => {
    expect(walk([seen('active'), seen('throttled')])).toMatchObject({ mode: 'active' });
    expect(walk([seen('active'), seen('throttled'), seen('throttled')])).toMatchObject({
      mode: 'throttled',
      sinceMs: T0 + TICK,
    });
    expect(walk([seen('active'), seen('throttled'), seen('active'), seen('throttled')]).mode).toBe('active');
  });

  it('takes a machine’s own word at once', () => {
    expect(walk([word('active'), word('suspended_by_us')])).toMatchObject({
      mode: 'suspended_by_us',
      sinceMs: T0 + TICK,
    });
  });

  it('keeps what was known when nothing tells, and since when', () => {
    const track = walk([word('active'), word('suspended_by_us'), seen('unknown'), seen('unknown')]);
    expect(track).toMatchObject({
      mode: 'suspended_by_us',
      sinceMs: T0 + TICK,
      unknownSinceMs: T0 + 2 * TICK,
    });
    const again = stepTrack(track, word('suspended_by_us'), T0 + 9 * TICK);
    expect(again).toMatchObject({ sinceMs: T0 + TICK, unknownSinceMs: null });
  });

  it('an hour without traffic changes no mode: it is one more thing that is not known', () => {
    const none = seen('unknown', { quality: 'inferred' });
    const track = walk([seen('active'), none, none, none]);
    expect(track).toMatchObject({ mode: 'active', unknownSinceMs: T0 + TICK });
    expect(stepTrack(track, seen('active'), T0 + 9 * TICK)).toMatchObject({ unknownSinceMs: null });
  });

  it('the same instant twice is one look', () => {
    const first = stepTrack(walk([seen('active')]), seen('throttled'), T0 + TICK);
    expect(stepTrack(first, seen('throttled'), T0 + TICK)).toEqual(first);
  });

  it('law: unknown never replaces a known mode, and no time is of the future', () => {
    const look = fc.record({ mode: fc.constantFrom(...REDIS_MODES), own: fc.boolean() });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), (looks) => {
        let track: ModeTrack | null = null;
        for (const [i, { mode, own }] of looks.entries()) {
          const before: ModeTrack | null = track;
          track = stepTrack(before, own && mode !== 'unknown' ? word(mode) : seen(mode), T0 + i * TICK);
          if (before !== null && before.mode !== 'unknown') expect(track.mode).not.toBe('unknown');
          expect(track.sinceMs ?? 0).toBeLessThanOrEqual(T0 + i * TICK);
        }
      }),
      { seed: 7 },
    );
  });
});

const fleet = (mode: SeenMode, machines: Record<string, SeenMode> = {}): FleetMode => ({
  ...mode,
  contradictions: [],
  askedInVain: [],
  machines: new Map(Object.entries(machines)),
});

describe('the history of a fleet', () => {
  it('keeps a change of the fleet or of a machine, with all machines', () => {
    let book = stepBook(EMPTY_BOOK, fleet(word('active'), { a: word('active'), b: word('active') }), T0);
    book = stepBook(book, fleet(word('mixed'), { a: word('suspended_by_us'), b: word('active') }), T0 + TICK);
    const both = { a: word('suspended_by_us'), b: word('suspended_by_us') };
    book = stepBook(book, fleet(word('suspended_by_us'), both), T0 + 2 * TICK);
    book = stepBook(book, fleet(word('suspended_by_us'), both), T0 + 3 * TICK);
    expect(book.changes.map(({ mode, machines }) => [mode, machines.a, machines.b])).toEqual([
      ['active', 'active', 'active'],
      ['mixed', 'suspended_by_us', 'active'],
      ['suspended_by_us', 'suspended_by_us', 'suspended_by_us'],
    ]);
    expect(book.machines.b?.sinceMs).toBe(T0 + 2 * TICK);
  });

  it('a suspended machine that falls silent leaves nobody to say that Redis is in use everywhere', () => {
    const two = { a: word('active'), b: word('suspended_by_us') };
    let book = stepBook(EMPTY_BOOK, fleet(word('mixed'), two), T0);
    book = stepBook(book, fleet(word('active'), { a: word('active'), b: seen('unknown') }), T0 + TICK);
    expect(book.fleet).toMatchObject({ mode: 'mixed', unknownSinceMs: T0 + TICK });
    expect(book.changes.map(({ mode }) => mode)).toEqual(['mixed']);
    const back = stepBook(book, fleet(word('mixed'), two), T0 + 2 * TICK);
    expect(back.fleet).toMatchObject({ mode: 'mixed', unknownSinceMs: null });
    // Once it has left the fleet, the others are the fleet.
    expect(stepBook(book, fleet(word('active'), { a: word('active') }), T0 + 2 * TICK).fleet?.mode).toBe(
      'active',
    );
  });

  it('begins with what is known, not with the time before', () => {
    let book = stepBook(EMPTY_BOOK, fleet(seen('unknown')), T0);
    expect(book.changes).toEqual([]);
    book = stepBook(book, fleet(seen('active')), T0 + TICK);
    expect(book.changes).toMatchObject([{ mode: 'active', atMs: T0 + TICK }]);
  });

  it('forgets a machine that left and keeps at most 500 changes', () => {
    let book: ModeBook = EMPTY_BOOK;
    for (let n = 0; n < 600; n += 1) {
      book = stepBook(book, fleet(word(n % 2 ? 'active' : 'mixed'), { a: word('active') }), T0 + n * TICK);
    }
    expect(book.changes).toHaveLength(500);
    expect(book.changes.at(-1)?.atMs).toBe(T0 + 599 * TICK);
    expect(Object.keys(stepBook(book, fleet(word('active')), T0 + 600 * TICK).machines)).toEqual([]);
  });

  it('gives the stretches of suspension inside a range, never beyond now', () => {
    let book = stepBook(EMPTY_BOOK, fleet(word('active')), T0);
    book = stepBook(book, fleet(word('suspended_by_us')), T0 + 10 * TICK);
    book = stepBook(book, fleet(word('active')), T0 + 20 * TICK);
    book = stepBook(book, fleet(word('suspended_by_provider')), T0 + 30 * TICK);
    const range = { startMs: T0 + 12 * TICK, endMs: T0 + 100 * TICK };
    expect(suspendedSpans(book.changes, range, T0 + 40 * TICK)).toEqual([
      { startMs: T0 + 12 * TICK, endMs: T0 + 20 * TICK },
      { startMs: T0 + 30 * TICK, endMs: T0 + 40 * TICK },
    ]);
    expect(changesIn(book.changes, range)).toHaveLength(3);
    expect(suspendedSpans(book.changes, { startMs: T0 - 9, endMs: T0 }, T0)).toEqual([]);
  });
});
