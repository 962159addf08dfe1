import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertState } from '../model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { type AlertTrack, levelsOf, newTrack, stepAlert } from './step-alert.ts';

const START_MS = Date.UTC(2026, 3, 9, 20);
const LEVELS = levelsOf(10);

/** States after values that come a minute apart; `-` is an evaluation without a value. */
function play(text: string, levels = LEVELS): { states: AlertState[]; last: AlertTrack } {
  let track = newTrack(START_MS);
  const states = text
    .trim()
    .split(/\s+/)
    .map((word, index) => {
      const value = word === '-' ? null : Number(word);
      track = stepAlert(track, value, levels, START_MS + index * MINUTE_MS);
      return track.state;
    });
  return { states, last: track };
}

const times = (count: number, word: string): string => Array(count).fill(word).join(' ');

describe('an alert', () => {
  it.each<[name: string, values: string, state: AlertState]>([
    ['is quiet below its trigger', '9 9 9', 'inactive'],
    ['waits for a second look', '12', 'pending'],
    ['fires on the second', '12 10', 'firing'],
    ['forgets a single spike', '12 3', 'inactive'],
    ['is not confirmed by silence', `12 ${times(60, '-')}`, 'pending'],
    ['is confirmed by the next value after a silence', '12 - - 12', 'firing'],
    ['goes on at half the trigger', '12 12 5', 'firing'],
    ['recovers below half the trigger', '12 12 4', 'recovering'],
    ['is not over before 15 min', `12 12 ${times(15, '4')}`, 'recovering'],
    ['is over after 15 min', `12 12 ${times(16, '4')}`, 'resolved'],
    [
      'begins to count again when it rises above half',
      `12 12 ${times(10, '4')} 6 ${times(15, '4')}`,
      'recovering',
    ],
    ['fires at once when it comes back', '12 12 4 4 12', 'firing'],
    ['is never resolved by missing data', `12 12 4 ${times(300, '-')}`, 'recovering'],
    ['counts no time in which nothing was known', `12 12 4 4 ${times(60, '-')} 4 4`, 'recovering'],
    ['must wait again after it was resolved', `12 12 ${times(16, '4')} 12`, 'pending'],
  ])('%s', (_name, values, state) => {
    expect(play(values).states.at(-1)).toBe(state);
  });

  it('holds as long as its rule says, even when it is seen often', () => {
    const held = levelsOf(10, 5 * MINUTE_MS);
    expect(play(times(5, '12'), held).states.at(-1)).toBe('pending');
    expect(play(times(6, '12'), held).states.at(-1)).toBe('firing');
  });

  it('keeps the time and the height of what it is about through a relapse', () => {
    expect(play('12 13 4 50 11').last.fired).toEqual({ atMs: START_MS + MINUTE_MS, peak: 50 });
  });

  it('leaves the list a day after it was resolved, also when nothing is known then', () => {
    const resolved = play(`12 12 ${times(16, '4')}`).last;
    const at = (ms: number, value: number | null) =>
      stepAlert(resolved, value, LEVELS, resolved.sinceMs + ms).state;
    expect(at(24 * HOUR_MS - 1, 1)).toBe('resolved');
    expect(at(24 * HOUR_MS, 1)).toBe('inactive');
    expect(at(24 * HOUR_MS, null)).toBe('inactive');
  });

  const steps = fc.array(
    fc.tuple(fc.option(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 1, max: 10 * MINUTE_MS })),
    { maxLength: 120 },
  );

  it('changes nothing when it is stepped twice at one time', () => {
    fc.assert(
      fc.property(steps, fc.option(fc.integer({ min: 0, max: 20 })), (run, other) => {
        let track = newTrack(START_MS);
        let nowMs = START_MS;
        for (const [value, waitMs] of run) {
          nowMs += waitMs;
          track = stepAlert(track, value, LEVELS, nowMs);
          expect(stepAlert(track, other, LEVELS, nowMs)).toBe(track);
        }
      }),
    );
  });

  it('never fires before its hold time, and no missing value moves it towards firing or resolved', () => {
    const held = levelsOf(10, 3 * MINUTE_MS);
    fc.assert(
      fc.property(steps, (run) => {
        let track = newTrack(START_MS);
        let nowMs = START_MS;
        let hitSinceMs: number | null = null;
        for (const [value, waitMs] of run) {
          nowMs += waitMs;
          const before = track.state;
          track = stepAlert(track, value, held, nowMs);
          if (value !== null) hitSinceMs = value >= 10 ? (hitSinceMs ?? nowMs) : null;
          if (track.state === 'firing' && before === 'pending') {
            expect(nowMs - (hitSinceMs ?? nowMs)).toBeGreaterThanOrEqual(3 * MINUTE_MS);
          }
          if (value === null && track.state !== before)
            expect([before, track.state]).toEqual(['resolved', 'inactive']);
        }
      }),
    );
  });
});
