import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { FIRST_DEPLOY_MS, SUSPENDED_MS } from '../fixtures/evening.ts';
import { interruptedDetail, verdictOf } from '../fixtures/watch-detail.ts';
import { heldWords, restsOn } from './claim-rests.ts';

const plain = (text: string | null | undefined) => (text ?? '').replaceAll('\u00a0', ' ');
const EMPTY = verdictOf({
  smallestChangePct: { after1h: null, after6h: null, after24h: null },
  blocks: { usable: 0, of: 0 },
  baseline: { kind: 'none', days: 0, excludedDays: 0, weak: true },
});

function rest(name: string, over: Parameters<typeof verdictOf>[0]): string | undefined {
  const found = restsOn(verdictOf(over), FIRST_DEPLOY_MS).find((row) => row.name === name);
  return found === undefined ? undefined : plain(found.text);
}

describe('what a verdict rests on', () => {
  it('leaves out what nothing is known of, and invents no number', () => {
    const rows = restsOn(EMPTY, FIRST_DEPLOY_MS);
    expect(rows.map(({ name, text }) => `${name}: ${text}`)).toEqual([
      'Compared with: none',
      'Blocks used: none yet',
    ]);
  });

  it.each([
    ['measured', '14 days before the deploy, measured here; 2 left out'],
    [
      'backfilled',
      '14 days before the deploy, from a provider’s memory: no more than provisional; 2 left out',
    ],
    ['stated', 'nobody measured it before: the summary’s own number, so no more than on track; 2 left out'],
  ] as const)('says whose days a %s baseline is made of', (kind, text) => {
    expect(rest('Compared with', { baseline: { kind, days: 14, excludedDays: 2, weak: false } })).toBe(text);
  });

  it('says that too few days hold it back', () => {
    const weak = { kind: 'measured', days: 1, excludedDays: 0, weak: true } as const;
    expect(rest('Compared with', { baseline: weak })).toBe(
      '1 day before the deploy, measured here; fewer than 7: no more than on track',
    );
  });

  it('tells when it was told, by when it can be, and what change shows after how long', () => {
    const atMs = FIRST_DEPLOY_MS + 4 * HOUR_MS;
    expect(rest('Told at', { decidedAtMs: atMs })).toBe('21:54Z, T+04:00');
    expect(rest('Can be told by', { decidableByMs: atMs })).toBe('21:54Z, T+04:00, if nothing changes');
    expect(
      rest('Shows at least', { smallestChangePct: { after1h: null, after6h: 12.4, after24h: 3.25 } }),
    ).toBe('a change of none after 1 h, 12 % after 6 h, 3.3 % after 24 h');
  });

  it('names the warm-up that the sums leave out', () => {
    expect(rest('By its sums', { sumsPct: { cumulative: -96.5, trailing: -96.9, warmUpMs: HOUR_MS } })).toBe(
      '−96.5 % in all after a warm-up of 1 h, −96.9 % over the last 2 h',
    );
    expect(
      rest('By its sums', { sumsPct: { cumulative: null, trailing: null, warmUpMs: 0 } }),
    ).toBeUndefined();
  });

  it('doubts a change that began before the deploy', () => {
    const at = (shiftMs: number) => FIRST_DEPLOY_MS + shiftMs;
    const onset = (shiftMs: number) => ({
      atMs: at(shiftMs),
      loMs: at(shiftMs - MINUTE_MS),
      hiMs: at(shiftMs + MINUTE_MS),
    });
    expect(rest('Began', { onset: onset(3 * MINUTE_MS) })).toMatch(/^3 m after the deploy, between/);
    expect(rest('Began', { onset: onset(-2 * HOUR_MS) })).toMatch(
      /^2 h before the deploy, .*: probably not this deploy$/,
    );
    expect(rest('Began', { onset: onset(0) })).toMatch(/^with the deploy/);
  });

  it.each([
    [0, 'less than 1 %'],
    [0.5, '50 %'],
    [1, 'more than 99 %'],
  ])('never calls a chance of %s certain, and says that no rule uses it', (probability, text) => {
    expect(rest('Chance', { probability })).toBe(`${text} that it is kept; no rule uses this`);
  });

  it('keeps on show what stood before a guard', () => {
    const { gets, limited } = interruptedDetail().verdicts;
    expect(gets && plain(heldWords(gets))).toBe('off track since 18:14Z, −0.7 % [−3.1, +1.8], until 20:34Z');
    expect(limited && heldWords(limited)).toBeNull();
    expect(gets?.held?.untilMs).toBe(SUSPENDED_MS);
  });
});
