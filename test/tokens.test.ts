import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Colour, contrast, over, readTokens, type Surroundings } from './css-tokens.ts';
import { readSources } from './source.ts';

const css = readFileSync(new URL('../app/globals.css', import.meta.url), 'utf8');

const LOOKS: readonly Surroundings[] = [
  { scheme: 'light', contrast: 'normal' },
  { scheme: 'dark', contrast: 'normal' },
  { scheme: 'light', contrast: 'more' },
  { scheme: 'dark', contrast: 'more' },
];

/** Where text stands. */
const GROUNDS = ['canvas', 'surface', 'sunken', 'hover'];
/** Tokens that text is written in, and on what. */
const TEXT: Readonly<Record<string, readonly string[]>> = {
  ink: GROUNDS,
  'ink-2': GROUNDS,
  'ink-3': GROUNDS,
  canvas: ['ink'],
  'on-primary': ['primary'],
  'on-primary-2': ['primary'],
};
const SERIES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `s${n}`);
const STATES = ['ok', 'watch', 'bad', 'susp', 'unk', 'info'];
/** Lines and shapes that say something by themselves, and on what. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(STATES.map((state) => [`${state}-edge`, ['canvas', 'surface', 'sunken', 'hover']])),
  ...Object.fromEntries(SERIES.map((series) => [series, ['canvas', 'surface']])),
  'ink-2': ['canvas', 'surface', 'hover'],
  'ink-3': ['canvas', 'surface', 'hover'],
  base: ['canvas', 'surface'],
  unk: ['canvas'],
  info: ['canvas', 'surface'],
  knock: ['ok', 'bad'],
  'knock-watch': ['watch'],
};
/** Hairlines, wires and arrows: they divide or point and are never read; with more contrast they count as shapes. */
const QUIET = ['line', 'line-strong', 'line-ink', 'ink-4'];

function tokensOf(look: Surroundings): (name: string) => Colour {
  const tokens = readTokens(css, look);
  const canvas = tokens.get('canvas');
  return (name) => {
    const found = tokens.get(name);
    if (found === undefined || canvas === undefined) throw new Error(`no token --${name} in globals.css`);
    return over(found, canvas);
  };
}

function weak(
  look: Surroundings,
  pairs: Readonly<Record<string, readonly string[]>>,
  least: number,
): string[] {
  const colour = tokensOf(look);
  return Object.entries(pairs).flatMap(([name, grounds]) =>
    grounds.flatMap((ground) => {
      const ratio = contrast(colour(name), colour(ground));
      return ratio >= least ? [] : [`${name} on ${ground}: ${ratio.toFixed(2)}`];
    }),
  );
}

describe.each(LOOKS)('$scheme, contrast $contrast', (look) => {
  const isMore = look.contrast === 'more';

  it(`text can be read at ${isMore ? '7' : '4.5'}:1 on every ground that it stands on`, () => {
    expect(weak(look, TEXT, isMore ? 7 : 4.5)).toEqual([]);
  });

  it('lines and shapes stand out at 3:1', () => {
    expect(weak(look, SHAPES, 3)).toEqual([]);
    if (isMore) expect(weak(look, Object.fromEntries(QUIET.map((name) => [name, GROUNDS])), 3)).toEqual([]);
  });

  it('no state has the colour of a series', () => {
    const colour = tokensOf(look);
    for (const state of STATES) {
      for (const series of SERIES) {
        expect(contrastDistance(colour(state), colour(series)), `${state} and ${series}`).toBeGreaterThan(24);
      }
    }
  });
});

/** How far two colours lie apart, 0–441: their distance in red, green and blue. */
function contrastDistance(a: Colour, b: Colour): number {
  return Math.hypot(a.red - b.red, a.green - b.green, a.blue - b.blue);
}

describe('the tokens', () => {
  it('are judged here in every use as text, line or shape that the components make of them', () => {
    const used = new Set<string>();
    const names = [...readTokens(css, LOOKS[0] as Surroundings).keys()];
    const uses = new RegExp(`\\b(?:text|stroke|outline)-(${names.join('|')})(?![\\w-])(?!/)`, 'g');
    for (const { text } of readSources(['app', 'components'])) {
      for (const [, name = ''] of text.matchAll(uses)) used.add(name);
    }
    const judged = new Set([...Object.keys(TEXT), ...Object.keys(SHAPES), ...QUIET]);
    // A pattern of thin strokes over an area, never one line that must be seen.
    judged.add('hatch');
    // The rim that a label keeps from what lies behind it.
    judged.add('canvas');
    judged.add('surface');
    judged.add('on-primary-line');
    expect([...used].filter((name) => !judged.has(name))).toEqual([]);
    expect(used.size).toBeGreaterThan(20);
  });

  it('have one value a theme: a change that makes text too pale is found', () => {
    const paled = css.replace('--ink-3: light-dark(#696d76', '--ink-3: light-dark(#9a9ea6');
    expect(paled).not.toBe(css);
    const tokens = readTokens(paled, { scheme: 'light', contrast: 'normal' });
    const [ink3, canvas] = [tokens.get('ink-3'), tokens.get('canvas')];
    if (ink3 === undefined || canvas === undefined) throw new Error('no tokens');
    expect(contrast(ink3, canvas)).toBeLessThan(4.5);
  });

  it('are all given again for a reader’s own colours, but for the series that labels tell apart', () => {
    const normal = readTokens(css, { scheme: 'light', contrast: 'normal' });
    const forced = /@media \(forced-colors: active\) \{\s*:root \{([^}]*)\}/.exec(css)?.[1] ?? '';
    const given = new Set([...forced.matchAll(/--([\w-]+):/g)].map(([, name]) => name));
    const left = [...normal.keys()].filter((name) => !given.has(name));
    expect(left.sort()).toEqual(['s2', 's3', 's4', 's5', 's6', 's7', 's8', 'shadow-far', 'shadow-near']);
  });
});

describe('contrast', () => {
  const grey = (value: number): Colour => ({ red: value, green: value, blue: value, alpha: 1 });

  it('is that of WCAG: 21 between black and white, 1 between equals', () => {
    expect(contrast(grey(0), grey(255))).toBeCloseTo(21);
    expect(contrast(grey(119), grey(255))).toBeCloseTo(4.48, 2);
    expect(contrast(grey(80), grey(80))).toBe(1);
  });
});
