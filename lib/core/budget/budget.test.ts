import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { addActs, contactsOf, meanActs, NO_ACTS } from './acts.ts';
import { dayOf, nextDayMs } from './day.ts';
import { allowsDense, allowsVisit, type ContactBudget, intervalWithin } from './pace.ts';
import { costUsd, PRICE_IDS, PRICES } from './prices.ts';
import { projectDay } from './project.ts';
import { commandPrice } from './source-price.ts';

const MIDNIGHT_MS = Date.UTC(2026, 3, 9);
const BUDGET: ContactBudget = { contactsPerDay: 500, denseContactsPerDay: 400, mostPerVisit: 7 };
const FIVE_MS = 5 * MINUTE_MS;

describe('prices', () => {
  it.each(PRICE_IDS.map((id) => [id, PRICES[id]] as const))(
    '%s says what, how much, where and when',
    (_id, price) => {
      expect(price.usd).toBeGreaterThan(0);
      expect(price.per).toBeGreaterThan(0);
      expect(price.what.length).toBeGreaterThan(10);
      expect(new URL(price.source).protocol).toBe('https:');
      expect(price.seenOn).toMatch(/^20\d\d-(0[1-9]|1[0-2])(-[0-3]\d)?$/);
    },
  );

  it('a poll of three commands every ten seconds costs $1.56 in 30 days', () => {
    expect(costUsd((3 * 30 * DAY_MS) / 10_000, PRICES.upstash_command)).toBeCloseTo(1.5552, 4);
    expect(costUsd(288, PRICES.upstash_command)).toBeCloseTo(0.000576, 9);
    expect(costUsd(null, PRICES.upstash_command)).toBeNull();
  });

  it.each([
    [{ host: 'eu1-calm-lake-12345.upstash.io', flavour: null }, true],
    [{ host: 'UPSTASH.IO.', flavour: null }, true],
    [{ host: 'cache.internal', flavour: 'upstash' }, true],
    [{ host: 'notupstash.io', flavour: null }, false],
    [{ host: 'cache.internal', flavour: 'valkey' }, false],
  ])('a command to %o has a known price: %s', (billed, known) => {
    expect(commandPrice(billed)).toBe(known ? PRICES.upstash_command : null);
  });
});

describe('what a day costs', () => {
  it('is the mean visit at the present pace; nobody can tell before the first', () => {
    const mean = meanActs([
      { ...NO_ACTS, commands: 1 },
      { ...NO_ACTS, commands: 3, connects: 1 },
    ]);
    expect(projectDay(mean, FIVE_MS)).toEqual({ ...NO_ACTS, commands: 576, connects: 144 });
    expect(projectDay(meanActs([]), FIVE_MS)).toBeNull();
    expect(projectDay(mean, 0)).toBeNull();
  });

  it('contacts are commands and connects', () => {
    const acts = addActs({ ...NO_ACTS, commands: 2, queries: 9 }, { ...NO_ACTS, connects: 3, requests: 9 });
    expect(contactsOf(acts)).toBe(5);
  });

  it('ends at midnight UTC', () => {
    expect(nextDayMs(MIDNIGHT_MS)).toBe(MIDNIGHT_MS + DAY_MS);
    expect(nextDayMs(MIDNIGHT_MS - 1)).toBe(MIDNIGHT_MS);
    expect([dayOf(MIDNIGHT_MS - 1), dayOf(MIDNIGHT_MS)]).toEqual(['2026-04-08', '2026-04-09']);
  });
});

describe('the budget of a day', () => {
  const at = (hour: number, spent: number, perVisit = 1) => ({
    spent,
    perVisit,
    nowMs: MIDNIGHT_MS + hour * HOUR_MS,
  });

  it('allows a visit only while its dearest course fits', () => {
    expect(allowsVisit(BUDGET, 493)).toBe(true);
    expect(allowsVisit(BUDGET, 494)).toBe(false);
  });

  it('leaves a cheap source on its beat all day', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      expect(intervalWithin(BUDGET, FIVE_MS, at(hour, 5 + hour * 12))).toBe(FIVE_MS);
    }
  });

  it.each([
    [2, 2],
    [3, 2],
    [4, 3],
    [7, 6],
  ])('%i contacts a visit make the interval %i times as long, and the whole day fits', (perVisit, times) => {
    const intervalMs = intervalWithin(BUDGET, FIVE_MS, at(0, 0, perVisit));
    expect(intervalMs).toBe(times * FIVE_MS);
    expect((DAY_MS / intervalMs) * perVisit).toBeLessThanOrEqual(BUDGET.contactsPerDay);
  });

  it('a short interval of the config is made as long as the budget needs, and divides an hour', () => {
    const intervalMs = intervalWithin(BUDGET, 15_000, at(0, 0));
    expect(HOUR_MS % intervalMs).toBe(0);
    expect(DAY_MS / intervalMs).toBeLessThanOrEqual(450);
  });

  it('what was spent early in the day makes the rest of it slower, an hour at most', () => {
    expect(intervalWithin(BUDGET, FIVE_MS, at(12, 400))).toBe(2 * FIVE_MS);
    expect(intervalWithin(BUDGET, FIVE_MS, at(1, 490))).toBe(HOUR_MS);
    expect(intervalWithin(BUDGET, 2 * HOUR_MS, at(1, 490))).toBe(2 * HOUR_MS);
  });

  it('a dense pace is given while the usual one can be paid until midnight', () => {
    expect(allowsDense(BUDGET, FIVE_MS, at(12, 150))).toBe(true);
    expect(allowsDense(BUDGET, FIVE_MS, at(12, 249))).toBe(true);
    expect(allowsDense(BUDGET, FIVE_MS, at(12, 250))).toBe(false);
  });
});
