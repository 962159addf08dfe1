import { describe, expect, it } from 'vitest';
import { CANT_TELL_REASONS } from '../model/claim.ts';
import { tellWhy, type WhyFacts } from './why.ts';
import { tellCantTell, tellStated } from './why-cant-tell.ts';
import {
  betweenText,
  changeText,
  countText,
  eventsText,
  levelText,
  percentText,
  signedText,
} from './why-words.ts';

const FACTS: WhyFacts = {
  state: 'met',
  isOver: false,
  promise: { kind: 'change', ratio: 0.033 },
  effectPct: -96.7,
  interval: [-97.2, -96.1],
  limitPct: -95.9,
  provenShare: 0.99,
  trailingPct: -96.5,
  burst: null,
  atEndPct: 3,
  warmUpMs: 0,
  requests: null,
  statedBeforeRatio: null,
  alreadyThere: false,
  baselineDays: 14,
  isWeak: false,
  isBeyondDay: false,
  counted: null,
};
/** Spaces that hold a number and its unit together are written as plain ones here. */
const tell = (facts: Partial<WhyFacts>) => tellWhy({ ...FACTS, ...facts }).replaceAll('\u00a0', ' ');
const guard = { kind: 'guard', against: 'rise', margin: 0.1, floorRatio: null } as const;

