/** What the one font of the picture has: Latin, Cyrillic, and the signs that our numbers and times are written with. */
const DRAWABLE = /[ -~¡-¬®-ÿĀ-ēĖ-īĮ-ķĹ-ľŁ-ňŊ-ōŐ-žЀ-џ–—‘’‚“”„•…‰′″€₀-₉→−√∞≈≠≤≥]/u;
/** Stands for signs that cannot be drawn: what is missing looks missing. */
const MISSING = '◌';

/**
 * Text of others as it can be drawn: in its composed form, on one line, without control signs and marks that turn the
 * direction of writing, at most `maxChars` signs. A run of signs that the font does not have is one dotted circle, so
 * that nothing is ever asked of anybody else's font or picture. Empty for a text of which nothing is left.
 */
export function drawableText(text: string, maxChars: number): string {
  // Cut first: a megabyte of title is no work.
  const head = text.slice(0, maxChars * 4).normalize('NFC');
  const plain = head
    .replace(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Mn}\p{Me}]/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  const signs = [...plain].map((sign) => (DRAWABLE.test(sign) ? sign : MISSING));
  const drawn = signs.filter((sign, index) => sign !== MISSING || signs[index - 1] !== MISSING);
  const isCut = drawn.length > maxChars || text.length > maxChars * 4;
  const kept = drawn.slice(0, isCut ? maxChars - 1 : maxChars).join('');
  return isCut ? `${kept.trimEnd()}…` : kept;
}
