import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../time/range.ts';
import type { Seen } from './look.ts';
import { findingOf } from './rules/rule.ts';
import { type Sparks, sparkOf, stepSparks } from './sparks.ts';
import { levelsOf } from './step-alert.ts';

const START_MS = Date.UTC(2026, 3, 9, 20);
const seen = (value: number | null, trigger = 10, id = 'http_429'): Seen => ({
  ...{ id, rule: 'http_429' },
  finding: findingOf({ value, levels: levelsOf(trigger), title: '' }),
});
const play = (
  looks: readonly (readonly [minute: number, value: number | null])[],
  from: Sparks = {},
): Sparks =>
  looks.reduce(
    (sparks, [minute, value]) => stepSparks(sparks, [seen(value)], START_MS + minute * MINUTE_MS),
    from,
  );
const last = (sparks: Sparks, minute: number, count: number) =>
  sparkOf(sparks, 'http_429', START_MS + minute * MINUTE_MS).slice(-count);

describe('the last hour of an alert', () => {
  it('is the highest share of the trigger in each minute, and nothing where nothing was known', () => {
    const sparks = play([
      [0, 5],
      [1, 20],
      [1.5, 10],
      [2, null],
      [3, 0],
    ]);
    expect(last(sparks, 3, 5)).toEqual([null, 0.5, 2, null, 0]);
    expect(sparkOf(sparks, 'http_429', START_MS + 3 * MINUTE_MS)).toHaveLength(60);
  });

  it('moves on while nobody looks, and is all unknown where nothing was noted', () => {
    const sparks = play([
      [0, 5],
      [4, 10],
    ]);
    expect(last(sparks, 6, 7)).toEqual([0.5, null, null, null, 1, null, null]);
    expect(new Set(sparkOf(sparks, 'constructor', START_MS))).toEqual(new Set([null]));
  });

  it('forgets what nobody has spoken of for an hour', () => {
    const sparks = play([[0, 5]]);
    const others = (minute: number) =>
      stepSparks(sparks, [seen(1, 1, 'other')], START_MS + minute * MINUTE_MS);
    expect(Object.keys(others(59))).toEqual(['http_429', 'other']);
    expect(Object.keys(others(60))).toEqual(['other']);
  });

  it('knows no share of a trigger that is none', () => {
    const at = (value: number, trigger: number) =>
      sparkOf(stepSparks({}, [seen(value, trigger)], START_MS), 'http_429', START_MS).at(-1);
    expect([at(5, 0), at(Number.NaN, 5), at(Number.POSITIVE_INFINITY, 5), at(5, 5)]).toEqual([
      null,
      null,
      null,
      1,
    ]);
  });
});
