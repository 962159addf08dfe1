import { describe, expect, it } from 'vitest';
import { claimValueText, effectText, promiseText, signedPercent } from './format-claim.ts';

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null;

describe('a claim in words', () => {
  it('never shows a rate or money without its window', () => {
    expect(claimValueText(733_000 / 3_600, 'commands', 'h')).toBe('733K/h');
    expect(claimValueText(35.18 / 86_400, 'usd', 'day')).toBe('$35.18/day');
    expect(claimValueText(0.352, 'seconds', null)?.replace('\u00a0', ' ')).toBe('352 ms');
    expect(claimValueText(null, 'usd', 'day')).toBe('–');
    expect(claimValueText(null, 'commands', 'h')).toBe('–');
  });

  it.each([
    ['atMost', '≤ 24'],
    ['atLeast', '≥ 24'],
    ['below', '< 24'],
    ['above', '> 24'],
  ] as const)('writes a promise of %s as %s', (direction, text) => {
    const promised = { direction, value: 24, limit: 25 };
    const claim = { promised, unit: 'connections', window: null } as Parameters<typeof promiseText>[0];
    expect(plain(promiseText(claim))).toBe(text);
    expect(promiseText({ ...claim, promised: null })).toBe('–');
  });

  it('keeps the sign of every percentage, with a real minus, and calls a rounded zero ±0', () => {
    expect([-96.7, 1.8, 0, -0.04, -58, 120.4, 99.97].map(signedPercent)).toEqual([
      '−96.7',
      '+1.8',
      '±0',
      '±0',
      '−58.0',
      '+120',
      '+100',
    ]);
  });

  it('shows an effect with its interval, an exact one without', () => {
    expect(plain(effectText({ effectPct: -96.7, interval: [-97.2, -96.1] }))).toBe('−96.7 % [−97.2, −96.1]');
    expect(plain(effectText({ effectPct: -20, interval: [-20, -20] }))).toBe('−20.0 %, exact');
    expect(plain(effectText({ effectPct: 5, interval: null }))).toBe('+5.0 %');
    expect(effectText({ effectPct: null, interval: null })).toBeNull();
  });
});
