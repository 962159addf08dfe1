import { describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../verdict/test-series.ts';
import type { Firing } from './firing.ts';
import { detectPlateaus, type LevelSample, type PlateauInput } from './plateau.ts';

const MINUTE = 60_000;
const DAY = 1_440;
const ORIGIN = 3 * DAY * MINUTE;

/** Noise about a daily course, a sample a minute; `after` says what becomes of a value of the watch. */
function samplesOf(after: (value: number, minute: number) => number, minutes = 180): LevelSample[] {
  const random = seededRandom(11);
  return Array.from({ length: 3 * DAY + minutes }, (_, i) => {
    const course = 1 + 0.3 * Math.sin((2 * Math.PI * i) / DAY);
    const value = 1_000 * course * Math.exp(0.05 * randomNormal(random));
    return { atMs: i * MINUTE, value: i < 3 * DAY ? value : after(value, i - 3 * DAY) };
  });
}

function firingsOf(samples: readonly LevelSample[], more: Partial<PlateauInput> = {}): Firing[] {
  return detectPlateaus({
    samples,
    sampleMs: MINUTE,
    fromMs: ORIGIN,
    nowMs: (samples.at(-1)?.atMs ?? 0) + MINUTE,
    sinceMs: ORIGIN,
    quota: null,
    refusedIn: null,
    ...more,
  });
}

const capped = (cap: number) => samplesOf((value) => Math.min(cap, 3 * value));

describe('a flat top', () => {
  it('is found within 35 min when demand presses against a ceiling, and lasts while it does', () => {
    const [found, ...more] = firingsOf(capped(1_500));
    expect(more).toEqual([]);
    expect(found?.endMs).toBeNull();
    expect(found?.value).toBe(1_500);
    expect(((found?.startMs ?? 0) - ORIGIN) / MINUTE).toBeLessThanOrEqual(30);
  });

  it('ends when the ceiling is gone', () => {
    const samples = samplesOf((value, minute) => (minute < 90 ? Math.min(1_500, 3 * value) : value), 240);
    const [found] = firingsOf(samples);
    const endMinute = ((found?.endMs ?? Number.NaN) - ORIGIN) / MINUTE;
    expect(endMinute).toBeGreaterThan(75);
    expect(endMinute).toBeLessThan(125);
  });

  it('is not seen where nothing is capped, after a fall, or after a plain rise', () => {
    expect(firingsOf(samplesOf((value) => value))).toEqual([]);
    expect(firingsOf(samplesOf((value) => 0.05 * value))).toEqual([]);
    expect(firingsOf(samplesOf((value) => 3 * value))).toEqual([]);
  });

  it('a flat level far below the top is none', () => {
    expect(firingsOf(samplesOf(() => 500))).toEqual([]);
  });

  it('a lower level that moved since the deploy has a top of its own', () => {
    const lower = (value: number, minute: number) => (minute < 60 ? 0.3 * value : Math.min(420, value));
    const [found] = firingsOf(samplesOf(lower));
    expect(((found?.startMs ?? Number.NaN) - ORIGIN) / MINUTE).toBeGreaterThan(60);
    expect(((found?.startMs ?? Number.NaN) - ORIGIN) / MINUTE).toBeLessThan(95);
  });

  it('a metric that is always flat stays quiet', () => {
    const flat = Array.from({ length: 3 * DAY + 120 }, (_, i) => ({ atMs: i * MINUTE, value: 45 }));
    expect(firingsOf(flat)).toEqual([]);
  });

  it('a level that fell to a few of its smallest steps is not flat', () => {
    const whole = samplesOf((value) => 0.003 * value).map(({ atMs, value }) => ({
      atMs,
      value: Math.round(value),
    }));
    expect(firingsOf(whole)).toEqual([]);
  });

  it('a known quota takes the place of the level: flat below it is none, flat at it is one', () => {
    expect(firingsOf(capped(1_500), { quota: 2_000 })).toEqual([]);
    const [found] = firingsOf(capped(1_500), { quota: 1_510 });
    expect(found).toMatchObject({ expected: 1_510, what: expect.stringContaining('99.3 % of its quota') });
  });

  it('requests that are refused at the same time make it severe', () => {
    expect(firingsOf(capped(1_500))[0]?.isSevere).toBe(false);
    expect(firingsOf(capped(1_500), { refusedIn: () => 3 })[0]?.isSevere).toBe(true);
  });

  it('nothing is told without a day before, or of too few samples', () => {
    const short = capped(1_500).slice(-400);
    expect(firingsOf(short)).toEqual([]);
    const sparse = capped(1_500).filter(({ atMs }) => atMs < ORIGIN || (atMs / MINUTE) % 5 === 0);
    expect(firingsOf(sparse)).toEqual([]);
  });

  it('rows of five minutes have longer windows', () => {
    const sparse = samplesOf((value) => Math.min(1_500, 3 * value), 600).filter(
      ({ atMs }) => (atMs / MINUTE) % 5 === 0,
    );
    expect(firingsOf(sparse, { sampleMs: 5 * MINUTE })).toHaveLength(1);
  });
});
