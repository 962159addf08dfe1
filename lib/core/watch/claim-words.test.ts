import { describe, expect, it } from 'vitest';
import { type ClaimWordsOptions, readClaimWords } from './claim-words.ts';

const EVENTS: ClaimWordsOptions = { ownSeconds: null, isRate: true, good: 'down' };
const GAUGE: ClaimWordsOptions = { ownSeconds: null, isRate: false, good: 'down' };

const change = (ratio: number) => ({
  target: { promise: { kind: 'change', ratio }, level: null, statedBefore: null },
});
const guard = (against: 'rise' | 'fall', margin = 0.1) => ({
  target: { promise: { kind: 'guard', against, margin, floorRatio: null }, level: null, statedBefore: null },
});
const improve = (toward: 'down' | 'up') => ({
  target: { promise: { kind: 'improve', toward }, level: null, statedBefore: null },
});
const level = (value: number, direction: 'down' | 'up', statedBefore: number | null = null) => ({
  target: { promise: null, level: { value, direction }, statedBefore },
});

describe('a claim in words', () => {
  it.each<[text: string, ratio: number]>([
    ['falls by 96.7%', 0.033],
    ['Falls by 96.7 %.', 0.033],
    ['fell 96.7%', 0.033],
    ['should fall by about 96.7 percent', 0.033],
    ['drops by 50%', 0.5],
    ['is reduced by 20 %', 0.8],
    ['reduced by 20%', 0.8],
    ['must decrease by at least 80%', 0.2],
    ['goes down by 10%', 0.9],
    ['will be lower by 10%', 0.9],
    ['falls by 95–99 %', 0.05],
    ['−96.7 %', 0.033],
    ['-40%', 0.6],
    ['falls by 100%', 0],
    ['97% fewer', 0.03],
    ['halves', 0.5],
    ['falls by half', 0.5],
    ['falls by a factor of 4', 0.25],
    ['falls 10x', 0.1],
    ['5x fewer', 0.2],
    ['rises by 20%', 1.2],
    ['it should grow by 20 %', 1.2],
    ['increases by 5.5%', 1.055],
    ['+20%', 1.2],
    ['30 % more', 1.3],
    ['doubles', 2],
    ['rises 3-fold', 3],
    ['rises by a factor of 2.5', 2.5],
  ])('%s is a ratio of what is usual', (text, ratio) => {
    expect(readClaimWords(text, EVENTS)).toEqual(change(ratio));
  });

  it.each<[text: string, perSecond: number, direction: 'down' | 'up', before?: number]>([
    ['falls to 24000/h', 24_000 / 3_600, 'down'],
    ['falls to 24,000 per hour', 24_000 / 3_600, 'down'],
    ['fall to ~24K/h', 24_000 / 3_600, 'down'],
    ['drops to 24k / hour', 24_000 / 3_600, 'down'],
    ['falls from 733K/h to 24K/h', 24_000 / 3_600, 'down', 733_000 / 3_600],
    ['733K → 24K/h', 24_000 / 3_600, 'down', 733_000 / 3_600],
    ['100/min -> 300/min', 5, 'up', 100 / 60],
    ['stays below 5/h', 5 / 3_600, 'down'],
    ['at most 5 an hour', 5 / 3_600, 'down'],
    ['must be ≤ 5/h', 5 / 3_600, 'down'],
    ['< 1.5M/week', 1.5e6 / 604_800, 'down'],
    ['at least 200/s', 200, 'up'],
    ['rises to 10/minute', 10 / 60, 'up'],
    ['falls to zero', 0, 'down'],
    ['must be 0', 0, 'down'],
    ['stays at 0/h', 0, 'down'],
    ['falls to 0/h', 0, 'down'],
  ])('%s is a level per second', (text, perSecond, direction, before = undefined) => {
    expect(readClaimWords(text, EVENTS)).toEqual(level(perSecond, direction, before ?? null));
  });

  it('a level without a time is in the unit of the series, where it has one', () => {
    expect(readClaimWords('falls to 300', { ...EVENTS, ownSeconds: 60 })).toEqual(level(5, 'down'));
    expect(readClaimWords('falls to 0.2', GAUGE)).toEqual(level(0.2, 'down'));
    expect(readClaimWords('falls from 212 to 48', GAUGE)).toEqual(level(48, 'down', 212));
  });

  it.each<[text: string, expected: unknown]>([
    ['must not increase', guard('rise')],
    ["doesn't rise", guard('rise')],
    ['should not increase by more than 25%', guard('rise', 0.25)],
    ['must not fall', guard('fall')],
    ['no increase', guard('rise')],
    ['no drop of more than 5 %', guard('fall', 0.05)],
    ['must not get worse', guard('rise')],
    ['should improve', improve('down')],
    ['improves', improve('down')],
    ['should fall', improve('down')],
    ['rises', improve('up')],
  ])('%s promises without a number', (text, expected) => {
    expect(readClaimWords(text, EVENTS)).toEqual(expected);
  });

  it('what is better decides what "improve" and "get worse" mean', () => {
    const up = { ...GAUGE, good: 'up' } as const;
    expect(readClaimWords('should improve', up)).toEqual(improve('up'));
    expect(readClaimWords('must not get worse', up)).toEqual(guard('fall'));
  });

  it.each<[text: string, options: ClaimWordsOptions, said: RegExp]>([
    ['', EVENTS, /is no claim/],
    ['faster', EVENTS, /is no claim/],
    ['falls by 5', EVENTS, /is no claim/],
    ['grows threefold', EVENTS, /is no claim/],
    ['falls by 120%', EVENTS, /more than 100 %/],
    ['falls by 0%', EVENTS, /must not increase/],
    ['falls by a factor of 0.5', EVENTS, /above 1/],
    ['falls to 24000', EVENTS, /names no time/],
    ['falls to 24000/fortnight', EVENTS, /"fortnight" is no time/],
    ['falls to 24000/constructor', EVENTS, /is no time/],
    ['falls to 5/h', GAUGE, /gauge is a level/],
    ['falls from 5/h to 9/h', EVENTS, /opposite directions/],
    ['5/h → 5/h', EVENTS, /the same/],
    ['falls by 96.7% and rises by 20%', EVENTS, /is no claim/],
    ['x'.repeat(5_000), EVENTS, /x{80}…/],
  ])('%s is refused with what is wrong, and with examples', (text, options, said) => {
    const read = readClaimWords(text, options);
    expect(read).toHaveProperty('fault');
    if (!('fault' in read)) return;
    expect(read.fault).toMatch(said);
    expect(read.fault).toContain('falls by 96.7%');
    expect(read.fault.length).toBeLessThan(400);
  });
});
