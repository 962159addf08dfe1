import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../markdown/test-any-text.ts';
import { CLAIM_STATES } from '../model/claim.ts';
import { HOUR_MS } from '../time/range.ts';
import { type BadgeWatch, badgeSvg, textWidth } from './badge-svg.ts';

const ORIGIN_MS = Date.parse('2026-04-09T17:54:52Z');
const watch = (change: Partial<BadgeWatch> = {}): BadgeWatch => ({
  release: 'v1203',
  state: 'met',
  provisional: true,
  byHand: false,
  originMs: ORIGIN_MS,
  endMs: ORIGIN_MS + 24 * HOUR_MS,
  ...change,
});
const show = (change: Partial<BadgeWatch> = {}, hours = 2) =>
  badgeSvg({ kind: 'watch', watch: watch(change), nowMs: ORIGIN_MS + hours * HOUR_MS });
const wordsIn = (svg: string) => /<title>Afterwatch: (.*)<\/title>/.exec(svg)?.[1];

/** Relative luminance of sRGB, as WCAG has it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe('a badge', () => {
  it('says release, state and how far the watch is; never more than its length', () => {
    expect(wordsIn(show())).toBe('v1203 met so far T+02:00');
    expect(wordsIn(show({ provisional: false }, 30))).toBe('v1203 met T+24:00');
    expect(wordsIn(show({ state: 'cant_tell' }))).toBe('v1203 can’t tell T+02:00');
    expect(wordsIn(show({}, -5))).toBe('v1203 met so far T+00:00');
    expect(wordsIn(show({ state: 'missed', byHand: true }))).toBe('v1203 missed by hand T+02:00');
    expect(wordsIn(badgeSvg({ kind: 'quiet' }))).toBe('nothing watched');
    expect(wordsIn(badgeSvg({ kind: 'gone' }))).toBe('unknown badge');
  });

  it('has a name for those who cannot see it, and no style, script or anything from outside', () => {
    const svg = show();
    expect(svg).toContain('role="img" aria-label="Afterwatch: v1203 met so far T+02:00"');
    expect(svg).not.toMatch(/style|script|href|url\((?!#r\))|<image|<foreign|xlink|on\w+=/i);
  });

  it('is as wide as its two boxes, and each text as wide as it is set to be', () => {
    const svg = show();
    const boxes = [...svg.matchAll(/<rect (?:x="(\d+)" )?width="(\d+)" height="20" fill/g)];
    const [left = 0, right = 0] = boxes.map(([, , width]) => Number(width));
    expect(Number(/<svg [^>]*width="(\d+)"/.exec(svg)?.[1])).toBe(left + right);
    const lengths = [...svg.matchAll(/textLength="(\d+)"/g)].map(([, length]) => Number(length));
    expect(lengths).toEqual([left - 14, right - 14]);
    expect(textWidth('wwww')).toBeGreaterThan(textWidth('iiii'));
    // Verdana 11 px, measured in a browser: 62.9 and 55.4 px.
    expect(Math.abs(textWidth('afterwatch') - 61)).toBeLessThanOrEqual(4);
  });

  it.each(CLAIM_STATES)('%s can be read, on a white page and on a black one', (state) => {
    const fills = [...show({ state }).matchAll(/<rect [^>]*fill="(#[0-9a-f]{6})"/g)].map(
      ([, fill]) => fill ?? '',
    );
    expect(fills).toHaveLength(2);
    for (const fill of fills) {
      expect(contrast(fill, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(fill, '#000000')).toBeGreaterThanOrEqual(3);
    }
  });

  it('a release of any text stays text: well-formed, short, without control signs', () => {
    const hostile = fc.oneof(
      anyText(200),
      fc.constantFrom(
        '</text><script>alert(1)</script>',
        '"onload="x',
        '&lt;',
        ']]>',
        '<!--',
        '\u202eevil',
        '\u0000\ud800',
        "'",
      ),
    );
    fc.assert(
      fc.property(hostile, (release) => {
        const svg = show({ release });
        const tags = [...svg.matchAll(/<\/?([a-zA-Z!?]+)/g)].map(([, name]) => name);
        expect(new Set(tags)).toEqual(new Set(['svg', 'title', 'clipPath', 'rect', 'g', 'text']));
        expect(svg.replace(/&(?:amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
        expect(svg).not.toMatch(/\p{C}/u);
        expect(svg).not.toMatch(/\p{Cs}/u);
        expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(700);
        expect(svg.match(/"/g)?.length).toBe(show().match(/"/g)?.length);
      }),
      { numRuns: 300 },
    );
  });
});
