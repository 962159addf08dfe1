import fc from 'fast-check';

const anySign = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/**
 * For tests: a text of any signs, also of halves of one. As `fc.string({ unit: 'binary' })`, which takes seconds of
 * processor time before its first text.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: anySign, maxLength });
}
