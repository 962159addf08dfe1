/** How a text writes numbers: `1,234.5`, or `1.234,5` with a decimal comma. */
export type NumberStyle = 'english' | 'comma';

export interface ReadNumber {
  readonly value: number;
  readonly end: number;
  /** True when K, M or B was read with it. */
  readonly scaled: boolean;
}

const SPANISH =
  /\b(?:el|los|las|del|para|por|con|una|antes|despues|después|consultas|peticiones|reduccion|reducción|ahora|segundos|hora|dia|día|mes|que|más|mas|objetivo|despliegue)\b/gi;
const ENGLISH =
  /\b(?:the|and|for|with|from|before|after|per|now|should|was|were|to|of|queries|requests|reduction|expected|this)\b/gi;

/** The style of a whole text. A decimal comma needs Spanish words, and nothing in the text that speaks against it. */
export function tellNumberStyle(text: string): NumberStyle {
  const sample = text.slice(0, 200_000);
  const spanish = (sample.match(SPANISH) ?? []).length;
  if (spanish < 3 || spanish <= (sample.match(ENGLISH) ?? []).length) return 'english';
  const comma =
    (sample.match(/(?<![\d.,])\d{1,3}(?:\.\d{3})*,(?:\d{1,2}|\d{4,})(?![\d,])|(?<![\d.,])0,\d+/g) ?? [])
      .length + (sample.match(/(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?!\d)/g) ?? []).length;
  const point =
    (sample.match(/(?<![\d.,])\d+\.(?:\d{1,2})(?![\d.])/g) ?? []).length +
    (sample.match(/(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g) ?? []).length;
  if (comma !== point) return comma > point ? 'comma' : 'english';
  return /(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.])/.test(sample) ? 'comma' : 'english';
}

const ENGLISH_NUMBER =
  /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:_\d{3})+|\d{1,3}(?: \d{3}){2,}(?!\d)|\d+(?:\.\d+)?/y;
const DECIMAL_COMMA = /\d{1,3},\d{1,2}(?=\s?(?:%|ms\b|s\b|[KMG]i?B\b|€))/y;
const COMMA_NUMBER = /[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?: \d{3}){2,}(?!\d)|\d+(?:[.,]\d+)?/y;
const SCALE_WORD = /^\s?(mil millones|thousand|mil|millions?|millones|millón|millon|mm|billions?)\b/i;
const SCALES: Readonly<Record<string, number>> = {
  'mil millones': 1e9,
  thousand: 1e3,
  mil: 1e3,
  billion: 1e9,
  billions: 1e9,
};

/** The number at `at`, with its K, M or B; null for none and for a fourth dotted part of something else. */
export function readNumber(text: string, at: number, style: NumberStyle): ReadNumber | null {
  // `0,1 %`: one or two digits behind a comma, with a unit, are a part in any style.
  DECIMAL_COMMA.lastIndex = at;
  const isDecimal = style === 'english' && DECIMAL_COMMA.test(text);
  const pattern = style === 'comma' || isDecimal ? COMMA_NUMBER : ENGLISH_NUMBER;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return null;
  const written = match[0];
  let end = at + written.length;
  if (/^\.\d/.test(text.slice(end, end + 2)) && written.includes('.')) return null;
  const clean =
    style === 'comma' || isDecimal
      ? /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/.test(written)
        ? written.replaceAll('.', '').replace(',', '.')
        : written.replaceAll(' ', '').replace(',', '.')
      : written.replace(/[, _]/g, '');
  let value = Number(clean);
  if (!Number.isFinite(value)) return null;
  let scaled = false;
  const rest = text.slice(end, end + 16);
  const letter = /^\s?([KkMB])(?![A-Za-z0-9])/.exec(rest) ?? /^([KkMB])(?=\/)/.exec(rest);
  if (
    letter !== null &&
    !(
      letter[1] === 'B' &&
      !/^\s?B(?:\s+(?:requests|reads|writes|rows|ops|operations|commands|events)|\/(?:day|month|year|mo))/.test(
        rest,
      )
    )
  ) {
    // `512 K requests` is a scale, `5 M` apart from its number hardly ever.
    value *= letter[1] === 'B' ? 1e9 : letter[1] === 'M' ? 1e6 : 1e3;
    end += letter[0].length;
    scaled = true;
  } else {
    const word = SCALE_WORD.exec(rest);
    if (word !== null) {
      end += word[0].length;
      value *= SCALES[word[1]?.toLowerCase() ?? ''] ?? 1e6;
      scaled = true;
    }
  }
  // 2.2 × 1e6 is 2200000.0000000002 in binary.
  return { value: roundValue(value), end, scaled };
}

const MAX_EXACT = 1e12;

/** To twelve digits, which no summary writes more of. */
export function roundValue(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < MAX_EXACT ? value : Number(value.toPrecision(12));
}