describe('why a claim stands where it stands', () => {
  it('a kept promise says how much, how sure, and since when', () => {
    expect(tell({})).toBe(
      'Falls by 96.7 % as promised. It is almost certainly between 96.1 and 97.2 % lower, at every look so far.',
    );
    expect(tell({ isOver: true })).toMatch(/over the whole watch\.$/);
  });

  it('a guard says what was allowed, and an improvement that it is better', () => {
    expect(tell({ promise: guard, effectPct: 1.2, interval: [-2, 4.4], limitPct: 10 })).toBe(
      'Has not risen by more than the 10 % that are allowed: 1.2 % higher. It is almost certainly between 2 % lower and 4.4 % higher, at every look so far.',
    );
    expect(tell({ promise: { kind: 'improve', toward: 'down' } })).toContain('which is better, as promised');
  });

  it('what is not certain yet says what is still possible', () => {
    expect(tell({ state: 'on_track', interval: [-98, -80] })).toBe(
      'Falls by 96.7 % so far, which would keep the promise. Not certain yet: anything between 80 and 98 % lower is still possible.',
    );
    expect(tell({ state: 'off_track', effectPct: -12, interval: [-40, 20] })).toBe(
      'Falls by 12 % so far, where a fall of 95.9 % would keep it. Not certain yet: anything between 40 % lower and 20 % higher is still possible.',
    );
  });

  it('undecided names the precision that is missing, or what bursts carry', () => {
    const near = { promise: guard, effectPct: 9, interval: [-1.6, 20.7] as const, limitPct: 10 };
    expect(tell({ ...near, state: 'undecided' })).toContain(
      'too near to be told: anything between 1.6 % lower and 20.7 % higher is still possible, and even at the end it would be known to ±3 % only',
    );
    expect(tell({ ...near, state: 'undecided', isOver: true })).toContain(
      'The watch is over and could not tell',
    );
    expect(tell({ state: 'undecided', effectPct: -97.5, burst: { sumsPct: -89.4, burstPct: 78.2 } })).toBe(
      'Most of the time it is 97.5 % lower, but all in all only 89.4 % lower: bursts carry 78.2 % of the total.',
    );
    expect(tell({ state: 'undecided', effectPct: -19.3, burst: { sumsPct: -19, burstPct: 14 } })).toMatch(
      /^Block by block it is 19.3 % lower, in sum 19 % lower/,
    );
  });

  it('what goes wrong says which way and against what', () => {
    expect(tell({ state: 'failing', effectPct: 8, interval: [2, 14] })).toBe(
      'Goes the wrong way: 8 % higher, almost certainly between 2 and 14 % higher.',
    );
    expect(tell({ state: 'failing', effectPct: -60, interval: [-70, -40] })).toContain(
      'The last 2 h alone would keep it',
    );
    expect(tell({ state: 'missed', effectPct: -12, interval: [-15, -9] })).toBe(
      'Falls by 12 %, where a fall of 95.9 % would keep it. It is almost certainly between 9 and 15 % lower.',
    );
    expect(tell({ state: 'worse', effectPct: 40, interval: [33, 47] })).toContain(
      'where a fall was promised',
    );
    expect(
      tell({ state: 'worse', promise: guard, limitPct: 10, effectPct: 40, interval: [33, 47] }),
    ).toContain('where up to 10 % higher is allowed');
    expect(tell({ state: 'relapsed', trailingPct: 3 })).toContain('over the last 2 h it is 3 % higher');
  });

  it('most of a promise says how much of it is proven', () => {
    expect(tell({ state: 'mostly_met', effectPct: -92, interval: [-93, -90], provenShare: 0.931 })).toContain(
      '93 % of what was promised is proven',
    );
    expect(tell({ state: 'mostly_met', effectPct: -96, interval: [-99, -50], provenShare: 0.52 })).toContain(
      'which reaches the promise; 52 % of it is proven',
    );
    expect(tell({ state: 'mostly_met' })).toContain('in the first hour that counts as most of it');
  });

  it('adds what changes how it is to be read', () => {
    expect(tell({ warmUpMs: 3_600_000 })).toContain('Counted after a warm-up of 60 min.');
    expect(tell({ requests: { requestsPct: -30, perRequestPct: -3 } })).toContain(
      'Requests fell by 30 %: per request it is −3 %.',
    );
    expect(tell({ requests: { requestsPct: 4, perRequestPct: -3 } })).not.toContain('equests');
    expect(tell({ statedBeforeRatio: 2 })).toContain(
      'Before the deploy it was 50 % lower than the summary says',
    );
    expect(tell({ alreadyThere: true, state: 'on_track' })).toContain('there before the deploy already');
    expect(tell({ isWeak: true, baselineDays: 1, state: 'on_track' })).toContain(
      'Only one comparable day before it',
    );
    expect(tell({ isBeyondDay: true })).toContain('After the first day');
  });

  it('rare events are told by their number', () => {
    const counted = { events: 1, hours: 5.2, usualEvents: 26, canTell: true };
    expect(tell({ state: 'met', counted })).toBe(
      'One event in 5.2 h where 26 are usual, which keeps the promise whatever chance did so far.',
    );
    expect(tell({ state: 'off_track', counted: { ...counted, usualEvents: 0 } })).toContain(
      'there usually is none',
    );
    expect(tell({ state: 'undecided', counted: { ...counted, canTell: false } })).toContain(
      'too rare to prove that they become more',
    );
    expect(tell({ state: 'settling', counted })).toMatch(/^Too early/);
  });

  it('every reason for not telling is a sentence of its own, with what was seen and what stood', () => {
    const said = CANT_TELL_REASONS.map((reason) =>
      tellCantTell(reason, { evidence: null, held: null, originMs: 0 }),
    );
    expect(new Set(said).size).toBe(CANT_TELL_REASONS.length);
    const held = {
      state: 'off_track',
      provisional: true,
      sinceMs: 1_200_000,
      untilMs: 9_600_000,
      effectPct: -0.4,
      interval: [-3, 2] as const,
      after: 5,
    } as const;
    expect(
      tellCantTell('redis_suspended', { evidence: 'Redis suspended by v1205', held, originMs: 0 }).replaceAll(
        '\u00a0',
        ' ',
      ),
    ).toBe(
      'It was off track after 2 h 40 m, 0.4 % lower. Redis suspended by v1205: what is measured since then is the suspension, not the deploy.',
    );
    expect(tellStated('on_track', false)).toContain('a tendency and no verdict');
    expect(tellStated('off_track', true)).toContain('0 all the time');
    expect(tellStated('settling', false)).toMatch(/^Too early/);
  });
});

describe('numbers in words', () => {
  it('keep three digits, and never round a fall up to everything', () => {
    expect(
      [96.73, 25, 4.25, 99.97, 100, 132.6].map((each) => percentText(each).replace('\u00a0', ' ')),
    ).toEqual(['96.7 %', '25 %', '4.3 %', '99.97 %', '100 %', '133 %']);
  });

  it('say times where percentages stop to speak', () => {
    expect(levelText(500)).toBe('6 times as much');
    expect(changeText(1_140)).toBe('Rises to 12 times as much');
    expect(changeText(0.01)).toBe('Is unchanged');
    expect(levelText(0)).toBe('unchanged');
    expect(signedText(-3)).toBe('−3\u00a0%');
    expect(signedText(0.04)).toBe('0\u00a0%');
    expect(betweenText([50, 900])).toBe('between 50\u00a0% higher and 10 times as much');
    expect(betweenText([-5, -5])).toBe('5\u00a0% lower');
    expect(betweenText([0, 0])).toBe('unchanged');
    expect([0, 1, 12, 69_423].map(eventsText)).toEqual([
      'no event',
      'one event',
      '12 events',
      '69,423 events',
    ]);
    expect(countText(1_234_567.6)).toBe('1,234,568');
  });
});
