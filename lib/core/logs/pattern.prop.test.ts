import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';
import { PatternFault } from './pattern-syntax.ts';

const leaf = fc.constantFrom(
  'a',
  'b',
  'A',
  '.',
  '\\d',
  '\\w',
  '\\S',
  '[ab]',
  '[^a]',
  '[a-c1-3]',
  '\\b',
  '\\B',
  '^',
  '$',
  ' ',
  '_',
);
const quantity = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?');
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(leaf, quantity).map(([one, count]) => (/^(\^|\$|\\[bB])$/.test(one) ? one : `${one}${count}`)),
    fc.tuple(tie('pattern'), quantity).map(([inner, count]) => `(?:${inner})${count}`),
  ),
  pattern: fc
    .array(fc.array(tie('part'), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((choices) => choices.map((parts) => parts.join('')).join('|')),
}));
const line = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'A', '1', '_', ' ', '-', '\n', 'é'),
  maxLength: 7,
});

/** On long nested patterns the other side backtracks for ever: that is what ours is for, and no comparison. */
const LONGEST = 40;

/** Null where the pattern is larger than we take. */
function ours(source: string, ignoreCase: boolean) {
  try {
    return compilePattern(source, { ignoreCase });
  } catch (error) {
    if (error instanceof PatternFault) return null;
    throw error;
  }
}

describe('compilePattern', () => {
  it('finds what JavaScript finds', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        pattern.filter((source) => source.length <= LONGEST),
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (source, lines, ignoreCase) => {
          const matcher = ours(source, ignoreCase);
          if (matcher === null) return;
          const theirs = new RegExp(source, ignoreCase ? 'i' : '');
          for (const text of lines)
            expect(matcher.test(text), `/${source}/ on ${JSON.stringify(text)}`).toBe(theirs.test(text));
          compared += 1;
        },
      ),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(300);
  }, 60_000);

  it.each(['(a+)+$', '(a|aa)*$', '(.*)*x', '.*.*.*.*.*=', '(a|b)*a(a|b){60}c', '(\\w+\\s?)*$!'])(
    'reads an 8 KB line against %s in one pass',
    (source) => {
      const matcher = compilePattern(source, { ignoreCase: false });
      const text = `${'ab'.repeat(2_000)}${'a'.repeat(4_191)}!`;
      const startedMs = performance.now();
      matcher.test(text);
      // Backtracking would take longer than the universe has lasted; the limit only tells the two apart.
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    },
  );

  it.each([
    ['(?=a)b', /look-around/],
    ['(a)\\1', /escape that is not supported/],
    ['\\p{L}', /escape that is not supported/],
    ['(a', /\( without its \)/],
    ['a)', /\) without its \(/],
    ['[a', /\[ without its \]/],
    ['[z-a]', /range/],
    ['*a', /repeats nothing/],
    ['a**', /two repeats/],
    ['a{5,2}', /below its start/],
    ['a{2000}', /more than 1000/],
    ['(a{100}){100}', /too large/],
    ['(((((){999}){999}){999}){999}){999}', /too large/],
    ['a{x}', /no repeat/],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, /nests/],
    ['a'.repeat(501), /longer than/],
  ])('refuses %s with a reason', (source, reason) => {
    expect(() => compilePattern(source, { ignoreCase: false })).toThrow(reason);
  });
});
